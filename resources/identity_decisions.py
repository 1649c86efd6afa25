"""What a person decided about who is who: ``config/identity_decisions.yaml``.

Three decisions, on companies or people. ``merge``: these are one. ``split``: this record is not
that one, whatever key they share. ``pin``: this record belongs to that one and to no other. They
are applied anew in every build, from the day they were made on, and so outlive re-runs.

What they speak of is named by keys, as ``core.company_aliases`` and ``core.company_links`` do.
"""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

import pyarrow as pa
import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

from resources.config_errors import ConfigurationError
from resources.config_files import load_config
from resources.settings import PROJECT_ROOT

DECISIONS_FILE = "identity_decisions.yaml"
SHARED_DOMAINS = PROJECT_ROOT / "dbt_project" / "seeds" / "shared_domains.csv"

#: One row per decision and pair of keys that it speaks of.
IDENTITY_DECISIONS = pa.schema(
    [
        pa.field("decision_id", pa.string(), nullable=False),
        pa.field("entity", pa.string(), nullable=False),
        pa.field("decision", pa.string(), nullable=False),
        pa.field("subject_key", pa.string(), nullable=False),
        pa.field("other_key", pa.string(), nullable=False),
        pa.field("reason", pa.string(), nullable=False),
        pa.field("decided_by", pa.string()),
        pa.field("decided_on", pa.date32(), nullable=False),
    ]
)

Entity = Literal["company", "person"]
_FORMS = {
    "company": "a domain, cik:1234, crm:ACCOUNT, board:vendor:token, a company_id, or a record as"
    " source|id",
    "person": "an e-mail address, a LinkedIn address, a person_id, or a record as source|id",
}
_HOST = re.compile(r"^(?:https?://)?(?:www\.)?([a-z0-9-]+(?:\.[a-z0-9-]+)+)(?:/.*)?$")
_LINKEDIN = re.compile(r"^(?:https?://)?[^\s/]+/in/([^\s/?#]+)")
_ID = re.compile(r"^[0-9a-f]{32}$")


