-- Ways to reach a company: one row per company and accessibility rule that holds. What sources of the line
-- leave open may be known from enrichment, if its search for it ended confidently.
with enriched as (
    select
        company_id,
        entity_type,
        name_key,
        {% for field in ['email', 'linkedin_url', 'phone'] %}
        max(value) filter (where field = '{{ field }}') as {{ field }},
        max(' (' || source || ', confidence ' || round(confidence, 2) || ', ' || {{ iso_day('fetched_at') }} || ')')
            filter (where field = '{{ field }}') as {{ field }}_origin,
        {% endfor %}
        count(*) as field_count
    from {{ ref('int_enriched_people') }}
    where is_confident
    group by company_id, entity_type, name_key
),

named as (
    select *, {{ person_name_key('full_name') }} as name_key
    from {{ ref('int_people') }}
    where is_current and first_seen_at < {{ as_of_end() }}
),

-- `*_label`: the name with where the way to reach them comes from; an own source is not named.
known as (
    select
        named.company_id,
        {% for field in ['email', 'linkedin_url', 'phone'] %}
        coalesce(named.{{ field }}, enriched.{{ field }}) as {{ field }},
        named.full_name || case when named.{{ field }} is null then coalesce(enriched.{{ field }}_origin, '') else '' end as {{ field }}_label,
        named.{{ field }} is not null as is_own_{{ field }},
        {% endfor %}
        named.full_name
    from named
    left join enriched
        on named.company_id = enriched.company_id
        and named.name_key = enriched.name_key
        and enriched.entity_type = 'person'
),

people as (
    select
        known.* exclude (email),
        case when mailboxes.mailbox is null and known.email like '%_@_%._%' then known.email end as direct_email
    from known
    left join {{ ref('role_mailboxes') }} as mailboxes on split_part(known.email, '@', 1) = mailboxes.mailbox
),

reach as (
    select
        company_id,
        first(email_label order by is_own_email desc, full_name) filter (where direct_email is not null) as mailed,
        first(linkedin_url_label order by is_own_linkedin_url desc, full_name) filter (where linkedin_url is not null) as linked,
        first(phone_label order by is_own_phone desc, full_name) filter (where phone is not null) as phoned,
        count(*) filter (where direct_email is not null or linkedin_url is not null or phone is not null) as reachable
    from people
    group by company_id
),

dealings as (
    select company_id, count(*) as opportunities, max(created_on) as last_opportunity_on
    from {{ ref('int_crm_opportunities') }}
    where reject_reason is null and company_id is not null and created_on <= {{ as_of() }}
    group by company_id
),

-- What people did with us counts beside what was once on offer: one point, whichever it is.
interactions as (
    select
        company_id,
        count(*) as events,
        max(occurred_at) as last_event_at,
        arg_max(label, (occurred_at, label)) as last_event
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
select
    fields.company_id, 'phone',
    'Phone of the company' || case
        when fields.origin = 'record' then ''
        else ' (' || fields.source || ', confidence ' || round(fields.confidence, 2) || ', ' || {{ iso_day('fields.fetched_at') }} || ')'
    end
from {{ ref('int_company_fields') }} as fields
left join reach on fields.company_id = reach.company_id
where fields.field = 'phone' and fields.choice = 1 and fields.is_usable and reach.phoned is null
union all
select company_id, 'several_contacts', reachable || ' people who can be reached'
from reach where reachable >= 2
union all
select company_id, 'earlier_interaction', opportunities || case when opportunities = 1 then ' earlier opportunity, of ' else ' earlier opportunities, the last of ' end || {{ iso_day('last_opportunity_on') }}
from dealings
union all
select interactions.company_id, 'earlier_interaction', lower(interactions.last_event) || ' on ' || {{ iso_day('interactions.last_event_at') }}
from interactions
left join dealings on interactions.company_id = dealings.company_id
where dealings.company_id is null
