select
    person_id, company_id, full_name, title, level, department, email, phone, linkedin_url, source,
    coalesce(is_current, true) as is_current, first_seen_at
from {{ ref('int_people') }}
