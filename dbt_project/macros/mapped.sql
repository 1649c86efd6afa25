{#- Mapped records of one type in columns: the staging of `stg_mapped__<plural>`.

    `relation` is the lake view over all sources of that type; `fields` are SQL types by name, as
    resources/mapped/record_types.py defines them (a list is JSON text). -#}
{% macro mapped_records(relation, fields) -%}
{%- set paths = [] -%}
{%- for name in fields -%}{%- do paths.append('$.fields.' ~ name) -%}{%- endfor -%}
with records as (
    select
        {{ provenance() }},
        {{ json_fields('payload', paths) }} as fields
    from {{ admitted(relation) }} as records
)

select
    source,
    stream,
    record_id,
    payload_sha256,
    source_url,
    observed_at,
    fetched_at
    {%- for name, type in fields.items() if name != 'source_url' %},
    {%- set field = 'fields[' ~ ((fields.keys() | list).index(name) + 1) ~ ']' %}
    {{ field if type == 'varchar' else try_to(field, type) }} as {{ name }}
    {%- endfor %}
from records
{%- endmacro %}

{#- Which company a row of `relation` means, as int_mention_companies decides it for mentions: by
    domain, then CIK, then CRM account, then by a name that only one company bears and whose other
    keys do not contradict. `keys` gives the row's expressions; a missing one is NULL. -#}
{% macro with_company(relation, keys) -%}
    select
        named.*,
        case
            when domains.company_count = 1 then domains.company_id
            when ciks.company_count = 1 then ciks.company_id
            when accounts.company_count = 1 then accounts.company_id
            when names.company_count = 1 and (named.domain_key is null or companies.domain is null)
                and (named.cik_key is null or companies.cik is null) then names.company_id
        end as company_id,
        case
            when domains.company_count = 1 then 'domain'
            when ciks.company_count = 1 then 'cik'
            when accounts.company_count = 1 then 'crm'
            when names.company_count = 1 and (named.domain_key is null or companies.domain is null)
                and (named.cik_key is null or companies.cik is null) then 'name'
        end as match_method,
        case
            when names.company_count > 1 then 'ambiguous_name'
            when names.company_count = 1 then 'key_of_another_company'
            when coalesce(named.domain_key, named.cik_key, named.crm_key, named.name_key) is null then 'no_name_or_key'
            else 'unknown_company'
        end as unresolved_reason
    from (
        select
            rows.*,
            {{ keys.get('domain', 'cast(null as varchar)') }} as domain_key,
            {{ keys.get('cik', 'cast(null as varchar)') }} as cik_key,
            {{ keys.get('crm', 'cast(null as varchar)') }} as crm_key,
            {{ company_name_key(keys['name']) if 'name' in keys else 'cast(null as varchar)' }} as name_key
        from {{ relation }} as rows
    ) as named
    left join {{ ref('int_company_lookup') }} as domains on domains.key_type = 'domain' and named.domain_key = domains.key
    left join {{ ref('int_company_lookup') }} as ciks on ciks.key_type = 'cik' and named.cik_key = ciks.key
    left join {{ ref('int_company_lookup') }} as accounts on accounts.key_type = 'crm' and named.crm_key = accounts.key
    left join {{ ref('int_company_lookup') }} as names on names.key_type = 'name' and named.name_key = names.key
    left join {{ ref('int_companies') }} as companies on names.company_id = companies.company_id
{%- endmacro %}
