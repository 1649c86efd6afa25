"""Invented rows in the shape of the published tables, for the tests of this room."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

TODAY = date(2026, 3, 20)
NOW = datetime(2026, 3, 20, 9, 0, tzinfo=UTC)


def lead(company: str = "c1", **changes: Any) -> dict[str, Any]:
    return {
        "organisation_id": "default",
        "icp_profile_id": "default",
        "company_id": company,
        "company_name": f"Company {company}",
        "domain": f"{company}.example",
        "industry": "Software",
        "country": "United States",
        "lead_score": 84.0,
        "intent_score": 75.0,
        "fit_score": 85.0,
        "tier": "hot",
        "expected_days": 62.0,
        "lower_days": 30.0,
        "upper_days": 150.0,
        "probability_90d": 0.61,
        "amount_p10": 20_000.0,
        "amount_p50": 48_000.0,
        "amount_p90": 110_000.0,
        "currency": "USD",
        "expected_value": 35_000.0,
    } | changes


def signal(identifier: str = "s1", company: str = "c1", **changes: Any) -> dict[str, Any]:
    return {
        "signal_id": identifier,
        "company_id": company,
        "signal_type": "funding_round",
        "signal_subtype": "series_b",
        "title": "Raised $24M Series B",
        "signal_strength": "very_strong",
        "relevance_score": 90.0,
        "urgency_score": 80.0,
        "impact_score": 85.0,
        "confidence_score": 95.0,
        "polarity": "positive",
        "status": "done",
        "occurred_at": datetime(2026, 3, 12, 0, 0),
        "published_at": datetime(2026, 3, 13, 8, 0),
        "detected_at": datetime(2026, 3, 20, 6, 0),
        "known_to": None,
        "source_count": 3,
        "independent_source_count": 2,
        "primary_source": "sec_edgar",
        "source_url": "https://www.sec.gov/Archives/edgar/data/1/primary_doc.xml",
        "signal_data": '{"amount_usd": 24000000, "round": {"name": "Series B"}}',
    } | changes
