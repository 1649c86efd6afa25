"""Rules of consistency and staleness: each looks at one opportunity and yields findings.

A rule says nothing where what it compares is not known.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from ml.opportunities.line_items import total_of
from ml.opportunities.records import (
    REVIEW,
    Candidate,
    Finding,
    Member,
    NextStep,
    Opportunity,
    Standing,
)
from ml.opportunities.settings import QualityConfig

_OPEN = frozenset({"research_concept", "rfq", "quoting", "po_in_progress"})
_COMMITTED = frozenset({"quoting", "po_in_progress"})
_KINDS = {"crm": "CRM row"}
#: Fields without which no order can be right: a conflict on them blocks once an offer is out.
_PRICED = frozenset({"quantity", "unit_price", "total_price"})


def _finding(
    opportunity: Opportunity | Standing,
    rule: str,
    kind: str,
    severity: str,
    field: str | None,
    message: str,
    remedy: str,
    sources: Iterable[str] = (),
) -> Finding:
    return Finding(
        opportunity.opportunity_id, rule, kind, severity, field, message, remedy,
        tuple(dict.fromkeys(sources)),
    )  # fmt: skip


def _named(source: Candidate | Member) -> str:
    """A source as a person knows it; its key stands in the finding's ``sources``."""
    return f"the {_KINDS.get(source.kind, source.kind)} of {source.occurred_at:%Y-%m-%d}"


def _telling(opportunity: Opportunity | Standing, *fields: str) -> list[str]:
    """Sources of the values that hold for some fields."""
    chosen = (_chosen(opportunity, field) for field in fields)
    return [candidate.fragment_id for candidate in chosen if candidate]


def _chosen(opportunity: Opportunity | Standing, field: str) -> Candidate | None:
    return next((c for c in opportunity.candidates if c.is_chosen and c.claim.field == field), None)


def _conflicts(o: Opportunity, as_of: date, config: QualityConfig) -> Iterator[Finding]:
    for conflict in o.conflicts:
        if conflict.chosen.kind == REVIEW:
            continue
        grave = conflict.field in _PRICED and o.stage in _COMMITTED
        severity = "blocker" if grave else "warning" if o.stage in _OPEN else "note"
        if conflict.field == "stage":
            # An open stage told after the end: which of the two is wrong wants a person.
            last = max(conflict.candidates, key=lambda c: c.occurred_at)
            severity = "warning" if last.claim.value in _OPEN else severity
        name = conflict.field.replace("_", " ")
        sources = len({c.fragment_id for c in conflict.candidates})
        decide = "annotate the stage" if conflict.field == "stage" else "choose a candidate"
        yield _finding(
            o, "conflicting_values", "consistency", severity, conflict.field,
            f"{sources} sources disagree on the {name}; {_named(conflict.chosen)} holds"
            f" ({conflict.reason}).",
            f"Look at opportunity_conflicts and {decide}, or say that there is no conflict.",
            (c.fragment_id for c in conflict.candidates),
        )  # fmt: skip


def _total(o: Opportunity, as_of: date, config: QualityConfig) -> Iterator[Finding]:
    total = _chosen(o, "total_price")
    if total is None or total.claim.high is None:
        return
    if total.claim.currency and o.currency and total.claim.currency != o.currency:
        yield _finding(
            o, "currencies_differ", "consistency", "warning", "total_price",
            f"The unit price is in {o.currency}, the total in {total.claim.currency}.",
            "Ask which currency holds and annotate the other value.",
            _telling(o, "total_price", "unit_price"),
        )  # fmt: skip
        return
    if o.lines_are_matched:
        low = high = total_of(o.lines) or 0.0
    elif o.unit_low and o.unit_high and o.price_low and o.price_high:
        low, high = o.unit_low * o.price_low, o.unit_high * o.price_high
    else:
        low = high = 0.0
    if not high:
        return
    stated_low = total.claim.low if total.claim.low is not None else total.claim.high
    slack = config.total_tolerance
    if total.claim.high < low * (1 - slack) or stated_low > high * (1 + slack):
        reckoned = f"{low:,.2f}" if low == high else f"{low:,.2f} to {high:,.2f}"
        yield _finding(
            o, "total_differs", "consistency", "warning", "total_price",
            f"The stated total of {total.claim.high:,.2f} is not quantity times price"
            f" ({reckoned}).",
            "Find out which of quantity, price and total is wrong, or what else the total holds.",
            _telling(o, "total_price", "quantity", "unit_price"),
        )  # fmt: skip


