{#- The latest day up to the build's on which opportunities were joined: its partition holds all that was known then. -#}
{% macro last_joined() -%}
(
    select max(runs.as_of) from {{ source('tracker', 'runs') }} as runs where runs.as_of <= {{ as_of() }}
)
{%- endmacro %}
