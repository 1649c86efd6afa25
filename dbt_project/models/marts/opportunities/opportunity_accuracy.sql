select
    found.subject,
    found.label,
    found.period,
    found.true_positives,
    found.false_positives,
    found.false_negatives,
    found.precision,
    found.recall,
    found.as_of
from {{ ref('stg_tracker__opportunity_accuracy') }} as found
