{#- Pages of company sites as they were read: the staging of `company_site` and `leadership_pages`. -#}
{% macro site_pages(relation) -%}
with records as (
    select
        {{ provenance() }},
        {{ json_fields('payload', ['$.domain', '$.url', '$.status']) }} as fields
    from {{ admitted(relation) }} as records
)

select
    source,
    stream,
    record_id,
    payload_sha256,
    source_url,
    observed_at,
    fetched_at,
    {{ domain_key('fields[1]') }} as domain,
    fields[2] as page_url,
    {{ try_to('fields[3]', 'integer') }} as status
from records
{%- endmacro %}
