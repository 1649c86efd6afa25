-- A name that several companies bear is one row for each of them.
with names as (
    select
        identity.company_id, 'name' as alias_type, records.name as alias, records.source,
        min(records.fetched_at) as first_seen_at
    from {{ ref('int_company_records') }} as records
    inner join {{ ref('int_company_identity') }} as identity on records.record_key = identity.record_key
    where records.name is not null
    group by identity.company_id, records.name, records.source
),

keys as (
    select company_id, key_type as alias_type, key as alias, source, first_seen_at
    from {{ ref('int_company_lookup') }}
    where key_type <> 'name' and company_count = 1
),

former as (
    select company_id, kind as alias_type, alias, source, first_seen_at
    from {{ ref('int_company_former_names') }}
    where kind in ('former_name', 'new_name')
)

select company_id, alias_type, alias, source, first_seen_at from names
union all
select company_id, alias_type, alias, source, first_seen_at from former
union all
select company_id, alias_type, alias, source, first_seen_at from keys
