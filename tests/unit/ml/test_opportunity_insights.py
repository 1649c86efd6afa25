"""Features of opportunities: counted by hand, and blind to what came after the day."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from ml.opportunities.annotations import Annotation, Review
from ml.opportunities.building import build_opportunities
from ml.opportunities.insights import Features, features_of, response_hours
from ml.opportunities.quality import assess
from ml.opportunities.records import Actor, Claim, Fragment, NextStep
from ml.opportunities.settings import QualityConfig
from ml.opportunities.stages import stage_changes

DAY = datetime(2026, 3, 2, 0, tzinfo=UTC)
AS_OF = date(2026, 5, 10)
BUYER = Actor("Ann Lee", "ann@kestrel.example", "customer")
SELLER = Actor("Tom Ray", "tom@ours.example", "vendor")


def mail(number: int, days: float, ours: bool = False, stage: str = "", *claims: Claim) -> Fragment:
    return Fragment(
        fragment_id=f"mail:{number}", kind="mail", occurred_at=DAY + timedelta(days=days),
        party="kestrel.example", thread_id="t", is_ours=ours, actors=(BUYER, SELLER),
        claims=claims, stage_cues=((stage, 0.9, f"says {stage}"),) if stage else (),
    )  # fmt: skip


def price(amount: float) -> Claim:
    return Claim("unit_price", amount, amount, "unit", "EUR")


STEP = NextStep("Send samples", None, True, date(2026, 4, 1), False, "mail:1")
SOURCES = [
    replace(mail(1, 0, False, "rfq"), next_steps=(STEP,)),
    mail(2, 0.5, True, "quoting", price(4.4), Claim("decision_date", day=date(2026, 5, 12))),
    mail(3, 1.5, False, "", price(4.0)),
    mail(4, 45, False, "", price(4.4)),
    mail(5, 50, True),
    mail(6, 60, False),
]


def features(
    sources: list[Fragment], as_of: date = AS_OF, review: Review | None = None
) -> Features:
    (built,) = build_opportunities([f for f in sources if f.occurred_at.date() <= as_of], as_of)
    quality = assess(built, as_of, QualityConfig())
    return features_of(built, sources, quality, as_of, review or Review({}))


def test_features_are_what_one_counts_by_hand() -> None:
    got = features(SOURCES)
    assert (got.stage, got.stage_rank, got.is_closed, got.stage_changes) == ("quoting", 2, False, 1)
    # The day ends 70 days after the first mail.
    assert (got.days_since_first_source, got.days_since_last_source) == (70.0, 10.0)
    assert got.days_in_stage == 69.5
    assert (got.source_count, got.sources_30d, got.sources_prior_30d) == (6, 3, 0)
    assert (got.customer_sources_30d, got.our_sources_30d) == (2, 1)
    assert got.momentum == 1.0
    assert (got.price_statements, got.quantity_statements) == (2, 0)
    assert (got.days_to_decision, got.days_to_delivery) == (2, None)
    assert (got.next_step_count, got.overdue_step_count) == (1, 1)
    assert (got.customer_people, got.our_people) == (1, 1)
    assert got.waiting_for == "us"
    assert (
        got.quality_score
        == assess(build_opportunities(SOURCES, AS_OF)[0], AS_OF, QualityConfig()).score
    )


def test_answers_are_timed_from_the_first_mail_that_waits() -> None:
    ours, theirs = response_hours(SOURCES)
    # Mail 3 waits until mail 5, 48.5 days later: that answers something else.
    assert (ours, theirs) == ([12.0], [24.0, 240.0])
    got = features(SOURCES)
    assert (got.our_response_hours, got.customer_response_hours) == (12.0, 132.0)
    assert response_hours([mail(1, 0, True), mail(2, 1, True)]) == ([], [])


def test_what_came_after_the_day_changes_nothing() -> None:
    day = date(2026, 3, 10)
    known = [f for f in SOURCES if f.occurred_at.date() <= day]
    assert features(SOURCES, day) == features(known, day)
    assert features(known, day).sources_30d == 3


def test_silence_has_a_momentum_and_nothing_has_none() -> None:
    assert features(SOURCES, date(2026, 6, 12)).momentum == -1.0
    assert features(SOURCES, date(2026, 9, 1)).momentum is None


def test_a_reviewed_stage_counts_from_its_review() -> None:
    told = Annotation(
        annotation_id="a", about="mail:1", action="set", field="stage",
        claim=Claim("stage", value="quoting"), reviewed_at=DAY + timedelta(days=65),
    )  # fmt: skip
    assert features(SOURCES, AS_OF, Review({"stage": told})).days_in_stage == 5.0


def test_changes_of_stage_are_those_that_hold() -> None:
    told = [
        mail(1, 0, False, "rfq"), mail(2, 1, True, "quoting"), mail(3, 2, False, "rfq"),
        mail(4, 3, False, "won"), mail(5, 4, False, "won"), mail(6, 5, False, "lost"),
    ]  # fmt: skip
    changes = [(at, stage) for at, stage, _ in stage_changes(told)]
    assert changes == [
        (DAY, "rfq"),
        (DAY + timedelta(days=1), "quoting"),
        (DAY + timedelta(days=3), "won"),
        (DAY + timedelta(days=5), "lost"),
    ]
