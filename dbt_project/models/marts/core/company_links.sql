-- The newest comparison of a pair counts; which pairs are joined is what identity decided on the whole.
with ranked as (
    select
        *,
        row_number() over (
            partition by left_record, right_record order by linked_on desc, model_version
        ) as newest
    from {{ ref('stg_identity__company_links') }}
)

select
    ranked.left_record,
    ranked.right_record,
    one.company_id as left_company_id,
    other.company_id as right_company_id,
    case when one.company_id = other.company_id then 'joined' else 'review' end as decision,
    ranked.probability,
    ranked.reasons,
    ranked.method,
    ranked.model_version,
    ranked.linked_on
from ranked
inner join {{ ref('int_company_identity') }} as one on ranked.left_record = one.record_key
inner join {{ ref('int_company_identity') }} as other on ranked.right_record = other.record_key
where ranked.newest = 1
