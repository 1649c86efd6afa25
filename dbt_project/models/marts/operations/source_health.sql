select
    source,
    stream,
    status,
    {{ utc('last_success_at') }} as last_success_at,
    {{ utc('last_run_at') }} as last_run_at,
    last_error,
    records,
    new_rows,
    rejected,
    failed_targets,
    freshness_hours,
    is_late
from {{ source('platform_state', 'source_health') }}
