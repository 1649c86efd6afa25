-- What history shows of stages: every change, and how long each stage held.
with history as (
    select * from {{ ref('opportunity_history') }}
),

changes as (
    select
        *,
        lead(as_of) over (partition by opportunity_id order by as_of) as held_until
    from history
    where stage_changed
),

seen as (
    select
        opportunity_id,
        max(as_of) as last_as_of
    from history
    group by opportunity_id
)

select
    changes.opportunity_id,
    changes.as_of as changed_on,
    changes.previous_stage as from_stage,
    changes.stage as to_stage,
    changes.held_until,
    cast({{ days_between('changes.as_of', 'coalesce(changes.held_until, seen.last_as_of)') }} as bigint) as days_held,
    changes.title,
    changes.value,
    changes.currency
from changes
inner join seen on changes.opportunity_id = seen.opportunity_id
