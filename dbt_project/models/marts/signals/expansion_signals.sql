-- An acquisition stands at each company it concerns: who buys, who is bought, and who sells a part.
with signals as (
    select *
    from {{ ref('int_signals') }}
    where signal_type in ('expansion', 'acquisition', 'partnership', 'product_launch')
)

select
    signals.signal_id,
    signals.company_id,
    case signals.signal_type when 'expansion' then signals.signal_subtype when 'product_launch' then 'new_product' else signals.signal_type end as expansion_type,
    signals.city,
    signals.country,
    case when signals.signal_type = 'acquisition' then signals.signal_subtype end as deal_role,
    case
        when signals.signal_type <> 'acquisition' then null
        when signals.signal_subtype = 'acquirer' then companies.name
        when signals.signal_subtype in ('acquired', 'divestiture') then signals.counterparty_name
    end as acquirer,
    -- What a seller sells is a part of it that bears no name here.
    case
        when signals.signal_type <> 'acquisition' then null
        when signals.signal_subtype = 'acquirer' then signals.counterparty_name
        when signals.signal_subtype = 'acquired' then companies.name
    end as acquisition_target,
    case when signals.signal_type = 'acquisition' then signals.amount_usd end as deal_size_usd,
    case when signals.signal_type = 'partnership' then signals.counterparty_name end as partner,
    signals.headcount as headcount_impact,
    signals.status,
    signals.polarity,
    signals.occurred_on as announced_on,
    signals.primary_source,
    signals.source_count
from signals
left join {{ ref('int_companies') }} as companies on signals.company_id = companies.company_id
