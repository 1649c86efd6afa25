-- What was joined last: a partition holds everything that was known on its day.
select
    records.as_of,
    records.opportunity_id,
    records.finding_id,
    records.rule,
    records.kind,
    records.severity,
    records.field,
    records.message,
    records.remedy,
    records.source_key,
    {{ utc('records.occurred_at') }} as occurred_at,
    records.source,
    records.stream,
    records.record_id,
    records.payload_sha256,
    records.source_url,
    records.reader,
    records.reader_version,
    records.source_keys
from {{ source('tracker', 'quality_findings') }} as records
where records.as_of = {{ last_joined() }}
