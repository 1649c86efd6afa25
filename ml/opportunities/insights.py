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
from typing import Any

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
    changes = stage_changes(known)
    first = known[0].occurred_at if known else opportunity.first_seen_at
    last = known[-1].occurred_at if known else first
    since = stage_since(known, first, review)
    ours, theirs = response_hours(known)
    is_closed = opportunity.stage in ("won", "lost")
    return Features(
        opportunity_id=opportunity.opportunity_id,
        as_of=as_of,
        stage=opportunity.stage,
        stage_rank=STAGES.index(opportunity.stage),
        is_closed=is_closed,
        **window_counts(since, first, last, [(f.occurred_at, side_of(f)) for f in known], end),
        stage_changes=max(0, len(changes) - 1),
        source_count=len(known),
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
        days_to_decision=until(opportunity.decision_on, as_of),
        days_to_delivery=until(opportunity.delivery_on, as_of),
        value=opportunity.value,
        currency=opportunity.currency,
        priority=opportunity.priority,
    )


def stage_since(known: Sequence[Fragment], first: datetime, review: Review = NO_REVIEW) -> datetime:
    """When a stage was told by sources in the order of time, or by a reviewer; else ``first``."""
    told, changes = review.value("stage"), stage_changes(known)
    return told.reviewed_at if told else changes[-1][0] if changes else first


def side_of(fragment: Fragment) -> int:
    """Whose word a source is: 1 the customer's, 2 ours, 0 a CRM's or a reviewer's."""
    if fragment.kind in ("crm", REVIEW):
        return 0
    return 2 if fragment.is_ours else 1


def window_counts(
    since: datetime,
    first: datetime,
    last: datetime,
    sources: Sequence[tuple[datetime, int]],
    end: datetime,
) -> dict[str, Any]:
    """Features that count days and sources up to ``end``, by name.

    ``since`` is when the stage was told, ``first`` and ``last`` when the first and last source
    spoke; ``sources`` are times before ``end`` with ``side_of``.
    """
    window = timedelta(days=WINDOW_DAYS)
    recent = [side for at, side in sources if at >= end - window]
    prior = sum(end - 2 * window <= at < end - window for at, _ in sources)
    both = len(recent) + prior
    return {
        "days_in_stage": _days(since, end),
        "days_since_first_source": _days(first, end),
        "days_since_last_source": _days(last, end),
        "sources_30d": len(recent),
        "sources_prior_30d": prior,
        "momentum": round((len(recent) - prior) / both, 3) if both else None,
        "customer_sources_30d": recent.count(1),
        "our_sources_30d": recent.count(2),
    }


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


def until(day: date | None, as_of: date) -> int | None:
    """Days from ``as_of`` to a day, negative when it has passed; None where none is known."""
    return (day - as_of).days if day else None
