{#- Name of a company as compared: no accents, no case, no punctuation, no legal form at the end.
    "Acme, Inc." and "ACME Incorporated" become "acme". A word always remains: "Co" is "co". NULL
    when there is none. The same rule as `detection.names.normalize_company_name`. -#}
{% macro company_name_key(expression) -%}
    nullif(regexp_replace(
        regexp_replace(
            trim(regexp_replace(
                {{ folded("replace(replace(replace(replace(" ~ expression ~ ", '&', ' and '), '.', ''), '''', ''), '’', '')") }},
                '[^\p{L}\p{N}]+', ' ', 'g'
            )),
            '^([^ ]+(?: [^ ]+)*?)(?: (?:inc|incorporated|corp|corporation|co|company|llc|llp|lp|ltd|limited|plc|gmbh|ag|kg|se|sa|sas|sarl|srl|spa|bv|nv|ab|as|asa|oy|oyj|aps|pty|pte|kk|sl|dac|pvt|and))+$',
            '\1'
        ),
        '^(?:the )+(.+)$', '\1'
    ), '')
{%- endmacro %}

{#- Name of a person as compared: no accents, case, punctuation, titles or middle initials. -#}
{% macro person_name_key(expression) -%}
    nullif(trim(regexp_replace(regexp_replace(regexp_replace(
        trim(regexp_replace({{ folded(expression) }}, '[^\p{L}\p{N}]+', ' ', 'g')),
        '^((mr|mrs|ms|dr|prof) )+', ''
    ), '( (jr|sr|ii|iii|iv|phd|md|cpa))+$', ''), ' [a-z] ', ' ', 'g')), '')
{%- endmacro %}

{#- Host of a URL or domain, in lower case and without "www."; NULL when it is none. -#}
{% macro domain_key(expression) -%}
    nullif(regexp_extract(
        lower(trim({{ expression }})), '^(?:https?://)?(?:www\.)?([a-z0-9-]+(?:\.[a-z0-9-]+)+)', 1
    ), '')
{%- endmacro %}

{#- SEC central index key as ten digits; NULL when the text holds none. -#}
{% macro cik_key(expression) -%}
    lpad(nullif(regexp_extract(cast({{ expression }} as varchar), '^0*([1-9][0-9]{0,9})$', 1), ''), 10, '0')
{%- endmacro %}

{#- Rank of a level of seniority: the more the higher, 0 for none. -#}
{% macro level_rank(level) -%}
    case {{ level }} when 'c_suite' then 4 when 'vp' then 3 when 'director' then 2 when 'manager' then 1 else 0 end
{%- endmacro %}
