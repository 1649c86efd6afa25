with days as (
    select
        company_id,
        department,
        changed_on,
        count(*) filter (where change_type = 'opened') as opened,
        count(*) filter (where change_type = 'closed') as closed,
        count(*) filter (where change_type = 'opened' and is_role and not is_reopening) as new_roles,
        sum(case when change_type = 'closed' then -1 else 1 end) as postings_more,
        sum(case when not is_role then 0 when change_type = 'closed' then -1 else 1 end) as roles_more
    from {{ ref('int_job_changes') }}
    group by company_id, department, changed_on
)

select
    company_id,
    department,
    changed_on,
    row_number() over (partition by company_id, department order by changed_on desc) = 1 as is_latest,
    cast(sum(postings_more) over so_far as bigint) as open_postings,
    cast(sum(roles_more) over so_far as bigint) as open_roles,
    cast(opened as bigint) as opened,
    cast(closed as bigint) as closed,
    cast(sum(new_roles) over (
        partition by company_id, department order by changed_on
        range between interval 89 day preceding and current row
    ) as bigint) as new_roles_90d
from days
window so_far as (partition by company_id, department order by changed_on)
