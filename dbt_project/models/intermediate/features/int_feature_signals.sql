-- What the signals known before the start of a day say of a company: one row per company and day
-- that has any within a year.
with points as (
    select company_id, as_of from {{ ref('int_feature_points') }}
),

signals as (
    select
        signal_id,
        company_id,
        signal_type,
        polarity,
        stated_status,
        level,
        amount_usd,
        is_icp_relevant,
        knowable_from,
        known_to,
        cast(knowable_from as date) as known_on
    from {{ ref('int_signals') }}
),

-- Counted by type first: one narrow aggregate over the many pairs of days and signals.
typed as (
    select
        points.company_id,
        points.as_of,
        signals.signal_type,
        {% for days in feature_windows() %}
        count(*) filter (where signals.polarity = 'positive' and signals.known_on >= points.as_of - {{ days }}) as positive_{{ days }}d,
        {% endfor %}
        max(signals.known_on) filter (where signals.polarity = 'positive') as last_known_on,
        count(*) filter (where signals.polarity = 'negative' and signals.known_on >= points.as_of - 180) as negative_180d,
        count(*) filter (where signals.stated_status = 'planned' and signals.known_on >= points.as_of - 180) as planned_180d,
        count(*) filter (where signals.level = 'c_suite' and signals.known_on >= points.as_of - 180) as c_suite_180d,
        sum(signals.amount_usd) as amount_usd_365d,
        count(*) filter (where signals.known_to is null or signals.known_to >= points.as_of) as holding,
        count(*) filter (where signals.is_icp_relevant and (signals.known_to is null or signals.known_to >= points.as_of)) as relevant_holding,
        count(*) filter (where signals.is_icp_relevant and signals.known_on >= points.as_of - 90) as relevant_90d,
        count(*) filter (where signals.is_icp_relevant and signals.known_on >= points.as_of - 180) as relevant_180d,
        max(signals.knowable_from) as latest_knowable_from
    from points
    inner join signals
        on points.company_id = signals.company_id
        and signals.knowable_from < points.as_of
        and signals.known_on >= points.as_of - 365
    group by points.company_id, points.as_of, signals.signal_type
)

select
    company_id,
    as_of,
    {% for type in feature_signal_types() %}
    {% for days in feature_windows() %}
    coalesce(max(positive_{{ days }}d) filter (where signal_type = '{{ type }}'), 0) as {{ type }}_{{ days }}d,
    {% endfor %}
    as_of - max(last_known_on) filter (where signal_type = '{{ type }}') as days_since_{{ type }},
    {% endfor %}
    {% for days in feature_windows() %}
    cast(coalesce(sum(positive_{{ days }}d) filter (where signal_type <> 'job_posting'), 0) as bigint) as events_{{ days }}d,
    count(*) filter (where positive_{{ days }}d > 0) as signal_types_{{ days }}d,
    {% endfor %}
    cast(sum(negative_180d) as bigint) as negative_180d,
    cast(sum(planned_180d) as bigint) as planned_180d,
    coalesce(max(c_suite_180d) filter (where signal_type = 'executive_change'), 0) as c_suite_changes_180d,
    max(amount_usd_365d) filter (where signal_type = 'funding_round') as funding_usd_365d,
    coalesce(max(holding) filter (where signal_type = 'job_posting'), 0) as open_jobs,
    coalesce(max(relevant_holding) filter (where signal_type = 'job_posting'), 0) as open_relevant_jobs,
    coalesce(max(relevant_90d) filter (where signal_type = 'job_posting'), 0) as relevant_postings_90d,
    coalesce(max(relevant_180d) filter (where signal_type = 'technology_adoption'), 0) as relevant_technology_180d,
    as_of - max(last_known_on) as days_since_any,
    max(latest_knowable_from) as latest_knowable_from
from typed
group by company_id, as_of
