-- The wishes of every profile in the names and codes by which sources meet them (assets/icp_terms.py), one
-- row per profile, kind and term.
select
    terms.organisation_id,
    terms.icp_profile_id,
    profiles.is_default,
    terms.term_type,
    terms.stated_term,
    terms.meaning,
    terms.term,
    terms.in_department,
    terms.is_known
from {{ ref('stg_reference__icp_terms') }} as terms
inner join {{ ref('stg_reference__icp_profiles') }} as profiles
    on terms.organisation_id = profiles.organisation_id and terms.icp_profile_id = profiles.icp_profile_id
