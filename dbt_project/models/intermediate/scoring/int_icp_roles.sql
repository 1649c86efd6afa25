-- Which of the titles in postings and contacts are relevant to a profile: one row per profile and
-- title, by the profile's titles (contained in it) or departments.
with titles as (
    select title, max(department) as department
    from {{ ref('int_job_postings') }}
    where title is not null
    group by title
),

terms as (
    select * from {{ ref('int_icp_terms') }} where term_type in ('title', 'department')
)

select distinct
    terms.organisation_id,
    terms.icp_profile_id,
    terms.is_default,
    titles.title
from titles
inner join terms
    on (terms.term_type = 'title' and contains({{ folded('titles.title') }}, terms.term))
    or (terms.term_type = 'department' and lower(titles.department) = terms.term)
