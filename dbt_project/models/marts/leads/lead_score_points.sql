with rules as (
    select * from {{ ref('int_score_rules') }}
),

matches as (
    select * from {{ ref('int_icp_matches') }}
),

fit as (
    {{ fit_evidence('matches') }}
),

growth as (
    select
        matches.organisation_id, matches.icp_profile_id, matches.company_id, 'industry_growth' as rule_id,
        growth.industry || ': ' || growth.companies_now || ' companies with funding or expansion in '
            || growth.window_days || ' days, ' || growth.companies_before || ' in the ' || growth.window_days
            || ' days before' as evidence
    from matches
    inner join {{ ref('stg_reference__icp_profiles') }} as profiles
        on matches.organisation_id = profiles.organisation_id
        and matches.icp_profile_id = profiles.icp_profile_id
        and profiles.wants_industry_growth
    inner join {{ ref('int_industry_growth') }} as growth
        on coalesce(matches.industry_name, matches.industry) = growth.industry and growth.is_growing
),

trends as (
    select profiles.organisation_id, profiles.icp_profile_id, trends.company_id, 'growth_trend' as rule_id, trends.evidence
    from {{ ref('int_growth_trends') }} as trends
    cross join {{ ref('stg_reference__icp_profiles') }} as profiles
),

-- One point whatever the number of products: the renewal that comes first.
renewals as (
    select organisation_id, icp_profile_id, company_id, 'contract_renewal' as rule_id, evidence, signal_id, source_url, in_use_since
    from {{ ref('int_contract_renewals') }}
    qualify row_number() over (
        partition by organisation_id, icp_profile_id, company_id order by renews_on, technology
    ) = 1
),

access as (
    select profiles.organisation_id, profiles.icp_profile_id, points.company_id, points.rule_id, points.evidence
    from {{ ref('int_access_points') }} as points
    cross join {{ ref('stg_reference__icp_profiles') }} as profiles
),

whole as (
    select * from fit
    union all
    select * from growth
    union all
    select * from trends
    union all
    select * from access
),

awarded as (
    select
        whole.organisation_id, whole.icp_profile_id, whole.company_id, whole.rule_id,
        cast(rules.max_points as double) as points, whole.evidence, cast(null as varchar) as signal_id,
        cast(null as varchar) as source_url, cast(null as date) as occurred_on
    from whole
    inner join rules
        on whole.organisation_id = rules.organisation_id
        and whole.icp_profile_id = rules.icp_profile_id
        and whole.rule_id = rules.rule_id
    union all
    select
        renewals.organisation_id, renewals.icp_profile_id, renewals.company_id, renewals.rule_id,
        cast(rules.max_points as double), renewals.evidence, renewals.signal_id, renewals.source_url, renewals.in_use_since
    from renewals
    inner join rules
        on renewals.organisation_id = rules.organisation_id
        and renewals.icp_profile_id = rules.icp_profile_id
        and renewals.rule_id = rules.rule_id
    union all
    select
        organisation_id, icp_profile_id, company_id, rule_id, points, evidence, signal_id, source_url, occurred_on
    from {{ ref('int_intent_points') }}
)

-- Decimals, so that the sum of the points is the score to the last digit.
select
    awarded.organisation_id,
    awarded.icp_profile_id,
    awarded.company_id,
    {{ as_of() }} as as_of,
    rules.component,
    awarded.rule_id,
    rules.label,
    cast(awarded.points as decimal(9, 4)) as points,
    cast(rules.max_points as decimal(9, 4)) as max_points,
    cast(rules.weight as decimal(5, 4)) as weight,
    cast(cast(awarded.points as decimal(9, 4)) * cast(rules.weight as decimal(5, 4)) as decimal(18, 8)) as weighted_points,
    awarded.evidence,
    awarded.signal_id,
    awarded.source_url,
    cast(awarded.occurred_on as timestamp) as occurred_at
from awarded
inner join rules
    on awarded.organisation_id = rules.organisation_id
    and awarded.icp_profile_id = rules.icp_profile_id
    and awarded.rule_id = rules.rule_id
