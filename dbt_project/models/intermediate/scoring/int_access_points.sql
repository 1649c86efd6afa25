-- Ways to reach a company: one row per company and accessibility rule that holds.
with people as (
    select
        company_id,
        full_name,
        phone,
        linkedin_url,
        case when mailboxes.mailbox is null and people.email like '%_@_%._%' then people.email end as direct_email
    from {{ ref('int_people') }} as people
    left join {{ ref('role_mailboxes') }} as mailboxes on split_part(people.email, '@', 1) = mailboxes.mailbox
    where people.is_current and people.first_seen_at < {{ as_of_end() }}
),

reach as (
    select
        company_id,
        min(full_name) filter (where direct_email is not null) as mailed,
        min(full_name) filter (where linkedin_url is not null) as linked,
        min(full_name) filter (where phone is not null) as phoned,
        count(*) filter (where direct_email is not null or linkedin_url is not null or phone is not null) as reachable
    from people
    group by company_id
),

dealings as (
    select company_id, count(*) as opportunities, max(created_on) as last_opportunity_on
    from {{ ref('int_opportunities') }}
    where reject_reason is null and company_id is not null and created_on <= {{ as_of() }}
    group by company_id
),

-- What people did with us counts beside what was once on offer: one point, whichever it is.
interactions as (
    select
        company_id,
        count(*) as events,
        max(occurred_at) as last_event_at,
        arg_max(label, occurred_at) as last_event
    from {{ ref('int_engagement_events') }}
    where company_id is not null and is_interaction
    group by company_id
)

select company_id, 'direct_email' as rule_id, 'Direct e-mail of ' || mailed as evidence
from reach where mailed is not null
union all
select company_id, 'linkedin_profile', 'LinkedIn profile of ' || linked
from reach where linked is not null
union all
select reach.company_id, 'phone', 'Phone of ' || reach.phoned
from reach where reach.phoned is not null
union all
select companies.company_id, 'phone', 'Phone of the company'
from {{ ref('int_companies') }} as companies
left join reach on companies.company_id = reach.company_id
where companies.phone is not null and reach.phoned is null
union all
select company_id, 'several_contacts', reachable || ' people who can be reached'
from reach where reachable >= 2
union all
select company_id, 'earlier_interaction', opportunities || case when opportunities = 1 then ' earlier opportunity, of ' else ' earlier opportunities, the last of ' end || strftime(last_opportunity_on, '%Y-%m-%d')
from dealings
union all
select interactions.company_id, 'earlier_interaction', lower(interactions.last_event) || ' on ' || strftime(interactions.last_event_at, '%Y-%m-%d')
from interactions
left join dealings on interactions.company_id = dealings.company_id
where dealings.company_id is null
