-- What was joined last: a partition holds everything that was known on its day.
select
    records.as_of,
    records.annotation_id,
    records.about,
    records.action,
    records.field,
    records.value,
    records.currency,
    records.other,
    records.reviewer,
    {{ utc('records.reviewed_at') }} as reviewed_at,
    records.comment,
    records.origin,
    {{ utc('records.stored_at') }} as stored_at,
    records.opportunity_id,
    records.status,
    records.value_before,
    records.value_after
from {{ source('tracker', 'opportunity_annotations') }} as records
where records.as_of = {{ last_joined() }}
