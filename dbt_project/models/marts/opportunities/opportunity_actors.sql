select
    actors.opportunity_id,
    actors.actor_id,
    actors.name,
    actors.email,
    actors.side,
    actors.as_of
from {{ ref('stg_tracker__opportunity_actors') }} as actors
inner join {{ ref('int_opportunities') }} as opportunities on actors.opportunity_id = opportunities.opportunity_id
