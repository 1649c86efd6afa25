select
    signal_id,
    company_id,
    signal_subtype as change_type,
    technology,
    technology_category as category,
    technology_vendor as vendor,
    detection_method,
    status,
    polarity,
    confidence_score as confidence_level,
    occurred_on as detected_on,
    evidence,
    source_url,
    reader_version,
    primary_source
from {{ ref('int_signals') }}
where signal_type = 'technology_adoption'
