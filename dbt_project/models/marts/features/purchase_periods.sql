with snapshots as (
    select company_id, as_of
    from {{ ref('int_feature_points') }}
    where is_periodic and as_of < {{ as_of() }}
),

first_wins as (
    select company_id, min(closed_on) as won_on
    from {{ ref('int_crm_opportunities') }}
    where reject_reason is null and company_id is not null and is_won and closed_on <= {{ as_of() }}
    group by company_id
),

periods as (
    select
        snapshots.company_id,
        snapshots.as_of,
        coalesce(first_wins.won_on < snapshots.as_of + 30, false) as is_purchased,
        snapshots.as_of + 30 <= {{ as_of() }} as is_fully_observed
    from snapshots
    left join first_wins on snapshots.company_id = first_wins.company_id
    -- After its first purchase an account is no longer waiting for it.
    where first_wins.won_on is null or first_wins.won_on >= snapshots.as_of
)

select
    company_id,
    as_of,
    cast(is_purchased as integer) as purchased,
    cast(case when is_fully_observed or is_purchased then 1.0 else 0.5 end as double) as exposure_weight
from periods
