-- People of one surname at one company whom no exact key joins, compared by likeness: the weights of
-- the seed person_link_weights are added, in bits, to the odds that two such are one. And who left a company,
-- beside who of the same name arrived at another one.
with groups as (
    select group_number, bool_or(has_linkedin) as has_linkedin
    from {{ ref('int_person_groups') }}
    group by group_number
),

names as (
    select distinct
        records.group_number,
        tellings.company_id,
        tellings.name_key,
        split_part(tellings.name_key, ' ', 1) as first_name,
        split_part(tellings.name_key, ' ', -1) as surname,
        lower(trim(tellings.title)) as title,
        tellings.level,
        tellings.department,
        case when tellings.email like '%_@_%._%' then tellings.email end as email
    from {{ ref('int_person_tellings') }} as tellings
    inner join {{ ref('int_person_groups') }} as records on tellings.person_record = records.record_key
),

given as (
    select names.*, coalesce(nicknames.given_name, names.first_name) as given_name
    from names
    left join {{ ref('person_nicknames') }} as nicknames on names.first_name = nicknames.nickname
),

compared as (
    select
        one.group_number as left_group,
        other.group_number as right_group,
        case
            when one.name_key = other.name_key then 'same'
            when one.given_name = other.given_name then 'short_form'
            when {{ text_likeness('one.first_name', 'other.first_name') }} >= 0.93 then 'close'
            when length(least(one.first_name, other.first_name)) = 1 and left(one.first_name, 1) = left(other.first_name, 1) then 'initial'
            when length(greatest(one.first_name, other.first_name)) = 1 and left(one.first_name, 1) = left(other.first_name, 1) then 'initial'
            else 'other'
        end as name_level,
        case
            when one.title is null or other.title is null then null
            when one.title = other.title then 'same'
            when one.level = other.level and one.department = other.department then 'same_role'
            else 'other'
        end as title_level,
        case
            when one.email <> other.email and split_part(one.email, '@', 2) = split_part(other.email, '@', 2) then 'different'
        end as email_level
    from given as one
    inner join given as other
        on one.company_id = other.company_id
        and one.surname = other.surname
        and one.group_number < other.group_number
),

weighed as (
    select
        compared.left_group,
        compared.right_group,
        max(log2(name_weights.m / name_weights.u)) as name_bits,
        max(log2(title_weights.m / title_weights.u)) as title_bits,
        min(log2(email_weights.m / email_weights.u)) as email_bits,
        first(name_weights.reason order by name_weights.m / name_weights.u desc, name_weights.reason) as name_reason,
        first(title_weights.reason order by title_weights.m / title_weights.u desc, title_weights.reason)
            filter (where title_weights.reason is not null) as title_reason,
        min(email_weights.reason) as email_reason
    from compared
    inner join {{ ref('person_link_weights') }} as name_weights
        on name_weights.comparison = 'name' and compared.name_level = name_weights.level
    left join {{ ref('person_link_weights') }} as title_weights
        on title_weights.comparison = 'title' and compared.title_level = title_weights.level
    left join {{ ref('person_link_weights') }} as email_weights
        on email_weights.comparison = 'email' and compared.email_level = email_weights.level
    group by compared.left_group, compared.right_group
),

summed as (
    select
        weighed.left_group,
        weighed.right_group,
        log2(prior.m / prior.u) + weighed.name_bits + coalesce(weighed.title_bits, 0) + coalesce(weighed.email_bits, 0)
        + case when one.has_linkedin and other.has_linkedin then log2(linkedin.m / linkedin.u) else 0 end as bits,
        concat_ws(
            '; ', prior.reason, weighed.name_reason, weighed.title_reason, weighed.email_reason,
            case when one.has_linkedin and other.has_linkedin then linkedin.reason end
        ) as reasons
    from weighed
    inner join groups as one on weighed.left_group = one.group_number
    inner join groups as other on weighed.right_group = other.group_number
    inner join {{ ref('person_link_weights') }} as prior on prior.comparison = 'prior'
    inner join {{ ref('person_link_weights') }} as linkedin on linkedin.comparison = 'linkedin'
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
    select left_group, right_group, round(1 / (1 + pow(2, -bits)), 4) as probability, reasons
    from summed
    where bits > -4
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
