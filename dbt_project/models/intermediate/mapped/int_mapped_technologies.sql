-- Technologies that vendors' exports list for a company, as they were last told.
with versions as (
    select
        technologies.*,
        {{ domain_key('company_domain') }} as site,
        min(fetched_at) over (partition by source, record_id) as first_fetched_at,
        row_number() over (
            partition by source, record_id order by fetched_at desc, observed_at desc, payload_sha256
        ) as newest
    from {{ ref('stg_mapped__technologies') }} as technologies
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
