-- The rules that score leads under each profile: the defaults of the seed, with the points and weights
-- that the profile sets instead. A rule of no points awards nothing and is left out.
with profiles as (
    select * from {{ ref('stg_reference__icp_profiles') }}
),

rules as (
    select * from {{ ref('lead_score_rules') }}
),

stated as (
    select
        profiles.organisation_id,
        profiles.icp_profile_id,
        rules.component,
        rules.rule_id,
        {{ try_to(json_field('profiles.config', "'$.scoring.weights.' || rules.component"), 'double') }} as own_weight,
        {{ try_to(json_field('profiles.config', "'$.scoring.points.' || rules.rule_id"), 'double') }} as own_points,
        rules.weight,
        rules.max_points,
        rules.fresh_days,
        rules.half_life_days,
        rules.ends_after_days,
        rules.planned_share,
        rules.label,
        rules.missing
    from profiles
    cross join rules
)

select
    organisation_id,
    icp_profile_id,
    component,
    rule_id,
    coalesce(own_weight, weight) as weight,
    coalesce(own_points, max_points) as max_points,
    fresh_days,
    half_life_days,
    ends_after_days,
    planned_share,
    label,
    missing
from stated
where coalesce(own_points, max_points) > 0
