{{ config(tags=['prediction']) }}

-- What was found last by the day the warehouse is built for.
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
from {{ ref('stg_model_output__signal_correlations') }}
where as_of = (select max(as_of) from {{ ref('stg_model_output__signal_correlations') }})
