{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key=['source', 'board_token', 'snapshot_on'],
    on_schema_change='fail',
    pre_hook="{{ remove_later('fetched_at') }}"
) }}

with manifests as (
    {% for vendor in ['greenhouse', 'lever', 'ashby', 'workday'] %}
    select source, board_token, cast(fetched_at as date) as snapshot_on, payload_sha256, fetched_at, payload
    from {{ ref('stg_' ~ vendor ~ '__boards') }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

-- A board fetched twice on a day counts as it was at the later fetch.
daily as (
    select source, board_token, snapshot_on, payload_sha256, fetched_at
    from (
        select
            source, board_token, snapshot_on, payload_sha256, fetched_at,
            row_number() over (
                partition by source, board_token, snapshot_on
                order by fetched_at desc, payload_sha256
            ) as newest
        from manifests
    ) as ranked
    where newest = 1
),

-- A day without a manifest is skipped: the next one is compared with the last one there is.
sequenced as (
    select
        *,
        lag(snapshot_on) over (partition by source, board_token order by snapshot_on) as previous_on,
        lag(payload_sha256) over (partition by source, board_token order by snapshot_on) as previous_sha256
    from daily
),

-- Only manifests whose own content or predecessor has not been compared yet: new days, and days
-- around a backfilled or re-fetched one.
changed as (
    select * from sequenced
    {% if is_incremental() %}
    where not exists (
        select 1
        from {{ this }} as compared
        where compared.source = sequenced.source
            and compared.board_token = sequenced.board_token
            and compared.snapshot_on = sequenced.snapshot_on
            and compared.manifest_sha256 = sequenced.payload_sha256
            and compared.previous_on is not distinct from sequenced.previous_on
            and compared.previous_sha256 is not distinct from sequenced.previous_sha256
    )
    {% endif %}
),

needed as (
    select source, board_token, payload_sha256 from changed
    union
    select source, board_token, previous_sha256 from changed where previous_sha256 is not null
),

contents as (
    select needed.source, needed.board_token, needed.payload_sha256, max(manifests.payload) as payload
    from needed
    inner join manifests
        on needed.source = manifests.source
        and needed.board_token = manifests.board_token
        and needed.payload_sha256 = manifests.payload_sha256
    group by needed.source, needed.board_token, needed.payload_sha256
),

open_jobs as (
    select source, board_token, payload_sha256, unnest({{ json_object_keys('payload', '$.jobs') }}) as job_id
    from contents
),

counted as (
    select source, board_token, payload_sha256, count(*) as open_job_count
    from open_jobs
    group by source, board_token, payload_sha256
),

opened as (
    select
        changed.source, changed.board_token, changed.snapshot_on,
        list(open_jobs.job_id order by open_jobs.job_id) as job_ids
    from changed
    inner join open_jobs
        on changed.source = open_jobs.source
        and changed.board_token = open_jobs.board_token
        and changed.payload_sha256 = open_jobs.payload_sha256
    where not exists (
        select 1
        from open_jobs as before
        where before.source = changed.source
            and before.board_token = changed.board_token
            and before.payload_sha256 = changed.previous_sha256
            and before.job_id = open_jobs.job_id
    )
    group by changed.source, changed.board_token, changed.snapshot_on
),

closed as (
    select
        changed.source, changed.board_token, changed.snapshot_on,
        list(before.job_id order by before.job_id) as job_ids
    from changed
    inner join open_jobs as before
        on changed.source = before.source
        and changed.board_token = before.board_token
        and changed.previous_sha256 = before.payload_sha256
    where not exists (
        select 1
        from open_jobs
        where open_jobs.source = changed.source
            and open_jobs.board_token = changed.board_token
            and open_jobs.payload_sha256 = changed.payload_sha256
            and open_jobs.job_id = before.job_id
    )
    group by changed.source, changed.board_token, changed.snapshot_on
)

select
    changed.source,
    changed.board_token,
    changed.snapshot_on,
    changed.payload_sha256 as manifest_sha256,
    changed.previous_on,
    changed.previous_sha256,
    changed.fetched_at,
    coalesce(counted.open_job_count, 0) as open_job_count,
    opened.job_ids as opened_job_ids,
    closed.job_ids as closed_job_ids
from changed
left join counted
    on changed.source = counted.source
    and changed.board_token = counted.board_token
    and changed.payload_sha256 = counted.payload_sha256
left join opened
    on changed.source = opened.source
    and changed.board_token = opened.board_token
    and changed.snapshot_on = opened.snapshot_on
left join closed
    on changed.source = closed.source
    and changed.board_token = closed.board_token
    and changed.snapshot_on = closed.snapshot_on
