-- Which methods have looked at a company, and when last.
with scans as (
    select lookup.company_id, scans.method, max(scans.scanned_on) as looked_on
    from {{ ref('int_technology_scans') }} as scans
    inner join {{ ref('int_company_lookup') }} as lookup
        on lookup.key_type = 'domain' and scans.domain = lookup.key and lookup.company_count = 1
    group by lookup.company_id, scans.method
),

postings as (
    select company_id, 'job_ad' as method, max(posted_on) as looked_on
    from {{ ref('job_posting_signals') }}
    group by company_id
),

exports as (
    select company_id, 'vendor' as method, cast(max(fetched_at) as date) as looked_on
    from {{ ref('int_mapped_technologies') }}
    where company_id is not null
    group by company_id
),

enriched as (
    select company_id, 'enriched' as method, cast(max(fetched_at) as date) as looked_on
    from {{ ref('int_enriched_technologies') }}
    group by company_id
)

select company_id, method, looked_on from scans
union all
select company_id, method, looked_on from postings
union all
select company_id, method, looked_on from exports
union all
select company_id, method, looked_on from enriched
