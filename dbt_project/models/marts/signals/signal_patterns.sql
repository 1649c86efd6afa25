{{ config(tags=['prediction']) }}

-- What was found last by the day the warehouse is built for.
select
    {{ stable_id(["'pattern'", 'outcome', 'pattern', 'next_signal']) }} as pattern_id,
    as_of,
    outcome,
    pattern,
    pattern_length,
    last_signal,
    next_signal,
    role,
    support,
    cases,
    share,
    share_lower,
    share_upper,
    compared_with,
    compared_cases,
    compared_share,
    lift,
    lift_lower,
    lift_upper,
    lag_days,
    lag_lower_days,
    lag_upper_days,
    within_days,
    p_value,
    q_value,
    patterns_tried,
    is_significant,
    minimum_support
from {{ ref('stg_model_output__signal_patterns') }}
where as_of = (select max(as_of) from {{ ref('stg_model_output__signal_patterns') }})
