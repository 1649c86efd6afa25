-- What is in use of what providers say of people, told of who they are today: what was asked under an id or
-- a spelling of before a merge goes to the person of now.
with told as (
    select * from {{ ref('int_enriched_values') }} where entity_type = 'person'
),

people as (
    select person_id, company_id, {{ person_name_key('full_name') }} as name_key
    from {{ ref('int_people') }}
),

named as (
    select told.* exclude (name_key), coalesce(people.name_key, told.name_key) as name_key
    from told
    left join {{ ref('int_person_aliases') }} as aliases
        on aliases.alias_type = 'person_id' and told.entity_id = aliases.alias
    left join people on aliases.person_id = people.person_id and told.company_id = people.company_id
)

select *
from named
qualify row_number() over (
    partition by company_id, name_key, field order by is_confident desc, confidence desc, fetched_at desc, operation, entity_id
) = 1
