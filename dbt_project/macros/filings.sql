{#- What a reader is shown of an event that an 8-K tells: in words, with the other company's name. -#}
{% macro filing_event_title() -%}
    {%- set other = "coalesce(' ' || counterparty_name, '')" -%}
    {%- set with_other = "coalesce(' with ' || counterparty_name, '')" -%}
    case
        when signal_type = 'acquisition' and signal_subtype = 'acquirer' and status = 'planned' then 'Agreed to acquire' || {{ other }}
        when signal_type = 'acquisition' and signal_subtype = 'acquirer' then 'Acquired' || {{ other }}
        when signal_type = 'acquisition' and signal_subtype = 'acquired' and status = 'planned' then 'Agreed to be acquired by' || {{ other }}
        when signal_type = 'acquisition' and signal_subtype = 'acquired' then 'Was acquired by' || {{ other }}
        when signal_type = 'acquisition' and status = 'planned' then 'Agreed to sell a business' || coalesce(' to ' || counterparty_name, '')
        when signal_type = 'acquisition' then 'Sold a business' || coalesce(' to ' || counterparty_name, '')
        when signal_type = 'funding_round' and round_type = 'debt' then 'Took up debt' || coalesce(' of ' || {{ money_text('amount', 'currency') }}, '')
        when signal_type = 'funding_round' then 'Sold own shares' || coalesce(' for ' || {{ money_text('amount', 'currency') }}, '')
        when signal_type = 'expansion' then 'Leased new space' || coalesce(' in ' || city, '')
        when signal_type = 'partnership' then 'Signed a ' || replace(signal_subtype, '_', ' ') || case when signal_subtype in ('joint_venture', 'service_contract') then '' else ' agreement' end || {{ with_other }}
        when signal_subtype = 'assets_acquired_or_sold' then 'Completed an acquisition or disposal'
        when signal_subtype = 'credit_terms_changed' then 'Changed the terms of its credit'
        when signal_subtype in ('lease', 'lease_changed') then 'Signed or changed a lease'
        else 'Entered into a material agreement'
    end
{%- endmacro %}
