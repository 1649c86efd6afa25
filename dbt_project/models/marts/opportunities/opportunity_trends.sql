-- The figures of a dashboard by day: how many opportunities of which stage, priority and quality.
with history as (
    select
        history.as_of,
        history.stage,
        history.priority,
        history.quality_score,
        history.blocker_count,
        history.conflict_count,
        history.overdue_step_count,
        history.stage not in ('won', 'lost') as is_open,
        history.value * exchange_rates.usd_rate as value_usd,
        case
            when history.quality_score < 40 then '0-39'
            when history.quality_score < 60 then '40-59'
            when history.quality_score < 80 then '60-79'
            else '80-100'
        end as quality_band
    from {{ ref('opportunity_history') }} as history
    left join {{ ref('int_exchange_rates') }} as exchange_rates
        on upper(history.currency) = exchange_rates.currency and exchange_rates.is_newest
),

labelled as (
    select *, 'all' as dimension, 'all' as label from history
    union all
    select *, 'stage' as dimension, stage as label from history
    union all
    select *, 'open' as dimension, 'open' as label from history where is_open
    union all
    select *, 'priority' as dimension, priority as label from history where is_open
    union all
    select *, 'quality_band' as dimension, quality_band as label from history where is_open
)

select
    as_of,
    dimension,
    label,
    count(*) as opportunity_count,
    -- In decimals, so that the figures do not hang on the order of rows.
    cast(sum(cast(value_usd as decimal(18, 2))) as double) as value_usd,
    cast(sum(cast(quality_score as decimal(18, 1))) as double) / count(*) as quality_score,
    cast(sum(blocker_count) as bigint) as blocker_count,
    cast(sum(conflict_count) as bigint) as conflict_count,
    cast(sum(overdue_step_count) as bigint) as overdue_step_count
from labelled
group by as_of, dimension, label
