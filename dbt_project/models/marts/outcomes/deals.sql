select
    opportunity_id,
    company_id,
    is_won,
    case when is_won then 'won' else 'lost' end as outcome,
    amount,
    currency,
    amount_usd,
    created_on,
    closed_on,
    {{ days_between('created_on', 'closed_on') }} as days_to_close,
    lead_source,
    owner
from {{ ref('int_crm_opportunities') }}
where reject_reason is null and is_closed and closed_on <= {{ as_of() }}
