-- What a round means beside the company's other rounds, as known on the day the warehouse is built
-- for. Estimates are ranges by the seed funding_ladder, none where the round is not known; rounds that
-- are planned or were withdrawn count for nothing beside others.
with rounds as (
    select
        signals.signal_id,
        signals.company_id,
        signals.occurred_on,
        signals.amount_usd,
        signals.round_type,
        signals.status,
        signals.known_to,
        ladder.rank,
        ladder.family,
        ladder.growth_stage,
        ladder.runway_low_months,
        ladder.runway_high_months,
        ladder.budget_share_low,
        ladder.budget_share_high
    from {{ ref('int_signals') }} as signals
    left join {{ ref('funding_ladder') }} as ladder on signals.round_type = ladder.round_type
    where signals.signal_type = 'funding_round'
),

earlier as (
    select
        rounds.signal_id,
        count(*) as earlier_round_count,
        string_agg(
            cast(before.occurred_on as varchar) || ' ' || coalesce(before.round_type, 'round')
            || coalesce(' ' || {{ money_text('before.amount_usd', "'USD'") }}, ''),
            '; ' order by before.occurred_on, before.signal_id
        ) as earlier_rounds,
        sum(before.amount_usd) as earlier_amount_usd,
        max(before.occurred_on) as last_round_on,
        count(before.amount_usd) < count(*) as lacks_amount,
        count(distinct case when before.rank between 2 and 12 then before.rank end) as known_steps,
        max(case when before.rank = rounds.rank then 1 else 0 end) = 1 as has_own_step,
        max(before.rank) as highest_rank
    from rounds
    inner join rounds as before
        on rounds.company_id = before.company_id
        and (
            before.occurred_on < rounds.occurred_on
            or (before.occurred_on = rounds.occurred_on and before.signal_id < rounds.signal_id)
        )
        and before.status = 'done'
        and before.family is distinct from 'secondary'
        and (before.known_to is null or before.known_to >= {{ as_of_end() }})
    group by rounds.signal_id
),

placed as (
    select
        rounds.*,
        coalesce(earlier.earlier_round_count, 0) as earlier_round_count,
        earlier.earlier_rounds,
        earlier.last_round_on,
        case
            when rounds.status = 'planned' or rounds.family = 'secondary' then earlier.earlier_amount_usd
            when rounds.amount_usd is null then earlier.earlier_amount_usd
            else coalesce(earlier.earlier_amount_usd, 0) + rounds.amount_usd
        end as total_raised_usd,
        coalesce(earlier.lacks_amount, false)
            or (rounds.amount_usd is null and rounds.status = 'done' and rounds.family is distinct from 'secondary') as lacks_amount,
        greatest(coalesce(case when rounds.status = 'done' then rounds.rank end, 0), coalesce(earlier.highest_rank, 0)) as reached_rank,
        coalesce(earlier.known_steps, 0)
            + case when rounds.status = 'done' and rounds.rank between 2 and 12 and not coalesce(earlier.has_own_step, false) then 1 else 0 end as known_steps,
        greatest(coalesce(rounds.rank, 0), coalesce(earlier.highest_rank, 0)) as highest_rank,
        -- Money without a runway of its own (debt, grants) is taken as spent within a year.
        rounds.amount_usd * 12.0 / coalesce(rounds.runway_high_months, 12) as yearly_low_usd,
        rounds.amount_usd * 12.0 / coalesce(rounds.runway_low_months, 12) as yearly_high_usd
    from rounds
    left join earlier on rounds.signal_id = earlier.signal_id
)

select
    placed.signal_id,
    placed.company_id,
    placed.family as round_family,
    placed.earlier_round_count,
    placed.earlier_rounds,
    placed.total_raised_usd,
    -- Pre-seed is left out by many; from seed (2) to series J (12) one step follows the other.
    case when placed.total_raised_usd is not null then
        placed.lacks_amount
        or placed.reached_rank = 0
        or (placed.reached_rank between 3 and 12 and placed.known_steps < placed.reached_rank - 1)
        or (placed.reached_rank > 12 and placed.known_steps = 0)
    end as total_raised_is_lower_bound,
    coalesce(steps.growth_stage, placed.growth_stage) as growth_stage,
    round({{ days_between('placed.last_round_on', 'placed.occurred_on') }} / 30.4375, 1) as months_since_last_round,
    cast(placed.runway_low_months as integer) as runway_low_months,
    cast(placed.runway_high_months as integer) as runway_high_months,
    round(placed.yearly_low_usd * placed.budget_share_low) as budget_low_usd,
    round(placed.yearly_high_usd * placed.budget_share_high) as budget_high_usd,
    case when placed.amount_usd is not null and placed.budget_share_low is not null then
        'funding_ladder ' || placed.round_type || ': amount over '
        || coalesce(cast(cast(placed.runway_low_months as integer) as varchar) || '-' || cast(cast(placed.runway_high_months as integer) as varchar), '12')
        || ' months, ' || cast(round(100 * placed.budget_share_low) as integer) || '-' || cast(round(100 * placed.budget_share_high) as integer)
        || ' % of it a year for bought software and services'
    end as budget_method,
    case when placed.runway_low_months is not null then
        'funding_ladder ' || placed.round_type || ': what rounds of this kind are planned to last'
    end as runway_method
from placed
left join {{ ref('funding_ladder') }} as steps on placed.highest_rank = steps.rank
