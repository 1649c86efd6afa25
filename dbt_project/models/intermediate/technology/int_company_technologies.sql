-- Technologies that companies show by any method, or vendors' exports or enrichment list: one row per company, technology and stretch of time;
-- stretches of several methods that overlap or touch are one.
with spells as (
    select
        lookup.company_id, spells.technology, spells.method, spells.source, spells.first_seen_on,
        spells.known_from, spells.known_to, spells.page_url
    from {{ ref('int_technology_spells') }} as spells
    inner join {{ ref('int_company_lookup') }} as lookup
        on lookup.key_type = 'domain' and spells.domain = lookup.key and lookup.company_count = 1
    union all
    select
        company_id, technology, 'vendor' as method, source,
        coalesce(first_seen_on, cast(first_fetched_at as date)) as first_seen_on,
        first_fetched_at as known_from,
        removal_known_at as known_to,
        source_url as page_url
    from {{ ref('int_mapped_technologies') }}
    where company_id is not null and first_fetched_at < coalesce(removal_known_at, {{ as_of_end() }})
    union all
    select
        company_id, technology, 'enriched' as method, source, cast(fetched_at as date) as first_seen_on,
        known_from, cast(null as timestamp) as known_to, source_url as page_url
    from {{ ref('int_enriched_technologies') }}
),

marked as (
    select
        *,
        max(coalesce(known_to, timestamp '9999-12-31')) over (
            partition by company_id, technology order by known_from, method, source, page_url
            rows between unbounded preceding and 1 preceding
        ) < known_from as is_apart
    from spells
),

numbered as (
    select
        *,
        sum(case when is_apart then 1 else 0 end) over (
            partition by company_id, technology order by known_from, method, source, page_url
        ) as stretch
    from marked
)

select
    company_id,
    technology,
    min(first_seen_on) as first_seen_on,
    min(known_from) as known_from,
    nullif(max(coalesce(known_to, timestamp '9999-12-31')), timestamp '9999-12-31') as known_to,
    min_by(page_url, (known_from, page_url)) as page_url
from numbered
group by company_id, technology, stretch