def _several_lines(o: Opportunity, as_of: date, config: QualityConfig) -> Iterator[Finding]:
    if not o.has_several_lines or o.lines_are_matched:
        return
    told = "the total is told" if o.value is not None else "the total is unknown"
    yield _finding(
        o, "several_lines", "consistency", "warning" if o.stage in _OPEN else "note",
        "quantity",
        f"Quantities and prices are of {len(o.products) or len(o.part_numbers)} products, and not"
        f" all can be told apart; those shown are one line of several, and {told}.",
        "Look at opportunity_lines; annotate the total, or split the deal by product.",
        _telling(o, "quantity", "unit_price"),
    )  # fmt: skip


def _days_in_order(o: Opportunity, as_of: date, config: QualityConfig) -> Iterator[Finding]:
    pairs = (
        ("quote_due", o.quote_due_on, "decision_date", o.decision_on),
        ("quote_due", o.quote_due_on, "delivery_date", o.delivery_on),
        ("decision_date", o.decision_on, "delivery_date", o.delivery_on),
    )
    for first, earlier, then, later in pairs:
        if earlier and later and later < earlier:
            name, other = then.replace("_", " "), first.replace("_", " ")
            yield _finding(
                o, f"{then}_before_{first}", "consistency", "warning", then,
                f"The {name} {later.isoformat()} lies before the {other} {earlier.isoformat()}.",
                "Ask for both days and annotate the one that is wrong.",
                _telling(o, first, then),
            )  # fmt: skip


def _lead_time(o: Opportunity | Standing, as_of: date, config: QualityConfig) -> Iterator[Finding]:
    if o.stage in _OPEN and o.lead_time_days and o.delivery_on and o.delivery_on >= as_of:
        ready = as_of + timedelta(days=o.lead_time_days)
        if ready > o.delivery_on:
            yield _finding(
                o, "lead_time_too_long", "consistency", "warning", "lead_time",
                f"Ordered today it is ready on {ready.isoformat()}, after the delivery date"
                f" {o.delivery_on.isoformat()}.",
                "Offer a shorter lead time or a part delivery, or move the date.",
                _telling(o, "lead_time", "delivery_date"),
            )  # fmt: skip


def _minimum(o: Opportunity, as_of: date, config: QualityConfig) -> Iterator[Finding]:
    least = _chosen(o, "minimum_quantity")
    if least and least.claim.low and o.unit_high and o.unit_high < least.claim.low:
        yield _finding(
            o, "below_minimum_quantity", "consistency", "warning", "minimum_quantity",
            f"The quantity {o.unit_high:,.0f} is below the minimum of {least.claim.low:,.0f}.",
            "Offer the minimum, or price the smaller quantity.",
            _telling(o, "minimum_quantity", "quantity"),
        )  # fmt: skip


def _margin(o: Opportunity, as_of: date, config: QualityConfig) -> Iterator[Finding]:
    if o.margin_low is not None and (o.margin_low < 0 or (o.margin_high or 0) >= 100):
        told = o.margin_low if o.margin_low < 0 else o.margin_high
        yield _finding(
            o, "margin_out_of_range", "consistency", "warning", "margin",
            f"A margin of {told:g} per cent sells below cost or at no cost.",
            "Check what the margin was reckoned on and annotate it.",
            _telling(o, "margin"),
        )  # fmt: skip


def _order(o: Opportunity, as_of: date, config: QualityConfig) -> Iterator[Finding]:
    # Of what the CRM alone knows, no source could have named one.
    is_heard = any(m.kind not in ("crm", REVIEW) for m in o.members)
    if o.stage == "won" and is_heard and not any(r.startswith("PO ") for r in o.references):
        yield _finding(
            o, "won_without_order", "consistency", "warning", "reference",
            "It counts as won, and no source names an order.",
            "Annotate the order's number as reference, or the stage if it is not won.",
        )  # fmt: skip


