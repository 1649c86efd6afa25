-- The days on which companies are looked at: the first of every month of the history, the day the
-- warehouse is built for, and the days on which opportunities began. One row per company and day.
with months as (
    select unnest(generate_series(
        date_trunc('month', {{ as_of() }} - {{ var('history_days') }}) + interval 1 month,
        cast({{ as_of() }} as timestamp),
        interval 1 month
    )) as month_start
),

days as (
    select cast(month_start as date) as as_of from months
    union
    select {{ as_of() }}
),

periodic as (
    select companies.company_id, days.as_of
    from {{ ref('int_companies') }} as companies
    cross join days
),

beginnings as (
    select distinct company_id, created_on as as_of
    from {{ ref('int_crm_opportunities') }}
    where reject_reason is null and company_id is not null and created_on <= {{ as_of() }}
),

points as (
    select company_id, as_of, true as is_periodic from periodic
    union all
    select company_id, as_of, false from beginnings
)

select
    company_id,
    as_of,
    bool_or(is_periodic) as is_periodic,
    as_of = {{ as_of() }} as is_current
from points
group by company_id, as_of
