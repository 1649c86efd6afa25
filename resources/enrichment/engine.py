"""Enriching one company or person: the waterfall with its cache, its credits and its vendors.

A provider that fails is passed over and said so; nothing that a vendor does stops the waterfall.
"""

from __future__ import annotations

import os
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from resources.clock import utc_now
from resources.enrichment.clients import Clients
from resources.enrichment.config import EnrichmentConfig, Level
from resources.enrichment.failures import UNFORESEEN, Failure, failure_of
from resources.enrichment.known import Known, Statement
from resources.enrichment.ledger import Ledger, Outcome, Refusal, Reservation
from resources.enrichment.providers.base import Found
from resources.enrichment.providers.registry import OPERATIONS
from resources.enrichment.result import STILL_IN_DOUBT, Enrichment, Step
from resources.enrichment.suppressions import Suppressions
from resources.enrichment.values import Observation, Question, Subject
from resources.enrichment.waterfall import Ask, Choice, Rule, choose, next_ask
from resources.http import SourceError
from resources.masking import mask
from resources.state import StateStore


@dataclass(frozen=True)
class Answered:
    """What came of one question: from the vendor now, or from its answer of before."""

    observations: list[Observation]
    people: list[dict[str, Any]]
    more: bool
    fetched_at: datetime
    expires_at: datetime


