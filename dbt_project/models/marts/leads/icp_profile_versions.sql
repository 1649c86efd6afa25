{{ config(
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='append_new_columns'
) }}

with profiles as (
    select * from {{ ref('icp_profiles') }}
)

select
    profiles.organisation_id,
    profiles.icp_profile_id,
    profiles.version,
    profiles.name,
    profiles.config,
    {{ as_of() }} as first_used_on
from profiles
{% if is_incremental() %}
left join {{ this }} as kept
    on profiles.organisation_id = kept.organisation_id
    and profiles.icp_profile_id = kept.icp_profile_id
    and profiles.version = kept.version
where kept.icp_profile_id is null
{% endif %}
