-- Which positions in postings are relevant to a profile: one row per profile, title and department
-- as the board states it; by a title of the profile contained in it, or by a department of it.
with titles as (
    select distinct title, department, stated_department
    from {{ ref('int_job_postings') }}
    where title is not null
),

terms as (
    select * from {{ ref('int_icp_terms') }} where term_type in ('title', 'department')
)

select distinct
    terms.organisation_id,
    terms.icp_profile_id,
    terms.is_default,
    titles.title,
    titles.stated_department
from titles
inner join terms
    on (terms.term_type = 'title' and contains({{ folded('titles.title') }}, terms.term))
    or (terms.term_type = 'department' and terms.term in (lower(titles.department), titles.stated_department))
