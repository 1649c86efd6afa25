-- Who belongs to whom: takeovers that were completed, parent accounts of the CRM, and parents that lists
-- of companies state. Each side is a company where it is known, else the name that the source gives.
with names as (
    select key, company_id from {{ ref('int_company_lookup') }} where key_type = 'name' and company_count = 1
),

accounts as (
    select key, company_id from {{ ref('int_company_lookup') }} where key_type = 'crm' and company_count = 1
),

takeovers as (
    select
        signals.*,
        companies.name as company_name,
        {{ company_name_key('signals.counterparty_name') }} as counterparty_key,
        signals.signal_subtype = 'acquirer' as is_parent
    from {{ ref('int_signals') }} as signals
    inner join {{ ref('int_companies') }} as companies on signals.company_id = companies.company_id
    where signals.signal_type = 'acquisition' and signals.status = 'done' and signals.polarity = 'positive'
        and signals.known_to is null
        and signals.signal_subtype in ('acquirer', 'acquired') and signals.counterparty_name is not null
),

from_takeovers as (
    select
        case when is_parent then takeovers.company_id else names.company_id end as parent_company_id,
        case when is_parent then takeovers.company_name else takeovers.counterparty_name end as parent_name,
        case when is_parent then names.company_id else takeovers.company_id end as child_company_id,
        case when is_parent then takeovers.counterparty_name else takeovers.company_name end as child_name,
        'acquisition' as known_by,
        takeovers.occurred_on as since,
        takeovers.primary_source as source,
        takeovers.source_url,
        coalesce(takeovers.evidence, takeovers.title) as evidence,
        takeovers.confidence_score / 100.0 as confidence,
        takeovers.detected_at as first_seen_at
    from takeovers
    left join names on takeovers.counterparty_key = names.key
),

told_accounts as (
    select
        accounts.*,
        min(accounts.fetched_at) over (
            partition by accounts.account_id, accounts.parent_account_id, accounts.parent_account_name
        ) as known_at,
        row_number() over (partition by accounts.record_id order by accounts.fetched_at desc, accounts.payload_sha256) as newest
    from {{ ref('stg_crm__accounts') }} as accounts
),

from_crm as (
    select
        coalesce(by_id.company_id, by_name.company_id) as parent_company_id,
        coalesce(told.parent_account_name, parents.name) as parent_name,
        children.company_id as child_company_id,
        told.name as child_name,
        'crm_parent' as known_by,
        cast(null as date) as since,
        told.source,
        told.source_url,
        'Parent account of ' || told.account_id || ' in the CRM' as evidence,
        0.9 as confidence,
        told.known_at as first_seen_at
    from told_accounts as told
    inner join accounts as children on told.account_id = children.key
    left join accounts as by_id on told.parent_account_id = by_id.key
    left join names as by_name on {{ company_name_key('told.parent_account_name') }} = by_name.key
    left join {{ ref('int_companies') }} as parents on by_id.company_id = parents.company_id
    where told.newest = 1 and coalesce(told.parent_account_id, told.parent_account_name) is not null
),

listed as (
    select
        *,
        min(fetched_at) over (partition by source, record_id) as known_at,
        row_number() over (partition by source, record_id order by fetched_at desc, observed_at desc, payload_sha256) as newest
    from {{ ref('stg_mapped__company_relations') }}
),

children as (
    {{ with_company('(select * from listed where newest = 1)', {'domain': 'rows.company_domain', 'cik': cik_key('rows.cik'), 'name': 'rows.company_name'}) }}
),

domains as (
    select key, company_id from {{ ref('int_company_lookup') }} where key_type = 'domain' and company_count = 1
),

-- A name that several companies bear means none of them; the source's own words stand then.
from_lists as (
    select
        coalesce(by_domain.company_id, by_name.company_id) as parent_company_id,
        coalesce(children.parent_name, parents.name, children.parent_domain) as parent_name,
        children.company_id as child_company_id,
        coalesce(children.company_name, children.company_domain) as child_name,
        'list_parent' as known_by,
        children.since,
        children.source,
        children.source_url,
        coalesce(
            children.evidence,
            coalesce(children.company_name, children.company_domain) || ' belongs to ' || coalesce(children.parent_name, children.parent_domain)
        ) as evidence,
        coalesce(children.confidence, 0.8) as confidence,
        children.known_at as first_seen_at
    from children
    left join domains as by_domain on {{ domain_key('children.parent_domain') }} = by_domain.key
    left join names as by_name on {{ company_name_key('children.parent_name') }} = by_name.key
    left join {{ ref('int_companies') }} as parents on by_domain.company_id = parents.company_id
),

relations as (
    select * from from_takeovers
    union all
    select * from from_crm
    union all
    select * from from_lists
),

keyed as (
    select
        *,
        coalesce(parent_company_id, {{ company_name_key('parent_name') }}) as parent_key,
        coalesce(child_company_id, {{ company_name_key('child_name') }}) as child_key
    from relations
)

select
    {{ stable_id(["'relation'", 'parent_key', 'child_key']) }} as relation_id,
    parent_company_id,
    first(parent_name order by first_seen_at, known_by, evidence, parent_name) as parent_name,
    child_company_id,
    first(child_name order by first_seen_at, known_by, evidence, child_name) as child_name,
    'subsidiary' as relation,
    first(known_by order by confidence desc, first_seen_at, evidence, source, source_url) as known_by,
    min(since) as since,
    first(source order by confidence desc, first_seen_at, evidence, source, source_url) as source,
    first(source_url order by confidence desc, first_seen_at, evidence, source, source_url) as source_url,
    first(evidence order by confidence desc, first_seen_at, evidence, source, source_url) as evidence,
    cast(max(confidence) as double) as confidence,
    min(first_seen_at) as first_seen_at
from keyed
where parent_key is not null and child_key is not null and parent_key <> child_key
group by parent_key, child_key, parent_company_id, child_company_id
