-- What was known of a signal changes when another record tells it and when a record is corrected.
with clusters as (
    select * from {{ ref('int_signal_clusters') }}
),

statements as (
    select
        clusters.signal_id,
        versions.title,
        versions.status,
        versions.occurred_on,
        coalesce(versions.amount_usd, versions.amount * exchange_rates.usd_rate) as amount_usd,
        versions.source,
        versions.stream,
        versions.record_id,
        versions.fetched_at as valid_from,
        versions.ended_at as valid_to,
        coalesce(trust.priority, 9) as priority,
        -- The latest amendment of a notice first, then its original.
        case when versions.is_amendment then -epoch(versions.published_at) else 0 end as amendment_rank,
        versions.mention_id
    from {{ ref('int_mention_versions') }} as versions
    inner join clusters on versions.mention_id = clusters.mention_id
    left join {{ ref('source_trust') }} as trust on versions.source = trust.source
    left join {{ ref('int_exchange_rates') }} as exchange_rates
        on versions.currency = exchange_rates.currency
        and coalesce(versions.occurred_on, cast(versions.published_at as date)) >= exchange_rates.from_day
        and coalesce(versions.occurred_on, cast(versions.published_at as date)) < exchange_rates.until_day
),

instants as (
    select signal_id, valid_from as known_from from statements
    union
    select signal_id, valid_to from statements where valid_to is not null
),

moments as (
    select
        signal_id,
        known_from,
        lead(known_from) over (partition by signal_id order by known_from) as known_to
    from instants
),

states as (
    select
        moments.signal_id,
        moments.known_from,
        moments.known_to,
        arg_min(statements.title, (statements.priority, statements.amendment_rank, statements.mention_id)) as title,
        case when bool_or(statements.status = 'done') then 'done' else 'planned' end as status,
        arg_min(statements.occurred_on, (statements.priority, statements.amendment_rank, statements.mention_id)) filter (where statements.occurred_on is not null) as occurred_on,
        arg_min(statements.amount_usd, (statements.priority, statements.amendment_rank, statements.mention_id)) filter (where statements.amount_usd is not null) as amount_usd,
        count(distinct statements.source || '|' || statements.stream || '|' || statements.record_id) as source_count
    from moments
    inner join statements
        on moments.signal_id = statements.signal_id
        and statements.valid_from <= moments.known_from
        and (statements.valid_to is null or statements.valid_to > moments.known_from)
    group by moments.signal_id, moments.known_from, moments.known_to
),

-- Postings and technology changes have one version: it ends when the posting closes.
unversioned as (
    select signals.signal_id, signals.detected_at as known_from, signals.known_to, signals.title,
        signals.status, signals.occurred_on, signals.amount_usd, signals.source_count
    from {{ ref('int_signals') }} as signals
    left join (select distinct signal_id from statements) as versioned
        on signals.signal_id = versioned.signal_id
    where versioned.signal_id is null
),

everything as (
    select signal_id, known_from, known_to, title, status, occurred_on, amount_usd, source_count from states
    union all
    select signal_id, known_from, known_to, title, status, occurred_on, amount_usd, source_count from unversioned
)

select
    everything.signal_id,
    signals.company_id,
    row_number() over (partition by everything.signal_id order by everything.known_from) as version,
    everything.known_from,
    everything.known_to,
    everything.title,
    everything.status,
    everything.occurred_on,
    everything.amount_usd,
    everything.source_count
from everything
inner join {{ ref('int_signals') }} as signals on everything.signal_id = signals.signal_id
