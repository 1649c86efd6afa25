select
    signal_id,
    company_id,
    {{ as_of() }} as as_of,
    kind,
    rank,
    advice,
    engage_from,
    engage_to,
    is_open,
    play_id,
    evidence,
    source_names,
    source_url,
    cast(occurred_on as timestamp) as occurred_at
from {{ ref('int_signal_advice') }}
