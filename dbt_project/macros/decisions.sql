{#- What the keys in decisions on an entity (company or person) mean: the records that state them, a
    record itself, or an id that it has or had. `keys` is the relation of the records' keys. One row
    per decision, side of it and record. -#}
{% macro decided_records(entity, keys) -%}
with decisions as (
    select * from {{ ref('stg_reference__identity_decisions') }} where entity = '{{ entity }}'
),

addressed as (
    select record_key, key from {{ keys }}
    union all
    select record_key, 'record:' || record_key from {{ keys }}
    union all
    select record_key, '{{ entity }}_id:' || {{ stable_id(["'" ~ entity ~ "'", 'key']) }} from {{ keys }}
),

sides as (
    select *, 'subject' as side, subject_key as key from decisions
    union all
    select *, 'other', other_key from decisions
)

select distinct
    sides.decision_id,
    sides.decision,
    sides.side,
    addressed.record_key,
    sides.reason,
    sides.decided_by,
    sides.decided_on
from sides
inner join addressed on sides.key = addressed.key
{%- endmacro %}

{#- Ties that merges and pins lay between records, as edges for spread_labels; they name nobody. -#}
{% macro decision_edges(decisions) -%}
    select record_key, 'decision:' || decision_id, cast(null as bigint)
    from {{ decisions }}
    where decision in ('merge', 'pin')
{%- endmacro %}

{#- A decision as a pair of records with what was said: columns left_record, right_record,
    probability, reasons, decided_on. -#}
{% macro decided_pairs(decisions) -%}
    select
        least(min(case when side = 'subject' then record_key end), min(case when side = 'other' then record_key end)) as left_record,
        greatest(min(case when side = 'subject' then record_key end), min(case when side = 'other' then record_key end)) as right_record,
        cast(case decision when 'split' then 0 else 1 end as double) as probability,
        concat_ws(' ', 'decision', decision, 'by ' || decided_by, 'on', decided_on) || ': ' || reason as reasons,
        decided_on
    from {{ decisions }}
    group by decision_id, decision, reason, decided_by, decided_on
    having count(distinct side) = 2
{%- endmacro %}
