-- What every source says of a company, field by field, and which of it is in use: one row per company,
-- field and telling. The user's own list comes first, then the CRM, then EDGAR, and only where all of
-- them are silent what enrichment is sure of: of one source the newest. What enrichment is not sure of
-- is told and never used.
{% set stated = ['name', 'domain', 'cik', 'crm_account_id', 'industry', 'employee_count', 'city', 'country', 'phone', 'sic_code'] %}
{% set enriched = ['industry', 'employee_count', 'employee_range', 'city', 'country', 'phone', 'linkedin_url', 'founded_year', 'annual_revenue_usd', 'funding_total_usd'] %}
with records as (
    select records.*, identity.company_id
    from {{ ref('int_company_records') }} as records
    inner join {{ ref('int_company_identity') }} as identity on records.record_key = identity.record_key
    where records.is_latest
),

told as (
    {% for field in stated %}
    select
        company_id, '{{ field }}' as field, cast({{ field }} as varchar) as value, 'record' as origin,
        source_rank as authority, source, record_id, source_url, fetched_at, fetched_at as known_from,
        cast(null as timestamp) as expires_at, cast(null as double) as confidence, true as is_usable,
        'record ' || record_id as evidence
    from records
    where {{ field }} is not null
    union all
    {% endfor %}
    select
        company_id, field, value, case when is_told then 'told' else 'asked' end as origin,
        4 as authority, source, operation as record_id, source_url, fetched_at, known_from,
        expires_at, confidence, is_confident as is_usable,
        concat_ws(': ', operation, basis) as evidence
    from {{ ref('int_enriched_values') }}
    where entity_type = 'company' and field in ({{ "'" ~ enriched | join("', '") ~ "'" }})
)

select
    told.company_id,
    told.field,
    told.value,
    told.origin,
    told.source,
    told.source_url,
    told.fetched_at,
    told.known_from,
    told.expires_at,
    coalesce(told.confidence, trust.trust, 0.5) as confidence,
    told.evidence,
    told.is_usable,
    row_number() over (
        partition by told.company_id, told.field
        order by told.is_usable desc, told.authority, told.fetched_at desc, told.record_id
    ) as choice
from told
left join {{ ref('source_trust') }} as trust on told.source = trust.source
