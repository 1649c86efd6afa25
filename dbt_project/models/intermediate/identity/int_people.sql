-- People at companies, each with what is known of the person there: contacts of the CRM first, then
-- exports, profiles and pages, then what filings and press name.
with tellings as (
    select identity.person_id, tellings.*
    from {{ ref('int_person_tellings') }} as tellings
    inner join {{ ref('int_person_identity') }} as identity on tellings.person_record = identity.record_key
),

held as (
    select company_id, person_id, bool_or(is_current) as is_current, max(started_on) as started_on
    from {{ ref('int_employments') }}
    group by company_id, person_id
),

people as (
    select
        person_id,
        company_id,
        {% for field in ['full_name', 'email', 'phone', 'linkedin_url'] %}
        first({{ field }} order by source_rank, told_on desc, record_id, telling_id) filter (where {{ field }} is not null) as {{ field }},
        {% endfor %}
        -- Whose word each of them is, in the same order.
        {% for field in ['email', 'phone', 'linkedin_url'] %}
        first(source order by source_rank, told_on desc, record_id, telling_id) filter (where {{ field }} is not null) as {{ field }}_source,
        {% endfor %}
        first(source order by told_on desc, source_rank, record_id, telling_id) filter (where title is not null) as title_source,
        {% for field in ['title', 'level', 'department'] %}
        first({{ field }} order by told_on desc, source_rank, record_id, telling_id) filter (where {{ field }} is not null) as {{ field }},
        {% endfor %}
        first(source order by source_rank, told_on desc, record_id, telling_id) as source,
        min(told_on) as known_on,
        min(known_at) as first_seen_at
    from tellings
    group by person_id, company_id
)

select people.*, held.is_current, held.started_on
from people
inner join held on people.person_id = held.person_id and people.company_id = held.company_id
