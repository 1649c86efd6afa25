select organisation_id, icp_profile_id, name, is_default, version, config
from {{ ref('stg_reference__icp_profiles') }}
