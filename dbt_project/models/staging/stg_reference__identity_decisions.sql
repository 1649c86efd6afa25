-- A decision holds from the day it was made on.
select
    decision_id,
    entity,
    decision,
    subject_key,
    other_key,
    reason,
    decided_by,
    decided_on
from {{ source('reference', 'identity_decisions') }}
where decided_on <= {{ as_of() }}
