select
    employment_id, person_id, company_id, title, level, department, started_on, start_precision,
    start_known_by, start_noticed_at, ended_on, end_precision, end_known_by, end_noticed_at, is_current,
    next_company_id, source, source_url, source_names, source_count, confidence, evidence, first_seen_at
from {{ ref('int_employments') }}
