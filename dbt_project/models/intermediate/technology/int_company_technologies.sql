-- Technologies that companies' sites show and vendors' exports list: one row per company, technology
-- and stretch of days.
with changes as (
    select
        lookup.company_id,
        changes.technology,
        changes.change_type,
        changes.scanned_on,
        changes.fetched_at,
        changes.page_url,
        lead(changes.fetched_at) over (
            partition by lookup.company_id, changes.technology
            order by changes.scanned_on, changes.change_type = 'removed'
        ) as next_changed_at
    from {{ ref('int_technology_changes') }} as changes
    inner join {{ ref('int_company_lookup') }} as lookup
        on lookup.key_type = 'domain' and changes.domain = lookup.key and lookup.company_count = 1
)

select company_id, technology, scanned_on as first_seen_on, fetched_at as known_from, next_changed_at as known_to, page_url
from changes
where change_type <> 'removed'
union all
select
    company_id,
    technology,
    coalesce(first_seen_on, cast(first_fetched_at as date)) as first_seen_on,
    first_fetched_at as known_from,
    removal_known_at as known_to,
    source_url as page_url
from {{ ref('int_mapped_technologies') }}
where company_id is not null and first_fetched_at < coalesce(removal_known_at, {{ as_of_end() }})
