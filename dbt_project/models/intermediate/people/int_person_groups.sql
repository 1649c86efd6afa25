-- Records that share a LinkedIn profile or an e-mail address, directly or over others, are one person;
-- so are those of which somebody said so.
with edges as (
    select record_key, key, key_rank from {{ ref('int_person_keys') }}
    union all
    {{ decision_edges(ref('int_person_decisions')) }}
),

{{ spread_labels('edges', 'components') }},

profiles as (
    select
        components.label,
        bool_or(edges.key like 'linkedin:%') as has_linkedin
    from components
    inner join edges on components.record_key = edges.record_key
    group by components.label
)

select components.record_key, components.label as group_number, profiles.has_linkedin
from components
inner join profiles on components.label = profiles.label
