{#- Points left of a signal: all while fresh, then half of it every half-life, none after the end.
    Age in whole days; a planned event that is still ahead is fresh. -#}
{% macro decayed_points(max_points, age_days, fresh_days, half_life_days, ends_after_days) -%}
    case
        when {{ age_days }} > {{ ends_after_days }} then 0
        else round({{ max_points }} * power(0.5, greatest({{ age_days }} - {{ fresh_days }}, 0) / cast({{ half_life_days }} as double)), 4)
    end
{%- endmacro %}

{#- The words of a title or department, apart by single blanks: as terms of profiles are written. -#}
{% macro role_words(expression) -%}
    trim(regexp_replace({{ folded(expression) }}, '[^\p{L}\p{N}]+', ' ', 'g'))
{%- endmacro %}

{#- Whether the words of a job title name the role of a profile's term: its words one after the other,
    and not somebody who works for it ("Assistant to the CFO"). `terms` is the alias of the terms; a
    title of an unknown department may be of any. -#}
{% macro names_role(words, department, terms='terms') -%}
    (contains(' ' || {{ words }} || ' ', ' ' || {{ terms }}.term || ' ')
        and not contains(' ' || {{ words }} || ' ', ' to ' || {{ terms }}.term || ' ')
        and not contains(' ' || {{ words }} || ' ', ' to the ' || {{ terms }}.term || ' ')
        and coalesce({{ terms }}.in_department, {{ department }}, '') = coalesce({{ department }}, {{ terms }}.in_department, ''))
{%- endmacro %}
