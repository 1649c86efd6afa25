-- What every rule that is on for a profile still leaves to be gained by a company.
with rules as (
    select * from {{ ref('int_score_rules') }}
),

scores as (
    select * from {{ ref('lead_scores') }}
),

points as (
    select * from {{ ref('lead_score_points') }}
),

matches as (
    select
        matches.*,
        profiles.company_size_min,
        profiles.company_size_max
    from {{ ref('int_icp_matches') }} as matches
    inner join {{ ref('stg_reference__icp_profiles') }} as profiles
        on matches.organisation_id = profiles.organisation_id
        and matches.icp_profile_id = profiles.icp_profile_id
),

steps as (
    select
        scores.organisation_id,
        scores.icp_profile_id,
        scores.company_id,
        arg_min(tiers.tier, tiers.from_score) as next_tier,
        min(tiers.from_score) as next_tier_from
    from scores
    inner join {{ ref('lead_score_tiers') }} as tiers on scores.lead_score < tiers.from_score
    group by scores.organisation_id, scores.icp_profile_id, scores.company_id
),

short as (
    select
        scores.organisation_id,
        scores.icp_profile_id,
        scores.company_id,
        scores.as_of,
        scores.lead_score,
        rules.component,
        rules.rule_id,
        rules.label,
        rules.missing,
        cast(rules.weight as decimal(5, 4)) as weight,
        cast(rules.max_points as decimal(9, 4)) - coalesce(points.points, 0) as missing_points,
        points.points,
        points.evidence,
        coalesce(signals.share, 1) as share
    from scores
    inner join rules
        on scores.organisation_id = rules.organisation_id
        and scores.icp_profile_id = rules.icp_profile_id
    left join points
        on scores.organisation_id = points.organisation_id
        and scores.icp_profile_id = points.icp_profile_id
        and scores.company_id = points.company_id
        and rules.rule_id = points.rule_id
    left join {{ ref('int_intent_points') }} as signals
        on points.organisation_id = signals.organisation_id
        and points.icp_profile_id = signals.icp_profile_id
        and points.company_id = signals.company_id
        and points.rule_id = signals.rule_id
    where coalesce(points.points, 0) < cast(rules.max_points as decimal(9, 4))
)

select
    short.organisation_id,
    short.icp_profile_id,
    short.company_id,
    short.as_of,
    short.component,
    short.rule_id,
    short.label,
    cast(short.missing_points as decimal(9, 4)) as missing_points,
    cast(short.missing_points * short.weight as decimal(18, 8)) as missing_weighted_points,
    case
        when short.share < 1 then 'Counts in part: ' || short.evidence
        when short.points is not null then 'Fades: ' || short.evidence
        when short.rule_id = 'industry_match' and matches.industry is null then 'Industry is not known'
        when short.rule_id = 'industry_match' then 'Industry is ' || matches.industry || ', none that the profile names'
        when short.rule_id = 'size_match' and matches.employee_count is null then 'Head count is not known'
        when short.rule_id = 'size_match' then matches.employee_count || ' employees, not from '
            || coalesce(matches.company_size_min, 1) || ' to ' || coalesce(cast(matches.company_size_max as varchar), 'any number')
        when short.rule_id = 'geography_match' and matches.country is null then 'Country is not known'
        when short.rule_id = 'geography_match' then 'Country is ' || matches.country || ', none that the profile names'
        when short.rule_id = 'technology_match' and matches.avoided_technologies is not null
            then 'Uses ' || matches.avoided_technologies || ', which the profile avoids'
        else short.missing
    end as reason,
    steps.next_tier,
    cast(steps.next_tier_from - short.lead_score as decimal(18, 8)) as points_to_next_tier,
    coalesce(short.missing_points * short.weight >= steps.next_tier_from - short.lead_score, false) as reaches_next_tier
from short
inner join matches
    on short.organisation_id = matches.organisation_id
    and short.icp_profile_id = matches.icp_profile_id
    and short.company_id = matches.company_id
left join steps
    on short.organisation_id = steps.organisation_id
    and short.icp_profile_id = steps.icp_profile_id
    and short.company_id = steps.company_id
