-- An acquisition stands at each company it concerns: who buys, who is bought, and who sells a part.
-- What a type often needs comes from the seed expansion_needs and is marked as inferred.
with signals as (
    select
        *,
        case signal_type when 'expansion' then signal_subtype when 'product_launch' then 'new_product' else signal_type end as expansion_type,
        case when signal_type = 'acquisition' then signal_subtype end as deal_role
    from {{ ref('int_signals') }}
    where signal_type in ('expansion', 'acquisition', 'partnership', 'product_launch')
),

needs as (
    select
        signals.signal_id,
        string_agg(templates.need, '; ' order by templates.rank) as likely_needs
    from signals
    inner join {{ ref('expansion_needs') }} as templates
        on signals.expansion_type = templates.expansion_type
        and (templates.deal_role = 'any' or templates.deal_role = signals.deal_role)
    group by signals.signal_id
)

select
    signals.signal_id,
    signals.company_id,
    signals.expansion_type,
    signals.city,
    signals.region,
    signals.country,
    signals.square_feet as floor_area_sqft,
    signals.deal_role,
    case
        when signals.deal_role = 'acquirer' then companies.name
        when signals.deal_role in ('acquired', 'divestiture') then signals.counterparty_name
    end as acquirer,
    -- What a seller sells is a part of it that bears no name here.
    case
        when signals.deal_role = 'acquirer' then signals.counterparty_name
        when signals.deal_role = 'acquired' then companies.name
    end as acquisition_target,
    case when signals.signal_type = 'acquisition' then signals.amount_usd end as deal_size_usd,
    case when signals.signal_type = 'partnership' then signals.counterparty_name end as partner,
    signals.headcount as headcount_impact,
    signals.status,
    signals.polarity,
    signals.occurred_on as announced_on,
    signals.effective_on,
    signals.effective_precision,
    signals.signal_strength as impact,
    needs.likely_needs,
    case when needs.signal_id is not null then 'inferred from type of expansion' end as needs_basis,
    signals.confidence_score,
    signals.evidence,
    signals.source_url,
    split_part(signals.reader_version, ' ', 1) as reader,
    signals.reader_version,
    signals.primary_source,
    signals.source_count
from signals
left join needs on signals.signal_id = needs.signal_id
left join {{ ref('int_companies') }} as companies on signals.company_id = companies.company_id
