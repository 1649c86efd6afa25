-- Who left one company and who of the same name arrived at another one about then, whom no exact key joins. How likely
-- the two are one person hangs on how rare the name is: against it stand as many namesakes as may be
-- expected by chance among all who arrived anywhere in those days.
with people as (
    select
        records.group_number,
        tellings.company_id,
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
    select group_number, company_id, name_key, title, level, department, min(started_on) as started_on
    from people
    where not is_left and started_on is not null
    group by group_number, company_id, name_key, title, level, department
),

groups as (
    select group_number, bool_or(has_linkedin) as has_linkedin
    from {{ ref('int_person_groups') }}
    group by group_number
),

-- Some announce where they go before the last day, some take a year's leave.
met as (
    select
        leavers.group_number as leaver,
        arrivals.group_number as arrival,
        leavers.left_on,
        firsts.share * surnames.share as name_share,
        case
            when leavers.title is null or arrivals.title is null then null
            when leavers.title = arrivals.title then 'same'
            when leavers.level = arrivals.level and leavers.department = arrivals.department then 'same_role'
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
    from (select distinct left_on from met) as left_days
    inner join daily
        on daily.started_on between left_days.left_on - interval 100 day and left_days.left_on + interval 365 day
    group by left_days.left_on
),

weighed as (
    select
        met.leaver,
        met.arrival,
        max(
            prior.m / prior.u * coalesce(titles.m / titles.u, 1.0)
            / greatest(chance.arrived * met.name_share, 1e-6)
        ) as odds,
        first(
            concat_ws('; ', prior.reason, titles.reason, 'of ' || chance.arrived || ' who arrived anywhere '
                || round(chance.arrived * met.name_share, 4) || ' of that name expected by chance')
            order by titles.m / titles.u desc nulls last, met.left_on desc, titles.reason
        ) as reasons
    from met
    inner join chance on met.left_on = chance.left_on
    inner join {{ ref('int_person_weights') }} as prior on prior.comparison = 'move'
    left join {{ ref('int_person_weights') }} as titles
        on titles.comparison = 'title' and met.title_level = titles.level
    group by met.leaver, met.arrival
),

-- Of several who may be meant each takes from the others.
shared as (
    select
        *,
        odds / (1 + greatest(sum(odds) over (partition by leaver), sum(odds) over (partition by arrival))) as probability
    from weighed
)

select
    least(leaver, arrival) as left_group,
    greatest(leaver, arrival) as right_group,
    round(max(probability), 4) as probability,
    first(reasons order by probability desc, reasons) as reasons
from shared
group by least(leaver, arrival), greatest(leaver, arrival)
