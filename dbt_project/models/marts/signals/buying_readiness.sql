-- A component that no source can tell of is left out and the others are weighted up; a company without
-- any item in a component that can be observed has 0 there.
with observable as (
    select component, cast(weight as decimal(5, 4)) as weight
    from {{ ref('readiness_components') }}
    where component = 'signals'
        or (component = 'engagement' and (
            exists (select 1 from {{ ref('int_engagement_events') }})
            or exists (select 1 from {{ ref('int_intent_events') }})
        ))
        or (component = 'opportunity' and exists (select 1 from {{ ref('int_crm_opportunities') }}))
),

weights as (
    select
        max(weight) filter (where component = 'signals') as signals,
        max(weight) filter (where component = 'engagement') as engagement,
        max(weight) filter (where component = 'opportunity') as opportunity,
        sum(weight) as observed
    from observable
),

sums as (
    select
        company_id,
        sum(points) filter (where component = 'signals') as signals,
        sum(points) filter (where component = 'engagement') as engagement,
        sum(points) filter (where component = 'opportunity') as opportunity,
        count(distinct item_type) filter (where component = 'signals' and polarity = 'positive') as signal_types,
        max(item_type) filter (where component = 'opportunity') as opportunity_stage,
        max(evidence) filter (where component = 'opportunity') as opportunity_evidence,
        arg_max(evidence, (points, evidence)) as best_evidence
    from {{ ref('int_readiness_points') }}
    group by company_id
),

scores as (
    select
        companies.company_id,
        cast(coalesce(sums.signals, 0) as decimal(9, 4)) as composite_score,
        case when weights.engagement is not null then cast(coalesce(sums.engagement, 0) as decimal(9, 4)) end as engagement_score,
        case when weights.opportunity is not null then cast(coalesce(sums.opportunity, 0) as decimal(9, 4)) end as opportunity_score,
        cast((
            coalesce(sums.signals, 0) * weights.signals
            + coalesce(sums.engagement, 0) * coalesce(weights.engagement, 0)
            + coalesce(sums.opportunity, 0) * coalesce(weights.opportunity, 0)
        ) / weights.observed as decimal(9, 4)) as buying_readiness,
        weights.observed as observed_weight,
        coalesce(sums.signal_types, 0) as signal_types,
        progress.buying_stage as opportunity_buying_stage,
        sums.opportunity_evidence,
        sums.best_evidence
    from {{ ref('int_companies') }} as companies
    cross join weights
    left join sums on companies.company_id = sums.company_id
    left join {{ ref('opportunity_progress') }} as progress on sums.opportunity_stage = progress.stated
),

reached as (
    select
        scores.company_id,
        max(stages.stage_rank) as by_readiness
    from scores
    inner join {{ ref('buying_stages') }} as stages on scores.buying_readiness >= stages.from_readiness
    group by scores.company_id
),

ranked as (
    select
        scores.*,
        reached.by_readiness,
        greatest(reached.by_readiness, coalesce(dealt.stage_rank, 1)) as stage_rank,
        coalesce(dealt.stage_rank, 0) > reached.by_readiness as is_by_opportunity
    from scores
    inner join reached on scores.company_id = reached.company_id
    left join {{ ref('buying_stages') }} as dealt on scores.opportunity_buying_stage = dealt.buying_stage
)

select
    ranked.company_id,
    {{ as_of() }} as as_of,
    ranked.composite_score,
    ranked.engagement_score,
    ranked.opportunity_score,
    ranked.buying_readiness,
    ranked.observed_weight,
    ranked.signal_types,
    stages.buying_stage,
    ranked.stage_rank,
    case
        when ranked.is_by_opportunity then ranked.opportunity_evidence
        when ranked.best_evidence is null then 'nothing known that points to a purchase'
        else 'readiness ' || cast(floor(ranked.buying_readiness) as integer) || ', most by: ' || ranked.best_evidence
    end as stage_reason
from ranked
inner join {{ ref('buying_stages') }} as stages on ranked.stage_rank = stages.stage_rank
