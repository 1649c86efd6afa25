{{ config(tags=['prediction']) }}

with scores as (
    select * from {{ ref('lead_scores') }}
),

points as (
    select
        *,
        row_number() over (
            partition by organisation_id, icp_profile_id, company_id
            order by weighted_points desc, occurred_at desc nulls last, rule_id
        ) as position
    from {{ ref('lead_score_points') }}
    where component = 'intent'
),

-- Why now: what happened, strongest first, each with its date and source.
reasons as (
    select
        organisation_id,
        icp_profile_id,
        company_id,
        string_agg(label || ': ' || evidence, '; ' order by position) as why_now,
        max(occurred_at) as last_signal_at,
        '[' || string_agg({{ json_build({'rule_id': 'rule_id', 'label': 'label', 'evidence': 'evidence',
            'points': 'cast(weighted_points as double)', 'signal_id': 'signal_id', 'source_url': 'source_url',
            'occurred_at': 'cast(occurred_at as varchar)'}) }}, ', ' order by position) || ']' as top_signals
    from points
    where position <= 4
    group by organisation_id, icp_profile_id, company_id
),

-- One prediction a day is shown, also when several versions of a model made one.
timelines as (
    select * from {{ ref('predicted_timelines') }}
    where as_of = {{ as_of() }}
    qualify row_number() over (partition by company_id order by model_version desc) = 1
),

sizes as (
    select * from {{ ref('predicted_deal_sizes') }}
    where as_of = {{ as_of() }}
    qualify row_number() over (partition by company_id order by model_version desc) = 1
),

-- Where there is no prediction: what became of the model's last training.
trainings as (
    select
        arg_max(status, recorded_on) filter (where model_name = 'timeline') as timeline_status,
        arg_max(status, recorded_on) filter (where model_name = 'deal_size') as deal_size_status
    from {{ ref('model_versions') }}
)

select
    scores.organisation_id,
    scores.icp_profile_id,
    row_number() over (
        partition by scores.organisation_id, scores.icp_profile_id
        order by scores.lead_score desc, timelines.probability_90d desc nulls last, companies.name, scores.company_id
    ) as lead_rank,
    scores.company_id,
    companies.name as company_name,
    companies.domain,
    companies.industry,
    companies.employee_count,
    companies.city,
    companies.country,
    companies.is_target,
    scores.as_of,
    cast(scores.lead_score as double) as lead_score,
    cast(scores.intent_score as double) as intent_score,
    cast(scores.fit_score as double) as fit_score,
    cast(scores.accessibility_score as double) as accessibility_score,
    scores.tier,
    cast(readiness.composite_score as double) as composite_score,
    cast(readiness.buying_readiness as double) as buying_readiness,
    readiness.buying_stage,
    readiness.stage_reason,
    coalesce(reasons.why_now, 'No recent signal') as why_now,
    coalesce(reasons.top_signals, '[]') as top_signals,
    reasons.last_signal_at,
    timelines.probability_30d,
    timelines.probability_90d,
    timelines.probability_180d,
    timelines.expected_days,
    cast(scores.as_of + cast(round(timelines.expected_days) as integer) as date) as expected_on,
    case
        when timelines.company_id is not null then 'predicted'
        else coalesce(trainings.timeline_status, 'not_trained')
    end as timeline_status,
    sizes.amount_p10,
    sizes.amount_p50,
    sizes.amount_p90,
    sizes.currency,
    case
        when sizes.company_id is not null then 'predicted'
        else coalesce(trainings.deal_size_status, 'not_trained')
    end as deal_size_status,
    timelines.probability_180d * sizes.amount_p50 as expected_value_180d
from scores
inner join {{ ref('companies') }} as companies on scores.company_id = companies.company_id
left join {{ ref('buying_readiness') }} as readiness on scores.company_id = readiness.company_id
left join reasons
    on scores.organisation_id = reasons.organisation_id
    and scores.icp_profile_id = reasons.icp_profile_id
    and scores.company_id = reasons.company_id
left join timelines on scores.company_id = timelines.company_id
left join sizes on scores.company_id = sizes.company_id
cross join trainings
