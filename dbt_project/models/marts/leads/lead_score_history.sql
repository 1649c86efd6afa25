{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='as_of',
    on_schema_change='fail'
) }}

select organisation_id, icp_profile_id, company_id, as_of, lead_score, intent_score, fit_score, accessibility_score, tier
from {{ ref('lead_scores') }}
