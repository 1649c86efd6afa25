select
    detection_id,
    {{ provenance() }},
    reader,
    reader_version,
    confidence as reader_confidence,
    evidence,
    title,
    level,
    department
from {{ admitted(source('detections', 'job_titles')) }} as records
