select
    detection_id,
    {{ provenance() }},
    reader,
    reader_version,
    confidence as reader_confidence,
    evidence,
    {{ domain_key('domain') }} as domain,
    page_url,
    person_name,
    position as job_title,
    level,
    department,
    is_interim,
    is_board_only
from {{ admitted(source('detections', 'leadership_entries')) }} as records
