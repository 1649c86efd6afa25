-- The snapshots that each run left, of the days that history keeps.
with snapshots as (
    select * from {{ ref('stg_tracker__opportunity_snapshots') }}
)

select
    as_of,
    run_number,
    max(run_id) as run_id,
    max(joined_at) as joined_at,
    run_number = max(run_number) over (partition by as_of) as is_last_of_day,
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
