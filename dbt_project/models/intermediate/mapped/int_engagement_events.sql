-- First-party events with the company they belong to: by CRM account or domain, then by the domain of
-- the person's address unless many share it, then by name.
with versions as (
    select
        events.*,
        {{ domain_key('events.company_domain') }} as stated_domain,
        split_part(events.person_email, '@', 2) as mail_domain,
        min(events.fetched_at) over (partition by events.source, events.record_id) as first_fetched_at,
        row_number() over (
            partition by events.source, events.record_id
            order by events.fetched_at desc, events.observed_at desc, events.payload_sha256
        ) as newest
    from {{ ref('stg_mapped__engagement_events') }} as events
),

latest as (
    select
        versions.*,
        coalesce(versions.stated_domain, case when shared.domain is null then nullif(versions.mail_domain, '') end) as site
    from versions
    left join {{ ref('shared_domains') }} as shared on versions.mail_domain = shared.domain
    where versions.newest = 1
),

linked as (
    {{ with_company('latest', {'domain': 'rows.site', 'cik': cik_key('rows.cik'), 'crm': 'rows.crm_account_id', 'name': 'rows.company_name'}) }}
)

select
    {{ stable_id(["'engagement'", 'linked.source', 'linked.record_id']) }} as engagement_id,
    linked.source,
    linked.stream,
    linked.record_id,
    linked.payload_sha256,
    linked.source_url,
    linked.company_id,
    linked.match_method,
    case when linked.match_method is null then linked.unresolved_reason end as unresolved_reason,
    linked.company_name,
    linked.site as company_domain,
    linked.event_type,
    types.label,
    coalesce(types.is_interaction, false) as is_interaction,
    linked.occurred_at,
    linked.first_fetched_at as detected_at,
    linked.person_name,
    linked.person_email,
    linked.channel,
    linked.page_url,
    linked.content_title,
    linked.campaign,
    coalesce(linked.evidence, concat_ws(', ', types.label, linked.content_title, linked.page_url, strftime(linked.occurred_at, '%Y-%m-%d'))) as evidence
from linked
left join {{ ref('engagement_types') }} as types on linked.event_type = types.event_type
where linked.occurred_at < {{ as_of_end() }}
