-- The best companies to turn to, in two phases: the market is filtered by what companies are and how they
-- grow, and only of the best of it the buying groups are looked at.
with profiles as (
    select
        organisation_id,
        icp_profile_id,
        {{ json_field('config', "'$.seller.target_market'") }} as target_market
    from {{ ref('stg_reference__icp_profiles') }}
),

market as (
    select
        matches.organisation_id,
        matches.icp_profile_id,
        matches.company_id,
        companies.name as company_name,
        companies.domain,
        companies.industry,
        companies.country,
        companies.employee_count,
        sizes.market,
        scores.fit_score,
        scores.intent_score,
        coalesce(trends.kinds, 0) as growth_kinds,
        trends.evidence as growth_evidence,
        least(100.0, 0.6 * scores.intent_score + 10.0 * coalesce(trends.kinds, 0)) as growth_score
    from {{ ref('int_icp_matches') }} as matches
    inner join profiles
        on matches.organisation_id = profiles.organisation_id and matches.icp_profile_id = profiles.icp_profile_id
    inner join {{ ref('int_companies') }} as companies on matches.company_id = companies.company_id
    inner join {{ ref('lead_scores') }} as scores
        on matches.organisation_id = scores.organisation_id
        and matches.icp_profile_id = scores.icp_profile_id
        and matches.company_id = scores.company_id
    inner join {{ ref('buying_group_sizes') }} as sizes
        on {{ headcount_from('companies') }} between sizes.headcount_from and sizes.headcount_to
    left join {{ ref('int_growth_trends') }} as trends on matches.company_id = trends.company_id
    where matches.is_industry_match
        and matches.is_size_match
        and coalesce(profiles.target_market, sizes.market) = sizes.market
),

filtered as (
    select *, 0.6 * fit_score + 0.4 * growth_score as market_score
    from market
),

best as (
    select
        *,
        row_number() over (partition by organisation_id, icp_profile_id order by market_score desc, company_id) as market_rank
    from filtered
),

sampled as (
    select
        best.*,
        groups.buyer_group_id,
        groups.core_members,
        groups.decision_makers,
        groups.champions,
        groups.threads,
        groups.overall_quality as group_quality,
        0.5 * best.market_score + 0.5 * coalesce(groups.overall_quality, 0) as buyer_score
    from best
    left join {{ ref('buyer_groups') }} as groups
        on best.organisation_id = groups.organisation_id
        and best.icp_profile_id = groups.icp_profile_id
        and best.company_id = groups.company_id
    where best.market_rank <= {{ var('optimal_buyers_sampled') }}
)

select
    organisation_id,
    icp_profile_id,
    company_id,
    {{ as_of() }} as as_of,
    row_number() over (
        partition by organisation_id, icp_profile_id order by buyer_score desc, market_rank
    ) as buyer_rank,
    company_name,
    domain,
    industry,
    country,
    market,
    employee_count,
    round(cast(buyer_score as double), 2) as buyer_score,
    market_rank,
    round(cast(market_score as double), 2) as market_score,
    cast(fit_score as double) as fit_score,
    round(cast(growth_score as double), 2) as growth_score,
    growth_evidence,
    buyer_group_id,
    group_quality,
    core_members,
    decision_makers,
    champions,
    threads
from sampled
