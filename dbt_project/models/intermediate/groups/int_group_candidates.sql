-- Everybody known at a company as seen by a seller: one row per profile, company and person.
with profiles as (
    select
        organisation_id,
        icp_profile_id,
        coalesce({{ json_field('config', "'$.seller.solution_category'") }}, 'any') as solution_category
    from {{ ref('stg_reference__icp_profiles') }}
),

terms as (
    select * from {{ ref('int_icp_terms') }} where term_type in ('title', 'department')
),

-- Who left stays in sight for half a year: somebody must take the place.
people as (
    select people.*, companies.employee_count
    from {{ ref('int_account_people') }} as people
    inner join {{ ref('int_companies') }} as companies on people.company_id = companies.company_id
),

-- Distinct titles against the profiles' terms, so that the work does not grow with people.
positions as (
    select distinct title, department, {{ role_words('title') }} as title_words from people
),

titled as (
    select distinct terms.organisation_id, terms.icp_profile_id, positions.title, positions.department
    from positions
    inner join terms on terms.term_type = 'title' and {{ names_role('positions.title_words', 'positions.department') }}
),

named_departments as (
    select distinct terms.organisation_id, terms.icp_profile_id, positions.department
    from positions
    inner join terms on terms.term_type = 'department' and positions.department = terms.term
)

select
    profiles.organisation_id,
    profiles.icp_profile_id,
    profiles.solution_category,
    people.*,
    titled.title is not null as is_titled_decision_maker,
    case
        when named_departments.department is not null then 1.0
        else coalesce(concerned.relevance, 0.0)
    end as relevance,
    coalesce(concerned.is_control, false) and named_departments.department is null as is_control,
    coalesce(behaviour.events, 0) as events,
    coalesce(behaviour.interactions, 0) as interactions,
    coalesce(behaviour.behaviour_strength, 0.0) as behaviour_strength,
    behaviour.last_interaction_at,
    behaviour.behaviour_evidence,
    paths.path_type,
    paths.strength as path_strength,
    paths.path
from people
cross join profiles
left join {{ ref('solution_departments') }} as concerned
    on profiles.solution_category = concerned.solution_category and people.department = concerned.department
left join titled
    on profiles.organisation_id = titled.organisation_id
    and profiles.icp_profile_id = titled.icp_profile_id
    and people.title = titled.title
    and people.department is not distinct from titled.department
left join named_departments
    on profiles.organisation_id = named_departments.organisation_id
    and profiles.icp_profile_id = named_departments.icp_profile_id
    and people.department = named_departments.department
left join {{ ref('int_person_behaviour') }} as behaviour
    on people.person_id = behaviour.person_id and people.company_id = behaviour.company_id
left join {{ ref('int_introduction_paths') }} as paths
    on people.person_id = paths.person_id and people.company_id = paths.company_id
