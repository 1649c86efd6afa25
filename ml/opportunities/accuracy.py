"""Precision and recall of stage, priority, fields, conflicts and opportunities, by reviewers' word.

Truth is the annotation that holds on a subject (``confirm`` says that the platform's answer was
right); judged is the platform's own answer at that time (``feedback.told_then``). Each pair counts
once, in the month of its annotation and in ``all``. What no reviewer looked at counts nowhere:
figures speak of reviewed opportunities, which are not drawn by chance.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ml.opportunities.annotations import EXISTENCE, Annotation, Feedback, chosen_claim
from ml.opportunities.building import Group
from ml.opportunities.consolidation import agree
from ml.opportunities.feedback import claim_held, text_of, told_then
from ml.opportunities.records import (
    MANY_FIELDS,
    REVIEW,
    SINGLE_FIELDS,
    Claim,
    Fragment,
    Opportunity,
)

ALL = "all"


@dataclass(frozen=True)
class Accuracy:
    """Counts of one subject and label in one period."""

    #: ``stage``, ``priority``, ``field``, ``conflict``, ``resolution`` or ``opportunity``.
    subject: str
    #: Stage, priority or field.
    label: str
    #: Month (``2026-03``, UTC) of the annotations, or ``all``.
    period: str
    true_positives: int
    false_positives: int
    false_negatives: int

    @property
    def precision(self) -> float | None:
        """Share of the platform's answers that were right; None where it gave none."""
        return _share(self.true_positives, self.false_positives)

    @property
    def recall(self) -> float | None:
        """Share of what is true that the platform told; None where nothing was to be told."""
        return _share(self.true_positives, self.false_negatives)


@dataclass(frozen=True)
class _Case:
    subject: str
    label: str
    period: str
    #: ``tp``, ``fp`` or ``fn``.
    kind: str


def accuracy_of(groups: Iterable[Group], feedback: Feedback) -> list[Accuracy]:
    """Accuracy by subject, label and period, in that order."""
    counts: dict[tuple[str, str, str], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for group in groups:
        for case in _cases(group, feedback):
            for period in (case.period, ALL):
                counts[case.subject, case.label, period][case.kind] += 1
    return [
        Accuracy(subject, label, period, count["tp"], count["fp"], count["fn"])
        for (subject, label, period), count in sorted(counts.items())
    ]


def _share(right: int, wrong: int) -> float | None:
    return round(right / (right + wrong), 4) if right + wrong else None


def _cases(group: Group, feedback: Feedback) -> Iterator[_Case]:
    """The judgements on one group: per subject the annotation that holds, else its confirmation."""
    said = feedback.on(group[0])
    if not said:
        return
    review = feedback.review(group[0])
    if missed := _missed(group, said):
        # Nothing was told of it then, so nothing else can be judged.
        if not review.is_dropped:
            yield _Case("opportunity", "opportunity", _month(missed), "fn")
        return
    confirmed = {a.field: a for a in said if a.action == "confirm" and a.field}
    for field, annotation in confirmed.items():
        if field not in review.held:
            yield from _of_field(annotation, told_then(group, annotation), group[0])
    for annotation in review.held.values():
        then = told_then(group, annotation)
        month = _month(annotation)
        if annotation.subject == EXISTENCE:
            is_none = annotation.action == "no_opportunity"
            yield _Case("opportunity", "opportunity", month, "fp" if is_none else "tp")
        elif annotation.action in ("conflict", "no_conflict"):
            yield from _of_conflict(annotation, then, annotation.action == "conflict")
        else:
            yield from _of_field(annotation, then, group[0])
            if annotation.action == "choose":
                yield from _of_choice(annotation, then, group[0])


def _missed(group: Group, said: Sequence[Annotation]) -> Annotation | None:
    """The annotation that says so, unless the platform makes an opportunity of sources until then.

    What a mended reader finds by now was not missed: as everywhere here, today's rules are judged.
    """
    missed = next((a for a in said if a.action == "missed"), None)
    found = missed is None or any(
        f.kind != REVIEW and not f.is_named and f.occurred_at <= missed.reviewed_at
        for f in group[0]
    )
    return None if found else missed


def _of_field(
    annotation: Annotation, then: Opportunity, fragments: Sequence[Fragment]
) -> Iterator[_Case]:
    field, month = str(annotation.field), _month(annotation)
    told = text_of(then, field)
    if field in ("stage", "priority"):
        confirms = annotation.action == "confirm"
        truth = told if confirms else annotation.claim and annotation.claim.value
        if told == truth:
            yield _Case(field, str(truth), month, "tp")
        else:
            yield _Case(field, str(told), month, "fp")
            yield _Case(field, str(truth), month, "fn")
        return
    right, known = _is_right(annotation, then, fragments)
    if told is not None:
        yield _Case("field", field, month, "tp" if right else "fp")
    if known and not right:
        yield _Case("field", field, month, "fn")


def _is_right(
    annotation: Annotation, then: Opportunity, fragments: Sequence[Fragment]
) -> tuple[bool, bool]:
    """Whether the platform's value was right, and whether there is one to be known."""
    field = str(annotation.field)
    if annotation.action == "confirm":
        return True, text_of(then, field) is not None
    if annotation.action == "clear":
        return False, False
    truth = annotation.claim
    if annotation.action == "choose":
        truth = chosen_claim(annotation, fragments)
    if field in SINGLE_FIELDS:
        held = claim_held(then, field)
        return held is not None and truth is not None and agree(held, truth), truth is not None
    return _names(text_of(then, field), field) == _names(truth and truth.value, field), True


def _names(text: str | Claim | None, field: str) -> frozenset[str]:
    parts = str(text or "").split(";") if field in MANY_FIELDS else [str(text or "")]
    return frozenset(p.strip().lower() for p in parts) - {""}


def _of_conflict(annotation: Annotation, then: Opportunity, is_true: bool) -> Iterator[_Case]:
    field = str(annotation.field)
    was_found = any(c.field == field for c in then.conflicts)
    if was_found or is_true:
        kind = "tp" if was_found and is_true else "fp" if was_found else "fn"
        yield _Case("conflict", field, _month(annotation), kind)


def _of_choice(
    annotation: Annotation, then: Opportunity, fragments: Sequence[Fragment]
) -> Iterator[_Case]:
    """A chosen candidate says that there is a conflict, and how it is to be resolved."""
    yield from _of_conflict(annotation, then, True)
    field, truth = str(annotation.field), chosen_claim(annotation, fragments)
    held = claim_held(then, field)
    if truth is not None and held is not None and any(c.field == field for c in then.conflicts):
        right = agree(held, truth)
        yield _Case("resolution", field, _month(annotation), "tp" if right else "fp")


def _month(annotation: Annotation) -> str:
    return f"{annotation.reviewed_at:%Y-%m}"
