-- Who left one company and who of the same name arrived at another one about then, whom no exact key joins. How likely
-- the two are one person hangs on how rare the name is: against it stand as many namesakes as may be
-- expected by chance among all who arrived anywhere in those days.
with people as (
    select
        joined.first_group as group_number,
        tellings.company_id,
        tellings.evidence,
        tellings.name_key,
        split_part(tellings.name_key, ' ', 1) as first_name,
        split_part(tellings.name_key, ' ', -1) as surname,
        lower(trim(tellings.title)) as title,
        tellings.level,
        tellings.department,
        tellings.is_left,
        tellings.started_on,
        coalesce(tellings.ended_on, tellings.told_on) as left_on
    from {{ ref('int_person_tellings') }} as tellings
    inner join {{ ref('int_person_groups') }} as records on tellings.person_record = records.record_key
    -- Forty outlets that print who comes are one arrival.
    inner join {{ ref('int_person_joined') }} as joined on records.group_number = joined.group_number
),

firsts as (
    select first_name, (count(distinct group_number) + 1.0) / (select count(distinct group_number) + 1.0 from people) as share
    from people
    group by first_name
),

surnames as (
    select surname, (count(distinct group_number) + 1.0) / (select count(distinct group_number) + 1.0 from people) as share
    from people
    group by surname
),

leavers as (
    select group_number, company_id, name_key, first_name, surname, title, level, department, max(left_on) as left_on
    from people
    where is_left and left_on is not null and length(first_name) > 1 and surname <> first_name
    group by group_number, company_id, name_key, first_name, surname, title, level, department
),

arrivals as (
    select
        group_number, company_id, name_key, title, level, department, min(started_on) as started_on,
        string_agg(distinct evidence, ' ' order by evidence) as evidence
    from people
    where not is_left and started_on is not null
    group by group_number, company_id, name_key, title, level, department
),

groups as (
    select distinct first_group as group_number, has_linkedin from {{ ref('int_person_joined') }}
),

-- Companies by name, of some length, so that it is told from other words.
names as (
    select company_id, {{ company_name_key('name') }} as name_key
    from {{ ref('int_companies') }}
    where length({{ company_name_key('name') }}) > 3
),

-- Some announce where they go before the last day, some take a year's leave.
met as (
    select
        leavers.group_number as leaver,
        arrivals.group_number as arrival,
        leavers.left_on,
        firsts.share * surnames.share as name_share,
        case
            when strpos(' ' || {{ company_name_key('arrivals.evidence') }} || ' ', ' ' || names.name_key || ' ') > 0 then 'named'
        end as employer_level,
        case
            when leavers.title is null or arrivals.title is null then null
            when leavers.title = arrivals.title then 'same'
            when leavers.level = arrivals.level and leavers.department = arrivals.department then 'same_role'
            when leavers.department = arrivals.department then 'same_department'
            else 'other'
        end as title_level
    from leavers
    inner join arrivals
        on leavers.name_key = arrivals.name_key
        and leavers.company_id <> arrivals.company_id
        and leavers.group_number <> arrivals.group_number
        and arrivals.started_on between leavers.left_on - interval 100 day and leavers.left_on + interval 365 day
    inner join firsts on leavers.first_name = firsts.first_name
    inner join surnames on leavers.surname = surnames.surname
    inner join groups as one on leavers.group_number = one.group_number
    inner join groups as other on arrivals.group_number = other.group_number
    left join names on leavers.company_id = names.company_id
    -- Two profiles are two people.
    where not (one.has_linkedin and other.has_linkedin)
),

-- Counted by day, not by person: so many days there are, whatever the house has come to know.
daily as (
    select started_on, count(distinct group_number) as arrived
    from arrivals
    group by started_on
),

chance as (
    select left_days.left_on, sum(daily.arrived) as arrived
    from (select distinct left_on from leavers) as left_days
    inner join daily
        on daily.started_on between left_days.left_on - interval 100 day and left_days.left_on + interval 365 day
    group by left_days.left_on
),

-- How many of those who leave are seen to arrive elsewhere, beyond those whom chance alone would bring; few
-- are known of at first, so that the seed's share counts as fifty who left.
counted as (
    select
        count(distinct leavers.group_number) as people,
        count(distinct met.leaver) as seen,
        sum(least(1, coalesce(chance.arrived, 0) * coalesce(firsts.share * surnames.share, 0))) as expected
    from leavers
    left join chance on leavers.left_on = chance.left_on
    left join firsts on leavers.first_name = firsts.first_name
    left join surnames on leavers.surname = surnames.surname
    left join (select distinct leaver from met) as met on leavers.group_number = met.leaver
),

movers as (
    select
        (50 * prior.m + greatest(counted.seen - counted.expected, 0)) / (50 + counted.people) as share,
        prior.reason
    from counted
    inner join {{ ref('int_person_weights') }} as prior on prior.comparison = 'move'
),

weighed as (
    select
        met.leaver,
        met.arrival,
        max(
            movers.share * coalesce(titles.m / titles.u, 1.0) * coalesce(employers.m / employers.u, 1.0)
            / greatest(chance.arrived * met.name_share, 1e-6)
        ) as odds,
        first(
            concat_ws('; ', movers.reason || ' (' || round(100 * movers.share, 1) || ' of 100 are)', employers.reason, titles.reason, 'of ' || chance.arrived || ' who arrived anywhere '
                || round(chance.arrived * met.name_share, 4) || ' of that name expected by chance')
            order by coalesce(titles.m / titles.u, 1.0) * coalesce(employers.m / employers.u, 1.0) desc, met.left_on desc, titles.reason
        ) as reasons
    from met
    inner join chance on met.left_on = chance.left_on
    cross join movers
    left join {{ ref('int_person_weights') }} as titles
        on titles.comparison = 'move_title' and met.title_level = titles.level
    left join {{ ref('int_person_weights') }} as employers
        on employers.comparison = 'employer' and met.employer_level = employers.level
    group by met.leaver, met.arrival
),

-- Of several who may be meant each takes from the others.
shared as (
    select
        *,
        odds / (1 + greatest(sum(odds) over (partition by leaver), sum(odds) over (partition by arrival))) as probability
    from weighed
),

apart as (
    select distinct
        least(subjects.first_group, others.first_group) as left_group,
        greatest(subjects.first_group, others.first_group) as right_group
    from {{ ref('int_person_decisions') }} as one
    inner join {{ ref('int_person_decisions') }} as other
        on one.decision_id = other.decision_id and one.side = 'subject' and other.side = 'other'
    inner join {{ ref('int_person_groups') }} as subject_records on one.record_key = subject_records.record_key
    inner join {{ ref('int_person_groups') }} as other_records on other.record_key = other_records.record_key
    inner join {{ ref('int_person_joined') }} as subjects on subject_records.group_number = subjects.group_number
    inner join {{ ref('int_person_joined') }} as others on other_records.group_number = others.group_number
    where one.decision = 'split'
),

pairs as (
    select
        least(leaver, arrival) as left_group,
        greatest(leaver, arrival) as right_group,
        round(max(probability), 4) as probability,
        first(reasons order by probability desc, reasons) as reasons
    from shared
    group by least(leaver, arrival), greatest(leaver, arrival)
)

select
    pairs.left_group,
    pairs.right_group,
    pairs.probability,
    pairs.reasons,
    apart.left_group is not null as is_told_apart
from pairs
left join apart on pairs.left_group = apart.left_group and pairs.right_group = apart.right_group
where pairs.probability > 0.02
