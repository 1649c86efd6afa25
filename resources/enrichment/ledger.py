"""Answers and what they cost: each question is answered once in its lifetime and paid for once.

The order makes a kill at any moment harmless. Credits are reserved and the reservation committed
before a question leaves; the answer and its cost are committed together. A reservation that never
settled is *in doubt*: the vendor may have charged, so the question is not repeated before its
lifetime is over, unless a person releases it.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

import sqlalchemy as sa

from resources.enrichment.tables import enrichment_cache, enrichment_charges
from resources.enrichment.values import Observation, Question, Subject
from resources.masking import mask
from resources.state import StateStore

Outcome = Literal["found", "not_found", "wrong_shape", "withheld", "rejected", "suppressed"]
#: Statuses of a charge that use up the budget: what was paid, and what may have been.
_COUNTED = ("reserved", "settled", "in_doubt")


@dataclass(frozen=True)
class Cached:
    """An answer that is still good."""

    outcome: Outcome
    observations: list[Observation]
    fetched_at: datetime
    expires_at: datetime
    people: list[dict[str, Any]] = field(default_factory=list)
    more: bool = False


@dataclass(frozen=True)
class Refusal:
    """Why a question is not put now: ``answered`` (look again), ``in_doubt``,
    ``over_budget`` or ``over_run_budget``.
    """

    why: str
    detail: str


@dataclass(frozen=True)
class Reservation:
    """Credits set aside for one question; ``charge_id`` is None for what costs nothing."""

    charge_id: str | None
    question: Question
    credits: float


@dataclass(frozen=True)
class Budget:
    """Credits a source may use: in a calendar month, and in one run. None: no end."""

    month: float | None = None
    run: float | None = None


class Ledger:
    """The cache of answers and the book of charges, in the state store."""

    def __init__(self, state: StateStore) -> None:
        self.state = state
        state.ensure_tables()

    def answer(self, question: Question, now: datetime) -> Cached | None:
        """The answer to a question if there is one that has not expired."""
        query = sa.select(enrichment_cache).where(
            enrichment_cache.c.question_id == question.question_id,
            enrichment_cache.c.expires_at > now,
        )
        with self.state.read() as connection:
            row = connection.execute(query).first()
        if row is None:
            return None
        observations, people, more = _decoded(row.answer)
        return Cached(row.outcome, observations, row.fetched_at, row.expires_at, people, more)

    def reserve(
        self,
        question: Question,
        credits: float,
        budget: Budget,
        run_id: str,
        now: datetime,
        lifetime: timedelta,
    ) -> Reservation | Refusal:
        """Set credits aside, or say why not; committed before it returns.

        One transaction looks and writes, so that two processes never spend the same credits nor
        put the same question at once.
        """
        if credits <= 0:
            return Reservation(None, question, 0.0)
        source = question.operation.split(".", maxsplit=1)[0]
        period = f"{now:%Y-%m}"
        c = enrichment_charges.c
        spent = sa.func.coalesce(sa.func.sum(sa.func.coalesce(c.charged, c.reserved)), 0.0)
        counted = (c.source == source) & c.status.in_(_COUNTED)
        with self.state.write() as connection:
            if self.state.dialect == "postgresql":
                connection.execute(
                    sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtext(f"enrich {source}")))
                )
            # Another process may have had the answer since the cache was looked at.
            answered = connection.execute(
                sa.select(enrichment_cache.c.question_id).where(
                    enrichment_cache.c.question_id == question.question_id,
                    enrichment_cache.c.expires_at > now,
                )
            ).first()
            if answered is not None:
                return Refusal("answered", "another run has the answer")
            open_one = connection.execute(
                sa.select(c.status, c.reserved_at).where(
                    c.question_id == question.question_id,
                    c.status.in_(("reserved", "in_doubt")),
                    c.until > now,
                )
            ).first()
            if open_one is not None:
                return Refusal(
                    "in_doubt",
                    f"asked at {open_one.reserved_at:%Y-%m-%d %H:%M} UTC and never answered; it "
                    "may have been charged",
                )
            used = connection.execute(sa.select(spent).where(counted, c.period == period)).scalar()
            if budget.month is not None and used + credits > budget.month:
                return Refusal(
                    "over_budget", f"{used:g} of {budget.month:g} credits of {period} are used"
                )
            this_run = sa.select(spent).where(counted, c.run_id == run_id)
            in_run = connection.execute(this_run).scalar()
            if budget.run is not None and in_run + credits > budget.run:
                return Refusal(
                    "over_run_budget", f"{in_run:g} of {budget.run:g} credits of a run are used"
                )
            charge_id = str(uuid.uuid4())
            connection.execute(
                sa.insert(enrichment_charges).values(
                    charge_id=charge_id,
                    question_id=question.question_id,
                    run_id=run_id,
                    source=source,
                    operation=question.operation,
                    period=period,
                    reserved=credits,
                    status="reserved",
                    reserved_at=now,
                    until=now + lifetime,
                )
            )
        return Reservation(charge_id, question, credits)

    def settle(
        self,
        reservation: Reservation,
        subject: Subject,
        outcome: Outcome,
        observations: Sequence[Observation],
        credits: float,
        now: datetime,
        lifetime: timedelta,
        detail: str | None = None,
        people: Sequence[dict[str, Any]] = (),
        more: bool = False,
    ) -> None:
        """Keep the answer and book what it cost, in one transaction."""
        question = reservation.question
        row = {
            "question_id": question.question_id,
            "source": question.operation.split(".", maxsplit=1)[0],
            "operation": question.operation,
            "entity_type": subject.entity,
            "entity_id": subject.entity_id,
            "outcome": outcome,
            "answer": _encoded(observations, people, more),
            "detail": mask(detail[:2000]) if detail else None,
            "fetched_at": now,
            "expires_at": now + lifetime,
        }
        with self.state.write() as connection:
            self.state.upsert(connection, enrichment_cache, [row])
            if reservation.charge_id is not None:
                connection.execute(
                    sa.update(enrichment_charges)
                    .where(enrichment_charges.c.charge_id == reservation.charge_id)
                    .values(status="settled", charged=credits, settled_at=now)
                )

    def release(self, reservation: Reservation, now: datetime) -> None:
        """The question was refused or never left: nothing was charged."""
        self._close(reservation, "released", 0.0, now)

    def doubt(self, reservation: Reservation, now: datetime) -> None:
        """The question left and no answer came: it counts as charged and is not repeated."""
        self._close(reservation, "in_doubt", None, now)

    def _close(
        self, reservation: Reservation, status: str, charged: float | None, now: datetime
    ) -> None:
        if reservation.charge_id is None:
            return
        with self.state.write() as connection:
            connection.execute(
                sa.update(enrichment_charges)
                .where(enrichment_charges.c.charge_id == reservation.charge_id)
                .values(status=status, charged=charged, settled_at=now)
            )

    def release_doubtful(self, source: str | None, now: datetime) -> int:
        """Let questions in doubt be put again, by a person's decision; they stay booked as charged.

        Returns how many.
        """
        c = enrichment_charges.c
        statement = sa.update(enrichment_charges).where(
            c.status.in_(("reserved", "in_doubt")), c.until > now
        )
        if source is not None:
            statement = statement.where(c.source == source)
        with self.state.write() as connection:
            return connection.execute(
                statement.values(status="in_doubt", until=now, settled_at=now)
            ).rowcount

    def forget(self, entity_ids: Sequence[str]) -> None:
        """Erase the answers about some entities; that they were asked stays."""
        if not entity_ids:
            return
        with self.state.write() as connection:
            connection.execute(
                sa.update(enrichment_cache)
                .where(enrichment_cache.c.entity_id.in_(list(entity_ids)))
                .values(answer="[]", detail=None, outcome="suppressed")
            )

    def drop_people(self, is_forbidden: Callable[[dict[str, Any]], bool]) -> int:
        """Erase people from the answers of searches; returns how many mentions were erased."""
        c = enrichment_cache.c
        erased = 0
        with self.state.write() as connection:
            rows = connection.execute(
                sa.select(c.question_id, c.answer).where(c.answer.like('{"people"%'))
            ).all()
            for row in rows:
                observations, people, more = _decoded(row.answer)
                kept = [person for person in people if not is_forbidden(person)]
                if len(kept) < len(people):
                    erased += len(people) - len(kept)
                    connection.execute(
                        sa.update(enrichment_cache)
                        .where(c.question_id == row.question_id)
                        .values(answer=_encoded(observations, kept, more))
                    )
        return erased

    def purge(self, now: datetime) -> int:
        """Drop answers whose lifetime is over; returns how many."""
        with self.state.write() as connection:
            return connection.execute(
                sa.delete(enrichment_cache).where(enrichment_cache.c.expires_at <= now)
            ).rowcount

    def spending(self, period: str) -> list[dict[str, Any]]:
        """One row per source that has charges in a month: charged, in doubt, questions."""
        c = enrichment_charges.c

        def total(condition: Any, value: Any) -> Any:
            return sa.func.coalesce(sa.func.sum(sa.case((condition, value), else_=0)), 0)

        query = (
            sa.select(
                c.source,
                total(c.status == "settled", c.charged).label("charged"),
                total(c.status.in_(("reserved", "in_doubt")), c.reserved).label("in_doubt"),
                total(c.status == "settled", 1).label("answered"),
                total(c.status.in_(("reserved", "in_doubt")), 1).label("unanswered"),
            )
            .where(c.period == period)
            .group_by(c.source)
            .order_by(c.source)
        )
        with self.state.read() as connection:
            return [dict(row._mapping) for row in connection.execute(query)]


def left(budget: Budget, row: Mapping[str, Any] | None) -> float | None:
    """Credits left of a month's budget; None without one."""
    if budget.month is None:
        return None
    used = (row["charged"] + row["in_doubt"]) if row else 0.0
    return max(0.0, budget.month - used)


def _encoded(
    observations: Sequence[Observation], people: Sequence[dict[str, Any]], more: bool
) -> str:
    """An answer as text: a list of observations, or an object where it names people."""
    said = [asdict(o) for o in observations]
    whole = {"people": list(people), "more": more, "observations": said}
    return json.dumps(whole if people or more else said, ensure_ascii=False)


def _decoded(text: str) -> tuple[list[Observation], list[dict[str, Any]], bool]:
    said = json.loads(text)
    if isinstance(said, list):
        said = {"people": [], "more": False, "observations": said}
    return [Observation(**o) for o in said["observations"]], said["people"], said["more"]
