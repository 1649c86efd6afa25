{#- The day (UTC) the warehouse is built for, as text: var, then environment, then the run's day. -#}
{% macro as_of_text() -%}
    {%- set asked = var('as_of', '') or env_var('BUYING_SIGNALS_AS_OF', '') -%}
    {{- asked if asked else run_started_at.strftime('%Y-%m-%d') -}}
{%- endmacro %}

{#- The same as a SQL date. -#}
{% macro as_of() -%}
    cast('{{ as_of_text() }}' as date)
{%- endmacro %}

{#- First instant (UTC) after the day: what is known on the day is everything before it. -#}
{% macro as_of_end() -%}
    (cast('{{ as_of_text() }}' as timestamp) + interval 1 day)
{%- endmacro %}
