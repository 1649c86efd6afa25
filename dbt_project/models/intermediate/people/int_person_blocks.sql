-- Who may be one person with whom: people of one surname at one company. The signature changes with
-- whatever a comparison within the block looks at, and with nothing else.
with weights as (
    select md5(string_agg(concat_ws(':', comparison, level, m, u, learned_on), ',' order by comparison, level)) as version
    from {{ ref('int_person_weights') }}
),

-- To the next power of two: a company of so many people is expected to have so many namesakes.
sizes as (
    select company_id, cast(pow(2, ceil(log2(count(distinct group_number)))) as bigint) as company_people
    from {{ ref('int_person_profiles') }}
    group by company_id
),

blocks as (
    select
        company_id,
        surname,
        md5(string_agg(
            concat_ws('|', group_id, first_name, coalesce(title, ''), coalesce(level, ''), coalesce(department, ''), coalesce(email, ''), coalesce(profile, '')),
            ',' order by group_id, first_name, title, level, department, email, profile
        )) as content
    from {{ ref('int_person_profiles') }}
    where surname <> ''
    group by company_id, surname
    -- So many of one surname at one company are no people: they say nothing.
    having count(distinct group_number) between 2 and {{ var('person_block_people') }}
)

select
    {{ stable_id(['blocks.company_id', 'blocks.surname']) }} as block_id,
    md5(concat_ws('|', blocks.content, sizes.company_people, weights.version)) as signature,
    blocks.company_id,
    blocks.surname,
    sizes.company_people
from blocks
inner join sizes on blocks.company_id = sizes.company_id
cross join weights
