select
    detection_id,
    {{ provenance() }},
    reader,
    reader_version,
    confidence as reader_confidence,
    evidence,
    {{ domain_key('domain') }} as domain,
    page_url,
    {{ utc('scanned_at') }} as scanned_at,
    technology,
    category,
    vendor,
    version,
    method
from {{ admitted(source('detections', 'technology_detections')) }} as records
