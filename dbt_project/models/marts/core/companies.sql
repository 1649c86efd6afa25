select
    company_id, name, domain, cik, industry, industry_code, employee_count, size_band, city, country,
    country_code, phone, is_target,
    crm_account_id, first_seen_at
from {{ ref('int_companies') }}
