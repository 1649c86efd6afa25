-- What a record shows follows from its content, whenever that content was read: one row per content
-- and technology.
select
    source,
    record_id,
    payload_sha256,
    technology,
    max(category) as category,
    max(vendor) as vendor,
    max(version) as version,
    max(method) as method,
    max(reader_confidence) as reader_confidence,
    max(evidence) as evidence
from {{ ref('stg_detections__technology_detections') }}
group by source, record_id, payload_sha256, technology
