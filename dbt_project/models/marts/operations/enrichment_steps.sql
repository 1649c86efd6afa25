select
    run_id,
    step,
    {{ utc('asked_at') }} as asked_at,
    entity_type,
    entity_id,
    company_id,
    field,
    operation,
    source,
    outcome,
    credits,
    detail
from {{ source('enrichment', 'steps') }}