class Enricher:
    """Everything that enriching needs, opened once for a run. Not shared between threads.

    ``run_id`` bounds the budget of a run. ``now`` tells the time (UTC) of answers.
    """

    def __init__(
        self,
        config: EnrichmentConfig,
        state: StateStore,
        suppressions: Suppressions,
        *,
        run_id: str | None = None,
        now: Callable[[], datetime] = utc_now,
        environ: Mapping[str, str] | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.config = config
        self.suppressions = suppressions
        self.run_id = run_id or str(uuid.uuid4())
        self.now = now
        self.environ = os.environ if environ is None else environ
        self.ledger = Ledger(state)
        self.known = Known(state)
        self.clients = Clients(config, state, now, self.environ, sleep)
        self._out: dict[str, tuple[str, str]] = {}
        self._steps = 0
        #: Providers that were asked over the network and state no limit of their own.
        self.asked_unstated = False

    def close(self) -> None:
        """Close connections; keep what was learnt of hosts that fail."""
        self.clients.close()

    def __enter__(self) -> Enricher:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def enrich(self, subject: Subject, level: Level) -> Enrichment:
        """Ask for what is not known confidently yet, and keep what came of it.

        Fields that other sources hold already (``subject.given``) are not asked for.
        """
        result = Enrichment(subject, level)
        rules = [
            rule
            for rule in self.config.rules_at(subject.entity, level)
            if rule.field not in subject.given
        ]
        forbidden = self.suppressions.forbids(subject)
        if forbidden:
            self._step(result, Ask("suppressions.check", ""), "suppressed", detail=forbidden)
            self._forget([subject.entity_id])
            self.log(result)
            return result
        started = self.now()
        statements = {
            (s.observation.field, s.observation.operation): s
            for s in self.known.statements(subject, started)
            if s.observation.field not in subject.given
        }
        tried: set[str] = set()
        while True:
            said = [s.observation for s in statements.values()]
            values = self._values(subject, rules, said)
            ask = next_ask(
                rules,
                said,
                tried,
                lambda name, values=values: OPERATIONS[name].question(subject, values) is not None,
            )
            if ask is None:
                break
            tried.add(ask.operation)
            question = OPERATIONS[ask.operation].question(subject, values)
            assert question is not None
            answered = self.answer(result, ask, question)
            found = _statements(answered, result) if answered else []
            forbidden = self.suppressions.forbids(
                subject, [(s.observation.field, s.observation.value) for s in found]
            )
            if forbidden:
                self._step(result, ask, "suppressed", detail=f"the answer names one {forbidden}")
                self._forget([subject.entity_id])
                self.log(result)
                return result
            for statement in _best(found):
                o = statement.observation
                # What a source of the line holds already is not kept a second time.
                if o.field not in subject.given:
                    statements[o.field, o.operation] = statement
        result.statements = list(statements.values())
        every = {rule.field: rule for rule in self.config.rules[subject.entity]}
        for name in dict.fromkeys(s.observation.field for s in result.statements):
            own = [s.observation for s in result.statements if s.observation.field == name]
            result.choices.append(choose(every[name], own))
        unknown = [r.field for r in rules if all(c.field != r.field for c in result.choices)]
        result.changed_rows = self.known.write(
            subject, result.statements, result.choices, self.now()
        )
        result.choices += [Choice(name, None, False, ()) for name in unknown]
        self.log(result)
        return result

    def forget_suppressed(self) -> int:
        """Erase everything about people who came onto the list since; returns how many people."""
        if not self.suppressions.hashes or not self.suppressions.is_readable:
            return 0
        kinds = {"email": "email", "linkedin_url": "linkedin", "phone": "phone"}
        gone = set()
        for entity_id, name, field_name, value in self.known.personal_values():
            kind = kinds.get(field_name)
            domain = value.rsplit("@", 1)[-1] if kind == "email" else None
            if (
                (kind and self.suppressions.holds(kind, value))
                or (domain and self.suppressions.holds("domain", domain))
                or (domain and self.suppressions.holds("name", name, domain))
            ):
                gone.add(entity_id)
        self._forget(sorted(gone))
        return len(gone) + self.ledger.drop_people(self._is_suppressed)

    def _is_suppressed(self, person: Mapping[str, Any]) -> bool:
        """Whether somebody in the kept answer of a search came onto the list since."""
        company = Subject("company", "", "", "", "", person.get("company_domain"), {})
        return self.forbids_person(company, person) is not None

    def _forget(self, entity_ids: Sequence[str]) -> None:
        self.known.erase(entity_ids)
        self.ledger.forget(entity_ids)

    def _values(
        self, subject: Subject, rules: Sequence[Rule], said: Sequence[Observation]
    ) -> dict[str, str]:
        """The best value of each field so far, from other sources or from answers."""
        values = {name: value for name, (value, _) in subject.given.items()}
        for rule in rules:
            winner = choose(rule, [o for o in said if o.field == rule.field]).winner
            if winner is not None:
                values[rule.field] = winner.value
        return values

    def answer(self, result: Enrichment, ask: Ask, question: Question) -> Answered | None:
        """The answer to one question: from the cache, or from the vendor within the budget.

        None when there is none; ``result.steps`` says why.
        """
        now, lifetime = self.now(), self.config.lifetime(ask.operation)
        cached = self._from_cache(result, ask, question, now)
        if cached is not None:
            return cached
        source = ask.operation.split(".", maxsplit=1)[0]
        if source in self._out:
            outcome, detail = self._out[source]
            self._step(result, ask, outcome, detail=detail)
            return None
        provider = self.config.providers[source]
        missing = provider.declaration.missing(self.environ)
        if missing:
            self._out[source] = ("not_configured", f"set {', '.join(missing)}")
            self._step(result, ask, "not_configured", detail=self._out[source][1])
            return None
        rule = self.config.operation(ask.operation)
        reserved = self.ledger.reserve(
            question, rule.credits, provider.budget, self.run_id, now, lifetime
        )
        if isinstance(reserved, Refusal) and reserved.why == "answered":
            return self._from_cache(result, ask, question, now)
        if isinstance(reserved, Refusal):
            detail = STILL_IN_DOUBT if reserved.why == "in_doubt" else reserved.detail
            self._step(result, ask, reserved.why, detail=detail)
            return None
        self.asked_unstated |= not provider.states_a_limit
        return self._put(result, ask, question, reserved)

    def _from_cache(
        self, result: Enrichment, ask: Ask, question: Question, now: datetime
    ) -> Answered | None:
        cached = self.ledger.answer(question, now)
        if cached is None:
            return None
        self._step(result, ask, "cached", detail=cached.outcome, at=now)
        return Answered(
            cached.observations, cached.people, cached.more, cached.fetched_at, cached.expires_at
        )

    def _put(
        self, result: Enrichment, ask: Ask, question: Question, reserved: Reservation
    ) -> Answered | None:
        source = ask.operation.split(".", maxsplit=1)[0]
        try:
            found = OPERATIONS[ask.operation].ask(self.clients[source], question)
        except (SourceError, *UNFORESEEN) as error:
            return self._failed(result, ask, reserved, failure_of(error, source))
        found = found or Found([])
        outcome: Outcome = "found" if found.observations or found.people else "not_found"
        return self._settle(result, ask, reserved, outcome, found)

    def _failed(
        self, result: Enrichment, ask: Ask, reserved: Reservation, failure: Failure
    ) -> Answered | None:
        """What a failure leaves: an outcome that is kept, or a question that may be put again."""
        charged = 0.0 if failure.credits == "none" else reserved.credits
        if failure.settled:
            empty = Found([], charged)
            return self._settle(result, ask, reserved, failure.settled, empty, failure.detail)
        if failure.credits == "may":
            self.ledger.doubt(reserved, self.now())
        else:
            self.ledger.release(reserved, self.now())
        if failure.ends_run:
            self._out[ask.operation.split(".", maxsplit=1)[0]] = (failure.outcome, failure.detail)
        self._step(result, ask, failure.outcome, charged, failure.detail)
        return None

    def _settle(
        self,
        result: Enrichment,
        ask: Ask,
        reserved: Reservation,
        outcome: Outcome,
        found: Found,
        detail: str | None = None,
    ) -> Answered:
        """Keep an answer with what it cost; what must not be kept is paid for and dropped."""
        now, lifetime = self.now(), self.config.lifetime(ask.operation)
        credits = min(found.credits, reserved.credits)
        said = found.observations
        people = [p for p in found.people if not self.forbids_person(result.subject, p)]
        if len(people) < len(found.people):
            left_out = f"{len(found.people) - len(people)} on the suppression list"
            detail = f"{detail}; {left_out}" if detail else left_out
        forbidden = self.suppressions.forbids(result.subject, [(o.field, o.value) for o in said])
        self.ledger.settle(
            reserved,
            result.subject,
            "suppressed" if forbidden else outcome,
            [] if forbidden else said,
            credits,
            now,
            lifetime,
            detail,
            people,
            found.more,
        )
        if not forbidden:
            self._step(result, ask, outcome, credits, detail)
        return Answered(said, people, found.more, now, now + lifetime)

    def forbids_person(self, company: Subject, person: Mapping[str, Any]) -> str | None:
        """Why somebody whom a search of ``company`` names must be left alone, or None."""
        given = {
            name: (str(person[name]), "") for name in ("email", "linkedin_url", "phone")
            if person.get(name)
        }  # fmt: skip
        named = Subject(
            "person", "", str(person.get("full_name") or ""), company.company_id,
            company.company_name, company.domain, given,
        )  # fmt: skip
        return self.suppressions.forbids(named)

    def _step(
        self,
        result: Enrichment,
        ask: Ask,
        outcome: str,
        credits: float = 0.0,
        detail: str | None = None,
        at: datetime | None = None,
    ) -> None:
        masked = mask(detail[:600]) if detail else None
        result.steps.append(
            Step(at or self.now(), ask.operation, ask.field, outcome, credits, masked)
        )

    def log(self, result: Enrichment) -> None:
        """Keep what was done, for ``operations.enrichment_steps``."""
        rows = []
        for step in result.steps:
            if step.outcome == "cached":
                continue
            self._steps += 1
            rows.append(
                {
                    "run_id": self.run_id,
                    "step": self._steps,
                    "asked_at": step.at,
                    "entity_type": result.subject.entity,
                    "entity_id": result.subject.entity_id,
                    "company_id": result.subject.company_id,
                    "field": step.field,
                    "operation": step.operation,
                    "source": step.source,
                    "outcome": step.outcome,
                    "credits": step.credits,
                    "detail": step.detail,
                }
            )
        self.known.log(rows)


def _statements(answered: Answered, result: Enrichment) -> list[Statement]:
    return [
        Statement(o, answered.fetched_at, answered.expires_at, result.level)
        for o in answered.observations
    ]


def _best(statements: Sequence[Statement]) -> list[Statement]:
    """One statement per field and operation: the most confident one, the first of equals."""
    best: dict[tuple[str, str], Statement] = {}
    for statement in statements:
        o = statement.observation
        kept = best.get((o.field, o.operation))
        if kept is None or o.confidence > kept.observation.confidence:
            best[o.field, o.operation] = statement
    return list(best.values())
