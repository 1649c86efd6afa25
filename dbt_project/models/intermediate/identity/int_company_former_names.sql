-- Names and domains by which a company was or is known besides those that its records state: names
-- that a filer bore before, new names that the press tells, and hosts to which its site sends
-- visitors on. A name or domain that a record states today belongs to that record's company alone.
with records as (
    select records.*, identity.company_id
    from {{ ref('int_company_records') }} as records
    inner join {{ ref('int_company_identity') }} as identity on records.record_key = identity.record_key
    where records.is_latest
),

filed as (
    select
        records.company_id,
        'name' as key_type,
        {{ company_name_key('former.former_name') }} as key,
        former.former_name as alias,
        'former_name' as kind,
        former.source,
        former.record_id,
        former.source_url,
        former.used_from,
        former.used_to,
        'Name of the filer' || coalesce(' from ' || former.used_from, '') || coalesce(' to ' || former.used_to, '') as evidence,
        former.fetched_at as known_at
    from {{ ref('stg_sec_edgar__former_names') }} as former
    inner join records on records.source = 'sec_edgar' and former.cik = records.cik
    where former.former_name is not null
),

-- The newest reading of a company's first page counts.
visited as (
    select
        domain,
        {{ domain_key('page_url') }} as host,
        source,
        record_id,
        source_url,
        page_url,
        fetched_at,
        row_number() over (partition by domain order by fetched_at desc, record_id, payload_sha256) as newest
    from {{ ref('stg_company_site__pages') }}
    where domain is not null and status between 200 and 299
        and regexp_matches(page_url, '^https?://[^/]+/?$')
),

-- Another host of the same domain is no move; hosts to which several companies send visitors are
-- sellers of domains and builders of sites.
moved as (
    select *, count(*) over (partition by host) as senders
    from visited
    where newest = 1 and host <> domain
        and not (host like '%.' || domain or domain like '%.' || host)
),

redirected as (
    select
        records.company_id,
        'domain' as key_type,
        moved.host as key,
        moved.host as alias,
        'new_domain' as kind,
        moved.source,
        moved.record_id,
        moved.source_url,
        cast(null as date) as used_from,
        cast(null as date) as used_to,
        moved.domain || ' sends visitors on to ' || moved.page_url as evidence,
        moved.fetched_at as known_at
    from moved
    inner join records on moved.domain = records.domain
    left join {{ ref('shared_domains') }} as shared_domains on moved.host = shared_domains.domain
    where moved.senders = 1 and shared_domains.domain is null
),

bearers as (
    select name_key, min(company_id) as company_id
    from records
    where name_key is not null
    group by name_key
    having count(distinct company_id) = 1
),

-- Of the two names in a sentence one must be a company's; the other becomes its other name.
told_names as (
    select *, {{ company_name_key('old_name') }} as old_key, {{ company_name_key('new_name') }} as new_key
    from {{ ref('stg_detections__company_renames') }}
    where status = 'done'
),

renamed as (
    {% for known, other, kind in [('new', 'old', 'former_name'), ('old', 'new', 'new_name')] %}
    select
        bearers.company_id,
        'name' as key_type,
        told_names.{{ other }}_key as key,
        told_names.{{ other }}_name as alias,
        '{{ kind }}' as kind,
        told_names.source,
        told_names.record_id,
        told_names.source_url,
        cast(null as date) as used_from,
        cast(null as date) as used_to,
        told_names.evidence,
        told_names.fetched_at as known_at
    from told_names
    inner join bearers on told_names.{{ known }}_key = bearers.name_key
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

told as (
    select * from filed
    union all
    select * from renamed
    union all
    select * from redirected
),

-- What the company's own records state is no other name of it.
others as (
    select told.*
    from told
    left join records as own
        on told.company_id = own.company_id
        and told.key = case told.key_type when 'name' then own.name_key else own.domain end
    where own.record_key is null and told.key is not null
)

select
    others.company_id,
    others.key_type,
    others.key,
    others.kind,
    {% for field in ['alias', 'source', 'record_id', 'source_url', 'used_from', 'used_to', 'evidence'] %}
    first(others.{{ field }} order by others.known_at desc, others.source, others.record_id, others.alias, others.evidence) as {{ field }},
    {% endfor %}
    min(others.known_at) as first_seen_at,
    -- Another company that bears it today has the better claim.
    max(taken.company_id) as borne_by_company_id
from others
left join records as taken
    on others.company_id <> taken.company_id
    and others.key = case others.key_type when 'name' then taken.name_key else taken.domain end
group by others.company_id, others.key_type, others.key, others.kind
