select
    signal_id,
    company_id,
    case signal_type when 'expansion' then signal_subtype when 'product_launch' then 'new_product' else signal_type end as expansion_type,
    city,
    country,
    case when signal_type = 'acquisition' then counterparty_name end as acquisition_target,
    case when signal_type = 'acquisition' then amount_usd end as deal_size_usd,
    case when signal_type = 'partnership' then counterparty_name end as partner,
    headcount as headcount_impact,
    status,
    polarity,
    occurred_on as announced_on,
    primary_source,
    source_count
from {{ ref('int_signals') }}
where signal_type in ('expansion', 'acquisition', 'partnership', 'product_launch')
