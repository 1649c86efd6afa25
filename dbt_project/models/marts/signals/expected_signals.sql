{{ config(tags=['prediction']) }}

-- Only patterns that are significant are applied, and only what holds today completes them.
with patterns as (
    select
        pattern,
        split_part(pattern, ' > ', 1) as first_signal,
        last_signal,
        pattern_length,
        next_signal,
        share,
        share_lower,
        share_upper,
        compared_share,
        lift,
        support,
        lag_days,
        within_days
    from {{ ref('signal_patterns') }}
    where outcome = 'signal' and is_significant
),

events as (
    select
        signal_id,
        company_id,
        signal_type || case when polarity = 'negative' then ':negative' else '' end as signal_kind,
        occurred_on,
        title,
        source_url
    from {{ ref('int_signals') }}
    where {{ holds_on_day() }}
        and occurred_on <= {{ as_of() }}
),

recent as (
    select events.*
    from events
    inner join (select max(within_days) as days from patterns) as reach
        on events.occurred_on > {{ as_of() }} - cast(2 * reach.days as integer)
),

completed as (
    select
        lasts.company_id,
        patterns.*,
        lasts.signal_id,
        lasts.title,
        lasts.source_url,
        lasts.occurred_on as completed_on,
        row_number() over (
            partition by lasts.company_id, patterns.pattern, patterns.next_signal
            order by lasts.occurred_on desc, lasts.signal_id
        ) as choice
    from patterns
    inner join recent as lasts
        on patterns.last_signal = lasts.signal_kind
        and lasts.occurred_on > {{ as_of() }} - cast(patterns.within_days as integer)
    where patterns.pattern_length = 1
        or exists (
            select 1
            from recent as firsts
            where firsts.company_id = lasts.company_id
                and firsts.signal_kind = patterns.first_signal
                and firsts.occurred_on < lasts.occurred_on
                and firsts.occurred_on >= lasts.occurred_on - cast(patterns.within_days as integer)
        )
),

-- What has come already is not expected any more; of several reasons the strongest speaks.
open_expectations as (
    select
        completed.*,
        row_number() over (
            partition by completed.company_id, completed.next_signal
            order by completed.share desc, completed.pattern
        ) as reason
    from completed
    where completed.choice = 1
        and not exists (
            select 1
            from recent as came
            where came.company_id = completed.company_id
                and came.signal_kind = completed.next_signal
                and came.occurred_on > completed.completed_on
        )
)

select
    company_id,
    {{ as_of() }} as as_of,
    next_signal as expected_signal,
    pattern,
    share as probability,
    share_lower as probability_lower,
    share_upper as probability_upper,
    compared_share as usual_probability,
    lift,
    support,
    completed_on,
    cast(completed_on + cast(within_days as integer) as date) as expected_until,
    signal_id,
    title as evidence,
    source_url
from open_expectations
where reason = 1
