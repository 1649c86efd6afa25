-- Every run of every day that was joined up to the day that is built.
select
    records.as_of,
    records.run_id,
    coalesce(records.run_number, 1) as run_number,
    {{ utc('records.joined_at') }} as joined_at,
    records.opportunity_id,
    records.title,
    records.stage,
    records.priority,
    records.value,
    records.currency,
    records.quality_score,
    records.completeness,
    records.consistency,
    records.freshness,
    records.blocker_count,
    records.conflict_count,
    records.source_count,
    records.overdue_step_count,
    {{ utc('records.last_touched_at') }} as last_touched_at
from {{ source('tracker', 'opportunity_snapshots') }} as records
where records.as_of <= {{ as_of() }}
