{{ config(materialized='table') }}

-- The OpenAPI shape wraps the fields in "properties", the flat shape does not; both are met.
{% set names = ['announced_on', 'closed_on', 'investment_type', 'money_raised.value', 'money_raised.currency',
    'money_raised.value_usd', 'funded_organization_identifier.value',
    'funded_organization_identifier.permalink', 'funded_organization_identifier.uuid',
    'identifier.value', 'identifier.permalink', 'post_money_valuation.value_usd',
    'pre_money_valuation.value_usd', 'announced_on.value', 'announced_on.precision', 'closed_on.value',
    'updated_at', 'created_at'] %}
{% set paths = [] %}
{% for name in names %}{% do paths.append('$.properties.' ~ name) %}{% do paths.append('$.' ~ name) %}{% endfor %}

with records as (
    select
        {{ provenance() }},
        {{ json_fields('payload', paths) }} as fields,
        coalesce(
            {{ json_values('payload', '$.properties.investor_identifiers[*].value') }},
            {{ json_values('payload', '$.investor_identifiers[*].value') }}
        ) as investor_names,
        coalesce(
            {{ json_values('payload', '$.properties.lead_investor_identifiers[*].value') }},
            {{ json_values('payload', '$.lead_investor_identifiers[*].value') }}
        ) as lead_investor_names
    from {{ admitted(source('lake', 'crunchbase__funding_rounds')) }} as records
),

named as (
    select
        * exclude (fields)
        {%- for name in names %},
        coalesce(fields[{{ loop.index0 * 2 + 1 }}], fields[{{ loop.index0 * 2 + 2 }}]) as {{ name | replace('.', '_') }}
        {%- endfor %}
    from records
)

select
    source,
    stream,
    record_id,
    payload_sha256,
    source_url,
    observed_at,
    fetched_at,
    {{ partial_date('coalesce(announced_on_value, announced_on)') }} as announced_on,
    {{ partial_date('coalesce(closed_on_value, closed_on)') }} as closed_on,
    coalesce(announced_on_value, announced_on) as announced_on_text,
    coalesce(announced_on_precision, {{ partial_date_precision('coalesce(announced_on_value, announced_on)') }}) as announced_precision,
    investment_type,
    {{ try_to('money_raised_value', 'double') }} as amount,
    money_raised_currency as currency,
    {{ try_to('money_raised_value_usd', 'double') }} as amount_usd,
    {{ try_to('post_money_valuation_value_usd', 'double') }} as valuation_usd,
    {{ try_to('pre_money_valuation_value_usd', 'double') }} as pre_money_valuation_usd,
    funded_organization_identifier_value as company_name,
    funded_organization_identifier_permalink as company_permalink,
    funded_organization_identifier_uuid as company_uuid,
    identifier_value as round_name,
    identifier_permalink as round_permalink,
    investor_names,
    lead_investor_names
from named
