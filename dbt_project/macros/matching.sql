{#- How companies fit the profiles, for those that are listed and for those that only sources name. -#}

{#- Which parts of each profile each company meets, one row per pair. `companies` has the attributes of
    int_companies, `fields` says who told them (int_company_fields), `technologies` what is in use. -#}
{% macro icp_matches(companies, fields, technologies) -%}
with companies as (
    select * from {{ companies }}
),

profiles as (
    select * from {{ ref('stg_reference__icp_profiles') }}
),

terms as (
    select * from {{ ref('int_icp_terms') }}
),

-- Industries are few and companies many. By name, stated or standard, or by a code that the company's
-- own begins with ("naics:51"); a company that meets two wishes meets the profile once.
stated_industries as (
    select distinct industry, industry_name, industry_code
    from companies
    where coalesce(industry, industry_code) is not null
),

wanted_industries as (
    select distinct
        terms.organisation_id,
        terms.icp_profile_id,
        stated_industries.industry,
        stated_industries.industry_code
    from stated_industries
    inner join terms
        on terms.term_type = 'industry'
        and (terms.term in ({{ folded('trim(stated_industries.industry)') }}, {{ folded('stated_industries.industry_name') }})
            or (terms.term like 'naics:_%' and starts_with(stated_industries.industry_code, substr(terms.term, 7))))
),

industries as (
    select wanted_industries.organisation_id, wanted_industries.icp_profile_id, companies.company_id
    from companies
    inner join wanted_industries
        on companies.industry is not distinct from wanted_industries.industry
        and companies.industry_code is not distinct from wanted_industries.industry_code
),

-- What enrichment has told is said to be so; a record's own word stands for itself.
enriched as (
    select
        company_id,
        {% for field in ['industry', 'employee_count', 'employee_range', 'country'] %}
        max(' (' || source || ', confidence ' || round(confidence, 2) || ', ' || {{ iso_day('fetched_at') }} || ')')
            filter (where field = '{{ field }}') as {{ field }}_origin{{ ',' if not loop.last }}
        {% endfor %}
    from {{ fields }}
    where origin <> 'record' and choice = 1 and is_usable
    group by company_id
),

technologies as (
    select
        terms.organisation_id,
        terms.icp_profile_id,
        used.company_id,
        string_agg(distinct used.technology, ', ' order by used.technology) filter (where terms.term_type = 'must_have') as must_have,
        string_agg(distinct used.technology, ', ' order by used.technology) filter (where terms.term_type = 'nice_to_have') as nice_to_have,
        string_agg(distinct used.technology, ', ' order by used.technology) filter (where terms.term_type = 'avoid') as avoided,
        string_agg(distinct used.technology, ', ' order by used.technology) filter (where terms.term_type = 'competitor') as competing
    from {{ technologies }} as used
    inner join terms
        on terms.term_type in ('must_have', 'nice_to_have', 'avoid', 'competitor')
        and lower(used.technology) = terms.term
    where used.known_to is null
    group by terms.organisation_id, terms.icp_profile_id, used.company_id
)

select
    profiles.organisation_id,
    profiles.icp_profile_id,
    profiles.is_default,
    companies.company_id,
    industries.company_id is not null as is_industry_match,
    -- A band of employees fits where all of it does.
    coalesce(
        {{ headcount_from('companies') }} >= coalesce(profiles.company_size_min, 0)
        and {{ headcount_to('companies') }} <= coalesce(profiles.company_size_max, 1000000000),
        false
    ) as is_size_match,
    geographies.term is not null as is_geography_match,
    technologies.must_have is not null and technologies.avoided is null as is_technology_match,
    technologies.nice_to_have is not null as is_complementary_match,
    technologies.competing is not null as is_competitor_match,
    companies.industry,
    companies.industry_name,
    case
        when {{ folded('companies.industry') }} <> {{ folded('companies.industry_name') }} then ' [' || companies.industry_name || ']'
        when companies.industry_name is null then ' [NAICS ' || companies.industry_code || ']'
    end as industry_meaning,
    companies.employee_count,
    coalesce(cast(companies.employee_count as varchar), companies.employee_range) as employees,
    companies.country,
    enriched.industry_origin,
    case when companies.employee_count is null then enriched.employee_range_origin else enriched.employee_count_origin end as employees_origin,
    enriched.country_origin,
    technologies.must_have as must_have_technologies,
    technologies.nice_to_have as nice_to_have_technologies,
    technologies.avoided as avoided_technologies,
    technologies.competing as competing_technologies
from companies
cross join profiles
left join enriched on companies.company_id = enriched.company_id
left join industries
    on profiles.organisation_id = industries.organisation_id
    and profiles.icp_profile_id = industries.icp_profile_id
    and companies.company_id = industries.company_id
left join terms as geographies
    on geographies.term_type = 'geography'
    and profiles.organisation_id = geographies.organisation_id
    and profiles.icp_profile_id = geographies.icp_profile_id
    and companies.country_code = geographies.term
left join technologies
    on profiles.organisation_id = technologies.organisation_id
    and profiles.icp_profile_id = technologies.icp_profile_id
    and companies.company_id = technologies.company_id
{%- endmacro %}

{#- What meets a profile in words, one row per profile, company and rule of fit. -#}
{% macro fit_evidence(matches) -%}
{% for rule, condition, evidence in [
    ('industry_match', 'is_industry_match', "'Industry: ' || concat(industry, industry_meaning, industry_origin)"),
    ('size_match', 'is_size_match', "'Employees: ' || concat(coalesce(employees, cast(employee_count as varchar)), employees_origin)"),
    ('technology_match', 'is_technology_match', "'Uses ' || must_have_technologies"),
    ('geography_match', 'is_geography_match', "'Country: ' || concat(country, country_origin)"),
    ('complementary_tools', 'is_complementary_match', "'Uses ' || nice_to_have_technologies"),
    ('competitor_in_use', 'is_competitor_match', "'Uses ' || competing_technologies"),
] %}
select organisation_id, icp_profile_id, company_id, '{{ rule }}' as rule_id, {{ evidence }} as evidence
from {{ matches }} where {{ condition }}
{{ 'union all' if not loop.last }}
{% endfor %}
{%- endmacro %}

{#- Technologies of the lists among `values` (int_enriched_values), by the one name of each. -#}
{% macro listed_technologies(values) -%}
with listed as (
    select
        company_id, source, operation, source_url, confidence, fetched_at, known_from,
        unnest({{ json_list('value', '$') }}) as stated_technology
    from {{ values }}
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
{%- endmacro %}
