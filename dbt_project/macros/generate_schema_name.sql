{#- Plain schema names: a table is `signals.buying_signals` in every environment, because each
    environment has a database of its own. -#}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ target.schema if custom_schema_name is none else custom_schema_name | trim }}
{%- endmacro %}
