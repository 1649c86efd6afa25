select
    model_name,
    model_version,
    status,
    alias,
    reason,
    {{ utc('trained_at') }} as trained_at,
    train_rows,
    train_events,
    metrics,
    baseline_metrics,
    data_fingerprint,
    run_id
from {{ source('model_output', 'model_versions') }}
