with members as (
    select * from {{ ref('int_group_members') }}
),

core as (
    select * from members where membership = 'core'
),

-- Departments that the product concerns, each counted by how much.
concerned as (
    select
        profiles.organisation_id,
        profiles.icp_profile_id,
        profiles.solution_category,
        departments.department,
        cast(departments.relevance as decimal(4, 2)) as relevance
    from (select distinct organisation_id, icp_profile_id, solution_category from {{ ref('int_group_candidates') }}) as profiles
    inner join {{ ref('solution_departments') }} as departments
        on profiles.solution_category = departments.solution_category and departments.relevance >= 0.5
),

wanted_departments as (
    select organisation_id, icp_profile_id, solution_category, sum(relevance) as relevance
    from concerned
    group by organisation_id, icp_profile_id, solution_category
),

covered as (
    select core.organisation_id, core.icp_profile_id, core.company_id, sum(distinct_departments.relevance) as relevance
    from (select distinct organisation_id, icp_profile_id, company_id, department from core) as core
    inner join concerned as distinct_departments
        on core.organisation_id = distinct_departments.organisation_id
        and core.icp_profile_id = distinct_departments.icp_profile_id
        and core.department = distinct_departments.department
    group by core.organisation_id, core.icp_profile_id, core.company_id
),

pairs as (
    select organisation_id, icp_profile_id, company_id, avg(tie) as closeness
    from {{ ref('int_group_ties') }}
    group by organisation_id, icp_profile_id, company_id
),

counted as (
    select
        organisation_id,
        icp_profile_id,
        company_id,
        count(*) filter (where membership = 'core') as core_members,
        count(*) filter (where membership in ('core', 'extended', 'contact')) as contacts,
        count(*) filter (where membership = 'extended') as extended_members,
        count(*) filter (where membership = 'departed') as departures,
        {% for role in ['decision_maker', 'champion', 'stakeholder', 'blocker', 'introducer'] %}
        count(*) filter (where membership = 'core' and buying_role = '{{ role }}') as {{ role }}s,
        {% endfor %}
        count(*) filter (where membership = 'core' and interactions > 0) as engaged_members,
        count(distinct department) filter (where membership = 'core' and interactions > 0) as engaged_departments,
        count(*) filter (where membership = 'core' and is_reachable) as reachable_members,
        sum(product_relevance * influence) filter (where membership = 'core')
            / cast(sum(influence) filter (where membership = 'core') as double) as product_relevance,
        avg(role_probability) filter (where membership = 'core') as role_certainty,
        avg(confidence) filter (where membership = 'core') as confidence,
        avg(0.6 * profile_completeness + 0.4 * confidence) filter (where membership = 'core') as data_quality
    from members
    group by organisation_id, icp_profile_id, company_id
),

sized as (
    select
        counted.*,
        companies.name as company_name,
        companies.employee_count,
        sizes.market,
        sizes.size_min,
        sizes.size_max,
        least(15, coalesce({{ headcount_to('companies') }}, 15)) as contacts_wanted,
        {% for role in ['decision_maker', 'champion', 'stakeholder', 'blocker', 'introducer'] %}
        least(counted.{{ role }}s, sizes.{{ role }}s) {{ '+' if not loop.last }}
        {% endfor %} as roles_filled,
        sizes.decision_makers + sizes.champions + sizes.stakeholders + sizes.blockers + sizes.introducers as roles_wanted
    from counted
    inner join {{ ref('int_companies') }} as companies on counted.company_id = companies.company_id
    inner join {{ ref('buying_group_sizes') }} as sizes
        on coalesce({{ headcount_from('companies') }}, 1) between sizes.headcount_from and sizes.headcount_to
),

measured as (
    select
        sized.*,
        wanted_departments.solution_category,
        {{ json_field('profiles.config', "'$.seller.target_market'") }} as target_market,
        profiles.version as icp_version,
        100.0 * sized.roles_filled / sized.roles_wanted as completeness,
        100.0 * coalesce(covered.relevance, 0) / cast(wanted_departments.relevance as double) as coverage,
        100.0 * pairs.closeness as cohesion,
        100.0 * least(1.0, sized.contacts / cast(sized.contacts_wanted as double)) as contact_completeness
    from sized
    inner join wanted_departments
        on sized.organisation_id = wanted_departments.organisation_id
        and sized.icp_profile_id = wanted_departments.icp_profile_id
    inner join {{ ref('stg_reference__icp_profiles') }} as profiles
        on sized.organisation_id = profiles.organisation_id and sized.icp_profile_id = profiles.icp_profile_id
    left join covered
        on sized.organisation_id = covered.organisation_id
        and sized.icp_profile_id = covered.icp_profile_id
        and sized.company_id = covered.company_id
    left join pairs
        on sized.organisation_id = pairs.organisation_id
        and sized.icp_profile_id = pairs.icp_profile_id
        and sized.company_id = pairs.company_id
)

select
    {{ stable_id(["'buyer_group'", 'organisation_id', 'icp_profile_id', 'company_id']) }} as buyer_group_id,
    organisation_id,
    icp_profile_id,
    icp_version,
    company_id,
    company_name,
    {{ as_of() }} as as_of,
    solution_category,
    target_market,
    market,
    employee_count,
    size_min,
    size_max,
    core_members,
    extended_members,
    contacts,
    contacts_wanted,
    decision_makers,
    champions,
    stakeholders,
    blockers,
    introducers,
    engaged_members,
    reachable_members,
    departures,
    case
        when engaged_members = 0 then 'none'
        when engaged_members = 1 then 'single'
        when engaged_departments <= 1 then 'one_department'
        else 'several'
    end as threads,
    engaged_members = 1 as is_single_threaded,
    round(product_relevance, 2) as product_relevance,
    round(contact_completeness, 2) as contact_completeness,
    round(completeness, 2) as completeness,
    round(coverage, 2) as coverage,
    round(coalesce(data_quality, 0), 2) as data_quality,
    round(cohesion, 2) as cohesion,
    round(confidence, 2) as confidence,
    round(100 * role_certainty, 2) as role_certainty,
    round(
        0.35 * completeness + 0.25 * coverage + 0.20 * coalesce(data_quality, 0) + 0.10 * coalesce(cohesion, 0)
        + 0.10 * 100 * coalesce(role_certainty, 0), 2
    ) as overall_quality
from measured
