-- How every company fits every profile, one row per pair.
with companies as (
    select * from {{ ref('int_companies') }}
),

profiles as (
    select * from {{ ref('stg_reference__icp_profiles') }}
),

terms as (
    select * from {{ ref('int_icp_terms') }}
),

-- By name, or by a code that the company's own begins with ("naics:51"); a company that meets two
-- wishes meets the profile once.
industries as (
    select distinct
        terms.organisation_id,
        terms.icp_profile_id,
        companies.company_id
    from companies
    inner join terms
        on terms.term_type = 'industry'
        and ({{ folded('companies.industry') }} = terms.term
            or (terms.term like 'naics:_%' and starts_with(companies.industry_code, substr(terms.term, 7))))
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
    from {{ ref('int_company_technologies') }} as used
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
    coalesce(
        companies.employee_count between coalesce(profiles.company_size_min, 0) and coalesce(profiles.company_size_max, 1000000000),
        false
    ) as is_size_match,
    geographies.term is not null as is_geography_match,
    technologies.must_have is not null and technologies.avoided is null as is_technology_match,
    technologies.nice_to_have is not null as is_complementary_match,
    technologies.competing is not null as is_competitor_match,
    companies.industry,
    companies.employee_count,
    companies.country,
    technologies.must_have as must_have_technologies,
    technologies.nice_to_have as nice_to_have_technologies,
    technologies.avoided as avoided_technologies,
    technologies.competing as competing_technologies
from companies
cross join profiles
left join industries
    on profiles.organisation_id = industries.organisation_id
    and profiles.icp_profile_id = industries.icp_profile_id
    and companies.company_id = industries.company_id
left join terms as geographies
    on geographies.term_type = 'geography'
    and profiles.organisation_id = geographies.organisation_id
    and profiles.icp_profile_id = geographies.icp_profile_id
    and lower(companies.country) = geographies.term
left join technologies
    on profiles.organisation_id = technologies.organisation_id
    and profiles.icp_profile_id = technologies.icp_profile_id
    and companies.company_id = technologies.company_id
