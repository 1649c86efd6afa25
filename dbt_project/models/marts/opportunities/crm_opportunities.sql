select
    opportunity_id, company_id, account_id, name, stage, amount, currency, amount_usd, created_on,
    close_on, is_closed, is_won, owner, next_step, lead_source, source, record_id, source_url,
    first_seen_at
from {{ ref('int_crm_opportunities') }}
where reject_reason is null
