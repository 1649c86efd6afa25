{#- Connected components by spreading the smallest label over records and keys.

    `edges` names a CTE with record_key, key_label (rank of the key) and the macro writes the CTE
    `<name>` with record_key and label. Each round carries a label over one more record; records
    chained over more shared keys than rounds stay apart, which errs on the side of not merging. -#}
{% macro spread_labels(edges, name, rounds=4) -%}
    {{ name }}_keys_0 as (
        select key, min(key_rank) as label from {{ edges }} group by key
    ),
    {% for round in range(1, rounds + 1) %}
    {{ name }}_records_{{ round }} as (
        select {{ edges }}.record_key, min(labels.label) as label
        from {{ edges }}
        inner join {{ name }}_keys_{{ round - 1 }} as labels on {{ edges }}.key = labels.key
        group by {{ edges }}.record_key
    ),
    {{ name }}_keys_{{ round }} as (
        select {{ edges }}.key, min(labels.label) as label
        from {{ edges }}
        inner join {{ name }}_records_{{ round }} as labels on {{ edges }}.record_key = labels.record_key
        group by {{ edges }}.key
    ),
    {% endfor %}
    {{ name }} as (
        select record_key, label from {{ name }}_records_{{ rounds }}
    )
{%- endmacro %}
