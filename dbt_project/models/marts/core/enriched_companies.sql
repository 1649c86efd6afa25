-- What the sources of the line say comes first: enrichment is asked only for what they leave open. What
-- it is not sure of is told here and used nowhere.
{% set types = {'employee_count': 'bigint', 'founded_year': 'bigint', 'annual_revenue_usd': 'double', 'funding_total_usd': 'double'} %}
{% set fields = ['phone', 'linkedin_url', 'employee_count', 'employee_range', 'industry', 'country', 'city', 'founded_year', 'annual_revenue_usd', 'funding_total_usd', 'technologies'] %}
with enriched as (
    select company_id, count(*) as enriched_fields
    from {{ ref('int_enriched_values') }}
    where entity_type = 'company'
    group by company_id
),

told as (
    select company_id, field, value, origin = 'record' as is_own, source, confidence, fetched_at
    from {{ ref('int_company_fields') }}
    where choice = 1
    union all
    select company_id, field, value, false as is_own, source, confidence, fetched_at
    from {{ ref('int_enriched_values') }}
    where entity_type = 'company' and field = 'technologies'
),

known as (
    select
        company_id,
        {% for field in fields %}
        max(value) filter (where field = '{{ field }}') as {{ field }},
        max(case when is_own then 'own' else source end) filter (where field = '{{ field }}') as {{ field }}_source,
        max(confidence) filter (where field = '{{ field }}' and not is_own) as {{ field }}_confidence,
        max(fetched_at) filter (where field = '{{ field }}' and not is_own) as {{ field }}_fetched_at{{ ',' if not loop.last }}
        {% endfor %}
    from told
    group by company_id
)

select
    companies.company_id,
    companies.name,
    companies.domain,
    {% for field in fields %}
    {% if field == 'country' -%}
    -- By its English name, however the source writes it.
    coalesce(companies.country, known.country) as country,
    {%- else -%}
    {{ try_to('known.' ~ field, types[field]) if field in types else 'known.' ~ field }} as {{ field }},
    {%- endif %}
    known.{{ field }}_source,
    known.{{ field }}_confidence,
    known.{{ field }}_fetched_at,
    {% endfor %}
    enriched.enriched_fields
from {{ ref('companies') }} as companies
inner join enriched on companies.company_id = enriched.company_id
inner join known on companies.company_id = known.company_id
