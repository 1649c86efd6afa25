-- An opportunity is called otherwise once an earlier source comes: any of its sources leads to it.
with aliases as (
    select
        alias_id,
        min(opportunity_id) as opportunity_id
    from {{ ref('int_opportunity_evidence') }}
    where field = 'source'
    group by alias_id
),

-- CRM rows that cannot be true are no opportunity, nor were they one.
refused as (
    select distinct joined.alias_id
    from {{ ref('stg_tracker__opportunity_evidence') }} as joined
    left join aliases on joined.alias_id = aliases.alias_id
    where joined.field = 'source' and aliases.alias_id is null
),

runs as (
    select as_of, run_number from {{ ref('stg_tracker__opportunity_snapshots') }}
    union all
    select as_of, run_number from {{ ref('stg_tracker__runs') }}
),

-- The last run of a day holds for it, also one that left nothing.
days as (
    select
        as_of,
        max(run_number) as run_number
    from runs
    group by as_of
),

named as (
    select
        coalesce(aliases.opportunity_id, snapshots.opportunity_id) as opportunity_id,
        snapshots.opportunity_id as was_called,
        aliases.opportunity_id is not null as is_current,
        snapshots.as_of,
        snapshots.title,
        snapshots.stage,
        snapshots.priority,
        snapshots.value,
        snapshots.currency,
        snapshots.quality_score,
        snapshots.completeness,
        snapshots.consistency,
        snapshots.freshness,
        snapshots.blocker_count,
        snapshots.conflict_count,
        snapshots.source_count,
        snapshots.overdue_step_count,
        snapshots.last_touched_at
    from {{ ref('stg_tracker__opportunity_snapshots') }} as snapshots
    inner join days on snapshots.as_of = days.as_of and snapshots.run_number = days.run_number
    left join aliases on snapshots.opportunity_id = aliases.alias_id
    left join refused on snapshots.opportunity_id = refused.alias_id
    where refused.alias_id is null
),

-- Of two that have become one since, the one with more sources on the day stands for both.
ranked as (
    select
        *,
        row_number() over (partition by opportunity_id, as_of order by source_count desc, was_called) as place
    from named
),

followed as (
    select
        *,
        lag(as_of) over (partition by opportunity_id order by as_of) as previous_as_of,
        lag(stage) over (partition by opportunity_id order by as_of) as previous_stage,
        lag(quality_score) over (partition by opportunity_id order by as_of) as previous_quality_score
    from ranked
    where place = 1
)

select
    opportunity_id,
    as_of,
    was_called,
    is_current,
    title,
    stage,
    priority,
    value,
    currency,
    quality_score,
    completeness,
    consistency,
    freshness,
    blocker_count,
    conflict_count,
    source_count,
    overdue_step_count,
    last_touched_at,
    previous_as_of,
    previous_stage,
    previous_stage is null or stage <> previous_stage as stage_changed,
    quality_score - previous_quality_score as quality_change
from followed
