-- What was joined last: a partition holds everything that was known on its day.
select
    records.as_of,
    records.opportunity_id,
    records.actor_id,
    records.name,
    records.email,
    records.side
from {{ source('tracker', 'opportunity_actors') }} as records
where records.as_of = {{ last_joined() }}
