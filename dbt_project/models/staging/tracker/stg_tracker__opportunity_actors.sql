-- What was joined last: a partition holds everything that was known on its day.
select
    records.as_of,
    records.opportunity_id,
    records.actor_id,
    records.name,
    records.email,
    records.side,
    records.source_key,
    records.kind,
    {{ utc('records.occurred_at') }} as occurred_at,
    records.source,
    records.stream,
    records.record_id,
    records.payload_sha256,
    records.source_url,
    records.reader,
    records.reader_version,
    {{ utc('records.first_seen_at') }} as first_seen_at,
    records.source_count,
    records.source_keys
from {{ source('tracker', 'opportunity_actors') }} as records
where records.as_of = {{ last_joined() }}
