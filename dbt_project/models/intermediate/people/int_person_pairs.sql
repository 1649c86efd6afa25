-- Groups of records whom no exact key joins and who may be one person: people of one surname at one company,
-- by likeness.
with groups as (
    select distinct group_id, group_number from {{ ref('int_person_profiles') }}
),

-- Which two somebody told apart.
apart as (
    select distinct
        least(subjects.group_number, others.group_number) as left_group,
        greatest(subjects.group_number, others.group_number) as right_group
    from {{ ref('int_person_decisions') }} as one
    inner join {{ ref('int_person_decisions') }} as other
        on one.decision_id = other.decision_id and one.side = 'subject' and other.side = 'other'
    inner join {{ ref('int_person_groups') }} as subjects on one.record_key = subjects.record_key
    inner join {{ ref('int_person_groups') }} as others on other.record_key = others.record_key
    where one.decision = 'split'
),

pairs as (
    select
        least(one.group_number, other.group_number) as left_group,
        greatest(one.group_number, other.group_number) as right_group,
        max(round(1 / (1 + pow(2, -likeness.bits)), 4)) as probability,
        first(likeness.reasons order by likeness.bits desc, likeness.reasons) as reasons
    from {{ ref('int_person_likeness') }} as likeness
    inner join groups as one on likeness.left_group_id = one.group_id
    inner join groups as other on likeness.right_group_id = other.group_id
    group by least(one.group_number, other.group_number), greatest(one.group_number, other.group_number)
)

select
    pairs.left_group,
    pairs.right_group,
    pairs.probability,
    pairs.reasons,
    apart.left_group is not null as is_told_apart
from pairs
left join apart on pairs.left_group = apart.left_group and pairs.right_group = apart.right_group
