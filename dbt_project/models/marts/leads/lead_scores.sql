with sums as (
    select
        organisation_id,
        icp_profile_id,
        company_id,
        sum(weighted_points) as lead_score,
        sum(case when component = 'intent' then points else 0 end) as intent_score,
        sum(case when component = 'fit' then points else 0 end) as fit_score,
        sum(case when component = 'accessibility' then points else 0 end) as accessibility_score
    from {{ ref('lead_score_points') }}
    group by organisation_id, icp_profile_id, company_id
),

scores as (
    select
        matches.organisation_id,
        matches.icp_profile_id,
        matches.company_id,
        {{ as_of() }} as as_of,
        cast(coalesce(sums.lead_score, 0) as decimal(18, 8)) as lead_score,
        cast(coalesce(sums.intent_score, 0) as decimal(18, 4)) as intent_score,
        cast(coalesce(sums.fit_score, 0) as decimal(18, 4)) as fit_score,
        cast(coalesce(sums.accessibility_score, 0) as decimal(18, 4)) as accessibility_score
    from {{ ref('int_icp_matches') }} as matches
    left join sums
        on matches.organisation_id = sums.organisation_id
        and matches.icp_profile_id = sums.icp_profile_id
        and matches.company_id = sums.company_id
),

reached as (
    select
        scores.organisation_id, scores.icp_profile_id, scores.company_id,
        arg_max(tiers.tier, tiers.from_score) as tier
    from scores
    inner join {{ ref('lead_score_tiers') }} as tiers on scores.lead_score >= tiers.from_score
    group by scores.organisation_id, scores.icp_profile_id, scores.company_id
)

select scores.*, reached.tier
from scores
inner join reached
    on scores.organisation_id = reached.organisation_id
    and scores.icp_profile_id = reached.icp_profile_id
    and scores.company_id = reached.company_id
