select
    company_id, name, domain, cik, industry, employee_count, city, country, phone, is_target,
    crm_account_id, first_seen_at
from {{ ref('int_companies') }}
