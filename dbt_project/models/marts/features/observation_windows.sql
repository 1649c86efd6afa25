-- Press, filings and databases can be read back; boards and pages show only what is there on the day.
with boards as (
    select lookup.company_id, min(cast(manifests.fetched_at as date)) as first_day
    from {{ ref('int_job_board_manifests') }} as manifests
    inner join {{ ref('int_company_lookup') }} as lookup
        on lookup.key_type = 'board'
        and manifests.source || ':' || manifests.board_token = lookup.key
        and lookup.company_count = 1
    where manifests.snapshot_on <= {{ as_of() }}
    group by lookup.company_id
),

pages as (
    select lookup.company_id, min(cast(scans.fetched_at as date)) as first_day
    from {{ ref('stg_company_site__pages') }} as scans
    inner join {{ ref('int_company_lookup') }} as lookup
        on lookup.key_type = 'domain' and scans.domain = lookup.key and lookup.company_count = 1
    where coalesce(scans.status, 200) between 200 and 299
    group by lookup.company_id
)

select
    companies.company_id,
    cast({{ as_of() }} - {{ var('history_days') }} as date) as observed_from,
    boards.first_day as postings_observed_from,
    pages.first_day as technologies_observed_from
from {{ ref('int_companies') }} as companies
left join boards on companies.company_id = boards.company_id
left join pages on companies.company_id = pages.company_id
