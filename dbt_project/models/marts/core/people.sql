-- A person stands at the company of today's position; who holds none, at that of the last one known.
with ranked as (
    select
        *,
        row_number() over (
            partition by person_id
            order by is_current desc, started_on desc nulls last, known_on desc nulls last, company_id
        ) as place
    from {{ ref('int_people') }}
)

select
    person_id, company_id, full_name, title, level, department, email, phone, linkedin_url, source,
    title_source, email_source, phone_source, linkedin_url_source, is_current, first_seen_at
from ranked
where place = 1
