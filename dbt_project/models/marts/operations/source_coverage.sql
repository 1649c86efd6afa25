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

-- Companies that go by a key that several share were asked about with nobody in particular.
outcomes as (
    select
        lookup.company_id,
        asked.source,
        max(asked.asked_at) as asked_at,
        max(case when asked.error is null then 1 else 0 end) = 1 as has_answered,
        min(asked.error) as error
    from {{ source('platform_state', 'asked_companies') }} as asked
    inner join {{ ref('int_company_lookup') }} as lookup
        on asked.key_type = lookup.key_type
        and lookup.company_count = 1
        and lookup.key = case asked.key_type
            when 'name' then {{ company_name_key('asked.key') }}
            when 'board' then lower(asked.key)
            else asked.key
        end
    group by lookup.company_id, asked.source
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
        -- Whose name alone is asked for, or nothing, can be asked for always.
        sources.asks_by in ('name', 'whole') or keys.company_id is not null as has_key
    from companies
    cross join sources
    left join keys
        on companies.company_id = keys.company_id
        and sources.asks_by = keys.asks_by
        and (keys.board_source is null or keys.board_source = sources.source)
        and sources.asks_by <> 'name'
),

joined as (
    select
        asked.*,
        told.company_id is not null as has_spoken,
        told.records,
        told.first_told_at,
        told.last_told_at,
        outcomes.has_answered,
        case when asked.asks_by = 'whole' then asked.last_attempt_at else outcomes.asked_at end as asked_at,
        case when asked.asks_by = 'whole' then asked.last_error else outcomes.error end as error
    from asked
    left join told on asked.company_id = told.company_id and asked.source = told.source
    left join outcomes on asked.company_id = outcomes.company_id and asked.source = outcomes.source
)

select
    joined.company_id,
    joined.source,
    joined.families,
    joined.asks_by,
    joined.has_key or joined.has_spoken as could_speak,
    joined.has_spoken,
    case
        when joined.has_spoken then 'spoke'
        when joined.asks_by = 'export' then 'not_held'
        when not joined.has_key and joined.asked_at is null then 'lacks_key'
        when joined.asked_at is null then 'not_asked'
        when joined.has_answered or (joined.asks_by = 'whole' and joined.last_success_at is not null) then 'silent'
        else 'failed'
    end as coverage,
    coalesce(joined.records, 0) as records,
    coalesce(signalled.signals, 0) as signals,
    joined.first_told_at,
    joined.last_told_at,
    signalled.last_signal_on,
    {{ utc('joined.asked_at') }} as last_asked_at,
    joined.error as last_error,
    joined.status as source_status,
    {{ utc('joined.last_success_at') }} as source_last_success_at
from joined
left join signalled on joined.company_id = signalled.company_id and joined.source = signalled.source
