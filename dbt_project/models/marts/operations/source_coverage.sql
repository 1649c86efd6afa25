-- Sources that were never set up could not speak of anybody and have no row.
with sources as (
    select * from {{ source('platform_state', 'declared_sources') }}
    -- The user's own mail and meetings are asked about nobody.
    where status <> 'not_configured' and families not like '%correspondence%'
),

companies as (
    select company_id from {{ ref('int_companies') }}
),

keys as (
    select distinct
        company_id,
        case when key_type = 'board' then 'job_board' else key_type end as asks_by,
        case when key_type = 'board' then split_part(key, ':', 1) end as board_source
    from {{ ref('int_company_lookup') }}
    where key_type in ('domain', 'cik', 'board', 'name') and company_count = 1
),

told as (
    select
        company_id,
        source,
        count(*) as records,
        min(first_told_at) as first_told_at,
        max(last_told_at) as last_told_at
    from {{ ref('int_company_tellings') }}
    group by company_id, source
),

signalled as (
    select
        signals.company_id,
        statements.source,
        count(distinct signals.signal_id) as signals,
        max(signals.occurred_on) as last_signal_on
    from {{ ref('signal_sources') }} as statements
    inner join {{ ref('int_signals') }} as signals on statements.signal_id = signals.signal_id
    group by signals.company_id, statements.source
),

asked as (
    select
        companies.company_id,
        sources.*,
        -- Whose name alone is asked for can be asked for always.
        sources.asks_by = 'name' or keys.company_id is not null as has_key
    from companies
    cross join sources
    left join keys
        on companies.company_id = keys.company_id
        and sources.asks_by = keys.asks_by
        and (keys.board_source is null or keys.board_source = sources.source)
        and sources.asks_by <> 'name'
)

select
    asked.company_id,
    asked.source,
    asked.families,
    asked.asks_by,
    asked.has_key or told.company_id is not null as could_speak,
    told.company_id is not null as has_spoken,
    case
        when told.company_id is not null then 'spoke'
        when not asked.has_key then 'lacks_key'
        when asked.last_success_at is null then 'never_answered'
        else 'silent'
    end as coverage,
    coalesce(told.records, 0) as records,
    coalesce(signalled.signals, 0) as signals,
    told.first_told_at,
    told.last_told_at,
    signalled.last_signal_on,
    asked.status as source_status,
    {{ utc('asked.last_success_at') }} as source_last_success_at
from asked
left join told on asked.company_id = told.company_id and asked.source = told.source
left join signalled on asked.company_id = signalled.company_id and asked.source = signalled.source
