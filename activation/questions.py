"""What activation asks of the published warehouse, as SQL with named parameters (DuckDB).

Written against the tables' contracts; the columns are those that ``activation.evaluation`` and
``activation.briefing`` read. Running them is the caller's affair.
"""

from __future__ import annotations

#: Current score of every lead, best first, with what the models expect. No parameter.
LEADS = """
with timelines as (
    select * from predictions.predicted_timelines
    qualify row_number() over (partition by company_id order by as_of desc, model_version desc) = 1
),

deal_sizes as (
    select * from predictions.predicted_deal_sizes
    qualify row_number() over (partition by company_id order by as_of desc, model_version desc) = 1
),

expected_values as (
    select * from predictions.expected_values
    qualify row_number() over (partition by company_id order by as_of desc) = 1
)

select
    scores.organisation_id,
    scores.icp_profile_id,
    scores.company_id,
    companies.name as company_name,
    companies.domain,
    companies.industry,
    companies.country,
    companies.employee_count,
    scores.as_of,
    scores.lead_score,
    scores.intent_score,
    scores.fit_score,
    scores.accessibility_score,
    scores.tier,
    timelines.expected_days,
    timelines.lower_days,
    timelines.upper_days,
    timelines.probability_90d,
    deal_sizes.amount_p10,
    deal_sizes.amount_p50,
    deal_sizes.amount_p90,
    deal_sizes.currency,
    expected_values.expected_value_180d as expected_value
from leads.lead_scores as scores
inner join core.companies as companies using (company_id)
left join timelines using (company_id)
left join deal_sizes using (company_id)
left join expected_values using (company_id)
where scores.as_of = (select max(as_of) from leads.lead_scores)
order by scores.lead_score desc, expected_value desc nulls last, scores.company_id
"""

#: The newest score of every lead before day ``$as_of``.
PREVIOUS = """
select organisation_id, icp_profile_id, company_id, as_of, lead_score, tier
from leads.lead_score_history
where as_of < $as_of
qualify row_number() over (
    partition by organisation_id, icp_profile_id, company_id order by as_of desc
) = 1
"""

#: Signals known today that happened since day ``$since``.
SIGNALS = """
select
    signal_id,
    company_id,
    signal_type,
    signal_subtype,
    title,
    signal_strength,
    relevance_score,
    urgency_score,
    impact_score,
    confidence_score,
    polarity,
    status,
    occurred_at,
    published_at,
    detected_at,
    known_to,
    source_count,
    independent_source_count,
    primary_source,
    source_url,
    evidence,
    signal_data
from signals.buying_signals
where known_to is null
    and coalesce(occurred_at, published_at, detected_at) >= cast($since as timestamp)
"""

#: Points of the current scores of the companies in ``$company_ids``.
POINTS = """
select
    organisation_id,
    icp_profile_id,
    company_id,
    component,
    rule_id,
    points,
    max_points,
    weight,
    weighted_points,
    evidence,
    signal_id,
    source_url,
    occurred_at
from leads.lead_score_points
where as_of = (select max(as_of) from leads.lead_scores)
    and list_contains($company_ids, company_id)
order by company_id, weighted_points desc, rule_id
"""

#: Every model's state, as of the last training.
MODELS = """
select model_name, model_version, status, alias, reason, trained_at, train_rows, train_events
from predictions.model_versions
order by model_name
"""
