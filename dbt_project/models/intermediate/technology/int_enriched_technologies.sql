-- Technologies that enrichment's confident answer lists for a company, by the one name of each: one row
-- per company and technology. A list that is too old says nothing of today.
with listed as (
    select
        company_id, source, operation, source_url, confidence, fetched_at, known_from,
        unnest({{ json_list('value', '$') }}) as stated_technology
    from {{ ref('int_enriched_values') }}
    where entity_type = 'company' and field = 'technologies' and is_confident
        and fetched_at >= {{ as_of_end() }} - interval {{ var('enriched_list_days') | int }} day
),

named as (
    select
        listed.*,
        coalesce(names.technology, listed.stated_technology) as technology,
        names.category,
        names.vendor
    from listed
    left join {{ ref('stg_reference__technology_names') }} as names
        on lower(trim(listed.stated_technology)) = names.alias
)

select
    company_id,
    technology,
    category,
    vendor,
    source,
    operation,
    source_url,
    confidence,
    operation || ' lists ' || stated_technology as evidence,
    fetched_at,
    known_from
from named
where trim(stated_technology) <> ''
qualify row_number() over (partition by company_id, lower(technology) order by stated_technology) = 1
