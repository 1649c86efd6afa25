-- One row per opportunity with its company: by domain, else by the CRM's account, else by name. One
-- whose every source is a CRM row that cannot be true is none.
with opportunities as (
    select
        *,
        {{ company_name_key('customer_name') }} as name_key
    from {{ ref('stg_tracker__opportunities') }}
),

standing as (
    select opportunity_id, max(crm_opportunity_id) as crm_opportunity_id
    from {{ ref('int_opportunity_evidence') }}
    where field = 'source'
    group by opportunity_id
),

lookup as (
    select key_type, key, company_id
    from {{ ref('int_company_lookup') }}
    where company_count = 1
)

select
    opportunities.opportunity_id,
    coalesce(by_domain.company_id, by_account.company_id, by_name.company_id) as company_id,
    case
        when by_domain.company_id is not null then 'domain'
        when by_account.company_id is not null then 'crm_account'
        when by_name.company_id is not null then 'name'
    end as company_match,
    opportunities.title,
    opportunities.customer_name,
    opportunities.customer_domain,
    opportunities.stage,
    opportunities.stage_evidence,
    opportunities.priority,
    opportunities.priority_reasons,
    opportunities.unit_low,
    opportunities.unit_high,
    opportunities.unit,
    opportunities.price_low,
    opportunities.price_high,
    opportunities.currency,
    opportunities.value,
    opportunities.value * exchange_rates.usd_rate as value_usd,
    opportunities.value_is_inferred,
    opportunities.margin_low,
    opportunities.margin_high,
    opportunities.cost_upside,
    opportunities.cost_upside_currency,
    opportunities.delivery_on,
    opportunities.quote_due_on,
    opportunities.decision_on,
    opportunities.close_on,
    opportunities.close_on_source,
    opportunities.lead_time_days,
    opportunities.payment_terms,
    opportunities.delivery_terms,
    opportunities.products,
    opportunities.part_numbers,
    opportunities.reference_numbers,
    opportunities.competitors,
    opportunities.tags,
    opportunities.probability,
    opportunities.source_count,
    opportunities.mail_count,
    opportunities.call_count,
    opportunities.crm_count,
    opportunities.conflict_count,
    opportunities.quality_score,
    opportunities.completeness,
    opportunities.consistency,
    opportunities.freshness,
    opportunities.blocker_count,
    standing.crm_opportunity_id,
    opportunities.crm_source,
    opportunities.crm_record_id,
    opportunities.crm_withdrawn,
    opportunities.first_seen_at,
    opportunities.last_touched_at,
    opportunities.as_of
from opportunities
inner join standing on opportunities.opportunity_id = standing.opportunity_id
left join lookup as by_domain
    on by_domain.key_type = 'domain' and opportunities.customer_domain = by_domain.key
left join lookup as by_account
    on by_account.key_type = 'crm' and opportunities.crm_source = 'crm' and opportunities.crm_account_id = by_account.key
left join lookup as by_name
    on by_name.key_type = 'name' and opportunities.name_key = by_name.key
left join {{ ref('int_exchange_rates') }} as exchange_rates
    on upper(opportunities.currency) = exchange_rates.currency and exchange_rates.is_newest
