{{ config(tags=['prediction']) }}

select
    as_of,
    first_signal,
    then_signal,
    window_days,
    companies,
    support,
    observed,
    expected,
    lift,
    lift_lower,
    lift_upper,
    lag_days,
    lag_lower_days,
    lag_upper_days,
    p_value,
    q_value,
    pairs_tried,
    is_significant,
    minimum_support
from {{ source('model_output', 'signal_correlations') }}
where as_of <= {{ as_of() }}
