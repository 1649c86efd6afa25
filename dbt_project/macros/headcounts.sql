{#- Fewest people who work at a company: its head count, else the beginning of the band that is known of
    it ("51-100", "10001+"); NULL where neither is. `companies` is the alias of int_companies. -#}
{% macro headcount_from(companies) -%}
    coalesce(
        {{ companies }}.employee_count,
        {{ try_to("split_part(replace(" ~ companies ~ ".employee_range, '+', '-'), '-', 1)", 'bigint') }}
    )
{%- endmacro %}

{#- Most people who work there, likewise; an open band has no end that anybody could exceed. -#}
{% macro headcount_to(companies) -%}
    coalesce(
        {{ companies }}.employee_count,
        {{ try_to("split_part(replace(" ~ companies ~ ".employee_range, '+', '-'), '-', 2)", 'bigint') }},
        case when {{ companies }}.employee_range like '%+' then 10000000 end
    )
{%- endmacro %}
