-- The records that may anchor a company: the user's list, the CRM's accounts and EDGAR's filers.
with company_list as (
    select
        'company_list' as source, 1 as source_rank, record_id, source_url, fetched_at, payload_sha256,
        name, domain, cik, cast(null as varchar) as crm_account_id,
        case when job_board like '%:%' then lower(job_board) end as board_key,
        industry, employee_count, city, country, cast(null as varchar) as phone,
        cast(null as date) as account_created_on, cast(null as bigint) as sic_code
    from {{ ref('stg_company_list__companies') }}
),

accounts as (
    select
        'crm' as source, 2 as source_rank, record_id, source_url, fetched_at, payload_sha256,
        name, domain, cast(null as varchar) as cik, account_id as crm_account_id,
        cast(null as varchar) as board_key,
        industry, employee_count, city, country, phone, created_on as account_created_on, cast(null as bigint) as sic_code
    from {{ ref('stg_crm__accounts') }}
    where account_id is not null
),

filers as (
    select
        'sec_edgar' as source, 3 as source_rank, record_id, source_url, fetched_at, payload_sha256,
        name, domain, cik, cast(null as varchar) as crm_account_id,
        cast(null as varchar) as board_key,
        industry, cast(null as bigint) as employee_count, city,
        case when length(state_or_country_code) = 2 and state_or_country = state_or_country_code
            then 'United States' else state_or_country end as country,
        phone, cast(null as date) as account_created_on, sic_code
    from {{ ref('stg_sec_edgar__companies') }}
    where cik is not null
),

records as (
    select * from company_list
    union all
    select * from accounts
    union all
    select * from filers
),

-- A person may say that a key is not the record's own, or to which company the record belongs; then
-- none of its own keys but the account's says so.
decisions as (
    select decision, subject_key, other_key
    from {{ ref('stg_reference__identity_decisions') }}
    where entity = 'company'
),

versions as (
    select
        records.* exclude (domain, cik, board_key),
        case when shared_domains.domain is null then records.domain end as stated_domain,
        records.cik as stated_cik,
        case
            when shared_domains.domain is null and pins.subject_key is null and not_domain.subject_key is null
                then records.domain
        end as domain,
        case when pins.subject_key is null and not_cik.subject_key is null then records.cik end as cik,
        case when pins.subject_key is null and not_board.subject_key is null then records.board_key end as board_key,
        min(records.fetched_at) over (partition by records.source, records.record_id) as first_seen_at,
        row_number() over (
            partition by records.source, records.record_id
            order by records.fetched_at desc, records.payload_sha256
        ) as version_rank
    from records
    left join {{ ref('shared_domains') }} as shared_domains
        on records.domain = shared_domains.domain
    left join decisions as pins
        on pins.decision = 'pin' and pins.subject_key = 'record:' || records.source || '|' || records.record_id
    {% for key, expression in {'domain': 'records.domain', 'cik': 'records.cik', 'board': 'records.board_key'}.items() %}
    left join decisions as not_{{ key }}
        on not_{{ key }}.decision = 'split'
        and not_{{ key }}.subject_key = 'record:' || records.source || '|' || records.record_id
        and not_{{ key }}.other_key = '{{ key }}:' || {{ expression }}
    {% endfor %}
)

select
    source || '|' || record_id as record_key,
    source,
    source_rank,
    record_id,
    source_url,
    fetched_at,
    first_seen_at,
    version_rank = 1 as is_latest,
    trim(name) as name,
    {{ company_name_key('name') }} as name_key,
    domain,
    cik,
    stated_domain,
    stated_cik,
    crm_account_id,
    board_key,
    industry,
    case when employee_count between 1 and 10000000 then employee_count end as employee_count,
    city,
    country,
    phone,
    account_created_on,
    sic_code
from versions
