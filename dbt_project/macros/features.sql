{#- Signal types that are counted one by one in the features. -#}
{% macro feature_signal_types() -%}
    {{ return(['funding_round', 'executive_change', 'job_posting', 'technology_adoption', 'expansion',
        'acquisition', 'partnership', 'product_launch', 'regulatory_filing']) }}
{%- endmacro %}

{#- Windows, in days back from the start of the day. -#}
{% macro feature_windows() -%}
    {{ return([30, 90, 180]) }}
{%- endmacro %}
