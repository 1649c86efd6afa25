-- What was joined last: a partition holds everything that was known on its day.
select
    records.as_of,
    records.subject,
    records.label,
    records.period,
    records.true_positives,
    records.false_positives,
    records.false_negatives,
    records.precision,
    records.recall
from {{ source('tracker', 'opportunity_accuracy') }} as records
where records.as_of = {{ last_joined() }}
