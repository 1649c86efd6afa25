select
    source,
    family,
    status,
    {{ utc('last_success_at') }} as last_success_at,
    {{ utc('last_attempt_at') }} as last_attempt_at,
    last_error,
    records_last_run,
    consecutive_failures,
    freshness_hours,
    age_hours,
    circuit,
    open_circuits,
    {{ utc('probe_at') }} as probe_at
from {{ source('platform_state', 'source_health') }}
