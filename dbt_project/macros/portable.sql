{#- What differs by engine, in one file. The default is DuckDB's dialect; another engine overrides
    `<engine>__<name>`. -#}

{#- A timestamp with time zone as UTC wall time. -#}
{% macro utc(expression) -%}
    {{ return(adapter.dispatch('utc')(expression)) }}
{%- endmacro %}
{% macro default__utc(expression) -%}
    ({{ expression }} at time zone 'UTC')
{%- endmacro %}

{#- A cast that gives NULL instead of an error. -#}
{% macro try_to(expression, type) -%}
    {{ return(adapter.dispatch('try_to')(expression, type)) }}
{%- endmacro %}
{% macro default__try_to(expression, type) -%}
    try_cast({{ expression }} as {{ type }})
{%- endmacro %}

{#- Several fields of one JSON text as a list of texts, parsing it once; NULL when it is no JSON. -#}
{% macro json_fields(expression, paths) -%}
    {{ return(adapter.dispatch('json_fields')(expression, paths)) }}
{%- endmacro %}
{% macro default__json_fields(expression, paths) -%}
    try(json_extract_string({{ expression }}, [{% for path in paths %}'{{ path }}'{{ ', ' if not loop.last }}{% endfor %}]))
{%- endmacro %}

{#- One field of a JSON text under a path that is an expression; NULL when there is none. -#}
{% macro json_field(expression, path) -%}
    {{ return(adapter.dispatch('json_field')(expression, path)) }}
{%- endmacro %}
{% macro default__json_field(expression, path) -%}
    try(json_extract_string({{ expression }}, {{ path }}))
{%- endmacro %}

{#- The texts of a JSON array under a path, as a list to unnest. -#}
{% macro json_list(expression, path) -%}
    {{ return(adapter.dispatch('json_list')(expression, path)) }}
{%- endmacro %}
{% macro default__json_list(expression, path) -%}
    try(cast(json_extract({{ expression }}, '{{ path }}') as varchar[]))
{%- endmacro %}

{#- The texts that a path with a wildcard finds, as a list. -#}
{% macro json_values(expression, path) -%}
    {{ return(adapter.dispatch('json_values')(expression, path)) }}
{%- endmacro %}
{% macro default__json_values(expression, path) -%}
    try(json_extract_string({{ expression }}, '{{ path }}'))
{%- endmacro %}

{#- The keys of a JSON object under a path, as a list to unnest. -#}
{% macro json_object_keys(expression, path) -%}
    {{ return(adapter.dispatch('json_object_keys')(expression, path)) }}
{%- endmacro %}
{% macro default__json_object_keys(expression, path) -%}
    try(json_keys({{ expression }}, '{{ path }}'))
{%- endmacro %}

{#- A JSON object as text from name/expression pairs given as a dict. -#}
{% macro json_build(fields) -%}
    {{ return(adapter.dispatch('json_build')(fields)) }}
{%- endmacro %}
{% macro default__json_build(fields) -%}
    cast(json_object({% for name, expression in fields.items() %}'{{ name }}', {{ expression }}{{ ', ' if not loop.last }}{% endfor %}) as varchar)
{%- endmacro %}

{#- Whole days from one date to another. -#}
{% macro days_between(earlier, later) -%}
    {{ return(adapter.dispatch('days_between')(earlier, later)) }}
{%- endmacro %}
{% macro default__days_between(earlier, later) -%}
    date_diff('day', cast({{ earlier }} as date), cast({{ later }} as date))
{%- endmacro %}

{#- Text without accents, in lower case. -#}
{% macro folded(expression) -%}
    {{ return(adapter.dispatch('folded')(expression)) }}
{%- endmacro %}
{% macro default__folded(expression) -%}
    lower(strip_accents({{ expression }}))
{%- endmacro %}

{#- A stable id: md5 of the parts, NULL counting as empty. -#}
{% macro stable_id(parts) -%}
    md5(concat_ws('|'{% for part in parts %}, coalesce(cast({{ part }} as varchar), ''){% endfor %}))
{%- endmacro %}

{#- A day for a reader: "7 May 2026". -#}
{% macro day_text(expression) -%}
    {{ return(adapter.dispatch('day_text')(expression)) }}
{%- endmacro %}
{% macro default__day_text(expression) -%}
    strftime({{ expression }}, '%-d %B %Y')
{%- endmacro %}

{#- A day as sources and files write it: "2026-05-07". -#}
{% macro iso_day(expression) -%}
    cast(cast({{ expression }} as date) as varchar)
{%- endmacro %}

{#- The same of a month: "2026-05". -#}
{% macro iso_month(expression) -%}
    substr({{ iso_day(expression) }}, 1, 7)
{%- endmacro %}

{#- An amount for a reader: "$12.5M", "EUR 300k". -#}
{% macro money_text(amount, currency) -%}
    {{ return(adapter.dispatch('money_text')(amount, currency)) }}
{%- endmacro %}
{% macro default__money_text(amount, currency) -%}
    (
        case when coalesce({{ currency }}, 'USD') = 'USD' then '$' else {{ currency }} || ' ' end
        || case
            when {{ amount }} >= 1e9 then printf('%.1fB', {{ amount }} / 1e9)
            when {{ amount }} >= 1e6 then printf('%.1fM', {{ amount }} / 1e6)
            when {{ amount }} >= 1e3 then printf('%.0fk', {{ amount }} / 1e3)
            else printf('%.0f', {{ amount }})
        end
    )
{%- endmacro %}

{#- A day from a text that may state only the year or the month: the first day of it; NULL when the
    text is no date. `partial_date_precision` says which it was. -#}
{% macro partial_date(expression) -%}
    {{ try_to("case length(trim(" ~ expression ~ ")) when 4 then trim(" ~ expression ~ ") || '-01-01' when 7 then trim(" ~ expression ~ ") || '-01' else " ~ expression ~ " end", 'date') }}
{%- endmacro %}
{% macro partial_date_precision(expression) -%}
    case when {{ partial_date(expression) }} is null then null when length(trim({{ expression }})) = 4 then 'year' when length(trim({{ expression }})) = 7 then 'month' else 'day' end
{%- endmacro %}

{#- A version as a list of numbers that compares as versions do: 3.10 comes after 3.9. NULL without one. -#}
{% macro version_key(expression) -%}
    {{ return(adapter.dispatch('version_key')(expression)) }}
{%- endmacro %}
{% macro default__version_key(expression) -%}
    list_transform(nullif(regexp_extract_all({{ expression }}, '[0-9]{1,15}'), []), lambda part: cast(part as bigint))
{%- endmacro %}

{#- The first number of a version; NULL when it holds none. -#}
{% macro main_version(expression) -%}
    {{ try_to("nullif(regexp_extract(" ~ expression ~ ", '[0-9]{1,15}'), '')", 'bigint') }}
{%- endmacro %}

{#- How alike two short texts are, 0 to 1, counting letters in common and a common beginning. -#}
{% macro text_likeness(one, other) -%}
    {{ return(adapter.dispatch('text_likeness')(one, other)) }}
{%- endmacro %}
{% macro default__text_likeness(one, other) -%}
    jaro_winkler_similarity({{ one }}, {{ other }})
{%- endmacro %}
