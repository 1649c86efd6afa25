select organisation_id, icp_profile_id, term_type, stated_term, meaning, term, in_department, is_known
from {{ source('reference', 'icp_terms') }}
