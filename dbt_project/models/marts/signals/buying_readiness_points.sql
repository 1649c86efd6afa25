select
    company_id,
    {{ as_of() }} as as_of,
    component,
    item_rank,
    item_type,
    polarity,
    points,
    evidence,
    signal_id,
    source_url,
    occurred_at,
    alternatives
from {{ ref('int_readiness_points') }}
