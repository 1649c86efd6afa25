{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='as_of',
    on_schema_change='append_new_columns'
) }}

select
    organisation_id, icp_profile_id, company_id, as_of, component, rule_id, label, points, max_points,
    weight, weighted_points, evidence, signal_id
from {{ ref('lead_score_points') }}
