select
    signal_id,
    company_id,
    round_type,
    amount,
    currency,
    amount_usd,
    valuation_usd,
    investors,
    lead_investor,
    occurred_on as announced_on,
    primary_source,
    source_count
from {{ ref('int_signals') }}
where signal_type = 'funding_round'
