-- What providers say of companies and people, as it was known at the end of the day. What was asked under
-- an id that a company had before a merge is told of the company it has become; of two answers for one
-- field then one is in use. What a vendor tells of its own accord that a company has changed counts from
-- then on, whoever was asked before.
with known as (
    select * from {{ ref('stg_enrichment__enriched_fields') }}
    where {{ holds_on_day(since='known_from') }}
),

former_ids as (
    select key as former_id, company_id
    from {{ ref('int_company_lookup') }}
    where key_type = 'company_id' and company_count = 1
),

-- From identity and not from int_companies, which itself takes what is learnt here.
companies as (
    select distinct company_id from {{ ref('int_company_identity') }}
),

-- A company that has left the warehouse takes what was learnt of it along.
present as (
    select
        known.* exclude (company_id),
        coalesce(companies.company_id, former_ids.company_id) as company_id,
        companies.company_id is not null as is_own_id,
        case when known.entity_type = 'person' then {{ person_name_key('known.entity_name') }} end as person_key
    from known
    left join companies on known.company_id = companies.company_id
    left join former_ids on known.company_id = former_ids.former_id
    where companies.company_id is not null or former_ids.company_id is not null
),

asked as (
    select *, cast(null as timestamp) as told_at from present
    union all by name
    select
        *,
        confidence as value_confidence,
        'company' as entity_type,
        company_id as entity_id,
        true as is_winner,
        true as is_confident,
        true as is_own_id,
        'told of its own accord that it changed' as reason,
        'deep_research' as level,
        fetched_at as known_from,
        fetched_at as told_at
    from {{ ref('int_told_company_fields') }}
),

-- A notification is news only to who was asked before it.
dated as (
    select
        *,
        coalesce(
            told_at > coalesce(
                max(case when told_at is null and is_winner then fetched_at end) over (
                    partition by entity_type, company_id, person_key, field
                ),
                cast('1970-01-01' as timestamp)
            ),
            false
        ) as is_news
    from asked
),

ranked as (
    select
        *,
        bool_or(is_news) over (partition by entity_type, company_id, person_key, field) as has_news,
        row_number() over (
            partition by entity_type, company_id, person_key, field
            order by is_news desc, is_winner desc, is_confident desc, value_confidence desc, is_own_id desc, fetched_at desc, entity_id, operation
        ) as choice
    from dated
)

select
    entity_type,
    entity_id,
    company_id,
    entity_name,
    field,
    operation,
    source,
    value,
    confidence,
    value_confidence,
    is_winner and choice = 1 as is_winner,
    is_confident and choice = 1 as is_confident,
    told_at is not null as is_told,
    case
        when is_winner and choice > 1 and told_at is not null then 'another provider was asked since'
        when is_winner and choice > 1 and has_news then 'a vendor told of a change since'
        when is_winner and choice > 1 then 'a better answer is known under another id of the company'
        else reason
    end as reason,
    basis,
    level,
    stated_at,
    source_url,
    fetched_at,
    expires_at,
    known_from
from ranked
