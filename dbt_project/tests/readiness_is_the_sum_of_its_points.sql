{{ config(meta={'dagster': {'ref': {'name': 'buying_readiness'}}}) }}

-- A composite, engagement or opportunity score that is not exactly the sum of its points.
with sums as (
    select
        company_id,
        sum(points) filter (where component = 'signals') as signals,
        sum(points) filter (where component = 'engagement') as engagement,
        sum(points) filter (where component = 'opportunity') as opportunity
    from {{ ref('buying_readiness_points') }}
    group by company_id
)

select readiness.company_id
from {{ ref('buying_readiness') }} as readiness
left join sums on readiness.company_id = sums.company_id
where readiness.composite_score <> coalesce(sums.signals, 0)
    or coalesce(readiness.engagement_score, 0) <> coalesce(sums.engagement, 0)
    or coalesce(readiness.opportunity_score, 0) <> coalesce(sums.opportunity, 0)
