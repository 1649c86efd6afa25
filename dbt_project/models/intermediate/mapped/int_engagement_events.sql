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
),

-- The same event may come by file and by webhook, under another id. Within a source each record is an
-- event of its own, so the first of one source is the first of the other, and so on.
counted as (
    select
        *,
        {{ stable_id(['event_type', 'cast(occurred_at as varchar)', 'person_email', 'coalesce(company_id, site, company_name)', 'coalesce(page_url, content_title)']) }} as event_key,
        row_number() over (
            partition by source, event_type, occurred_at, person_email, coalesce(company_id, site, company_name),
                coalesce(page_url, content_title)
            order by first_fetched_at, record_id
        ) as ordinal
    from linked
    where occurred_at < {{ as_of_end() }}
),

told as (
    select
        *,
        string_agg(source, ', ') over same_event as source_names,
        row_number() over (
            partition by event_key, ordinal order by first_fetched_at, source, record_id
        ) as telling
    from counted
    window same_event as (
        partition by event_key, ordinal order by source rows between unbounded preceding and unbounded following
    )
)

select
    {{ stable_id(["'engagement'", 'told.source', 'told.record_id']) }} as engagement_id,
    told.source,
    told.stream,
    told.record_id,
    told.payload_sha256,
    told.source_url,
    told.source_names,
    told.company_id,
    told.match_method,
    case when told.match_method is null then told.unresolved_reason end as unresolved_reason,
    told.company_name,
    told.site as company_domain,
    told.event_type,
    types.label,
    coalesce(types.is_interaction, false) as is_interaction,
    told.occurred_at,
    told.first_fetched_at as detected_at,
    told.person_name,
    told.person_email,
    told.channel,
    told.page_url,
    told.content_title,
    told.campaign,
    coalesce(told.evidence, concat_ws(', ', types.label, told.content_title, told.page_url, {{ iso_day('told.occurred_at') }})) as evidence
from told
left join {{ ref('engagement_types') }} as types on told.event_type = types.event_type
where told.telling = 1
