with manifests as (
    select * from {{ ref('int_job_board_manifests') }}
    where snapshot_on <= {{ as_of() }}
),

changes as (
    select
        source,
        board_token,
        unnest(opened_job_ids) as job_id,
        snapshot_on as changed_on,
        case when previous_on is null then 'baseline' else 'opened' end as change_type,
        previous_on as previous_snapshot_on,
        fetched_at
    from manifests
    union all
    select
        source,
        board_token,
        unnest(closed_job_ids) as job_id,
        snapshot_on as changed_on,
        'closed' as change_type,
        previous_on as previous_snapshot_on,
        fetched_at
    from manifests
)

select
    source,
    board_token,
    job_id,
    changed_on,
    change_type,
    previous_snapshot_on,
    fetched_at,
    change_type = 'opened' and row_number() over (
        partition by source, board_token, job_id order by changed_on
    ) > 1 as is_reopening
from changes
