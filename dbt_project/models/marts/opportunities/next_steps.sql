select
    steps.next_step_id,
    steps.opportunity_id,
    steps.text,
    steps.owner,
    steps.owner_is_inferred,
    steps.due_on,
    steps.due_is_inferred,
    coalesce(steps.status, 'open') as status,
    coalesce(steps.status = 'overdue', false) as is_overdue,
    steps.source_key,
    steps.kind,
    steps.occurred_at,
    steps.source,
    steps.stream,
    steps.record_id,
    steps.source_url,
    steps.as_of
from {{ ref('stg_tracker__next_steps') }} as steps
inner join {{ ref('int_opportunities') }} as opportunities on steps.opportunity_id = opportunities.opportunity_id
