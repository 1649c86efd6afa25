select
    signal_id,
    company_id,
    person_name,
    job_title as position,
    level,
    department,
    change_type,
    case when direction = 'outgoing' then null else person_name end as incoming_executive,
    case when direction = 'outgoing' then person_name end as outgoing_executive,
    is_interim,
    occurred_on as announced_on,
    effective_on,
    primary_source,
    source_count
from {{ ref('int_signals') }}
where signal_type = 'executive_change'
