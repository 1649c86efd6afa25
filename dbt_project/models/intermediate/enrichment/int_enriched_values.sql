-- The value in use of every field, confident or not: one row per entity and field.
select
    entity_type,
    entity_id,
    company_id,
    entity_name,
    {{ person_name_key('entity_name') }} as name_key,
    field,
    value,
    value_confidence as confidence,
    is_confident,
    is_told,
    source,
    operation,
    basis,
    source_url,
    fetched_at,
    expires_at,
    known_from
from {{ ref('int_enriched_fields') }}
where is_winner
