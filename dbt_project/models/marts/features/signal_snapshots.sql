-- The company's features are those of the first of the month: known before the signal was. What else
-- happened in the days just before is counted up to the day before the signal itself.
with signals as (
    select
        signal_id,
        company_id,
        cast(knowable_from as date) as as_of,
        signal_type,
        signal_subtype,
        polarity,
        stated_status,
        level,
        department,
        amount_usd,
        headcount,
        impact_score,
        is_icp_relevant,
        {{ days_between('occurred_on', 'knowable_from') }} as reporting_delay
    from {{ ref('int_signals') }}
    where cast(knowable_from as date) <= {{ as_of() }}
),

-- Postings are not counted: how many of earlier days are known depends on when a board was first read.
counted as (
    select
        *,
        sum(is_counted) over (preceding_days range between interval 30 day preceding and interval 1 day preceding) as signals_before_30d,
        sum(is_counted) over (preceding_days range between interval 90 day preceding and interval 1 day preceding) as signals_before_90d,
        max(case when is_counted = 1 then as_of end)
            over (preceding_days range between interval 365 day preceding and interval 1 day preceding) as previous_on
    from (
        select *, case when polarity = 'positive' and signal_type <> 'job_posting' then 1 else 0 end as is_counted
        from signals
    ) as flagged
    window preceding_days as (partition by company_id order by as_of)
),

opportunities as (
    select company_id, created_on
    from {{ ref('int_crm_opportunities') }}
    where reject_reason is null and company_id is not null
),

conversions as (
    select signals.signal_id, min(opportunities.created_on) as converted_on
    from signals
    inner join opportunities
        on signals.company_id = opportunities.company_id
        and opportunities.created_on > signals.as_of
        and opportunities.created_on <= signals.as_of + 180
    group by signals.signal_id
)

select
    signals.signal_id,
    signals.company_id,
    signals.as_of,
    cast(signals.impact_score as double) as num_impact_score,
    cast(signals.amount_usd as double) as num_amount_usd,
    cast(signals.headcount as double) as num_headcount,
    cast(signals.reporting_delay as double) as num_reporting_delay_days,
    cast(signals.is_icp_relevant as double) as num_is_icp_relevant,
    cast(coalesce(signals.signals_before_30d, 0) as double) as num_signals_before_30d,
    cast(coalesce(signals.signals_before_90d, 0) as double) as num_signals_before_90d,
    cast(signals.as_of - signals.previous_on as double) as num_days_since_previous_signal,
    signals.signal_type as cat_signal_type,
    signals.signal_subtype as cat_signal_subtype,
    signals.polarity as cat_polarity,
    signals.stated_status as cat_status,
    signals.level as cat_level,
    signals.department as cat_department,
    {% for name in ['num_events_30d', 'num_events_90d', 'num_events_180d', 'num_signal_types_90d', 'num_funding_usd_365d',
        'num_open_jobs', 'num_relevant_postings_90d', 'num_technologies', 'num_must_have_technologies',
        'num_employee_count', 'num_contacts', 'num_prior_opportunities', 'num_prior_wins', 'num_open_opportunities',
        'num_days_since_opportunity', 'num_days_in_crm', 'num_months_known', 'num_icp_fit_score', 'cat_industry', 'cat_country', 'cat_origin'] %}
    features.{{ name }},
    {% endfor %}
    -- Of the days before the history begins there are fragments only, and no features: nobody watched.
    case
        when features.company_id is not null and signals.as_of + 180 <= {{ as_of() }}
            then cast(conversions.converted_on is not null as integer)
    end as converted,
    features.company_id is not null and signals.as_of + 180 <= {{ as_of() }} as is_label_observed
from counted as signals
left join {{ ref('company_snapshots') }} as features
    on signals.company_id = features.company_id
    and cast(date_trunc('month', signals.as_of) as date) = features.as_of
left join conversions on signals.signal_id = conversions.signal_id
