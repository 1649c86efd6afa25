select
    actors.opportunity_id,
    actors.actor_id,
    actors.name,
    actors.email,
    actors.side,
    actors.source_key,
    actors.kind,
    actors.occurred_at,
    actors.source,
    actors.stream,
    actors.record_id,
    actors.payload_sha256,
    actors.source_url,
    actors.reader,
    actors.reader_version,
    actors.first_seen_at,
    actors.source_count,
    actors.source_keys,
    actors.as_of
from {{ ref('stg_tracker__opportunity_actors') }} as actors
inner join {{ ref('int_opportunities') }} as opportunities on actors.opportunity_id = opportunities.opportunity_id
