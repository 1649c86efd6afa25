-- One row per opportunity as the CRM last told it, with the reason when it cannot be true.
with versions as (
    select
        *,
        min(fetched_at) over (partition by record_id) as first_fetched_at,
        row_number() over (partition by record_id order by fetched_at desc, payload_sha256) as newest
    from {{ ref('stg_crm__opportunities') }}
    where opportunity_id is not null
),

judged as (
    select
        versions.*,
        lookup.company_id,
        coalesce(versions.currency, 'USD') as stated_currency,
        lower(coalesce(versions.stage, '')) like 'closed%' or coalesce(versions.is_closed, false) as is_over,
        lower(coalesce(versions.stage, '')) = 'closed won' or coalesce(versions.is_won, false) as is_success,
        case
            when versions.created_on is null then 'unreadable_created_date'
            when versions.close_on is null and versions.close_on_text is not null then 'unreadable_close_date'
            when versions.amount is null and versions.amount_text is not null then 'unreadable_amount'
            when versions.created_on < date '1990-01-01' or versions.close_on < date '1990-01-01' then 'date_before_1990'
            when versions.created_on > {{ as_of() }} + 1 then 'created_in_the_future'
            when versions.close_on > {{ as_of() }} + interval 2 year then 'date_more_than_two_years_ahead'
            when versions.amount < 0 then 'negative_amount'
            when versions.amount > 1e12 then 'amount_above_a_trillion'
            when (lower(coalesce(versions.stage, '')) like 'closed%' or coalesce(versions.is_closed, false))
                and versions.close_on < versions.created_on then 'closed_before_created'
        end as reject_reason
    from versions
    left join {{ ref('int_company_lookup') }} as lookup
        on lookup.key_type = 'crm' and versions.account_id = lookup.key and lookup.company_count = 1
    where versions.newest = 1
)

select
    {{ stable_id(["'opportunity'", 'judged.source', 'judged.opportunity_id']) }} as opportunity_id,
    judged.source,
    judged.stream,
    judged.record_id,
    judged.payload_sha256,
    judged.source_url,
    judged.company_id,
    judged.account_id,
    judged.name,
    judged.stage,
    judged.amount,
    judged.stated_currency as currency,
    judged.amount * exchange_rates.usd_rate as amount_usd,
    judged.created_on,
    judged.close_on,
    judged.is_over as is_closed,
    case when judged.is_over then judged.is_success end as is_won,
    -- An open opportunity's close date is a hope, a closed one's is a fact.
    case when judged.is_over then judged.close_on end as closed_on,
    judged.lead_source,
    judged.next_step,
    judged.owner,
    judged.first_fetched_at as first_seen_at,
    judged.reject_reason
from judged
left join {{ ref('int_exchange_rates') }} as exchange_rates
    on upper(judged.stated_currency) = exchange_rates.currency and exchange_rates.is_newest
