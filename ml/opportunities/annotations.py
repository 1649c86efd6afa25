"""What reviewers said of opportunities, and which of it holds.

An annotation is bound to a source: to its id, or to an opportunity's id, which is the hash of one
source's. It so finds its opportunity again however many sources come before or after, and whatever
the opportunity is called then. Of annotations on one subject the latest holds, by time and then by
id, so that their order in files is nothing; the others are kept and shown as superseded. What is
withdrawn never holds.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from ml.opportunities.records import (
    MANY_FIELDS,
    REVIEW,
    SINGLE_FIELDS,
    Candidate,
    Claim,
    Fragment,
    Member,
)

#: Authority of a reviewed value: above whatever sources say.
REVIEWED = 5
#: Actions that give a field its value.
_VALUE = frozenset({"set", "choose", "clear"})
#: Actions that say which sources stand together, and how a source is told of it.
_MOVES = {"merge": "merged", "split": "split off", "missed": "missed, and named"}
#: Subjects that are no field.
EXISTENCE = "opportunity"


@dataclass(frozen=True, kw_only=True)
class Annotation:
    """One statement of a reviewer."""

    #: Hash of its content: the same statement twice is one.
    annotation_id: str
    #: Source id (``mail:...``, ``call:...``, ``document:...``, ``crm:...``) or opportunity id
    #: (``opp_...``).
    about: str
    #: ``set``, ``choose``, ``clear``, ``confirm``, ``conflict``, ``no_conflict``, ``merge``,
    #: ``split``, ``no_opportunity``, ``missed``, ``comment`` or ``withdraw``.
    action: str
    field: str | None = None
    #: The value of ``set``, the title of ``missed``.
    claim: Claim | None = None
    #: Other sources (``merge``, ``split``, ``missed``), the candidate's source
    #: (``choose``) or the annotation that is withdrawn.
    others: tuple[str, ...] = ()
    reviewer: str = ""
    #: UTC.
    reviewed_at: datetime
    comment: str | None = None

    @property
    def subject(self) -> str | None:
        """What it decides on; of annotations with one subject the latest holds."""
        if self.action in _VALUE:
            return self.field
        if self.action in ("conflict", "no_conflict"):
            return f"conflict:{self.field}"
        if self.action in ("no_opportunity", "missed") or (
            self.action == "confirm" and not self.field
        ):
            return EXISTENCE
        return None


@dataclass(frozen=True)
class Review:
    """What reviewers decided about one group of sources: by subject, the one that holds."""

    held: dict[str, Annotation]

    def value(self, field: str) -> Annotation | None:
        """The annotation that gives ``field`` its value."""
        return self.held.get(field)

    @property
    def is_dropped(self) -> bool:
        """Whether a reviewer said that this is no opportunity."""
        told = self.held.get(EXISTENCE)
        return told is not None and told.action == "no_opportunity"

    @property
    def missed_as(self) -> str | None:
        """The title under which a reviewer said that it was missed."""
        told = self.held.get(EXISTENCE)
        return told.claim.value if told and told.action == "missed" and told.claim else None

    @property
    def cleared(self) -> frozenset[str]:
        """Fields whose values are wrong and whose right value nobody knows."""
        return frozenset(s for s, a in self.held.items() if a.action == "clear")

    def is_no_conflict(self, field: str) -> bool:
        """Whether a reviewer said that the field's values do not disagree."""
        told = self.held.get(f"conflict:{field}")
        return told is not None and told.action == "no_conflict"

    def candidates(self, fragments: Sequence[Fragment]) -> list[Candidate]:
        """Values that reviewers gave or chose, as candidates above all others."""
        found = []
        for field, annotation in sorted(self.held.items()):
            claim = annotation.claim if annotation.action == "set" else None
            if annotation.action == "choose":
                claim = chosen_claim(annotation, fragments)
            if claim is not None and field in SINGLE_FIELDS:
                found.append(
                    Candidate(
                        claim, f"{REVIEW}:{annotation.annotation_id}", REVIEW,
                        annotation.reviewed_at, REVIEWED, False,
                    )
                )  # fmt: skip
        return found


NO_REVIEW = Review({})


def id_of_source(fragment_id: str) -> str:
    """The name of an opportunity whose first source this is.

    Where an earlier source turns up, or two groups become one, the opportunity is named anew; its
    former name is then the one that another of its sources gives, and leads to it.
    """
    return "opp_" + hashlib.sha256(fragment_id.encode()).hexdigest()[:20]


def chosen_claim(annotation: Annotation, fragments: Sequence[Fragment]) -> Claim | None:
    """The claim of the source that a ``choose`` names; the surest where it makes several."""
    claims = [
        c
        for f in fragments
        if annotation.others and f.fragment_id == annotation.others[0]
        for c in f.claims
        if c.field == annotation.field
    ]
    return max(claims, key=lambda c: (c.confidence, -(c.start or 0), repr(c)), default=None)


def in_order(annotations: Iterable[Annotation]) -> list[Annotation]:
    """Each annotation once, by time and then by id."""
    once = {a.annotation_id: a for a in annotations}
    return sorted(once.values(), key=lambda a: (a.reviewed_at, a.annotation_id))


