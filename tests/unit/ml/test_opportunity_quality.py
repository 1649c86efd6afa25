"""Findings and scores of invented opportunities: each rule says what it should, and when not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from pydantic import ValidationError

from ml.opportunities.building import build_opportunities
from ml.opportunities.quality import assess
from ml.opportunities.records import STAGES, Actor, Claim, Fragment, NextStep, Opportunity
from ml.opportunities.settings import QualityConfig

DAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
AS_OF = date(2026, 3, 4)
BUYER = Actor("Ann Lee", "ann@kestrel.example", "customer")
SELLER = Actor("Tom Ray", "tom@ours.example", "vendor")
STEP = NextStep("Send the quotation", "Tom Ray", False, date(2026, 3, 6), False, "mail:1")
CONFIG = QualityConfig()


def quoted(**changes: object) -> Opportunity:
    """A deal with an offer, as complete as its stage asks."""
    claims = (
        Claim("product", value="driver"),
        Claim("quantity", 1000, 1000, "unit"),
        Claim("unit_price", 4.0, 4.0, "unit", "EUR"),
        Claim("delivery_date", day=date(2026, 6, 1)),
        Claim("decision_date", day=date(2026, 3, 20)),
    )
    mail = Fragment(
        fragment_id="mail:1", kind="mail", occurred_at=DAY, party="kestrel.example",
        is_ours=True, actors=(BUYER, SELLER), claims=claims,
        stage_cues=(("quoting", 0.9, "Our offer."),), next_steps=(STEP,),
    )  # fmt: skip
    (built,) = build_opportunities([mail], AS_OF)
    return replace(built, **changes)


def rules(opportunity: Opportunity, as_of: date = AS_OF) -> dict[str, str]:
    return {f.rule: f.severity for f in assess(opportunity, as_of, CONFIG).findings}


def test_a_complete_deal_has_no_findings_and_full_score() -> None:
    got = assess(quoted(), AS_OF, CONFIG)
    assert got.findings == ()
    parts = (got.score, got.completeness, got.consistency, got.freshness)
    assert parts == (100.0, 100.0, 100.0, 100.0)


def test_the_score_is_its_parts_in_their_weights() -> None:
    # Two of nine required fields are missing, one of them blocks; 28 days of silence at 14 allowed.
    deal = quoted(unit_high=None, unit_low=None, products=(), part_numbers=())
    got = assess(deal, AS_OF, CONFIG)
    assert [(f.rule, f.severity) for f in got.findings] == [
        ("no_quantity", "blocker"),
        ("no_product", "warning"),
    ]
    assert got.completeness == pytest.approx(77.8)
    assert got.score == pytest.approx(0.5 * 77.78 + 30 + 20, abs=0.05)
    end = DAY.date() + timedelta(days=28)
    late = assess(replace(deal, last_touched_at=DAY.replace(hour=23, minute=59)), end, CONFIG)
    assert late.freshness == pytest.approx(50.0, abs=0.1)


def test_a_total_must_be_quantity_times_price() -> None:
    mail = Fragment(
        fragment_id="mail:2", kind="mail", occurred_at=DAY, party="kestrel.example", is_ours=True,
        claims=(
            Claim("quantity", 1000, 2000, "unit"),
            Claim("unit_price", 4.0, 4.0, "unit", "EUR"),
            Claim("total_price", 9000, 9000, None, "EUR"),
        ),
    )  # fmt: skip

    def with_total(amount: float, currency: str = "EUR") -> dict[str, str]:
        total = Claim("total_price", amount, amount, None, currency)
        (built,) = build_opportunities([replace(mail, claims=(*mail.claims[:2], total))], AS_OF)
        return rules(built)

    assert with_total(9000)["total_differs"] == "warning"
    assert "total_differs" not in with_total(8300)
    assert "total_differs" not in with_total(3850)
    assert with_total(3700)["total_differs"] == "warning"
    assert with_total(8000, "USD")["currencies_differ"] == "warning"


def test_days_have_an_order() -> None:
    got = rules(quoted(quote_due_on=date(2026, 6, 20)))
    assert got["delivery_date_before_quote_due"] == "warning"
    assert got["decision_date_before_quote_due"] == "warning"
    assert rules(quoted(lead_time_days=90.0))["lead_time_too_long"] == "warning"
    assert rules(quoted(lead_time_days=89.0)) == {}


def test_days_that_passed_are_told() -> None:
    asked = quoted(stage="rfq", quote_due_on=date(2026, 3, 3))
    assert rules(asked)["quote_overdue"] == "blocker"
    assert "quote_overdue" not in rules(quoted(quote_due_on=date(2026, 3, 3)))
    late = rules(quoted(), date(2026, 3, 21))
    assert late["decision_date_past"] == "warning"
    assert late["overdue_next_steps"] == "warning"
    # A step of long ago was done or dropped: nobody need be told every day for years.
    assert "overdue_next_steps" not in rules(quoted(), date(2026, 6, 20))


def test_staleness_is_held_against_the_stage() -> None:
    assert "stale" not in rules(quoted(), date(2026, 3, 16))
    assert rules(quoted(), date(2026, 3, 17))["stale"] == "warning"
    assert rules(quoted(), date(2026, 3, 31))["stale"] == "blocker"
    assert "stale" not in rules(quoted(stage="lost"), date(2027, 3, 31))


def test_won_wants_an_order() -> None:
    assert rules(quoted(stage="won"))["won_without_order"] == "warning"
    ordered = quoted(stage="won", references=("PO 77", "RFQ 3"))
    assert "won_without_order" not in rules(ordered)
    deal = quoted(stage="won")
    known = replace(deal, members=tuple(replace(m, kind="crm") for m in deal.members))
    assert "won_without_order" not in rules(known)


def test_a_conflict_on_the_price_blocks_an_offer_and_only_warns_before() -> None:
    def deal(stage: str) -> Opportunity:
        first = Fragment(
            fragment_id="mail:1", kind="mail", occurred_at=DAY, party="kestrel.example",
            thread_id="t", claims=(Claim("quantity", 500, 500, "unit"),),
            stage_cues=((stage, 0.9, "cue"),), is_ours=stage == "quoting",
        )  # fmt: skip
        second = replace(
            first, fragment_id="mail:2", occurred_at=DAY + timedelta(days=1),
            claims=(Claim("quantity", 900, 900, "unit"),), stage_cues=(),
        )  # fmt: skip
        (built,) = build_opportunities([first, second], AS_OF)
        return built

    assert rules(deal("quoting"))["conflicting_values"] == "blocker"
    assert rules(deal("rfq"))["conflicting_values"] == "warning"
    # Once it is over, nothing waits for the answer.
    assert rules(deal("won"))["conflicting_values"] == "note"
    # Consistency alone suffers: 40 points of 100, by its weight of 0.3.
    assert assess(deal("quoting"), AS_OF, CONFIG).consistency == 60.0


def test_every_finding_has_a_remedy_and_every_score_lies_within_bounds() -> None:
    empty = {"actors": (), "next_steps": (), "products": (), "customer_domain": None}
    for stage in STAGES:
        for days in (0, 30, 400):
            got = assess(quoted(stage=stage, **empty), AS_OF + timedelta(days=days), CONFIG)
            assert 0 <= got.score <= 100
            assert got.findings
            assert all(f.message and f.remedy and f.rule for f in got.findings)
            assert len({(f.rule, f.field) for f in got.findings}) == len(got.findings)


def test_limits_are_checked_where_they_are_read() -> None:
    stated = QualityConfig.model_validate({"sla_days": {"rfq": 2}})
    assert (stated.sla_days["rfq"], stated.sla_days["quoting"]) == (2, 14)
    wrong = (
        ({"sla_days": {"rfq": 0}}, "greater than 0"),
        ({"sla_days": {"quoted": 3}}, "no stage 'quoted'"),
        ({"sla_days": {"won": 3}}, "does not go stale"),
        ({"required": {"rfq": ["size"]}}, "no field 'size'"),
        ({"weights": {"completeness": 0.9}}, "must be 1"),
    )
    for told, expected in wrong:
        with pytest.raises(ValidationError, match=expected):
            QualityConfig.model_validate(told)


def test_several_lines_the_close_date_and_a_stage_told_after_the_end_are_findings() -> None:
    assert rules(quoted(has_several_lines=True))["several_lines"] == "warning"
    assert rules(quoted(decision_on=None))["no_decision_date"] == "warning"
    closes = AS_OF + timedelta(days=5)
    assert "no_decision_date" not in rules(quoted(decision_on=None, close_on=closes))
    assert rules(quoted(close_on=AS_OF - timedelta(days=1)))["close_date_past"] == "warning"

    def told(name: str, days: int, stage: str) -> Fragment:
        return Fragment(
            fragment_id=name, kind=name[:4].strip(":"), occurred_at=DAY + timedelta(days=days),
            party="kestrel.example", thread_id="t", is_ours=True,
            stage_cues=((stage, 0.9, f"stage {stage}"),),
            system="crm" if name.startswith("crm") else None,
        )  # fmt: skip

    for days, severity in ((1, "warning"), (-1, "note")):
        sources = [told("crm:1", 0, "lost"), told("mail:1", days, "quoting")]
        (built,) = build_opportunities(sources, AS_OF)
        assert (built.stage, rules(built)["conflicting_values"]) == ("lost", severity)
