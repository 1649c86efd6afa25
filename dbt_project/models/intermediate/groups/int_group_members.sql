-- Who belongs to each buying group: the core fills the roles wanted and then up to the group's most
-- members, the likeliest first; who takes part beyond that is extended, the rest are known contacts, up
-- to thirty together; and who left within half a year is kept in sight.
with sizes as (
    select
        companies.company_id,
        companies.employee_count,
        sizes.*
    from {{ ref('int_companies') }} as companies
    -- Where nobody says how many work there, the group is that of a small company.
    inner join {{ ref('buying_group_sizes') }} as sizes
        on coalesce({{ headcount_from('companies') }}, 1) between sizes.headcount_from and sizes.headcount_to
),

enriched as (
    select
        company_id,
        name_key,
        {% for field in ['email', 'phone', 'linkedin_url'] %}
        max(value) filter (where field = '{{ field }}') as {{ field }}{{ ',' if not loop.last }}
        {% endfor %}
    from {{ ref('int_enriched_people') }}
    where is_confident and entity_type = 'person'
    group by company_id, name_key
),

judged as (
    select
        candidates.* exclude (email, phone, linkedin_url),
        coalesce(candidates.email, enriched.email) as email,
        coalesce(candidates.phone, enriched.phone) as phone,
        coalesce(candidates.linkedin_url, enriched.linkedin_url) as linkedin_url,
        roles.buying_role,
        roles.role_probability,
        roles.in_group_probability,
        roles.role_reasons,
        roles.role_probabilities,
        sizes.size_min,
        sizes.size_max,
        case roles.buying_role
            when 'decision_maker' then sizes.decision_makers
            when 'champion' then sizes.champions
            when 'stakeholder' then sizes.stakeholders
            when 'blocker' then sizes.blockers
            else sizes.introducers
        end as wanted_of_role,
        case candidates.level when 'c_suite' then 100 when 'vp' then 80 when 'director' then 60 when 'manager' then 40 else 20 end
            * (0.5 + 0.5 * candidates.relevance) as influence
    from {{ ref('int_group_candidates') }} as candidates
    inner join {{ ref('int_buying_roles') }} as roles
        on candidates.organisation_id = roles.organisation_id
        and candidates.icp_profile_id = roles.icp_profile_id
        and candidates.company_id = roles.company_id
        and candidates.person_id = roles.person_id
    inner join sizes on candidates.company_id = sizes.company_id
    left join enriched on candidates.company_id = enriched.company_id and candidates.name_key = enriched.name_key
),

scored as (
    select
        *,
        (email is not null)::int + (phone is not null)::int + (linkedin_url is not null)::int as ways_to_reach,
        100 * (
            (title is not null)::int * 0.20 + (level is not null)::int * 0.15 + (department is not null)::int * 0.15
            + (email is not null)::int * 0.25 + (phone is not null)::int * 0.10 + (linkedin_url is not null)::int * 0.15
        ) as profile_completeness,
        40 * role_probability + 0.30 * influence + 15 * confidence
            + 15 * least(1.0, ((email is not null)::int + (phone is not null)::int + (linkedin_url is not null)::int) / 2.0) as priority_score,
        is_current and in_group_probability >= 0.5 as is_fit
    from judged
),

ranked as (
    select
        *,
        row_number() over (
            partition by organisation_id, icp_profile_id, company_id, is_fit, buying_role
            order by in_group_probability desc, priority_score desc, person_id
        ) as rank_in_role
    from scored
),

placed as (
    select
        *,
        row_number() over (
            partition by organisation_id, icp_profile_id, company_id, is_fit
            order by rank_in_role <= wanted_of_role desc, in_group_probability desc, priority_score desc, person_id
        ) as place
    from ranked
),

belonging as (
    select
        *,
        case
            when is_fit and place <= size_max then 'core'
            when is_fit then 'extended'
            when is_current then 'contact'
            when ended_on is null or ended_on >= {{ as_of() }} - 180 then 'departed'
        end as membership
    from placed
    -- Who left matters only where a part in the purchase was left too.
    where is_current or in_group_probability >= 0.5
),

ordered as (
    select
        *,
        row_number() over (
            partition by organisation_id, icp_profile_id, company_id, membership = 'departed'
            order by case membership when 'core' then 1 when 'extended' then 2 else 3 end, priority_score desc, person_id
        ) as priority
    from belonging
    where membership is not null
)

-- Decimals: what is added up from them does not hang on the order of adding.
select
    organisation_id,
    icp_profile_id,
    company_id,
    person_id,
    full_name,
    title,
    level,
    department,
    membership,
    buying_role,
    cast(role_probability as decimal(9, 6)) as role_probability,
    cast(in_group_probability as decimal(9, 6)) as in_group_probability,
    role_reasons,
    role_probabilities,
    cast(influence as decimal(9, 4)) as influence,
    cast(100 * relevance as decimal(9, 4)) as product_relevance,
    cast(100 * confidence as decimal(9, 4)) as confidence,
    cast(profile_completeness as decimal(9, 4)) as profile_completeness,
    cast(priority_score as decimal(9, 4)) as priority_score,
    case when membership <> 'departed' then priority end as priority,
    email,
    phone,
    linkedin_url,
    ways_to_reach > 0 as is_reachable,
    interactions,
    last_interaction_at,
    behaviour_evidence,
    path_type,
    path_strength,
    path,
    started_on,
    ended_on,
    source,
    evidence,
    source_url
from ordered
where priority <= 30
