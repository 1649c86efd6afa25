-- What providers say of companies and people, as it was known at the end of the day.
with known as (
    select * from {{ ref('stg_enrichment__enriched_fields') }}
    where known_from < {{ as_of_end() }} and (known_to is null or known_to >= {{ as_of_end() }})
),

-- A company that has left the warehouse takes what was learnt of it along.
present as (
    select known.*
    from known
    inner join {{ ref('int_companies') }} as companies on known.company_id = companies.company_id
)

select
    entity_type,
    entity_id,
    company_id,
    entity_name,
    field,
    operation,
    source,
    value,
    confidence,
    value_confidence,
    is_winner,
    is_confident,
    reason,
    basis,
    level,
    stated_at,
    source_url,
    fetched_at,
    expires_at,
    known_from
from present
