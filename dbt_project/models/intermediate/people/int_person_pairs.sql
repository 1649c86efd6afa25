-- Groups of records whom no exact key joins and who may be one person: people of one surname at one company,
-- by likeness; and who left a company, beside who of the same name arrived at another one.
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

scored as (
    select
        least(one.group_number, other.group_number) as left_group,
        greatest(one.group_number, other.group_number) as right_group,
        round(1 / (1 + pow(2, -likeness.bits)), 4) as probability,
        likeness.reasons
    from {{ ref('int_person_likeness') }} as likeness
    inner join groups as one on likeness.left_group_id = one.group_id
    inner join groups as other on likeness.right_group_id = other.group_id
    union all
    select left_group, right_group, probability, reasons
    from {{ ref('int_person_moves') }}
    where probability > 0.05
),

-- Two who worked together and of whom one seems to have moved are one pair.
pairs as (
    select
        left_group,
        right_group,
        max(probability) as probability,
        first(reasons order by probability desc, reasons) as reasons
    from scored
    group by left_group, right_group
)

select
    pairs.left_group,
    pairs.right_group,
    pairs.probability,
    pairs.reasons,
    apart.left_group is not null as is_told_apart
from pairs
left join apart on pairs.left_group = apart.left_group and pairs.right_group = apart.right_group
