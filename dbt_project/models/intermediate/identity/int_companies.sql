-- One row per company with its attributes, each from the best source that states it: the user's
-- list, then the CRM, then EDGAR. `first_known_*` are those of the first fetch, for features of days
-- before it.
with records as (
    select records.*, identity.company_id
    from {{ ref('int_company_records') }} as records
    inner join {{ ref('int_company_identity') }} as identity on records.record_key = identity.record_key
),

{% set attributes = ['name', 'domain', 'cik', 'crm_account_id', 'industry', 'employee_count', 'city', 'country', 'phone', 'sic_code'] %}
current_values as (
    select
        company_id,
        {% for attribute in attributes %}
        first({{ attribute }} order by source_rank, fetched_at desc, record_id) filter (where {{ attribute }} is not null) as {{ attribute }},
        {% endfor %}
        bool_or(source = 'company_list') as is_target,
        min(first_seen_at) as first_seen_at,
        min(account_created_on) as account_created_on
    from records
    where is_latest
    group by company_id
),

first_values as (
    select
        company_id,
        {% for attribute in ['industry', 'employee_count', 'country'] %}
        first({{ attribute }} order by fetched_at, source_rank, record_id) filter (where {{ attribute }} is not null) as first_known_{{ attribute }},
        {% endfor %}
        max(fetched_at) as last_changed_at
    from records
    group by company_id
)

select
    current_values.company_id,
    current_values.name,
    current_values.domain,
    current_values.cik,
    current_values.crm_account_id,
    current_values.industry,
    current_values.employee_count,
    current_values.city,
    coalesce(countries.country, current_values.country) as country,
    countries.country_code,
    coalesce(industries.naics_code, sic_industries.naics_code) as industry_code,
    size_bands.size_band,
    current_values.phone,
    current_values.is_target,
    current_values.first_seen_at,
    current_values.account_created_on,
    first_values.first_known_industry,
    first_values.first_known_employee_count,
    coalesce(first_countries.country, first_values.first_known_country) as first_known_country,
    first_values.last_changed_at
from current_values
inner join first_values on current_values.company_id = first_values.company_id
left join {{ ref('industries') }} as industries on {{ folded('trim(current_values.industry)') }} = industries.alias
left join {{ ref('sic_industries') }} as sic_industries
    on current_values.sic_code between sic_industries.sic_from and sic_industries.sic_to
left join {{ ref('size_bands') }} as size_bands
    on current_values.employee_count between size_bands.employees_from and size_bands.employees_to
left join {{ ref('countries') }} as countries on lower(current_values.country) = countries.alias
left join {{ ref('countries') }} as first_countries on lower(first_values.first_known_country) = first_countries.alias
