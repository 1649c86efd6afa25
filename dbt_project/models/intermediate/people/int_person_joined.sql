-- Which groups of records are one person: by likeness where it is likely enough and nobody said no. Of several LinkedIn profiles that a group may belong to each takes from the
-- others' odds; no two profiles are ever tied together.
with groups as (
    select group_number, bool_or(has_linkedin) as has_linkedin
    from {{ ref('int_person_groups') }}
    group by group_number
),

likely as (
    select
        pairs.left_group,
        pairs.right_group,
        pairs.probability,
        one.has_linkedin as left_has_linkedin,
        other.has_linkedin as right_has_linkedin
    from {{ ref('int_person_pairs') }} as pairs
    inner join groups as one on pairs.left_group = one.group_number
    inner join groups as other on pairs.right_group = other.group_number
    where not pairs.is_told_apart
),

-- Who has a profile and whom else that may be.
meant as (
    select
        case when left_has_linkedin then right_group else left_group end as group_number,
        case when left_has_linkedin then left_group else right_group end as profile_group,
        least(probability, 0.9999) / (1 - least(probability, 0.9999)) as odds
    from likely
    where left_has_linkedin <> right_has_linkedin
),

shared as (
    select
        *,
        odds / (1 + sum(odds) over (partition by group_number)) as probability,
        row_number() over (partition by group_number order by odds desc, profile_group) as place
    from meant
),

owned as (
    select group_number, profile_group
    from shared
    where place = 1 and probability >= {{ var('person_link_probability') }}
),

-- Those without a profile are tied among themselves unless they belong to different ones.
tied as (
    select group_number as left_group, profile_group as right_group from owned
    union all
    select likely.left_group, likely.right_group
    from likely
    left join owned as one on likely.left_group = one.group_number
    left join owned as other on likely.right_group = other.group_number
    where likely.probability >= {{ var('person_link_probability') }}
        and not likely.left_has_linkedin and not likely.right_has_linkedin
        and coalesce(one.profile_group = other.profile_group, true)
),

ties as (
    select group_number as record_key, 'group:' || group_number as key, group_number as key_rank from groups
    union all
    select left_group, 'pair:' || left_group || ':' || right_group, left_group from tied
    union all
    select right_group, 'pair:' || left_group || ':' || right_group, left_group from tied
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

-- Where a chain would still tie profiles together, only who belongs to one of them goes with it.
resolved as (
    select
        joined.record_key as group_number,
        case
            when doubtful.label is null then joined.label
            else coalesce(owned.profile_group, joined.record_key)
        end as label
    from joined
    left join doubtful on joined.label = doubtful.label
    left join owned on joined.record_key = owned.group_number
),

people as (
    select group_number, min(group_number) over (partition by label) as first_group
    from resolved
)

select
    people.group_number,
    people.first_group,
    bool_or(groups.has_linkedin) over (partition by people.first_group) as has_linkedin
from people
inner join groups on people.group_number = groups.group_number
