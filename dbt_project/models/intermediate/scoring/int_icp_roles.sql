-- Which positions in postings are relevant to a profile, and how much each counts: one row per profile,
-- title and department as the board states it; by a title of the profile that it names, or by
-- a department of it, each by seniority. Words are taken apart once a title and not once a pair.
with titles as (
    select distinct
        title,
        lower(department) as department,
        stated_department,
        {{ role_words('title') }} as title_words,
        {{ role_words('stated_department') }} as department_words,
        coalesce(level, seniority, 'unknown') as seniority
    from {{ ref('int_job_postings') }}
    where title is not null
),

terms as (
    select * from {{ ref('int_icp_terms') }} where term_type in ('title', 'department')
),

relevant as (
    select
        terms.organisation_id,
        terms.icp_profile_id,
        terms.is_default,
        terms.term_type as match,
        titles.title,
        titles.stated_department,
        titles.seniority
    from titles
    inner join terms
        on (terms.term_type = 'title' and {{ names_role('titles.title_words', 'titles.department') }})
        or (terms.term_type = 'department' and terms.term in (titles.department, titles.department_words))
)

select
    relevant.organisation_id,
    relevant.icp_profile_id,
    relevant.is_default,
    relevant.title,
    relevant.stated_department,
    cast(max(shares.share) as double) as share
from relevant
inner join {{ ref('role_relevance') }} as shares
    on shares.rule_id = 'relevant_hiring'
    and relevant.match = shares.match
    and relevant.seniority = shares.seniority
group by
    relevant.organisation_id, relevant.icp_profile_id, relevant.is_default, relevant.title, relevant.stated_department
