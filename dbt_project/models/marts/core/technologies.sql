-- One name, category and vendor for each technology, however it is seen: fingerprints know best what
-- a product is, then DNS, then job ads and what vendors write. Vendors' own names for it are the same.
with told as (
    select
        technology, category, vendor, fetched_at,
        case method when 'website' then 1 when 'dns' then 2 else 4 end as rank
    from {{ ref('stg_detections__technology_detections') }}
    union all
    select
        unnest({{ json_values('technologies', '$[*].name') }}) as technology,
        unnest({{ json_values('technologies', '$[*].category') }}) as category,
        cast(null as varchar) as vendor,
        fetched_at,
        3 as rank
    from {{ ref('stg_detections__job_postings') }}
    where technologies <> '[]'
    union all
    select technology, category, vendor, fetched_at, 5 as rank
    from {{ ref('int_mapped_technologies') }}
    where technology is not null
    union all
    select technology, category, vendor, fetched_at, 5 as rank
    from {{ ref('int_enriched_technologies') }}
)

select
    {{ stable_id(["'technology'", 'lower(technology)']) }} as technology_id,
    min_by(technology, (rank, technology)) as name,
    min_by(category, (rank, category)) as category,
    min_by(vendor, (rank, vendor)) as vendor,
    min(fetched_at) as first_seen_at
from told
group by lower(technology)
