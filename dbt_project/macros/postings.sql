{#- What reading a posting gives, as every table of postings has it: its words and fields understood,
    and by which reader. `relation` is the alias of the readings; without one they are bare names. -#}
{% macro posting_reading_columns(relation=none) -%}
    {%- set columns = [
        'seniority', 'city', 'region', 'country', 'places', 'remote_option', 'employment_type',
        'salary_min', 'salary_max', 'salary_currency', 'salary_period', 'salary_source',
        'required_skills', 'preferred_skills', 'technologies', 'certifications', 'years_min',
        'years_max', 'degree', 'field_evidence', 'reader_version', 'reader_confidence'
    ] -%}
    {%- for column in columns %}
    {{ relation ~ '.' if relation }}{{ column }}{{ ',' if not loop.last }}
    {%- endfor %}
{%- endmacro %}
