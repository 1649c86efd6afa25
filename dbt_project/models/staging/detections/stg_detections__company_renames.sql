select
    detection_id,
    {{ provenance() }},
    reader,
    reader_version,
    confidence as reader_confidence,
    evidence,
    {{ utc('published_at') }} as published_at,
    old_name,
    new_name,
    status
from {{ admitted(source('detections', 'company_renames')) }} as records
