-- The runs of the days that history keeps, with the figures of the snapshots that each left.
with snapshots as (
    select * from {{ ref('stg_tracker__opportunity_snapshots') }}
),

figures as (
    select
        as_of,
        run_number,
        max(run_id) as run_id,
        max(joined_at) as joined_at,
        count(*) as opportunity_count,
        count(case when stage not in ('won', 'lost') then 1 end) as open_count,
        count(case when stage = 'won' then 1 end) as won_count,
        count(case when stage = 'lost' then 1 end) as lost_count,
        cast(sum(cast(quality_score as decimal(18, 1))) as double) / count(*) as quality_score,
        cast(sum(source_count) as bigint) as source_count,
        cast(sum(conflict_count) as bigint) as conflict_count,
        cast(sum(blocker_count) as bigint) as blocker_count
    from snapshots
    group by as_of, run_number
),

-- A run that left no opportunity has no snapshot.
without_any as (
    select
        as_of,
        run_number,
        run_id,
        joined_at,
        0 as opportunity_count,
        0 as open_count,
        0 as won_count,
        0 as lost_count,
        cast(null as double) as quality_score,
        cast(0 as bigint) as source_count,
        cast(0 as bigint) as conflict_count,
        cast(0 as bigint) as blocker_count
    from {{ ref('stg_tracker__runs') }}
    where opportunity_count = 0
),

runs as (
    select * from figures
    union all
    select * from without_any
)

select
    as_of,
    run_number,
    run_id,
    joined_at,
    run_number = max(run_number) over (partition by as_of) as is_last_of_day,
    opportunity_count,
    open_count,
    won_count,
    lost_count,
    quality_score,
    source_count,
    conflict_count,
    blocker_count
from runs
