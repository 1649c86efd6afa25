-- What was taken back or never confirmed did not happen; what has closed since did.
with events as (
    select
        signals.company_id,
        signals.signal_type || case when signals.polarity = 'negative' then ':negative' else '' end as signal_kind,
        signals.occurred_on,
        cast(signals.knowable_from as date) as known_on
    from {{ ref('int_signals') }} as signals
    left join {{ ref('int_signal_ends') }} as ends on signals.signal_id = ends.signal_id
    where coalesce(ends.end_reason, 'closed') = 'closed'
        and signals.occurred_on between {{ as_of() }} - {{ var('history_days') }} and {{ as_of() }}
        and signals.knowable_from < {{ as_of_end() }}
)

select
    company_id,
    signal_kind,
    occurred_on,
    min(known_on) as known_on
from events
group by company_id, signal_kind, occurred_on
