{#- Makes every declared source readable as a view over its Parquet folder, before anything else runs.

    A source table says where it lives in `config.meta.path` (relative to BUYING_SIGNALS_HOME, or to
    BUYING_SIGNALS_LAKE_URL for paths that begin with `lake/`). The view selects exactly the declared
    columns with their declared types: a column a file does not have (yet) is NULL, and a folder that
    does not exist (yet) gives an empty view, so that the first run of a new installation works.
    `config.meta.day_column` names a column that takes the day of the partition's folder. -#}
{% macro create_external_views() -%}
    {%- if execute and flags.WHICH in ['run', 'build', 'test', 'seed', 'compile', 'show'] -%}
        {%- for node in graph.sources.values() if node.config.meta.get('path') -%}
            {%- do create_external_view(node) -%}
        {%- endfor -%}
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

{% macro create_external_view(node) -%}
    {{- return(adapter.dispatch('create_external_view')(node)) -}}
{%- endmacro %}

{% macro duckdb__create_external_view(node) -%}
    {%- set pattern = external_path(node.config.meta.path) ~ '/**/*.parquet' -%}
    {%- set pattern = pattern | replace("'", "''") -%}
    {%- set found = run_query("select count(*) from glob('" ~ pattern ~ "')").columns[0].values()[0] -%}
    {%- set columns = [] -%}
    {%- if found > 0 -%}
        {%- set scan = "read_parquet('" ~ pattern ~ "', union_by_name = true, hive_partitioning = false, filename = 'file_name')" -%}
        {%- set present = run_query("select column_name from (describe select * from " ~ scan ~ ")").columns[0].values() -%}
        {%- for column in node.columns.values() -%}
            {%- if column.name == node.config.meta.get('day_column') -%}
                {%- do columns.append("try_cast(regexp_extract(file_name, '([0-9]{4}-[0-9]{2}-[0-9]{2})/[^/]*$', 1) as date) as \"" ~ column.name ~ '"') -%}
            {%- elif column.name in present -%}
                {%- do columns.append('cast("' ~ column.name ~ '" as ' ~ column.data_type ~ ') as "' ~ column.name ~ '"') -%}
            {%- else -%}
                {%- do columns.append('cast(null as ' ~ column.data_type ~ ') as "' ~ column.name ~ '"') -%}
            {%- endif -%}
        {%- endfor -%}
        {%- set body = 'select ' ~ columns | join(', ') ~ ' from ' ~ scan -%}
    {%- else -%}
        {%- for column in node.columns.values() -%}
            {%- do columns.append('cast(null as ' ~ column.data_type ~ ') as "' ~ column.name ~ '"') -%}
        {%- endfor -%}
        {%- set body = 'select ' ~ columns | join(', ') ~ ' where false' -%}
    {%- endif -%}
    {%- do run_query('create schema if not exists ' ~ node.schema) -%}
    {%- do run_query('create or replace view ' ~ node.schema ~ '.' ~ node.identifier ~ ' as ' ~ body) -%}
{%- endmacro %}
