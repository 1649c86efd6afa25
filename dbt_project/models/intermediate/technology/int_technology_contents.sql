-- What a record shows follows from its content, whenever that content was read: one row per content
-- and technology. Trace and reader are those of one detection, the surest.
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
    arg_max(evidence, (reader_confidence, evidence)) as evidence,
    arg_max(reader || ' ' || reader_version, (reader_confidence, evidence)) as reader_version
from {{ ref('stg_detections__technology_detections') }}
group by source, record_id, payload_sha256, technology
