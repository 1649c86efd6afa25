-- People are joined by name and company, as they are told apart in core.people.
with known as (
    select
        company_id,
        name_key,
        {% for field in ['email', 'phone', 'linkedin_url', 'title'] %}
        max(value) filter (where field = '{{ field }}') as {{ field }},
        max(source) filter (where field = '{{ field }}') as {{ field }}_source,
        max(confidence) filter (where field = '{{ field }}') as {{ field }}_confidence,
        max(fetched_at) filter (where field = '{{ field }}') as {{ field }}_fetched_at,
        {% endfor %}
        count(distinct field) as enriched_fields
    from {{ ref('int_enriched_people') }}
    where entity_type = 'person'
    group by company_id, name_key
),

people as (
    select *, {{ person_name_key('full_name') }} as name_key from {{ ref('people') }}
)

select
    people.person_id,
    people.company_id,
    people.full_name,
    people.is_current,
    coalesce(people.email, enriched.email) as email,
    case when people.email is not null then people.email_source else enriched.email_source end as email_source,
    case when people.email is null then enriched.email_confidence end as email_confidence,
    case when people.email is null then enriched.email_fetched_at end as email_fetched_at,
    coalesce(people.phone, enriched.phone) as phone,
    case when people.phone is not null then people.phone_source else enriched.phone_source end as phone_source,
    case when people.phone is null then enriched.phone_confidence end as phone_confidence,
    case when people.phone is null then enriched.phone_fetched_at end as phone_fetched_at,
    coalesce(people.linkedin_url, enriched.linkedin_url) as linkedin_url,
    case when people.linkedin_url is not null then people.linkedin_url_source else enriched.linkedin_url_source end as linkedin_url_source,
    case when people.linkedin_url is null then enriched.linkedin_url_confidence end as linkedin_url_confidence,
    case when people.linkedin_url is null then enriched.linkedin_url_fetched_at end as linkedin_url_fetched_at,
    coalesce(people.title, enriched.title) as title,
    case when people.title is not null then people.title_source else enriched.title_source end as title_source,
    case when people.title is null then enriched.title_confidence end as title_confidence,
    case when people.title is null then enriched.title_fetched_at end as title_fetched_at,
    enriched.enriched_fields
from people
inner join known as enriched on people.company_id = enriched.company_id and people.name_key = enriched.name_key
