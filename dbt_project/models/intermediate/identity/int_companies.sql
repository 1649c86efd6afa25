-- One row per company with its attributes, each from the telling in use (int_company_fields): the
-- user's list, then the CRM, then EDGAR, then enrichment. `first_known_*` are those of the first fetch
-- of records, for features of days before it; `*_enriched_at` is since when enrichment has told what
-- no record tells.
{% set attributes = ['name', 'domain', 'cik', 'crm_account_id', 'industry', 'city', 'country', 'phone', 'employee_range'] %}
{% set featured = ['industry', 'employee_count', 'country'] %}
with records as (
    select records.*, identity.company_id
    from {{ ref('int_company_records') }} as records
    inner join {{ ref('int_company_identity') }} as identity on records.record_key = identity.record_key
),

current_values as (
    select
        company_id,
        {% for attribute in attributes %}
        max(value) filter (where field = '{{ attribute }}') as {{ attribute }},
        {% endfor %}
        max({{ try_to('value', 'bigint') }}) filter (where field = 'employee_count') as employee_count,
        max({{ try_to('value', 'bigint') }}) filter (where field = 'sic_code') as sic_code
        {%- for attribute in featured %},
        max(known_from) filter (where field = '{{ attribute }}' and origin <> 'record') as {{ attribute }}_enriched_at
        {%- endfor %}
    from {{ ref('int_company_fields') }}
    where choice = 1 and is_usable
    group by company_id
),

-- Companies are those of records; nobody becomes one by being enriched.
origins as (
    select
        company_id,
        {% for attribute in featured %}
        first({{ attribute }} order by fetched_at, source_rank, record_id) filter (where {{ attribute }} is not null) as first_known_{{ attribute }},
        {% endfor %}
        max(fetched_at) as last_changed_at,
        bool_or(source = 'company_list' and is_latest) as is_target,
        min(first_seen_at) filter (where is_latest) as first_seen_at,
        min(account_created_on) filter (where is_latest) as account_created_on
    from records
    group by company_id
    having bool_or(is_latest)
)

select
    origins.company_id,
    current_values.name,
    current_values.domain,
    current_values.cik,
    current_values.crm_account_id,
    current_values.industry,
    current_values.employee_count,
    current_values.employee_range,
    current_values.city,
    coalesce(countries.country, current_values.country) as country,
    countries.country_code,
    country_regions.region,
    country_regions.subregion,
    industries.industry as industry_name,
    coalesce(industries.naics_code, sic_industries.naics_code) as industry_code,
    size_bands.size_band,
    current_values.phone,
    origins.is_target,
    origins.first_seen_at,
    origins.account_created_on,
    origins.first_known_industry,
    origins.first_known_employee_count,
    coalesce(first_countries.country, origins.first_known_country) as first_known_country,
    origins.last_changed_at,
    current_values.industry_enriched_at,
    current_values.employee_count_enriched_at,
    current_values.country_enriched_at
from origins
left join current_values on origins.company_id = current_values.company_id
left join {{ ref('industries') }} as industries on {{ folded('trim(current_values.industry)') }} = industries.alias
left join {{ ref('sic_industries') }} as sic_industries
    on current_values.sic_code between sic_industries.sic_from and sic_industries.sic_to
left join {{ ref('size_bands') }} as size_bands
    on current_values.employee_count between size_bands.employees_from and size_bands.employees_to
left join {{ ref('countries') }} as countries on lower(current_values.country) = countries.alias
left join {{ ref('country_regions') }} as country_regions on countries.country_code = country_regions.country_code
left join {{ ref('countries') }} as first_countries on lower(origins.first_known_country) = first_countries.alias
