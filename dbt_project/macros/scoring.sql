{#- Points left of a signal: all while fresh, then half of it every half-life, none after the end.
    Age in whole days; a planned event that is still ahead is fresh. -#}
{% macro decayed_points(max_points, age_days, fresh_days, half_life_days, ends_after_days) -%}
    case
        when {{ age_days }} > {{ ends_after_days }} then 0
        else round({{ max_points }} * power(0.5, greatest({{ age_days }} - {{ fresh_days }}, 0) / cast({{ half_life_days }} as double)), 4)
    end
{%- endmacro %}

{#- Whether a job title names the role that a profile writes as `term`: its words one after the other,
    whatever stands between them, and not somebody who works for it ("Assistant to the CFO"). -#}
{% macro names_role(title, term) -%}
    {%- set words = "' ' || regexp_replace(" ~ folded(title) ~ ", '[^\p{L}\p{N}]+', ' ', 'g') || ' '" -%}
    {%- set role = "trim(regexp_replace(" ~ term ~ ", '[^\p{L}\p{N}]+', ' ', 'g'))" -%}
    (contains({{ words }}, ' ' || {{ role }} || ' ')
        and not contains({{ words }}, ' to ' || {{ role }} || ' ')
        and not contains({{ words }}, ' to the ' || {{ role }} || ' '))
{%- endmacro %}
