select
    version,
    as_of,
    status,
    {{ utc('published_at') }} as published_at,
    path,
    bytes,
    tables,
    rows,
    run_id,
    note
from {{ source('platform_state', 'publications') }}
