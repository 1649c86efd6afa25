-- What the CRM had seen of a company before the start of a day: one row per company and day.
-- Only dates of creation and closing are used: the CRM's "last activity" and current stage are
-- values of the day of the export and would tell the past what came later.
with points as (
    select company_id, as_of from {{ ref('int_feature_points') }}
),

opportunities as (
    select company_id, created_on, closed_on, is_won, amount_usd
    from {{ ref('int_crm_opportunities') }}
    where reject_reason is null and company_id is not null
),

seen as (
    select
        points.company_id,
        points.as_of,
        count(*) as prior_opportunities,
        count(*) filter (where opportunities.is_won and opportunities.closed_on < points.as_of) as prior_wins,
        count(*) filter (where not opportunities.is_won and opportunities.closed_on < points.as_of) as prior_losses,
        count(*) filter (where opportunities.closed_on is null or opportunities.closed_on >= points.as_of) as open_opportunities,
        min(points.as_of - opportunities.created_on) as days_since_opportunity,
        max(points.as_of - opportunities.created_on) filter (where opportunities.closed_on is null or opportunities.closed_on >= points.as_of) as open_opportunity_age,
        avg(opportunities.amount_usd) filter (where opportunities.is_won and opportunities.closed_on < points.as_of) as mean_won_usd
    from points
    inner join opportunities
        on points.company_id = opportunities.company_id
        and opportunities.created_on < points.as_of
    group by points.company_id, points.as_of
),

contacts as (
    select points.company_id, points.as_of, count(*) as contacts,
        count(*) filter (where people.level in ('c_suite', 'vp')) as senior_contacts
    from points
    inner join {{ ref('int_people') }} as people
        on points.company_id = people.company_id
        and people.source = 'crm'
        and people.known_on < points.as_of
    group by points.company_id, points.as_of
)

select
    points.company_id,
    points.as_of,
    coalesce(seen.prior_opportunities, 0) as prior_opportunities,
    coalesce(seen.prior_wins, 0) as prior_wins,
    coalesce(seen.prior_losses, 0) as prior_losses,
    coalesce(seen.open_opportunities, 0) as open_opportunities,
    seen.days_since_opportunity,
    seen.open_opportunity_age,
    seen.mean_won_usd,
    coalesce(contacts.contacts, 0) as contacts,
    coalesce(contacts.senior_contacts, 0) as senior_contacts
from points
left join seen on points.company_id = seen.company_id and points.as_of = seen.as_of
left join contacts on points.company_id = contacts.company_id and points.as_of = contacts.as_of
