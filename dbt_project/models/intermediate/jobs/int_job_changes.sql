-- What happened on the boards of known companies: one row per change of a posting, with what the
-- posting is.
with lookup as (
    select key, company_id from {{ ref('int_company_lookup') }}
    where key_type = 'board' and company_count = 1
)

select
    lookup.company_id,
    changes.source,
    changes.board_token,
    changes.job_id,
    changes.changed_on,
    changes.change_type,
    changes.is_reopening,
    coalesce(postings.department, 'unknown') as department,
    coalesce(postings.level in ('c_suite', 'vp', 'director'), false) as is_decision_maker,
    coalesce(postings.is_recruiter, false) as is_recruiter,
    coalesce(roles.duplicate_kind is not null, false) as is_duplicate,
    -- What counts as one more position: neither a copy nor an agency's advert.
    roles.duplicate_kind is null and not coalesce(postings.is_recruiter, false) as is_role
from {{ ref('int_job_board_changes') }} as changes
inner join lookup on changes.source || ':' || changes.board_token = lookup.key
left join {{ ref('int_job_postings') }} as postings
    on changes.source = postings.source
    and changes.board_token = postings.board_token
    and changes.job_id = postings.job_id
left join {{ ref('int_job_roles') }} as roles on postings.posting_id = roles.posting_id
