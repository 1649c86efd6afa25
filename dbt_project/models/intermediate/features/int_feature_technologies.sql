-- Technologies a company's site was known to show before the start of a day: one row per company
-- and day from its first scan on.
with points as (
    select company_id, as_of from {{ ref('int_feature_points') }}
),

coverage as (
    select lookup.company_id, min(pages.fetched_at) as first_scan_at
    from {{ ref('stg_company_site__pages') }} as pages
    inner join {{ ref('int_company_lookup') }} as lookup
        on lookup.key_type = 'domain' and pages.domain = lookup.key and lookup.company_count = 1
    where coalesce(pages.status, 200) between 200 and 299
    group by lookup.company_id
),

terms as (
    select term, bool_or(term_type = 'must_have') as is_must_have, bool_or(term_type = 'nice_to_have') as is_nice_to_have
    from {{ ref('int_icp_terms') }}
    where is_default and term_type in ('must_have', 'nice_to_have')
    group by term
)

select
    points.company_id,
    points.as_of,
    count(used.technology) as technologies,
    count(used.technology) filter (where terms.is_must_have) as must_have_technologies,
    count(used.technology) filter (where terms.is_nice_to_have) as nice_to_have_technologies
from points
inner join coverage
    on points.company_id = coverage.company_id and coverage.first_scan_at < points.as_of
left join {{ ref('int_company_technologies') }} as used
    on points.company_id = used.company_id
    and used.known_from < points.as_of
    -- One comparison and no OR: an outer join with an OR compares every row with every row.
    and coalesce(used.known_to, timestamp '9999-12-31') >= points.as_of
left join terms on lower(used.technology) = terms.term
group by points.company_id, points.as_of
