-- Everybody known at a company with the position held now or last.
with positions as (
    select *
    from {{ ref('int_employments') }}
    where first_seen_at < {{ as_of_end() }}
    qualify row_number() over (
        partition by company_id, person_id
        order by is_current desc, started_on desc nulls last, last_told_on desc nulls last, employment_id
    ) = 1
)

select
    positions.person_id,
    positions.company_id,
    {{ person_name_key('people.full_name') }} as name_key,
    people.full_name,
    coalesce(positions.title, people.title) as title,
    coalesce(positions.level, people.level) as level,
    coalesce(positions.department, people.department) as department,
    people.email,
    people.phone,
    people.linkedin_url,
    positions.is_current,
    positions.started_on,
    positions.ended_on,
    positions.source,
    positions.confidence,
    positions.evidence,
    positions.source_url
from positions
inner join {{ ref('int_people') }} as people
    on positions.person_id = people.person_id and positions.company_id = people.company_id
