with known as (
    select
        company_id,
        {% for field in ['phone', 'linkedin_url', 'employee_count', 'employee_range', 'industry', 'country', 'city', 'founded_year', 'annual_revenue_usd', 'funding_total_usd', 'technologies'] %}
        max(value) filter (where field = '{{ field }}') as {{ field }},
        max(source) filter (where field = '{{ field }}') as {{ field }}_source,
        max(confidence) filter (where field = '{{ field }}') as {{ field }}_confidence,
        max(fetched_at) filter (where field = '{{ field }}') as {{ field }}_fetched_at,
        {% endfor %}
        count(*) as enriched_fields
    from {{ ref('int_enriched_values') }}
    where entity_type = 'company'
    group by company_id
)

-- What the sources of the line say comes first: enrichment is asked only for what they leave open.
select
    companies.company_id,
    companies.name,
    companies.domain,
    coalesce(companies.phone, enriched.phone) as phone,
    case when companies.phone is not null then 'own' else enriched.phone_source end as phone_source,
    case when companies.phone is null then enriched.phone_confidence end as phone_confidence,
    case when companies.phone is null then enriched.phone_fetched_at end as phone_fetched_at,
    enriched.linkedin_url as linkedin_url,
    enriched.linkedin_url_source as linkedin_url_source,
    enriched.linkedin_url_confidence as linkedin_url_confidence,
    enriched.linkedin_url_fetched_at as linkedin_url_fetched_at,
    coalesce(companies.employee_count, {{ try_to('enriched.employee_count', 'bigint') }}) as employee_count,
    case when companies.employee_count is not null then 'own' else enriched.employee_count_source end as employee_count_source,
    case when companies.employee_count is null then enriched.employee_count_confidence end as employee_count_confidence,
    case when companies.employee_count is null then enriched.employee_count_fetched_at end as employee_count_fetched_at,
    enriched.employee_range as employee_range,
    enriched.employee_range_source as employee_range_source,
    enriched.employee_range_confidence as employee_range_confidence,
    enriched.employee_range_fetched_at as employee_range_fetched_at,
    coalesce(companies.industry, enriched.industry) as industry,
    case when companies.industry is not null then 'own' else enriched.industry_source end as industry_source,
    case when companies.industry is null then enriched.industry_confidence end as industry_confidence,
    case when companies.industry is null then enriched.industry_fetched_at end as industry_fetched_at,
    coalesce(companies.country, enriched.country) as country,
    case when companies.country is not null then 'own' else enriched.country_source end as country_source,
    case when companies.country is null then enriched.country_confidence end as country_confidence,
    case when companies.country is null then enriched.country_fetched_at end as country_fetched_at,
    coalesce(companies.city, enriched.city) as city,
    case when companies.city is not null then 'own' else enriched.city_source end as city_source,
    case when companies.city is null then enriched.city_confidence end as city_confidence,
    case when companies.city is null then enriched.city_fetched_at end as city_fetched_at,
    {{ try_to('enriched.founded_year', 'bigint') }} as founded_year,
    enriched.founded_year_source as founded_year_source,
    enriched.founded_year_confidence as founded_year_confidence,
    enriched.founded_year_fetched_at as founded_year_fetched_at,
    {{ try_to('enriched.annual_revenue_usd', 'double') }} as annual_revenue_usd,
    enriched.annual_revenue_usd_source as annual_revenue_usd_source,
    enriched.annual_revenue_usd_confidence as annual_revenue_usd_confidence,
    enriched.annual_revenue_usd_fetched_at as annual_revenue_usd_fetched_at,
    {{ try_to('enriched.funding_total_usd', 'double') }} as funding_total_usd,
    enriched.funding_total_usd_source as funding_total_usd_source,
    enriched.funding_total_usd_confidence as funding_total_usd_confidence,
    enriched.funding_total_usd_fetched_at as funding_total_usd_fetched_at,
    enriched.technologies as technologies,
    enriched.technologies_source as technologies_source,
    enriched.technologies_confidence as technologies_confidence,
    enriched.technologies_fetched_at as technologies_fetched_at,
    enriched.enriched_fields
from {{ ref('companies') }} as companies
inner join known as enriched on companies.company_id = enriched.company_id