def _weak_sources(o: Opportunity, as_of: date, config: QualityConfig) -> Iterator[Finding]:
    weak = [m for m in o.members if m.probability < config.weak_source_below]
    if weak and len(o.members) > 1:
        least = min(weak, key=lambda m: (m.probability, m.fragment_id))
        yield _finding(
            o, "weak_source", "consistency", "note", None,
            f"{len(weak)} of {len(o.members)} sources may belong elsewhere; the least sure is"
            f" {_named(least)} ({least.probability:.2f}).",
            "Read it; split it off where it speaks of another deal.",
            (m.fragment_id for m in weak),
        )  # fmt: skip


def _withdrawn(o: Opportunity, as_of: date, config: QualityConfig) -> Iterator[Finding]:
    if not o.withdrawn or o.stage not in _OPEN:
        return
    last = max(o.withdrawn, key=lambda row: (row.told_at, row.source_key))
    later = sum(m.occurred_at > last.told_at for m in o.members)
    heard = f"{later} sources are later" if later else "no source is later"
    yield _finding(
        o, "deleted_in_crm", "consistency", "warning", "stage",
        f"{last.source} deleted its row {last.record_id} on {last.told_at:%Y-%m-%d};"
        f" here it is open, and {heard}.",
        "Annotate it as lost or as no opportunity; confirm it, and the next export makes it in the"
        " CRM again.",
    )  # fmt: skip


def _silent(o: Opportunity | Standing, as_of: date, config: QualityConfig) -> Iterator[Finding]:
    sla = config.sla_days.get(o.stage)
    days = (as_of - o.last_touched_at.date()).days
    if sla is not None and days > sla:
        yield _finding(
            o, "stale", "staleness", "blocker" if days > 2 * sla else "warning", None,
            f"No word for {days} days; at stage {o.stage} {sla:g} are allowed.",
            "Write or call, or annotate it as lost.",
            (o.members[-1].fragment_id,),
        )  # fmt: skip


def _past_days(o: Opportunity | Standing, as_of: date, config: QualityConfig) -> Iterator[Finding]:
    if o.stage in ("research_concept", "rfq") and o.quote_due_on and o.quote_due_on < as_of:
        yield _finding(
            o, "quote_overdue", "staleness", "blocker", "quote_due",
            f"The quotation was due on {o.quote_due_on.isoformat()}, and none is known.",
            "Quote now, or agree on a later day.",
            _telling(o, "quote_due"),
        )  # fmt: skip
    days = (
        ("decision_date", o.decision_on),
        ("close_date", o.close_on),
        ("delivery_date", o.delivery_on),
    )
    for field, day in days:
        if o.stage in _OPEN and day and day < as_of:
            name = field.replace("_", " ")
            yield _finding(
                o, f"{field}_past", "staleness", "warning", field,
                f"The {name} {day.isoformat()} has passed, and the deal is open.",
                "Ask what was decided; annotate stage or day.",
                _telling(o, field),
            )  # fmt: skip


def late_steps(steps: Iterable[NextStep], as_of: date, days: int) -> list[NextStep]:
    """Steps whose day has passed, by no more than ``days``."""
    since = as_of - timedelta(days=days)
    return [s for s in steps if s.status != "done" and s.due_on and since <= s.due_on < as_of]


def _overdue_steps(
    o: Opportunity | Standing, as_of: date, config: QualityConfig
) -> Iterator[Finding]:
    if o.stage not in _OPEN:
        return
    late = late_steps(o.next_steps, as_of, config.overdue_days)
    if late:
        first = min(late, key=lambda s: (s.due_on or date.max, s.text))
        yield _finding(
            o, "overdue_next_steps", "staleness", "warning", "next_step",
            f"{len(late)} next step{'s are' if len(late) > 1 else ' is'} overdue, the first since"
            f" {first.due_on}{f' ({first.owner})' if first.owner else ''}.",
            "Do it, or agree on another day.",
            (s.fragment_id for s in late),
        )  # fmt: skip


CONSISTENCY_RULES = (
    _conflicts, _total, _several_lines, _days_in_order, _lead_time, _minimum, _margin, _order,
    _weak_sources, _withdrawn,
)  # fmt: skip
STALENESS_RULES = (_silent, _past_days, _overdue_steps)
#: Rules whose findings hang on the day, and so change although no source is new.
DAY_RULES = (_lead_time, *STALENESS_RULES)


def is_of_the_day(kind: str, rule: str) -> bool:
    """Whether a finding is one of ``DAY_RULES``."""
    return kind == "staleness" or rule == "lead_time_too_long"
