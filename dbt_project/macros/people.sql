{#- Columns of a telling of a person at a company, in the order and types that all kinds of them
    share: expressions by name, those not given are NULL. -#}
{% macro person_telling_columns(values) -%}
    {%- for column, type in {
        'person_record': 'varchar', 'source': 'varchar', 'record_id': 'varchar', 'source_url': 'varchar',
        'company_id': 'varchar', 'full_name': 'varchar', 'title': 'varchar', 'level': 'varchar',
        'department': 'varchar', 'email': 'varchar', 'phone': 'varchar', 'linkedin_url': 'varchar',
        'started_on': 'date', 'start_precision': 'varchar', 'ended_on': 'date', 'end_precision': 'varchar',
        'is_left': 'boolean', 'left_known_at': 'timestamp', 'known_by': 'varchar', 'told_on': 'date',
        'known_at': 'timestamp', 'confidence': 'double', 'evidence': 'varchar', 'source_rank': 'bigint'
    }.items() -%}
    cast({{ values.get(column, 'null') }} as {{ type }}) as {{ column }}{{ ', ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}

{#- Before blocks of people are compared: forget pairs of blocks that have changed or are gone. -#}
{% macro forget_changed_blocks() -%}
    {%- if is_incremental() -%}
    delete from {{ this }} where not exists (
        select 1 from {{ ref('int_person_blocks') }} as blocks
        where blocks.block_id = {{ this }}.block_id and blocks.signature = {{ this }}.signature
    )
    {%- else -%}
    select 1
    {%- endif -%}
{%- endmacro %}

{#- Bits of a comparison as they stand behind its reason: " (+2.4)". -#}
{% macro bits_text(bits) -%}
    ' (' || case when {{ bits }} >= 0 then '+' else '' end || round({{ bits }}, 1) || ')'
{%- endmacro %}
