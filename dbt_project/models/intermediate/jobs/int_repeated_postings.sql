-- What a search over many employers repeats of a company's own board, with the posting it repeats.
select
    roles.source,
    roles.record_id,
    boards.source as original_source,
    boards.record_id as original_record_id
from {{ ref('int_job_roles') }} as roles
inner join {{ ref('int_job_postings') }} as boards on roles.duplicate_of = boards.posting_id
where roles.is_aggregated and roles.duplicate_kind = 'several_boards'
