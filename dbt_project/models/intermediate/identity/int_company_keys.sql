-- Every key a record states or has stated. A key of an old version is kept (the company keeps its
-- id) unless another company's current record claims it.
with records as (
    select * from {{ ref('int_company_records') }}
),

stated as (
    select record_key, 'domain:' || domain as key, 1 as key_priority, fetched_at, is_latest
    from records where domain is not null
    union all
    select record_key, 'cik:' || cik, 2, fetched_at, is_latest
    from records where cik is not null
    union all
    select record_key, 'crm:' || crm_account_id, 3, fetched_at, is_latest
    from records where crm_account_id is not null
    union all
    -- A board stands for the company only where nothing better does.
    select record_key, 'board:' || board_key, 4, fetched_at, is_latest
    from records where board_key is not null and domain is null and cik is null
    union all
    select record_key, 'record:' || record_key, 5, fetched_at, is_latest
    from records where domain is null and cik is null and crm_account_id is null and board_key is null
),

keys as (
    select
        record_key,
        key,
        min(key_priority) as key_priority,
        min(fetched_at) as first_seen_at,
        bool_or(is_latest) as is_current
    from stated
    group by record_key, key
),

claimed as (
    select key from keys where is_current group by key
),

kept as (
    select keys.*
    from keys
    left join claimed on keys.key = claimed.key
    where keys.is_current or claimed.key is null
),

-- The rank of a key decides which one names the company: the first seen, then the strongest kind.
ranked as (
    select
        key,
        row_number() over (order by min(first_seen_at), min(key_priority), key) as key_rank
    from kept
    group by key
)

select kept.record_key, kept.key, kept.key_priority, kept.first_seen_at, kept.is_current, ranked.key_rank
from kept
inner join ranked on kept.key = ranked.key
