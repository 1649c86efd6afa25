select
    {{ stable_id(["'technology'", 'lower(technology)']) }} as technology_id,
    min(technology) as name,
    max(category) as category,
    max(vendor) as vendor,
    min(fetched_at) as first_seen_at
from {{ ref('stg_detections__technology_detections') }}
group by lower(technology)
