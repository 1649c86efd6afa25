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
        status,
        level,
        amount_usd,
        is_icp_relevant,
        knowable_from,
        known_to,
        cast(knowable_from as date) as known_on
    from {{ ref('int_signals') }}
)

select
    points.company_id,
    points.as_of,
    {% for type in feature_signal_types() %}
    {% for days in feature_windows() %}
    count(*) filter (where signals.signal_type = '{{ type }}' and signals.polarity = 'positive' and signals.known_on >= points.as_of - {{ days }}) as {{ type }}_{{ days }}d,
    {% endfor %}
    min(points.as_of - signals.known_on) filter (where signals.signal_type = '{{ type }}' and signals.polarity = 'positive') as days_since_{{ type }},
    {% endfor %}
    {% for days in feature_windows() %}
    count(*) filter (where signals.signal_type <> 'job_posting' and signals.polarity = 'positive' and signals.known_on >= points.as_of - {{ days }}) as events_{{ days }}d,
    count(distinct case when signals.polarity = 'positive' and signals.known_on >= points.as_of - {{ days }} then signals.signal_type end) as signal_types_{{ days }}d,
    {% endfor %}
    count(*) filter (where signals.polarity = 'negative' and signals.known_on >= points.as_of - 180) as negative_180d,
    count(*) filter (where signals.status = 'planned' and signals.known_on >= points.as_of - 180) as planned_180d,
    count(*) filter (where signals.signal_type = 'executive_change' and signals.level = 'c_suite' and signals.known_on >= points.as_of - 180) as c_suite_changes_180d,
    sum(signals.amount_usd) filter (where signals.signal_type = 'funding_round') as funding_usd_365d,
    count(*) filter (where signals.signal_type = 'job_posting' and (signals.known_to is null or signals.known_to >= points.as_of)) as open_jobs,
    count(*) filter (where signals.signal_type = 'job_posting' and signals.is_icp_relevant and (signals.known_to is null or signals.known_to >= points.as_of)) as open_relevant_jobs,
    count(*) filter (where signals.signal_type = 'job_posting' and signals.is_icp_relevant and signals.known_on >= points.as_of - 90) as relevant_postings_90d,
    count(*) filter (where signals.signal_type = 'technology_adoption' and signals.is_icp_relevant and signals.known_on >= points.as_of - 180) as relevant_technology_180d,
    min(points.as_of - signals.known_on) filter (where signals.polarity = 'positive') as days_since_any,
    max(signals.knowable_from) as latest_knowable_from
from points
inner join signals
    on points.company_id = signals.company_id
    and signals.knowable_from < points.as_of
    and signals.known_on >= points.as_of - 365
group by points.company_id, points.as_of
