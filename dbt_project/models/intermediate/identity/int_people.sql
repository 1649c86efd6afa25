-- People at companies: contacts of the CRM, people that exports name, and executives that filings and
-- press name.
with contacts as (
    select
        *,
        min(fetched_at) over (partition by record_id) as first_seen_at,
        row_number() over (partition by record_id order by fetched_at desc, payload_sha256) as newest
    from {{ ref('stg_crm__contacts') }}
),

from_crm as (
    select
        lookup.company_id,
        trim(concat_ws(' ', contacts.first_name, contacts.last_name)) as full_name,
        contacts.title,
        titles.level,
        titles.department,
        lower(contacts.email) as email,
        contacts.phone,
        contacts.linkedin_url,
        'crm' as source,
        contacts.record_id,
        true as is_current,
        contacts.created_on as known_on,
        contacts.first_seen_at,
        1 as source_rank
    from contacts
    inner join {{ ref('int_company_lookup') }} as lookup
        on lookup.key_type = 'crm' and contacts.account_id = lookup.key and lookup.company_count = 1
    left join {{ ref('int_title_readings') }} as titles on contacts.title = titles.title
    where contacts.newest = 1 and (contacts.first_name is not null or contacts.last_name is not null)
),

from_signals as (
    select
        company_id,
        person_name as full_name,
        job_title as title,
        level,
        department,
        cast(null as varchar) as email,
        cast(null as varchar) as phone,
        cast(null as varchar) as linkedin_url,
        primary_source as source,
        primary_record_id as record_id,
        coalesce(direction, 'incoming') <> 'outgoing' as is_current,
        occurred_on as known_on,
        detected_at as first_seen_at,
        3 as source_rank
    from {{ ref('int_signals') }}
    where signal_type = 'executive_change' and person_name is not null
),

from_exports as (
    select
        company_id,
        full_name,
        job_title as title,
        level,
        department,
        email,
        phone,
        linkedin_url,
        source,
        record_id,
        -- A position that a later version of the record no longer tells was left.
        is_current and is_latest as is_current,
        cast(observed_at as date) as known_on,
        first_seen_at,
        2 as source_rank
    from {{ ref('int_mapped_people') }}
    where company_id is not null
),

people as (
    select * from from_crm
    union all
    select * from from_exports
    union all
    select * from from_signals
),

keyed as (
    select people.*, {{ person_name_key('full_name') }} as name_key from people
)

select
    {{ stable_id(["'person'", 'company_id', 'name_key']) }} as person_id,
    company_id,
    {% for field in ['full_name', 'email', 'phone', 'linkedin_url'] %}
    first({{ field }} order by source_rank, known_on desc, record_id) filter (where {{ field }} is not null) as {{ field }},
    {% endfor %}
    {% for field in ['title', 'level', 'department'] %}
    first({{ field }} order by known_on desc, source_rank, record_id) filter (where {{ field }} is not null) as {{ field }},
    {% endfor %}
    first(source order by source_rank, known_on desc, record_id) as source,
    first(is_current order by known_on desc, source_rank, record_id) as is_current,
    min(known_on) as known_on,
    min(first_seen_at) as first_seen_at
from keyed
where name_key is not null
group by company_id, name_key
