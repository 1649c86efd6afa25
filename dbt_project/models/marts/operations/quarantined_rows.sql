with gates as (
    select
        gate,
        source,
        stream,
        record_id,
        payload_sha256,
        rule,
        reason,
        severity,
        {{ utc('quarantined_at') }} as quarantined_at,
        excerpt
    from {{ source('quarantine', 'set_aside') }}
),

mentions as (
    select
        'unified' as gate,
        source,
        stream,
        record_id,
        payload_sha256,
        reject_reason as rule,
        'A ' || signal_type || ' with date ' || coalesce(cast(occurred_on as varchar), 'unknown')
            || coalesce(' and amount ' || cast(amount as varchar), '') || ' cannot be true' as reason,
        'critical' as severity,
        detected_at as quarantined_at,
        left(coalesce(evidence, title), 500) as excerpt
    from {{ ref('int_signal_mentions') }}
    where reject_reason is not null
),

opportunities as (
    select
        'unified' as gate,
        source,
        stream,
        record_id,
        payload_sha256,
        reject_reason as rule,
        'Opportunity created ' || coalesce(cast(created_on as varchar), 'unknown') || ', closing '
            || coalesce(cast(close_on as varchar), 'unknown') || coalesce(', amount ' || cast(amount as varchar), '')
            || ' cannot be true' as reason,
        'critical' as severity,
        first_seen_at as quarantined_at,
        left(name, 500) as excerpt
    from {{ ref('int_crm_opportunities') }}
    where reject_reason is not null
)

select * from gates
union all
select * from mentions
union all
select * from opportunities
