"""What became of each annotation, and what it says about the machine's answers.

Against every annotation stands what the platform makes of the same sources as far as they went
when the reviewer wrote (``told_then``): that is the ``before`` of an override, and what is judged
when annotations are taken as truth (``accuracy``). It is reckoned anew with today's rules, so that
a mended rule shows in the figures.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from ml.opportunities.annotations import (
    EXISTENCE,
    Annotation,
    Feedback,
    Review,
    chosen_claim,
    id_of_source,
)
from ml.opportunities.building import Group, build_one
from ml.opportunities.consolidation import agree
from ml.opportunities.records import (
    MANY_FIELDS,
    REVIEW,
    Claim,
    Finding,
    Fragment,
    Opportunity,
)

_PLURAL = {"product": "products", "part_number": "part_numbers", "reference": "references",
           "competitor": "competitors"}  # fmt: skip


@dataclass(frozen=True)
class Outcome:
    """One annotation and what became of it."""

    annotation: Annotation
    #: Opportunity that its source belongs to now; None where no such source is known, or the
    #: reviewer said that it is none.
    opportunity_id: str | None
    #: ``holds``, ``superseded`` (a later one decides), ``withdrawn``, ``unmatched`` (its source or
    #: candidate is not known), or ``outdated``: it holds, and later sources say otherwise.
    status: str
    #: The platform's own answer at that time, and what is shown now, as text.
    before: str | None
    after: str | None


def outcomes_of(
    groups: Sequence[Group], opportunities: Iterable[Opportunity], feedback: Feedback, as_of: date
) -> list[Outcome]:
    """What became of each annotation, in their order.

    ``groups`` and ``opportunities`` are those made with this feedback.
    """
    shown = {m.fragment_id: o for o in opportunities for m in o.members}
    place = {
        name: row
        for row, (group, _) in enumerate(groups)
        for f in group
        for name in (f.fragment_id, id_of_source(f.fragment_id))
    }
    found = []
    for annotation in feedback.annotations:
        row = place.get(annotation.about)
        if annotation.action == "withdraw":
            known = {a.annotation_id for a in feedback.annotations}
            status = "holds" if set(annotation.others) <= known else "unmatched"
            found.append(Outcome(annotation, None, status, None, None))
        elif row is None:
            status = "withdrawn" if annotation.annotation_id in feedback.withdrawn else "unmatched"
            found.append(Outcome(annotation, None, status, None, None))
        else:
            group, members = groups[row]
            then = told_then(groups[row], annotation)
            now = build_one(group, members, as_of)
            built = shown.get(group[0].fragment_id)
            status = _status(annotation, group, feedback, then, now, place)
            field = annotation.field
            found.append(
                Outcome(
                    annotation, built.opportunity_id if built else None, status,
                    text_of(then, field) if field else None,
                    text_of(built, field) if built and field else None,
                )
            )  # fmt: skip
    return found


def told_then(group: Group, annotation: Annotation) -> Opportunity:
    """The platform's own answer from the sources that were there when the reviewer wrote.

    Where none was (a source that came late), from all of them.
    """
    fragments, members = group
    before = [f for f in fragments if f.occurred_at <= annotation.reviewed_at] or list(fragments)
    kept = {f.fragment_id for f in before}
    return build_one(
        before,
        [m for m in members if m.fragment_id in kept],
        annotation.reviewed_at.date(),
    )


def review_findings(outcomes: Iterable[Outcome]) -> dict[str, tuple[Finding, ...]]:
    """Findings by opportunity about reviewed values that later sources contradict."""
    found: dict[str, list[Finding]] = {}
    for outcome in outcomes:
        annotation = outcome.annotation
        if outcome.status != "outdated" or outcome.opportunity_id is None:
            continue
        name = (annotation.field or "opportunity").replace("_", " ")
        found.setdefault(outcome.opportunity_id, []).append(
            Finding(
                outcome.opportunity_id, "review_outdated", "consistency", "warning",
                annotation.field,
                f"The {name} was reviewed on {annotation.reviewed_at:%Y-%m-%d}; later sources say"
                " otherwise.",
                "Review it again, or withdraw the annotation"
                f" {annotation.annotation_id}.",
            )
        )  # fmt: skip
    return {key: tuple(findings) for key, findings in found.items()}


def text_of(opportunity: Opportunity, field: str) -> str | None:
    """What an opportunity says of a field, as people write it; None where it says nothing."""
    if field in ("stage", "priority", "customer", "customer_domain", "title"):
        return getattr(opportunity, field)
    if field in MANY_FIELDS:
        return "; ".join(getattr(opportunity, _PLURAL[field])) or None
    claim = claim_held(opportunity, field)
    return claim_text(claim) if claim else None


def claim_held(opportunity: Opportunity, field: str) -> Claim | None:
    """The claim that holds for a field of one value."""
    return next(
        (c.claim for c in opportunity.candidates if c.is_chosen and c.claim.field == field), None
    )


def claim_text(claim: Claim) -> str:
    """A claim's value as text.

    >>> claim_text(Claim("unit_price", 4.0, 4.5, "unit", "EUR"))
    '4-4.5 EUR'
    """
    if claim.day is not None:
        return claim.day.isoformat()
    if claim.low is None and claim.high is None:
        return claim.value or ""
    low, high = (f"{v:.12g}" if v is not None else "" for v in (claim.low, claim.high))
    number = low if low == high or not high else f"{low}-{high}"
    return f"{number} {claim.currency}" if claim.currency else number


def _status(
    annotation: Annotation,
    group: Sequence[Fragment],
    feedback: Feedback,
    then: Opportunity,
    now: Opportunity,
    place: dict[str, int],
) -> str:
    if annotation.annotation_id in feedback.withdrawn:
        return "withdrawn"
    if annotation.action in ("merge", "split"):
        return "holds" if all(o in place for o in annotation.others) else "unmatched"
    if annotation.action == "choose" and chosen_claim(annotation, group) is None:
        return "unmatched"
    review = feedback.review(group)
    subject = annotation.subject
    if subject is not None and review.held[subject] is not annotation:
        return "superseded"
    return "outdated" if _is_outdated(annotation, group, review, then, now) else "holds"


def _is_outdated(
    annotation: Annotation,
    group: Sequence[Fragment],
    review: Review,
    then: Opportunity,
    now: Opportunity,
) -> bool:
    """Whether sources that came after the review say something else than it does."""
    later = {f.fragment_id for f in group if f.occurred_at > annotation.reviewed_at}
    subject, field = annotation.subject, annotation.field
    if not later or subject is None:
        return False
    if subject == EXISTENCE:
        return review.is_dropped
    if field == "stage":
        told = annotation.claim.value if annotation.claim else None
        return now.stage not in (then.stage, told)
    if annotation.action not in ("set", "choose", "clear"):
        return False
    held = annotation.claim or chosen_claim(annotation, group)
    return any(
        c.fragment_id in later
        and c.kind != REVIEW
        and c.claim.field == field
        and (held is None or not agree(c.claim, held))
        for c in now.candidates
    )
