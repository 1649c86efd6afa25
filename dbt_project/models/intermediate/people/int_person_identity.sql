-- Which person each record means: decisions and exact keys first, then likeness where it is likely
-- enough and nobody said no. Where
-- likeness would tie several LinkedIn profiles together it ties nobody: those wait for review.
with groups as (
    select group_number, bool_or(has_linkedin) as has_linkedin
    from {{ ref('int_person_groups') }}
    group by group_number
),

likely as (
    select left_group, right_group
    from {{ ref('int_person_pairs') }}
    where probability >= {{ var('person_link_probability') }} and not is_told_apart
),

ties as (
    select group_number as record_key, 'group:' || group_number as key, group_number as key_rank from groups
    union all
    select left_group, 'pair:' || left_group || ':' || right_group, left_group from likely
    union all
    select right_group, 'pair:' || left_group || ':' || right_group, left_group from likely
),

{{ spread_labels('ties', 'joined') }},

doubtful as (
    select joined.label
    from joined
    inner join groups on joined.record_key = groups.group_number
    where groups.has_linkedin
    group by joined.label
    having count(*) > 1
),

people as (
    select
        joined.record_key as group_number,
        case when doubtful.label is null then joined.label else joined.record_key end as first_group
    from joined
    left join doubtful on joined.label = doubtful.label
),

-- A group is numbered by the rank of its first key, which names the person.
root_keys as (
    select distinct key, key_rank from {{ ref('int_person_keys') }}
),

decided as (
    select one.record_key
    from {{ ref('int_person_decisions') }} as one
    inner join {{ ref('int_person_decisions') }} as other on one.decision_id = other.decision_id and one.side <> other.side
    where one.decision in ('merge', 'pin')
    group by one.record_key
)

select
    records.record_key,
    people.group_number,
    {{ stable_id(["'person'", 'root_keys.key']) }} as person_id,
    root_keys.key as root_key,
    case
        when decided.record_key is not null then 'decision'
        when people.first_group = people.group_number then 'key'
        else 'likeness'
    end as match_method
from {{ ref('int_person_groups') }} as records
inner join people on records.group_number = people.group_number
inner join root_keys on people.first_group = root_keys.key_rank
left join decided on records.record_key = decided.record_key
