-- What each person did with us in the last 180 days, one row per person and company: known by address, else
-- by name at the company.
with people as (
    select * from {{ ref('int_account_people') }}
),

events as (
    select
        events.*,
        {{ person_name_key('events.person_name') }} as name_key,
        coalesce(weights.weight, 0)
            * power(0.5, {{ days_between('events.occurred_at', as_of()) }} / cast(weights.half_life_days as double)) as strength
    from {{ ref('int_engagement_events') }} as events
    left join {{ ref('engagement_weights') }} as weights on events.event_type = weights.event_type
    where events.company_id is not null
),

-- An event is one person's: the address says whose, where it is known.
by_person as (
    select
        people.person_id,
        people.company_id,
        events.event_type,
        events.label,
        events.is_interaction,
        events.occurred_at,
        events.strength,
        {{ days_between('events.occurred_at', as_of()) }} < 180 as is_recent
    from events
    inner join people
        on events.company_id = people.company_id
        and (events.person_email = people.email
            or (events.name_key = people.name_key
                and (events.person_email is null or people.email is null or events.person_email = people.email)))
)

select
    person_id,
    company_id,
    count(*) filter (where is_recent) as events,
    count(*) filter (where is_recent and is_interaction) as interactions,
    coalesce(sum(strength) filter (where is_recent), 0) as behaviour_strength,
    max(occurred_at) filter (where is_recent and is_interaction) as last_interaction_at,
    max(occurred_at) filter (where event_type = 'connection_accepted') as connected_at,
    string_agg(label || ' on ' || {{ iso_day('occurred_at') }}, '; ' order by occurred_at desc, label)
        filter (where is_recent) as behaviour_evidence
from by_person
group by person_id, company_id
