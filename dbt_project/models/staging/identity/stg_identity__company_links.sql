select
    left_record,
    right_record,
    probability,
    reasons,
    method,
    model_version,
    linked_on
from {{ source('identity', 'company_links') }}
where linked_on <= {{ as_of() }}
