-- The rules that hold for each candidate: one row per profile, company, person, role and rule, with the
-- log-odds that it adds to the role: learned ones, or the rules of thumb that they were learned from.
{% set is_learned = var('buying_role_weights') == 'learned' %}
{% set rules = {
    'titled_decision_maker': "is_titled_decision_maker and level in ('c_suite', 'vp', 'director')",
    'titled_below_director': "is_titled_decision_maker and coalesce(level, 'none') not in ('c_suite', 'vp', 'director')",
    'chief_of_core': "level = 'c_suite' and relevance >= 0.8 and not is_head",
    'vp_of_core': "level = 'vp' and relevance >= 0.8",
    'director_of_core': "level = 'director' and relevance >= 0.8",
    'chief_of_involved': "level = 'c_suite' and (relevance >= 0.5 and relevance < 0.8 or is_head)",
    'chief_elsewhere': "level = 'c_suite' and relevance < 0.5 and not is_head and not is_control",
    'vp_elsewhere': "level = 'vp' and relevance < 0.8",
    'head_of_small_company': "is_head and employee_count < 100",
    'head_of_midsize_company': "is_head and employee_count >= 100 and employee_count < 500",
    'head_of_large_company': "is_head and employee_count >= 500",
    'interacted': "interactions > 0",
    'interacted_strongly': "interactions > 0 and behaviour_strength >= 0.5",
    'looked': "interactions = 0 and events > 0",
    'core_department': "relevance >= 0.8",
    'involved_department': "relevance >= 0.5 and relevance < 0.8",
    'middle_rank': "level in ('director', 'manager')",
    'manager': "level = 'manager'",
    'control_department': "is_control",
    'ranks': "level is not null",
    'no_rank': "level is null and department is not null",
    'path': "path is not null",
    'strong_path': "path_type = 'connection'",
    'distant_department': "department is not null and relevance < 0.3",
    'unknown_position': "level is null and department is null",
} %}
with candidates as (
    select *, level = 'c_suite' and department = 'executive' as is_head
    from {{ ref('int_group_candidates') }}
),

held as (
    {% for rule, condition in rules.items() %}
    select organisation_id, icp_profile_id, company_id, person_id, '{{ rule }}' as rule_id
    from candidates
    where {{ condition }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

possible as (
    select
        candidates.organisation_id,
        candidates.icp_profile_id,
        candidates.company_id,
        candidates.person_id,
        roles.buying_role,
        roles.{{ 'learned_base_log_odds' if is_learned else 'base_log_odds' }} as base_log_odds
    from candidates
    cross join {{ ref('buying_roles') }} as roles
    where roles.needs is null
        or (roles.needs = 'interaction' and candidates.interactions > 0)
        or (roles.needs = 'path' and candidates.path is not null)
)

select
    organisation_id,
    icp_profile_id,
    company_id,
    person_id,
    buying_role,
    'base' as rule_id,
    base_log_odds as log_odds,
    cast(null as varchar) as label
from possible
union all
select
    possible.organisation_id,
    possible.icp_profile_id,
    possible.company_id,
    possible.person_id,
    possible.buying_role,
    held.rule_id,
    rules.{{ 'learned_log_odds' if is_learned else 'log_odds' }} as log_odds,
    rules.label
from held
inner join possible
    on held.organisation_id = possible.organisation_id
    and held.icp_profile_id = possible.icp_profile_id
    and held.company_id = possible.company_id
    and held.person_id = possible.person_id
inner join {{ ref('buying_role_rules') }} as rules
    on held.rule_id = rules.rule_id and possible.buying_role = rules.buying_role
