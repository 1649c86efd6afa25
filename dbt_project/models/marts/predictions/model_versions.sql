with recorded as (
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
        run_id,
        recorded_on,
        row_number() over (
            partition by model_name, coalesce(model_version, '')
            order by recorded_on desc
        ) as newest
    from {{ source('model_output', 'model_versions') }}
    where recorded_on <= {{ as_of() }}
)

select * exclude (newest)
from recorded
where newest = 1