def withdrawn_ids(annotations: Iterable[Annotation]) -> frozenset[str]:
    """Ids of annotations that were taken back."""
    return frozenset(i for a in annotations if a.action == "withdraw" for i in a.others)


class Feedback:
    """All annotations, ready to be asked about groups of sources."""

    def __init__(self, annotations: Iterable[Annotation] = ()) -> None:
        self.annotations = in_order(annotations)
        self.withdrawn = withdrawn_ids(self.annotations)
        self.active = [
            a
            for a in self.annotations
            if a.action != "withdraw" and a.annotation_id not in self.withdrawn
        ]
        self._about: dict[str, list[Annotation]] = defaultdict(list)
        for annotation in self.active:
            self._about[annotation.about].append(annotation)

    def __bool__(self) -> bool:
        return bool(self.annotations)

    def on(self, fragments: Iterable[Fragment]) -> list[Annotation]:
        """Annotations about any of the sources that were not withdrawn, in order."""
        if not self.active:
            return []
        names = {n for f in fragments for n in _names(f)}
        return in_order(a for name in names for a in self._about.get(name, ()))

    def review(self, fragments: Iterable[Fragment]) -> Review:
        """What holds for a group of sources."""
        held: dict[str, Annotation] = {}
        for annotation in self.on(fragments):
            if annotation.subject is not None:
                held[annotation.subject] = annotation
        return Review(held) if held else NO_REVIEW

    @property
    def named(self) -> frozenset[str]:
        """Sources that reviewers named as parts of opportunities that were missed."""
        return frozenset(n for a in self.missed for n in (a.about, *a.others))

    @property
    def missed(self) -> list[Annotation]:
        """What reviewers said was missed, in order."""
        return [a for a in self.active if a.action == "missed"]

    def told_alone(self, fragments: Iterable[Fragment]) -> list[Fragment]:
        """Missed opportunities of which no source is known, as sources that reviewers are.

        What was reviewed of them (customer, product, quantity) is compared with other sources, so
        that they are one with what the platform finds later.
        """
        known = {f.fragment_id for f in fragments}
        found: dict[str, Fragment] = {}
        for annotation in self.missed:
            if annotation.about not in known and annotation.about not in found:
                found[annotation.about] = self._told(annotation)
        return list(found.values())

    def _told(self, annotation: Annotation) -> Fragment:
        held = {
            a.field: a.claim
            for a in self._about[annotation.about]
            if a.action == "set" and a.field and a.claim
        }
        texts = {f: c.value for f, c in held.items() if f in ("customer", "customer_domain")}
        return Fragment(
            fragment_id=annotation.about,
            kind=REVIEW,
            occurred_at=annotation.reviewed_at,
            party=(texts.get("customer_domain") or "").lower() or None,
            company=texts.get("customer"),
            claims=tuple(
                c._replace(value=value)
                for f, c in sorted(held.items())
                if f in SINGLE_FIELDS or f in MANY_FIELDS
                for value in (_listed(c.value) if f in MANY_FIELDS else [c.value])
            ),
            title=(annotation.claim.value if annotation.claim else None) or "",
        )

    def regroup(
        self, groups: list[tuple[list[Fragment], list[Member]]]
    ) -> list[tuple[list[Fragment], list[Member]]]:
        """Groups after every merge and split, in the order of the annotations.

        A merge joins all sources of both groups, as does what was missed. A split takes the named
        sources out, into an opportunity of their own.
        """
        moves = [a for a in self.active if a.action in _MOVES]
        if not moves:
            return groups
        sources = {f.fragment_id: (f, m) for group, members in groups
                   for f, m in zip(group, _aligned(group, members), strict=True)}  # fmt: skip
        where = {f.fragment_id: row for row, (group, _) in enumerate(groups) for f in group}
        named = {name: f.fragment_id for f, _ in sources.values() for name in _names(f)}
        rooms: dict[int, set[str]] = defaultdict(set)
        for fragment_id, row in where.items():
            rooms[row].add(fragment_id)
        for move in moves:
            ids = [named[n] for n in (move.about, *move.others) if n in named]
            merges = move.action != "split"
            if move.about not in named or (move.action == "merge" and len(ids) < 2):
                continue
            target = where[ids[0]] if merges else max(rooms) + 1
            word = _MOVES[move.action]
            for source in ids:
                taken = rooms[where[source]] if merges else {source}
                for fragment_id in sorted(taken):
                    rooms[where[fragment_id]] = rooms[where[fragment_id]] - {fragment_id}
                    rooms[target] = rooms[target] | {fragment_id}
                    where[fragment_id] = target
                fragment, member = sources[source]
                told = replace(
                    member, probability=1.0, reasons=(f"{word} by review {move.annotation_id}",)
                )
                sources[source] = fragment, told
        kept = [[sources[i] for i in sorted(room)] for room in rooms.values() if room]
        return [([f for f, _ in room], [m for _, m in room]) for room in kept]


def _listed(text: str | None) -> list[str]:
    return [part.strip() for part in (text or "").split(";") if part.strip()]


def _aligned(group: Sequence[Fragment], members: Sequence[Member]) -> list[Member]:
    by_id = {m.fragment_id: m for m in members}
    return [by_id[f.fragment_id] for f in group]


def _names(fragment: Fragment) -> tuple[str, str]:
    return fragment.fragment_id, id_of_source(fragment.fragment_id)
