{#- A template with its words in braces filled in; a word whose value is not known leaves the mark
    of `unfilled()` in the text. -#}
{% macro filled(template, values) -%}
    {%- set ns = namespace(text=template) -%}
    {%- for word, value in values.items() -%}
        {%- set ns.text = "replace(" ~ ns.text ~ ", '{" ~ word ~ "}', coalesce(" ~ value ~ ", " ~ unfilled() ~ "))" -%}
    {%- endfor -%}
    {{- ns.text -}}
{%- endmacro %}

{#- A character that no text has. -#}
{% macro unfilled() -%}
    chr(1)
{%- endmacro %}
