-- What makes a company ready to buy, item by item: signals, engagement and the furthest opportunity.
-- Each further item adds its share of what is left to 100, so that many weak ones approach 100 and
-- never pass it; each negative signal takes its share of what is there.
with signals as (
    select * from {{ ref('int_signals') }}
    where {{ holds_on_day() }}
),

valued as (
    select
        signals.company_id,
        signals.signal_type as item_type,
        signals.polarity,
        signals.signal_id,
        signals.source_url,
        signals.title || case when signals.status = 'planned' then ', planned, ' else ', ' end
            || {{ iso_day('signals.occurred_on') }} || coalesce(' [' || signals.source_names || ']', '') as evidence,
        cast(signals.occurred_on as timestamp) as occurred_at,
        case when signals.polarity = 'negative' then weights.negative_weight * signals.impact_score / 100.0
            else weights.weight * (signals.relevance_score + signals.impact_score) / 200.0
        end * signals.urgency_score / 100.0 * signals.confidence_score / 100.0 as value
    from signals
    inner join {{ ref('composite_weights') }} as weights on signals.signal_type = weights.signal_type
),

-- The best of each type counts: forty postings are one kind of evidence.
best_signals as (
    select
        *,
        count(*) over (partition by company_id, item_type, polarity) as alternatives,
        row_number() over (partition by company_id, item_type, polarity order by value desc, occurred_at desc, signal_id) as choice
    from valued
),

dealings as (
    select
        company_id,
        event_type as item_type,
        engagement_id as item_id,
        source_url,
        evidence,
        occurred_at
    from {{ ref('int_engagement_events') }}
    where company_id is not null and detected_at < {{ as_of_end() }}
    union all
    select company_id, 'intent', intent_id, source_url, evidence, cast(occurred_on as timestamp)
    from {{ ref('int_intent_events') }}
    where company_id is not null and detected_at < {{ as_of_end() }}
),

valued_dealings as (
    select
        dealings.*,
        weights.weight * power(0.5, greatest(0, {{ days_between('dealings.occurred_at', as_of()) }}) / cast(weights.half_life_days as double)) as value
    from dealings
    inner join {{ ref('engagement_weights') }} as weights on dealings.item_type = weights.event_type
    where dealings.occurred_at >= cast({{ as_of() }} - 180 as timestamp)
),

best_dealings as (
    select
        *,
        row_number() over (partition by company_id order by value desc, occurred_at desc, item_id) as choice,
        count(*) over (partition by company_id) as alternatives
    from valued_dealings
),

items as (
    select company_id, 'signals' as component, item_type, polarity, signal_id, source_url, evidence, occurred_at, alternatives, value, signal_id as tie
    from best_signals
    where choice = 1 and value > 0
    union all
    -- What is worth less than a hundredth of a point after ten others is left out.
    select company_id, 'engagement', item_type, 'positive', null, source_url, evidence, occurred_at, alternatives, value, item_id
    from best_dealings
    where choice <= 10 and value >= 0.0001
),

shares as (
    select
        *,
        row_number() over parts as item_rank,
        coalesce(exp(sum(ln(1 - least(value, 0.99))) over (parts rows between unbounded preceding and 1 preceding)), 1.0) as left_over
    from items
    window parts as (partition by company_id, component, polarity order by value desc, item_type, tie)
),

added as (
    select *, cast(round(100 * value * left_over, 4) as decimal(9, 4)) as points
    from shares
    where polarity = 'positive'
),

totals as (
    select company_id, sum(points) as points from added where component = 'signals' group by company_id
),

taken as (
    select
        shares.*,
        cast(-round(cast(totals.points as double) * shares.value * shares.left_over, 4) as decimal(9, 4)) as points
    from shares
    inner join totals on shares.company_id = totals.company_id
    where shares.polarity = 'negative' and shares.component = 'signals'
),

opportunities as (
    select
        opportunities.company_id,
        coalesce(progress.stated, 'any other') as item_type,
        coalesce(progress.progress, others.progress) as progress,
        coalesce(opportunities.name, 'Opportunity') || ': ' || case when opportunities.is_won then 'won ' || {{ iso_day('opportunities.closed_on') }} else coalesce(opportunities.stage, 'open') end as evidence,
        opportunities.source_url,
        cast(coalesce(opportunities.closed_on, opportunities.created_on) as timestamp) as occurred_at,
        count(*) over (partition by opportunities.company_id) as alternatives,
        row_number() over (
            partition by opportunities.company_id
            order by coalesce(progress.progress, others.progress) desc, opportunities.created_on desc, opportunities.opportunity_id
        ) as choice
    from {{ ref('int_crm_opportunities') }} as opportunities
    left join {{ ref('opportunity_progress') }} as progress
        on progress.stated = case when opportunities.is_won then 'won lately' else lower(trim(opportunities.stage)) end
    left join {{ ref('opportunity_progress') }} as others on others.stated = 'any other'
    where opportunities.reject_reason is null
        and opportunities.company_id is not null
        and opportunities.created_on <= {{ as_of() }}
        and (not opportunities.is_closed or (opportunities.is_won and opportunities.closed_on between {{ as_of() }} - 30 and {{ as_of() }}))
)

select company_id, component, item_rank, item_type, polarity, points, evidence, signal_id, source_url, occurred_at, alternatives
from added
union all
select company_id, component, item_rank, item_type, polarity, points, evidence, signal_id, source_url, occurred_at, alternatives
from taken
union all
select company_id, 'opportunity', 1, item_type, 'positive', cast(progress as decimal(9, 4)), evidence, null, source_url, occurred_at, alternatives
from opportunities
where choice = 1
