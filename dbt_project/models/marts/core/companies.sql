select
    company_id, name, domain, cik, industry, industry_name, industry_code, employee_count, size_band, city, country,
    country_code, region, subregion, phone, is_target,
    crm_account_id, first_seen_at
from {{ ref('int_companies') }}
