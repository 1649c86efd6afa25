{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='as_of',
    on_schema_change='fail'
) }}

select company_id, as_of, composite_score, engagement_score, opportunity_score, buying_readiness, buying_stage, stage_rank
from {{ ref('buying_readiness') }}
