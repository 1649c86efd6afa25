{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='as_of',
    on_schema_change='append_new_columns'
) }}

-- A company is known where the CRM has an account of it or somebody there has dealt with us.
with known as (
    select company_id from {{ ref('int_companies') }} where crm_account_id is not null
    union
    select company_id from {{ ref('int_access_points') }} where rule_id = 'earlier_interaction'
),

candidates as (
    select scores.*
    from {{ ref('lead_scores') }} as scores
    cross join {{ ref('discovery_rules') }} as rules
    left join known on scores.company_id = known.company_id
    where known.company_id is null
        and scores.fit_score >= rules.minimum_fit_score
        and scores.intent_score >= rules.minimum_intent_score
),

reasons as (
    select
        points.organisation_id,
        points.icp_profile_id,
        points.company_id,
        string_agg(points.evidence, '; ' order by points.weighted_points desc, points.rule_id)
            filter (where points.component = 'fit') as fits,
        string_agg(points.label || ': ' || points.evidence, '; ' order by points.weighted_points desc, points.rule_id)
            filter (where points.signal_id is not null) as shows,
        cast(max(points.occurred_at) filter (where points.signal_id is not null) as date) as last_signal_on
    from {{ ref('lead_score_points') }} as points
    inner join candidates
        on points.organisation_id = candidates.organisation_id
        and points.icp_profile_id = candidates.icp_profile_id
        and points.company_id = candidates.company_id
    group by points.organisation_id, points.icp_profile_id, points.company_id
),

found as (
    select
        candidates.organisation_id,
        candidates.icp_profile_id,
        candidates.company_id,
        candidates.as_of,
        candidates.lead_score,
        candidates.fit_score,
        candidates.intent_score,
        candidates.tier,
        reasons.fits,
        reasons.shows,
        reasons.last_signal_on
    from candidates
    inner join reasons
        on candidates.organisation_id = reasons.organisation_id
        and candidates.icp_profile_id = reasons.icp_profile_id
        and candidates.company_id = reasons.company_id
    cross join {{ ref('discovery_rules') }} as rules
    where reasons.last_signal_on > candidates.as_of - cast(rules.signal_window_days as integer)
)
{% if is_incremental() %}
,

earlier as (
    select organisation_id, icp_profile_id, company_id, min(as_of) as first_discovered_on
    from {{ this }}
    where as_of < {{ as_of() }}
    group by organisation_id, icp_profile_id, company_id
)
{% endif %}

select
    found.organisation_id,
    found.icp_profile_id,
    found.company_id,
    found.as_of,
    {% if is_incremental() -%}
    coalesce(earlier.first_discovered_on, found.as_of) as first_discovered_on,
    earlier.first_discovered_on is null as is_new,
    {%- else -%}
    found.as_of as first_discovered_on,
    true as is_new,
    {%- endif %}
    found.lead_score,
    found.fit_score,
    found.intent_score,
    found.tier,
    found.fits,
    found.shows,
    found.last_signal_on
from found
{% if is_incremental() -%}
left join earlier
    on found.organisation_id = earlier.organisation_id
    and found.icp_profile_id = earlier.icp_profile_id
    and found.company_id = earlier.company_id
{%- endif %}
