-- Which person each record means: decisions and exact keys first, then likeness, then who left one company
-- and arrived at another one.
with joined as (
    select * from {{ ref('int_person_joined') }}
),

moved as (
    select left_group, right_group
    from {{ ref('int_person_moves') }}
    where probability >= {{ var('person_link_probability') }} and not is_told_apart
),

ties as (
    select distinct first_group as record_key, 'person:' || first_group as key, first_group as key_rank from joined
    union all
    select left_group, 'move:' || left_group || ':' || right_group, left_group from moved
    union all
    select right_group, 'move:' || left_group || ':' || right_group, left_group from moved
),

{{ spread_labels('ties', 'wandered') }},

-- A career over several companies that would tie two LinkedIn profiles together ties nobody.
doubtful as (
    select wandered.label
    from wandered
    inner join (select distinct first_group from joined where has_linkedin) as profiles
        on wandered.record_key = profiles.first_group
    group by wandered.label
    having count(*) > 1
),

people as (
    select
        joined.group_number,
        case when doubtful.label is null then wandered.label else joined.first_group end as first_group
    from joined
    inner join wandered on joined.first_group = wandered.record_key
    left join doubtful on wandered.label = doubtful.label
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
