-- Research that third parties saw, with the company that did it.
with versions as (
    select
        events.*,
        {{ domain_key('events.company_domain') }} as site,
        min(events.fetched_at) over (partition by events.source, events.record_id) as first_fetched_at,
        row_number() over (
            partition by events.source, events.record_id
            order by events.fetched_at desc, events.observed_at desc, events.payload_sha256
        ) as newest
    from {{ ref('stg_mapped__intent_events') }} as events
),

latest as (
    select * from versions where newest = 1
),

linked as (
    {{ with_company('latest', {'domain': 'rows.site', 'cik': cik_key('rows.cik'), 'name': 'rows.company_name'}) }}
)

select
    {{ stable_id(["'intent'", 'source', 'record_id']) }} as intent_id,
    source,
    stream,
    record_id,
    payload_sha256,
    source_url,
    company_id,
    match_method,
    case when match_method is null then unresolved_reason end as unresolved_reason,
    company_name,
    site as company_domain,
    intent_type,
    topic,
    category,
    score,
    visits,
    occurred_on,
    first_fetched_at as detected_at,
    city,
    country,
    coalesce(evidence, concat_ws(', ', replace(intent_type, '_', ' '), topic, category, visits || ' page views', cast(occurred_on as varchar))) as evidence
from linked
where occurred_on <= {{ as_of() }}
