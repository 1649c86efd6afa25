-- What was joined last: a partition holds everything that was known on its day.
select
    records.as_of,
    records.value,
    records.low,
    records.high,
    records.unit,
    records.currency,
    records.day,
    records.is_inferred,
    records.confidence,
    records.sentence,
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
    records.evidence_id,
    records.alias_id,
    records.probability,
    records.reasons,
    records.field,
    records.authority,
    records.is_chosen,
    records.start_at,
    records.end_at,
    records.at_ms
from {{ source('tracker', 'opportunity_evidence') }} as records
where records.as_of = (
    select max(runs.as_of) from {{ source('tracker', 'runs') }} as runs where runs.as_of <= {{ as_of() }}
)
