-- What a mention may call a company by, and which company that is. Unique per type and key.
with identity as (
    select * from {{ ref('int_company_identity') }}
),

records as (
    select records.*, identity.company_id
    from {{ ref('int_company_records') }} as records
    inner join identity on records.record_key = identity.record_key
),

keys as (
    select
        split_part(keys.key, ':', 1) as key_type,
        substr(keys.key, strpos(keys.key, ':') + 1) as key,
        identity.company_id,
        keys.first_seen_at,
        records.source,
        keys.key_rank
    from {{ ref('int_company_keys') }} as keys
    inner join identity on keys.record_key = identity.record_key
    inner join records on keys.record_key = records.record_key and records.is_latest
    where keys.key_priority <= 4
),

boards as (
    select
        'board' as key_type, board_key as key, company_id, first_seen_at, source, 0 as key_rank
    from records
    where board_key is not null
),

names as (
    select
        'name' as key_type, name_key as key, company_id, first_seen_at, source, 0 as key_rank
    from records
    where name_key is not null
),

-- Any key of a company may once have named it, so each old id still leads to it.
old_ids as (
    select
        'company_id' as key_type,
        {{ stable_id(["'company'", 'keys.key']) }} as key,
        identity.company_id,
        keys.first_seen_at,
        split_part(keys.record_key, '|', 1) as source,
        keys.key_rank
    from {{ ref('int_company_keys') }} as keys
    inner join identity on keys.record_key = identity.record_key
),

-- So does an id from a key that a person has since told to be another's, while nobody else states it.
disowned as (
    select
        'company_id' as key_type,
        {{ stable_id(["'company'", 'told.key']) }} as key,
        told.company_id,
        told.first_seen_at,
        told.source,
        0 as key_rank
    from (
        select company_id, first_seen_at, source, 'domain:' || stated_domain as key from records where stated_domain is distinct from domain
        union all
        select company_id, first_seen_at, source, 'cik:' || stated_cik from records where stated_cik is distinct from cik
    ) as told
    left join {{ ref('int_company_keys') }} as keys on told.key = keys.key
    where keys.key is null
),

-- Former names and new domains, unless another company states them today.
others as (
    select key_type, key, company_id, first_seen_at, source, 0 as key_rank
    from {{ ref('int_company_former_names') }}
    where borne_by_company_id is null
),

everything as (
    select * from keys
    union all
    select * from boards
    union all
    select * from names
    union all
    select * from old_ids
    union all
    select * from disowned
    union all
    select * from others
)

select
    key_type,
    key,
    min(company_id) as company_id,
    count(distinct company_id) as company_count,
    min(first_seen_at) as first_seen_at,
    min(source) as source
from everything
group by key_type, key
