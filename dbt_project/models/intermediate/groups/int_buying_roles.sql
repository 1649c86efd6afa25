-- The part each candidate takes: log-odds of every role, turned into probabilities that add up to 1.
with weighed as (
    select
        organisation_id,
        icp_profile_id,
        company_id,
        person_id,
        buying_role,
        exp(sum(cast(log_odds as decimal(9, 2)))) as weight,
        string_agg(label || ' (' || case when log_odds > 0 then '+' else '' end || round(log_odds, 1) || ')', '; ' order by log_odds desc, rule_id)
            filter (where rule_id <> 'base' and abs(log_odds) >= 0.05) as reasons
    from {{ ref('int_buying_role_points') }}
    group by organisation_id, icp_profile_id, company_id, person_id, buying_role
),

shared as (
    select
        weighed.*,
        roles.position,
        weighed.weight / sum(weighed.weight) over (
            partition by weighed.organisation_id, weighed.icp_profile_id, weighed.company_id, weighed.person_id
        ) as probability
    from weighed
    inner join {{ ref('buying_roles') }} as roles on weighed.buying_role = roles.buying_role
)

select
    organisation_id,
    icp_profile_id,
    company_id,
    person_id,
    first(buying_role order by probability desc, position) filter (where buying_role <> 'outsider') as buying_role,
    round(max(probability) filter (where buying_role <> 'outsider'), 6) as role_probability,
    round(1 - max(probability) filter (where buying_role = 'outsider'), 6) as in_group_probability,
    first(reasons order by probability desc, position) filter (where buying_role <> 'outsider') as role_reasons,
    '{' || string_agg('"' || buying_role || '": ' || round(probability, 4), ', ' order by position) || '}' as role_probabilities
from shared
group by organisation_id, icp_profile_id, company_id, person_id
