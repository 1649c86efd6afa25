"""Who is asked next, and whose value wins: pure decisions, no clock and no network.

For each wanted field the operations of its order are tried one by one until one of them gives a
value that is confident enough. An answer serves every field that it speaks of, so that the next
field may need no question any more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from resources.enrichment.values import Observation


@dataclass(frozen=True, slots=True)
class Rule:
    """The order of operations for one field, and the confidence that ends its search."""

    field: str
    ask: tuple[str, ...]
    confident: float


@dataclass(frozen=True, slots=True)
class Ask:
    """Put a question to ``operation``; ``field`` is why."""

    operation: str
    field: str


@dataclass(frozen=True, slots=True)
class Choice:
    """What became of a field: the winning observation (None: unknown) and the reasons."""

    field: str
    winner: Observation | None
    is_confident: bool
    #: Reason for each observation, winner and others, in the order of ``choose``'s arguments.
    reasons: tuple[str, ...]


def rank(rule: Rule, observation: Observation) -> int:
    """Place of an observation's operation in the field's order; unlisted ones come last."""
    listed = observation.operation in rule.ask
    return rule.ask.index(observation.operation) if listed else len(rule.ask)


def _by_operation(observation: Observation) -> str:
    return observation.operation


def choose(rule: Rule, observations: Sequence[Observation]) -> Choice:
    """The value that wins: the first confident one in the field's order, else the most confident.

    A value that any source calls wrong is out, whoever else tells it. A value that is confirmed
    later (a verified address) keeps the source that told it first and takes the higher confidence.
    """
    refuted = {o.value: o.source for o in sorted(observations, key=_by_operation) if o.is_refuted}
    standing = [o for o in observations if o.value not in refuted]
    best_of = {
        value: min(
            (o for o in standing if o.value == value),
            key=lambda o: (-o.confidence, rank(rule, o), o.operation),
        )
        for value in {o.value for o in standing}
    }
    confident = [o for o in standing if best_of[o.value].confidence >= rule.confident]
    winner: Observation | None = None
    if confident:
        winner = min(confident, key=lambda o: (rank(rule, o), -o.confidence, o.value, o.operation))
    elif standing:
        winner = min(standing, key=lambda o: (-o.confidence, rank(rule, o), o.value, o.operation))
    reasons = []
    for o in observations:
        if o.is_refuted:
            reasons.append(f"says that the value is wrong: {o.basis}")
        elif o.value in refuted:
            reasons.append(f"{refuted[o.value]} says that the value is wrong")
        elif o is winner:
            reasons.append(_why(rule, o, best_of[o.value], standing, bool(confident)))
        elif winner is not None and o.value == winner.value:
            reasons.append(f"agrees with {winner.source}")
        elif winner is not None and confident and o.confidence >= rule.confident:
            reasons.append(f"{winner.source} comes first in the order")
        elif winner is not None and confident:
            reasons.append(f"below {rule.confident:g}, and {winner.source} was confident")
        else:
            reasons.append(f"less confident than {winner.source if winner else 'another'}")
    return Choice(rule.field, winner, bool(confident), tuple(reasons))


def _why(
    rule: Rule,
    winner: Observation,
    best: Observation,
    standing: Iterable[Observation],
    confident: bool,
) -> str:
    others = sorted({o.source for o in standing if o.value == winner.value} - {winner.source})
    agreed = f", agreed by {', '.join(others)}" if others else ""
    if not confident:
        return f"no source reached {rule.confident:g}; the most confident one{agreed}"
    if winner.confidence < rule.confident:
        return f"confirmed by {best.source} ({best.basis})"
    return f"first confident answer in the order{agreed}"


def confidence_of(value: str, observations: Iterable[Observation]) -> float:
    """What a value is worth: the most that any source gives it, and 0 once one calls it wrong."""
    told = [o for o in observations if o.value == value]
    if any(o.is_refuted for o in told):
        return 0.0
    return max((o.confidence for o in told), default=0.0)


def next_ask(
    rules: Sequence[Rule],
    observations: Sequence[Observation],
    tried: Mapping[str, object] | set[str],
    is_askable: Callable[[str], bool],
) -> Ask | None:
    """The next question: of the first field without a confident value, the first untried operation.

    ``tried`` are operations asked or given up already. ``is_askable`` says whether an operation
    has what it needs for a question now; one that has not may have it after another answer. None
    when every field has a confident value or nobody is left to ask.
    """
    for rule in rules:
        own = [o for o in observations if o.field == rule.field]
        if choose(rule, own).is_confident:
            continue
        for operation in rule.ask:
            if operation not in tried and is_askable(operation):
                return Ask(operation, rule.field)
    return None
