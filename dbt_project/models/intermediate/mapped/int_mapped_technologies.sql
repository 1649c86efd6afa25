-- Technologies that vendors' exports list for a company, as they were last told, by the one name of each.
with versions as (
    select
        technologies.* exclude (technology, category, vendor),
        coalesce(names.technology, technologies.technology) as technology,
        coalesce(technologies.category, names.category) as category,
        coalesce(technologies.vendor, names.vendor) as vendor,
        {{ domain_key('company_domain') }} as site,
        min(technologies.fetched_at) over (partition by technologies.source, technologies.record_id) as first_fetched_at,
        row_number() over (
            partition by technologies.source, technologies.record_id
            order by technologies.fetched_at desc, technologies.observed_at desc, technologies.payload_sha256
        ) as newest
    from {{ ref('stg_mapped__technologies') }} as technologies
    left join {{ ref('stg_reference__technology_names') }} as names
        on lower(trim(technologies.technology)) = names.alias
),

latest as (
    select * from versions where newest = 1
),

linked as (
    {{ with_company('latest', {'domain': 'rows.site', 'cik': cik_key('rows.cik'), 'name': 'rows.company_name'}) }}
)

select
    source,
    stream,
    record_id,
    payload_sha256,
    source_url,
    company_id,
    technology,
    category,
    vendor,
    version,
    first_seen_on,
    last_seen_on,
    removed_on,
    intensity,
    confidence,
    evidence,
    first_fetched_at,
    fetched_at,
    case when removed_on <= {{ as_of() }} then fetched_at end as removal_known_at
from linked
