-- Why each record is of its company: a person's decision, a merger that a
-- vendor tells, a key that other records of it state as
-- well, its only namesake, or likeness. A record alone has nothing to be told.
with keys as (
    select record_key, key, count(*) over (partition by key) > 1 as is_shared
    from {{ ref('int_company_keys') }}
),

shared as (
    select record_key, string_agg(key, ', ' order by key) as keys
    from keys
    where is_shared
    group by record_key
),

decided as (
    select record_key, string_agg(reasons, '; ' order by reasons) as reasons
    from (
        select record_key, concat_ws(' ', decision, 'by ' || decided_by, 'on', decided_on) || ': ' || reason as reasons
        from {{ ref('int_company_decisions') }}
    ) as told
    group by record_key
),

merged as (
    select record_key, max(probability) as probability, string_agg(reason, '; ' order by reason) as reasons
    from {{ ref('int_company_mergers') }}
    group by record_key
),

sides as (
    select left_record as record_key, right_company_id as company_id, probability, reasons, method
    from {{ ref('company_links') }}
    union all
    select right_record, left_company_id, probability, reasons, method
    from {{ ref('company_links') }}
),

alike as (
    select record_key, company_id, max(probability) as probability, first(reasons order by probability desc, reasons) as reasons
    from sides
    where method = 'likeness'
    group by record_key, company_id
)

select
    records.record_key as record,
    records.source,
    records.record_id,
    identity.company_id,
    records.name,
    records.stated_domain as domain,
    records.stated_cik as cik,
    identity.match_method,
    case identity.match_method
        when 'decision' then 1.0
        when 'merger' then merged.probability
        when 'likeness' then alike.probability
        when 'key' then 1.0
    end as probability,
    case identity.match_method
        when 'decision' then decided.reasons
        when 'merger' then merged.reasons
        when 'likeness' then coalesce(alike.reasons, 'in one group with the company')
        when 'name' then 'the only company with a domain that bears the name'
        else coalesce('same ' || shared.keys, 'its own ' || identity.root_key)
    end as reasons,
    records.first_seen_at
from {{ ref('int_company_records') }} as records
inner join {{ ref('int_company_identity') }} as identity on records.record_key = identity.record_key
left join shared on records.record_key = shared.record_key
left join merged on records.record_key = merged.record_key
left join decided on records.record_key = decided.record_key
left join alike on records.record_key = alike.record_key and identity.company_id = alike.company_id
where records.is_latest
