select
    run_id,
    job,
    as_of,
    environment,
    status,
    {{ utc('started_at') }} as started_at,
    {{ utc('finished_at') }} as finished_at,
    publication,
    error,
    details
from {{ source('platform_state', 'pipeline_runs') }}
