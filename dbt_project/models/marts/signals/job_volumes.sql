with volumes as (
    select * from {{ ref('int_job_volumes') }}
),

companies as (
    select company_id, industry from {{ ref('int_companies') }}
),

-- Few companies give no percentile.
ranked as (
    select
        volumes.*,
        companies.industry,
        case when companies.industry is not null then count(*) over peers end as industry_companies,
        percent_rank() over (peers order by volumes.open_roles) as industry_rank
    from volumes
    inner join companies on volumes.company_id = companies.company_id
    window peers as (partition by companies.industry, volumes.snapshot_on)
)

select
    company_id,
    snapshot_on,
    cast(date_trunc('week', snapshot_on) as date) as week_of,
    row_number() over (partition by company_id order by snapshot_on desc) = 1 as is_latest,
    open_postings,
    open_roles,
    open_decision_makers,
    open_recruiter_posts,
    open_duplicates,
    cast(opened as bigint) as opened,
    cast(closed as bigint) as closed,
    cast(new_roles as bigint) as new_roles,
    new_roles_7d,
    new_roles_28d,
    velocity_per_month,
    closed_30d,
    baseline_weekly,
    growth_ratio,
    is_surge,
    industry,
    cast(case when industry_companies >= 5 then 100 * industry_rank end as double) as industry_percentile,
    cast(industry_companies as bigint) as industry_companies,
    first_read_on
from ranked
