"""The alert as a page and as JSON."""

from __future__ import annotations

import json
from datetime import date

from activation.evaluation import evaluate
from activation.message import DIGEST_LINES, alert_payload, digest_payload
from activation.rules import SignalRule
from tests.unit.activation.rows import NOW, TODAY, lead, signal

RULE = SignalRule(
    id="funding",
    name="Funding",
    description="d",
    on="signal",
    channels=["inbox"],
    recipients=["owner"],
    escalate_after_minutes=2880,
)


def alerts(count: int = 1) -> list:
    leads = [lead(f"c{number}") for number in range(count)]
    signals = [signal(f"s{number}", f"c{number}") for number in range(count)]
    return evaluate([RULE], leads, signals, [], TODAY, NOW)


def test_the_page():
    page = alert_payload(alerts()[0], "d1")["markdown"]
    assert page == (
        "# Company c0: Raised $24M Series B\n"
        "\n"
        "- **Company**: Company c0 (c0.example)\n"
        "- **Lead score**: 84, tier hot\n"
        "- **Priority**: medium, respond by 2026-03-21 09:00 UTC, escalate at "
        "2026-03-22 09:00 UTC\n"
        "- **Expected timing**: 62 days (30–150), P(buy within 90 days) 61%\n"
        "- **Deal size**: $48k ($20k–$110k), expected value $35k\n"
        "- **Rule**: Funding (`funding`)\n"
        "- **For**: owner\n"
        "\n"
        "## Why now\n"
        "\n"
        "- 2026-03-12: Raised $24M Series B ([SEC EDGAR]"
        "(<https://www.sec.gov/Archives/edgar/data/1/primary_doc.xml>), "
        "3 sources, 2 independent)\n"
    )


def test_the_payload_is_plain_json():
    payload = json.loads(json.dumps(alert_payload(alerts()[0], "d1")))
    assert payload["delivery_id"] == "d1"
    assert payload["as_of"] == "2026-03-20"
    alert = payload["alert"]
    assert alert["signal_ids"] == ["s0"]
    assert alert["escalate_at"] == "2026-03-22T09:00:00+00:00"
    assert alert["why"].startswith("2026-03-12: Raised $24M Series B (SEC EDGAR, told by 3 sources")
    assert "digest_above" not in alert


def test_a_digest_names_the_first_and_counts_the_rest():
    payload = digest_payload(alerts(DIGEST_LINES + 2), "d1")
    assert payload["title"] == f"Funding: {DIGEST_LINES + 2} more"
    assert payload["markdown"].count("\n- **Company") == DIGEST_LINES
    assert "- and 2 more\n" in payload["markdown"]
    assert len(payload["alerts"]) == DIGEST_LINES + 2


def test_advice_cites_the_signal_it_rests_on():
    told = signal(
        "s0", "c0", recommended_actions="Write to *them* now.", talking_points="What is next?",
        engage_from=date(2026, 3, 19), engage_to=date(2026, 5, 26),
    )  # fmt: skip
    (alert,) = evaluate([RULE], [lead("c0")], [told], [], TODAY, NOW)
    payload = alert_payload(alert, "d1")
    page = payload["markdown"].split("## What to do")[1]
    assert page == (
        "\n\nBest until 2026-05-26, because of:\n\n"
        "- 2026-03-12: Raised $24M Series B ([SEC EDGAR]"
        "(<https://www.sec.gov/Archives/edgar/data/1/primary_doc.xml>), "
        "3 sources, 2 independent)\n\n"
        "1. Write to \\*them\\* now.\n\n"
        "To open the talk:\n\n"
        "- What is next?\n"
    )
    advice = payload["alert"]["evidence"][0]["advice"]
    assert advice["actions"] == ["Write to *them* now."]
    assert advice["engage_to"] == "2026-05-26"
    json.dumps(payload)
