{#- Makes every declared source readable as a view over its Parquet folder, before anything else runs.

    A source table says where it lives in `config.meta.path` (relative to BUYING_SIGNALS_HOME, or to
    BUYING_SIGNALS_LAKE_URL for paths that begin with `lake/`). The view selects exactly the declared
    columns with their declared types: a column a file does not have (yet) is NULL, and a folder that
    does not exist (yet) gives an empty view, so that the first run of a new installation works.
    `config.meta.day_column` names a column that takes the day of the partition's folder. -#}
{% macro create_external_views() -%}
    {%- if execute and flags.WHICH in ['run', 'build', 'test', 'seed', 'compile', 'show'] -%}
        {%- set nodes = graph.sources.values() | selectattr('config.meta.path', 'defined') | list -%}
        {%- do adapter.dispatch('create_external_views')(nodes) -%}
    {%- endif -%}
{%- endmacro %}

{% macro external_path(path) -%}
    {%- set home = env_var('BUYING_SIGNALS_HOME', '../var') -%}
    {%- if path.startswith('lake/') -%}
        {{- env_var('BUYING_SIGNALS_LAKE_URL', home ~ '/lake') ~ path[4:] -}}
    {%- else -%}
        {{- home ~ '/' ~ path -}}
    {%- endif -%}
{%- endmacro %}

{#- Three statements for all sources: which have files, which columns these have, and the views. One
    by one they are some three hundred, and cost each run of dbt more than a second. -#}
{% macro duckdb__create_external_views(nodes) -%}
    {%- set sizes = [] -%}
    {%- for node in nodes -%}
        {%- do sizes.append("select '" ~ node.unique_id ~ "', count(*) from glob(" ~ external_files(node) ~ ")") -%}
    {%- endfor -%}
    {%- set found = [] -%}
    {%- for unique_id, size in run_query(sizes | join(' union all ')).rows if size > 0 -%}
        {%- do found.append(unique_id) -%}
    {%- endfor -%}

    {%- set descriptions, present = [], {} -%}
    {%- for node in nodes if node.unique_id in found -%}
        {%- do present.update({node.unique_id: []}) -%}
        {%- do descriptions.append(
            "select '" ~ node.unique_id ~ "', column_name from (describe select * from " ~ external_scan(node) ~ ")"
        ) -%}
    {%- endfor -%}
    {%- for unique_id, column in (run_query(descriptions | join(' union all ')).rows if descriptions else []) -%}
        {%- do present[unique_id].append(column) -%}
    {%- endfor -%}

    {%- set statements = [] -%}
    {%- for schema in nodes | map(attribute='schema') | unique -%}
        {%- do statements.append('create schema if not exists ' ~ schema) -%}
    {%- endfor -%}
    {%- for node in nodes -%}
        {%- do statements.append(
            'create or replace view ' ~ node.schema ~ '.' ~ node.identifier
            ~ ' as ' ~ external_select(node, present.get(node.unique_id))
        ) -%}
    {%- endfor -%}
    {%- do run_query(statements | join('; ')) -%}
{%- endmacro %}

{% macro external_files(node) -%}
    {{- "'" ~ (external_path(node.config.meta.path) ~ '/**/*.parquet') | replace("'", "''") ~ "'" -}}
{%- endmacro %}

{% macro external_scan(node) -%}
    {{- "read_parquet(" ~ external_files(node) ~ ", union_by_name = true, hive_partitioning = false, filename = 'file_name')" -}}
{%- endmacro %}

{#- The declared columns of a source out of the columns its files have; no rows where there is no file. -#}
{% macro external_select(node, present) -%}
    {%- set columns = [] -%}
    {%- for column in node.columns.values() -%}
        {%- if present is not none and column.name == node.config.meta.get('day_column') -%}
            {%- do columns.append("try_cast(regexp_extract(file_name, '([0-9]{4}-[0-9]{2}-[0-9]{2})/[^/]*$', 1) as date) as \"" ~ column.name ~ '"') -%}
        {%- elif present is not none and column.name in present -%}
            {%- do columns.append('cast("' ~ column.name ~ '" as ' ~ column.data_type ~ ') as "' ~ column.name ~ '"') -%}
        {%- else -%}
            {%- do columns.append('cast(null as ' ~ column.data_type ~ ') as "' ~ column.name ~ '"') -%}
        {%- endif -%}
    {%- endfor -%}
    {{- 'select ' ~ columns | join(', ') ~ (' from ' ~ external_scan(node) if present is not none else ' where false') -}}
{%- endmacro %}
