-- Companies that grow in several ways at once: one row per company with at least two kinds of growth.
with kinds as (
    select
        signals.company_id,
        signals.signal_type,
        parameters.label,
        parameters.window_days,
        count(*) as signals,
        max(signals.occurred_on) as last_on
    from {{ ref('int_signals') }} as signals
    inner join {{ ref('growth_kinds') }} as parameters on signals.signal_type = parameters.signal_type
    where signals.polarity = 'positive'
        and {{ holds_on_day('signals') }}
        and signals.occurred_on > {{ as_of() }} - cast(parameters.window_days as integer)
        and signals.occurred_on <= {{ as_of() }}
    group by signals.company_id, signals.signal_type, parameters.label, parameters.window_days, parameters.minimum_signals
    having count(*) >= parameters.minimum_signals
)

select
    company_id,
    count(*) as kinds,
    string_agg(signals || ' ' || label || ' in ' || window_days || ' days', ', ' order by label) as evidence,
    max(last_on) as last_on
from kinds
group by company_id
having count(*) >= {{ var('growth_trend_minimum_kinds') }}
