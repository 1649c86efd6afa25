"""What models need to know of an opportunity to judge how it will go: features as of a day.

A function of the sources up to that day alone, so that the features of a past day can be made
again and a model learns from nothing that came later. Days and hours are fractions where a time of
day is known; ``None`` is "cannot be said", never 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from statistics import median

from ml.opportunities.annotations import NO_REVIEW, Review
from ml.opportunities.quality import Quality
from ml.opportunities.records import REVIEW, STAGES, Fragment, Opportunity
from ml.opportunities.stages import stage_changes

#: Days of the window that counts of late sources look back on.
WINDOW_DAYS = 30
#: Answers after more than this many days answer something else.
LONGEST_ANSWER_DAYS = 30


@dataclass(frozen=True, kw_only=True)
class Features:
    """Features of one opportunity at the end of the day ``as_of`` (UTC)."""

    opportunity_id: str
    as_of: date
    stage: str
    #: 0 research_concept to 5 lost, as in ``records.STAGES``.
    stage_rank: int
    is_closed: bool
    #: Since the source, or the review, that told the stage.
    days_in_stage: float
    days_since_first_source: float
    days_since_last_source: float
    stage_changes: int
    source_count: int
    #: Sources of the last 30 days, and of the 30 days before.
    sources_30d: int
    sources_prior_30d: int
    #: (last 30 days - 30 days before) / both: -1 falling silent, 1 waking up.
    momentum: float | None
    customer_sources_30d: int
    our_sources_30d: int
    call_count: int
    #: Median hours until the other side answers in the same conversation.
    our_response_hours: float | None
    customer_response_hours: float | None
    #: ``us`` or ``customer``: who has not answered the last mail; None once closed or without mail.
    waiting_for: str | None
    customer_people: int
    our_people: int
    conflict_count: int
    finding_count: int
    blocker_count: int
    quality_score: float
    #: Different unit prices, and quantities, that were stated.
    price_statements: int
    quantity_statements: int
    competitor_count: int
    next_step_count: int
    overdue_step_count: int
    days_to_decision: int | None
    days_to_delivery: int | None
    #: In the opportunity's own currency.
    value: float | None
    currency: str | None
    priority: str


def features_of(
    opportunity: Opportunity,
    fragments: Sequence[Fragment],
    quality: Quality,
    as_of: date,
    review: Review = NO_REVIEW,
) -> Features:
    """Features of an opportunity; sources after ``as_of`` count nowhere."""
    end = datetime.combine(as_of, time.min, UTC) + timedelta(days=1)
    known = sorted(
        (f for f in fragments if f.occurred_at < end), key=lambda f: (f.occurred_at, f.fragment_id)
    )
    recent = [f for f in known if f.occurred_at >= end - timedelta(days=WINDOW_DAYS)]
    prior = [
        f
        for f in known
        if end - timedelta(days=2 * WINDOW_DAYS) <= f.occurred_at
        and f.occurred_at < end - timedelta(days=WINDOW_DAYS)
    ]
    both = len(recent) + len(prior)
    said = [f for f in recent if f.kind not in ("crm", REVIEW)]
    changes = stage_changes(known)
    told = review.value("stage")
    first = known[0].occurred_at if known else opportunity.first_seen_at
    since = told.reviewed_at if told else changes[-1][0] if changes else first
    ours, theirs = response_hours(known)
    is_closed = opportunity.stage in ("won", "lost")
    return Features(
        opportunity_id=opportunity.opportunity_id,
        as_of=as_of,
        stage=opportunity.stage,
        stage_rank=STAGES.index(opportunity.stage),
        is_closed=is_closed,
        days_in_stage=_days(since, end),
        days_since_first_source=_days(first, end),
        days_since_last_source=_days(known[-1].occurred_at if known else first, end),
        stage_changes=max(0, len(changes) - 1),
        source_count=len(known),
        sources_30d=len(recent),
        sources_prior_30d=len(prior),
        momentum=round((len(recent) - len(prior)) / both, 3) if both else None,
        customer_sources_30d=sum(not f.is_ours for f in said),
        our_sources_30d=sum(f.is_ours for f in said),
        call_count=sum(f.kind == "call" for f in known),
        our_response_hours=_median(ours),
        customer_response_hours=_median(theirs),
        waiting_for=None if is_closed else _waiting_for(known),
        customer_people=sum(a.side == "customer" for a in opportunity.actors),
        our_people=sum(a.side == "vendor" for a in opportunity.actors),
        conflict_count=sum(f.rule == "conflicting_values" for f in quality.findings),
        finding_count=len(quality.findings),
        blocker_count=quality.count("blocker"),
        quality_score=quality.score,
        price_statements=_statements(known, "unit_price"),
        quantity_statements=_statements(known, "quantity"),
        competitor_count=len(opportunity.competitors),
        next_step_count=sum(s.status != "done" for s in opportunity.next_steps),
        overdue_step_count=sum(
            s.status != "done" and s.due_on is not None and s.due_on < as_of
            for s in opportunity.next_steps
        ),
        days_to_decision=_until(opportunity.decision_on, as_of),
        days_to_delivery=_until(opportunity.delivery_on, as_of),
        value=opportunity.value,
        currency=opportunity.currency,
        priority=opportunity.priority,
    )


def response_hours(fragments: Iterable[Fragment]) -> tuple[list[float], list[float]]:
    """Hours until our side, and the customer's, answered: mail to mail within a conversation.

    Counted from the first mail of a side that waits for an answer, up to 30 days.
    """
    threads: dict[str, list[Fragment]] = {}
    for fragment in fragments:
        if fragment.kind == "mail" and fragment.thread_id:
            threads.setdefault(fragment.thread_id, []).append(fragment)
    ours: list[float] = []
    theirs: list[float] = []
    for mails in threads.values():
        asked: Fragment | None = None
        for mail in sorted(mails, key=lambda f: (f.occurred_at, f.fragment_id)):
            if asked is None or asked.is_ours != mail.is_ours:
                if asked is not None:
                    waited = mail.occurred_at - asked.occurred_at
                    if waited <= timedelta(days=LONGEST_ANSWER_DAYS):
                        hours = round(waited.total_seconds() / 3600, 3)
                        (ours if mail.is_ours else theirs).append(hours)
                asked = mail
    return ours, theirs


def _waiting_for(known: Sequence[Fragment]) -> str | None:
    last = next((f for f in reversed(known) if f.kind == "mail"), None)
    if last is None:
        return None
    return "customer" if last.is_ours else "us"


def _statements(fragments: Iterable[Fragment], field: str) -> int:
    return len({c.says() for f in fragments for c in f.claims if c.field == field})


def _median(hours: list[float]) -> float | None:
    return round(median(hours), 3) if hours else None


def _days(start: datetime, end: datetime) -> float:
    return round(max(0.0, (end - start).total_seconds() / 86_400), 3)


def _until(day: date | None, as_of: date) -> int | None:
    return (day - as_of).days if day else None
