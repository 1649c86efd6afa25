{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='as_of',
    on_schema_change='append_new_columns'
) }}

select
    scores.organisation_id, scores.icp_profile_id, scores.company_id, scores.as_of, scores.lead_score,
    scores.intent_score, scores.fit_score, scores.accessibility_score, scores.tier,
    profiles.version as icp_version
from {{ ref('lead_scores') }} as scores
inner join {{ ref('icp_profiles') }} as profiles
    on scores.organisation_id = profiles.organisation_id
    and scores.icp_profile_id = profiles.icp_profile_id
