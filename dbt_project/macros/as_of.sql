{#- The day (UTC) the warehouse is built for, as text: var, then the day written for the run, then
    the run's own day.

    The line writes the day to `reference/run` and gives no var, because other vars than those of
    the last parse make dbt read the whole project anew, which costs more than many a build. The
    view is not named by source(): every node would depend on it. -#}
{% macro as_of_text() -%}
    {{- return(var('as_of', '') | string or day_of_run() or run_started_at.strftime('%Y-%m-%d')) -}}
{%- endmacro %}

{#- The day in the source `reference.run`; none while parsing, and when no day was written.

    Asked once a command and noted in dbt's own picture of the graph, which all nodes are shown: two
    hundred nodes name the day, and a query for each is a tenth of what dbt spends on them. -#}
{% macro day_of_run() -%}
    {%- set noted = 'day_of_run ' ~ invocation_id -%}
    {%- if execute and noted not in graph -%}
        {%- set run = graph.sources.values() | selectattr('source_name', 'equalto', 'reference')
            | selectattr('name', 'equalto', 'run') | first -%}
        {%- do graph.update({noted: run_query(
            'select cast(max(as_of) as varchar) from ' ~ run.schema ~ '.' ~ run.identifier
        )[0][0] if run else none}) -%}
    {%- endif -%}
    {{- return(graph.get(noted)) -}}
{%- endmacro %}

{#- The same as a SQL date. -#}
{% macro as_of() -%}
    cast('{{ as_of_text() }}' as date)
{%- endmacro %}

{#- First instant (UTC) after the day: what is known on the day is everything before it. -#}
{% macro as_of_end() -%}
    (cast('{{ as_of_text() }}' as timestamp) + interval 1 day)
{%- endmacro %}

{#- Whether a row was known by the end of the day and still held then: told by `since`, and not taken
    back (`until`) before. Columns are of `relation`, where one is to be named. -#}
{% macro holds_on_day(relation='', since='detected_at', until='known_to') -%}
    {%- set of = relation ~ '.' if relation else '' -%}
    ({{ of }}{{ since }} < {{ as_of_end() }} and ({{ of }}{{ until }} is null or {{ of }}{{ until }} >= {{ as_of_end() }}))
{%- endmacro %}
