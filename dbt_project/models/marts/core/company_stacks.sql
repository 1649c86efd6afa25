-- How far a company's technology reaches. Maturity counts the areas with a technology in use; an area
-- that no method could see is not observable and counts neither way.
with used as (
    select company_id, technology, category, bool_or(method = 'dns') as is_in_dns
    from {{ ref('company_technologies') }}
    where is_current
    group by company_id, technology, category
),

areas as (
    select
        used.company_id,
        count(distinct used.technology) as technologies,
        count(distinct used.category) as categories,
        count(distinct areas.area) as areas,
        string_agg(distinct areas.area, ', ' order by areas.area) as areas_seen,
        string_agg(distinct used.technology, ', ' order by used.technology) filter (where used.category = 'Mailboxes' or (used.is_in_dns and used.technology = 'Microsoft 365')) as mail_service
    from used
    left join {{ ref('technology_areas') }} as areas on used.category = areas.category
    group by used.company_id
),

views as (
    select
        company_id,
        max(looked_on) filter (where method = 'website') as website_looked_on,
        max(looked_on) filter (where method = 'dns') as dns_looked_on,
        max(looked_on) filter (where method = 'api') as api_looked_on,
        max(looked_on) filter (where method = 'job_ad') as job_ads_looked_on
    from {{ ref('company_technology_looks') }}
    group by company_id
),

visible as (
    select
        views.company_id,
        count(distinct areas.area) as areas_observable
    from {{ ref('company_technology_looks') }} as views
    inner join {{ ref('technology_areas') }} as areas
        on views.method in ('vendor', 'enriched') or contains(' ' || areas.seen_by || ' ', ' ' || views.method || ' ')
    group by views.company_id
),

all_areas as (
    select count(distinct area) as areas from {{ ref('technology_areas') }}
),

levels as (
    select areas.company_id, max_by(levels.level, levels.least_areas) as level
    from areas
    inner join {{ ref('technology_maturity_levels') }} as levels on areas.areas >= levels.least_areas
    group by areas.company_id
),

findings as (
    select
        company_id,
        count(*) filter (where kind = 'gap' and status = 'not_seen') as gaps,
        count(*) filter (where kind = 'gap' and status = 'not_observable') as gaps_not_observable,
        count(*) filter (where kind = 'redundancy') as redundancies,
        count(*) filter (where kind = 'complement') as complements
    from {{ ref('company_stack_findings') }}
    group by company_id
)

select
    companies.company_id,
    case when views.company_id is not null then coalesce(areas.technologies, 0) end as technologies,
    case when views.company_id is not null then coalesce(areas.categories, 0) end as categories,
    case when views.company_id is not null then coalesce(areas.areas, 0) end as areas,
    coalesce(visible.areas_observable, 0) as areas_observable,
    all_areas.areas as areas_known,
    areas.areas_seen,
    levels.level as maturity,
    areas.mail_service,
    case when views.company_id is not null then coalesce(findings.gaps, 0) end as gaps,
    case when views.company_id is not null then coalesce(findings.gaps_not_observable, 0) end as gaps_not_observable,
    case when views.company_id is not null then coalesce(findings.redundancies, 0) end as redundancies,
    case when views.company_id is not null then coalesce(findings.complements, 0) end as complements,
    views.website_looked_on,
    views.dns_looked_on,
    views.api_looked_on,
    views.job_ads_looked_on
from {{ ref('companies') }} as companies
cross join all_areas
left join views on companies.company_id = views.company_id
left join visible on companies.company_id = visible.company_id
left join areas on companies.company_id = areas.company_id
left join levels on companies.company_id = levels.company_id
left join findings on companies.company_id = findings.company_id
