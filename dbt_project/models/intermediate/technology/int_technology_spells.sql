-- From when to when each method showed a technology of a domain.
with turns as (
    select
        domain, technology, method, source, change_type, scanned_on, fetched_at, page_url,
        lead(change_type) over by_day as next_change_type,
        lead(fetched_at) over by_day as next_changed_at
    from {{ ref('int_technology_changes') }}
    where change_type in ('baseline', 'added', 'removed')
    -- What comes and goes on one day is told in the order of the looks, not of the words.
    window by_day as (
        partition by domain, technology, method, source
        order by scanned_on, change_type = 'removed'
    )
)

select
    domain,
    technology,
    method,
    source,
    change_type = 'baseline' as is_baseline,
    scanned_on as first_seen_on,
    fetched_at as known_from,
    -- Several pages of a site may tell one after the other that it came: the first spell goes on.
    case when next_change_type is not null then next_changed_at end as known_to,
    page_url
from turns
where change_type <> 'removed'
