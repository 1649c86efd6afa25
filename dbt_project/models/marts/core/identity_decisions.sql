-- A decision is in effect when the records that it speaks of are one company, or not one, as it says.
with means as (
    {% for entity in ['company', 'person'] %}
    select decisions.decision_id, decisions.side, identity.{{ entity }}_id as entity_id
    from {{ ref('int_' ~ entity ~ '_decisions') }} as decisions
    inner join {{ ref('int_' ~ entity ~ '_identity') }} as identity on decisions.record_key = identity.record_key
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

sides as (
    select decision_id, side, min(entity_id) as first_id, max(entity_id) as last_id
    from means
    group by decision_id, side
),

judged as (
    select
        decisions.*,
        subjects.first_id as subject_id,
        others.first_id as other_id,
        case
            when subjects.first_id is null and others.first_id is null then 'unknown'
            when subjects.first_id is null then 'subject_unknown'
            when others.first_id is null then 'other_unknown'
            when decisions.decision = 'split' and subjects.first_id <> others.first_id then 'in_effect'
            when decisions.decision <> 'split' and subjects.first_id = others.first_id
                and subjects.last_id = subjects.first_id and others.last_id = others.first_id then 'in_effect'
            else 'overruled'
        end as state
    from {{ ref('stg_reference__identity_decisions') }} as decisions
    left join sides as subjects on decisions.decision_id = subjects.decision_id and subjects.side = 'subject'
    left join sides as others on decisions.decision_id = others.decision_id and others.side = 'other'
)

select
    decision_id, entity, decision, subject_key, other_key, subject_id, other_id, state, reason, decided_by, decided_on
from judged
