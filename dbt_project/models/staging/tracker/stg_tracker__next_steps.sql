-- What was joined last: a partition holds everything that was known on its day.
select
    records.as_of,
    records.opportunity_id,
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
    records.next_step_id,
    records.text,
    records.owner,
    records.owner_is_inferred,
    records.due_on,
    records.due_is_inferred,
    records.status
from {{ source('tracker', 'next_steps') }} as records
where records.as_of = {{ last_joined() }}
