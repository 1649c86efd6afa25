select
    organisation_id, icp_profile_id, company_id, is_industry_match, is_size_match,
    is_geography_match, is_technology_match, is_complementary_match, is_competitor_match,
    must_have_technologies, nice_to_have_technologies, avoided_technologies, competing_technologies
from {{ ref('int_icp_matches') }}