class Decision(BaseModel):
    """One decision; which fields it needs depends on ``decision``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    decision: Literal["merge", "split", "pin"]
    entity: Entity = "company"
    #: For ``merge``: two or more keys.
    these: tuple[str, ...] = ()
    #: For ``split`` and ``pin``: the record that is spoken of.
    record: str | None = None
    #: For ``split``: a key of that which it is not.
    not_of: str | None = None
    #: For ``pin``: a key of that to which it belongs.
    of: str | None = None
    reason: Annotated[str, Field(min_length=3, max_length=500)]
    decided_by: str | None = None
    #: Day (UTC) from which on it counts; a past day built again knows nothing of it.
    decided_on: date

    @model_validator(mode="after")
    def _fits(self) -> Decision:
        needed = {"merge": {"these"}, "split": {"record", "not_of"}, "pin": {"record", "of"}}
        wanted = needed[self.decision]
        given = {name for name in ("these", "record", "not_of", "of") if getattr(self, name)}
        if given != wanted:
            raise ValueError(
                f"a {self.decision} states {' and '.join(sorted(wanted))}, not "
                f"{' and '.join(sorted(given)) or 'nothing'}"
            )
        pairs = self.pairs()
        if self.decision == "merge" and len({key for pair in pairs for key in pair}) < 2:
            raise ValueError("a merge needs two different keys")
        return self

    def pairs(self) -> list[tuple[str, str]]:
        """The keys spoken of, in pairs. Raises ``ValueError`` for a text that is no key."""
        if self.decision == "merge":
            first, *others = (key_of(text, self.entity) for text in self.these)
            return [(first, other) for other in others] or [(first, first)]
        other = self.of if self.decision == "pin" else self.not_of
        return [(record_of(self.record or "", self.entity), key_of(other or "", self.entity))]


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    decisions: list[Decision] = []


def key_of(text: str, entity: Entity) -> str:
    """The key that ``text`` names, as the warehouse writes it (``domain:acme.example``).

    Raises ``ValueError`` saying which forms there are, or that a domain is shared by many.
    """
    told = text.strip()
    kind, _, rest = told.partition(":")
    if "|" in told:
        return f"record:{told.removeprefix('record:')}"
    if _ID.match(told.removeprefix(f"{entity}_id:")):
        return f"{entity}_id:{told.removeprefix(f'{entity}_id:')}"
    if entity == "person":
        linkedin = _LINKEDIN.match(told.lower())
        if linkedin or (kind == "linkedin" and rest):
            return f"linkedin:{linkedin.group(1) if linkedin else rest.lower()}"
        if re.fullmatch(r"(?:email:)?[^\s@:]+@[^\s@]+\.[^\s@]+", told):
            return f"email:{told.removeprefix('email:').lower()}"
    else:
        if kind == "cik" and rest.isdigit() and 0 < len(rest.lstrip("0")) <= 10:
            return f"cik:{rest.lstrip('0').zfill(10)}"
        if kind in ("crm", "board") and rest:
            return told
        host = _HOST.match(told.lower().removeprefix("domain:"))
        if host:
            if host.group(1) in shared_domains():
                raise ValueError(f"{host.group(1)} is shared by many companies and names none")
            return f"domain:{host.group(1)}"
    raise ValueError(f"{text!r} is no key of a {entity}: give {_FORMS[entity]}")


def record_of(text: str, entity: Entity) -> str:
    """The key of one record. Raises ``ValueError`` where ``text`` names no single record."""
    told = text.strip()
    if entity == "company" and told.startswith("crm:"):
        told = f"crm|{told[4:]}"
    key = key_of(told, entity) if "|" in told else ""
    if not key:
        raise ValueError(
            f"{text!r} is no record: give source|id, as core.{entity}_links shows it"
            + (", or crm:ACCOUNT" if entity == "company" else "")
        )
    return key


def shared_domains() -> frozenset[str]:
    """Domains that many companies share, from the seed that the warehouse uses."""
    with SHARED_DOMAINS.open(encoding="utf-8", newline="") as lines:
        return frozenset(row["domain"] for row in csv.DictReader(lines))


def load_decisions(path: Path) -> list[Decision]:
    """The decisions of the file, none when it is missing or empty.

    Raises ``ConfigurationError`` naming file, entry and field, also where two contradict.
    """
    decisions = load_config(path, _File).decisions
    _check(path, decisions)
    return decisions


def _check(path: Path, decisions: Sequence[Decision]) -> None:
    """Raises ``ConfigurationError`` for two decisions of which only one can hold."""
    told: dict[tuple[str, str, str], tuple[int, str]] = {}
    pinned: dict[tuple[str, str], tuple[int, str]] = {}
    for number, decision in enumerate(decisions):
        apart = decision.decision == "split"
        for subject, other in decision.pairs():
            first, second = sorted((subject, other))
            before, kind = told.setdefault(
                (decision.entity, first, second), (number, decision.decision)
            )
            if (kind == "split") != apart:
                raise ConfigurationError(
                    f"{path}: decisions.{before} and decisions.{number} contradict each other on"
                    f" {subject} and {other}; take out the one that no longer holds"
                )
            if decision.decision == "pin":
                place, of = pinned.setdefault((decision.entity, subject), (number, other))
                if of != other:
                    raise ConfigurationError(
                        f"{path}: decisions.{place} and decisions.{number} pin {subject} to two;"
                        " take out the one that no longer holds"
                    )


def decisions_table(decisions: Sequence[Decision]) -> pa.Table:
    """The decisions as SQL reads them, ``IDENTITY_DECISIONS``."""
    rows: dict[str, dict[str, Any]] = {}
    for decision in decisions:
        for subject, other in decision.pairs():
            told = "|".join((decision.entity, decision.decision, subject, other))
            made = hashlib.md5(told.encode(), usedforsecurity=False).hexdigest()
            rows.setdefault(
                made,
                {
                    "decision_id": made,
                    "entity": decision.entity,
                    "decision": decision.decision,
                    "subject_key": subject,
                    "other_key": other,
                    "reason": decision.reason,
                    "decided_by": decision.decided_by,
                    "decided_on": decision.decided_on,
                },
            )
    return pa.Table.from_pylist([rows[made] for made in sorted(rows)], schema=IDENTITY_DECISIONS)


def add_decision(path: Path, decision: Decision) -> bool:
    """Append one decision to the file, comments kept; False when it says so already.

    Raises ``ConfigurationError`` when it contradicts another one; the file is then as it was.
    """
    before = load_decisions(path)
    if any(_same(decision, other) for other in before):
        return False
    _check(path, [*before, decision])
    told = decision.model_dump(mode="json", exclude_defaults=True)
    told["decided_on"] = decision.decided_on
    entry = yaml.safe_dump([told], sort_keys=False, allow_unicode=True, width=100)
    lines = "".join(f"  {line}\n" for line in entry.splitlines())
    text = path.read_text("utf-8") if path.exists() else ""
    if before:
        text = text.rstrip("\n") + "\n" + lines
    else:
        text = re.sub(r"^decisions:.*\n?", "", text, flags=re.M).rstrip("\n")
        text = (text + "\n" if text else "") + "decisions:\n" + lines
    making = path.with_suffix(".making")
    making.write_text(text, "utf-8")
    load_decisions(making)
    making.replace(path)
    return True


def _same(one: Decision, other: Decision) -> bool:
    return (one.entity, one.decision, sorted(one.pairs())) == (
        other.entity,
        other.decision,
        sorted(other.pairs()),
    )
