select
    detection_id,
    {{ provenance() }},
    reader,
    reader_version,
    confidence as reader_confidence,
    evidence,
    {{ cik_key('cik') }} as cik,
    company_name,
    accession_number,
    filed_on,
    item_code,
    item_title,
    text_excerpt
from {{ admitted(source('detections', 'filing_items')) }} as records
