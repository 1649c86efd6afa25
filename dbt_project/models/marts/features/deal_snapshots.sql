select
    opportunities.opportunity_id,
    opportunities.company_id,
    features.as_of,
    cast(opportunities.amount_usd as double) as amount_usd,
    case when opportunities.closed_on <= {{ as_of() }} then opportunities.is_won end as is_won,
    case when opportunities.closed_on <= {{ as_of() }} then opportunities.closed_on end as closed_on,
    opportunities.lead_source as cat_lead_source,
    features.* exclude (company_id, as_of, is_periodic, is_current, latest_knowable_from)
from {{ ref('int_crm_opportunities') }} as opportunities
inner join {{ ref('int_company_features') }} as features
    on opportunities.company_id = features.company_id
    and opportunities.created_on = features.as_of
where opportunities.reject_reason is null
