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
    records.remedy
from {{ source('tracker', 'quality_findings') }} as records
where records.as_of = {{ last_joined() }}
