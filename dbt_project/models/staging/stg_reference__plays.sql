select
    play_id,
    play_order,
    signal_type,
    polarity,
    subtypes,
    levels,
    min_impact,
    only_relevant,
    from_days,
    to_days,
    kind,
    rank,
    version,
    template
from {{ source('reference', 'plays') }}
