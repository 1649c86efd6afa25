"""Who holds a role at a company: "find the CFO at Nike", answered from the current publication.

The answer names the person with source and evidence, others near the role, and those who held it
and have left; where nobody is known it says so and guesses nobody.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from json import dumps
from typing import Any, Literal

from rich.console import Console
from rich.table import Table

from activation.questions import ALIKE_COMPANIES, PEOPLE_OF_COMPANY
from activation.text import clean, source_label
from detection.names import LEGAL_SUFFIXES, normalize_company_name
from detection.role_questions import RoleQuestion, readings
from detection.roles import HOLDS, Fit, Role, best_fit
from orchestration.answers.terminal import cell, tell
from resources.publication import ask, connect_published
from resources.settings import Settings

#: Least likeness of a misspelt company's name; companies closer than MARGIN are told apart by none.
LIKE, MARGIN = 0.75, 0.05
#: People shown beside the answer.
ALTERNATIVES = 5

Status = Literal[
    "found", "left", "unknown", "company_unknown", "company_ambiguous", "question_unclear"
]


@dataclass(frozen=True)
class Candidate:
    """One person at the company, measured against the role. ``confidence`` is from 0 to 1."""

    person_id: str
    full_name: str
    title: str
    role: str
    fit: float
    reason: str
    is_current: bool
    confidence: float
    source: str
    evidence: str
    source_url: str | None = None
    started_on: str | None = None
    ended_on: str | None = None


@dataclass(frozen=True)
class Answer:
    """What is known. ``person`` is set only with status ``found``."""

    status: Status
    said: str
    role: str | None = None
    company: Mapping[str, Any] | None = None
    person: Candidate | None = None
    alternatives: tuple[Candidate, ...] = ()
    departed: tuple[Candidate, ...] = ()
    companies: tuple[Mapping[str, Any], ...] = ()


def find_person(connection: Any, question: str) -> Answer:
    """Answer a question for a role at a company from an open publication."""
    understood = readings(question)
    if not understood:
        return Answer(
            "question_unclear",
            f"{clean(question, 120)!r} names no role and company; ask like: CFO at Nike",
        )
    asked, companies = understood[0], []
    for reading in understood:
        # The likelier reading comes first: another one needs a company that is more alike.
        found = alike_companies(connection, reading.company_text)
        if found and (not companies or found[0]["likeness"] > companies[0]["likeness"]):
            asked, companies = reading, found
    if not companies:
        return Answer(
            "company_unknown", f"No company is called {asked.company_text!r} or nearly so.",
            asked.roles[0].label,
        )  # fmt: skip
    if len(companies) > 1:
        names = ", ".join(f"{c['name']} ({c['domain'] or c['company_id']})" for c in companies)
        return Answer(
            "company_ambiguous", f"{asked.company_text!r} may be {names}: ask by domain.",
            asked.roles[0].label, companies=tuple(companies),
        )  # fmt: skip
    company = companies[0]
    rows = ask(connection, PEOPLE_OF_COMPANY, {"company_id": company["company_id"]})
    return answer(asked, company, rows)


def alike_companies(connection: Any, name: str) -> list[dict[str, Any]]:
    """The company that a name means, or all that it may mean; none when none is like it."""
    asked = {
        "wanted": normalize_company_name(name),
        "said": name.strip().lower(),
        "forms": rf"( ({'|'.join(LEGAL_SUFFIXES)}))+$",
        "least": LIKE,
    }
    found = ask(connection, ALIKE_COMPANIES, asked)
    if not found:
        return []
    best = found[0]["likeness"]
    # Equal names mean each of their bearers, and nobody who is merely like them.
    margin = 0 if best == 1 else MARGIN
    return [company for company in found if company["likeness"] >= best - margin]


def answer(
    asked: RoleQuestion, company: Mapping[str, Any], people: Sequence[Mapping[str, Any]]
) -> Answer:
    """Rank a company's people for the role that was asked for."""
    measured = []
    for row in people:
        found, role = best_fit(row["title"], asked.roles)
        if role is not None:
            measured.append(_candidate(row, found, role, float(company["likeness"])))
    order = sorted(measured, key=lambda c: (-c.fit, -c.confidence, c.full_name, c.person_id))
    current = [c for c in order if c.is_current]
    departed = tuple(c for c in order if not c.is_current and c.fit >= HOLDS)
    holder = current[0] if current and current[0].fit >= HOLDS else None
    others = tuple(c for c in current if c is not holder)[:ALTERNATIVES]
    label = " or ".join(role.label for role in asked.roles)
    facts = {"company": company, "alternatives": others, "departed": departed}
    if holder is not None:
        text = f"{holder.full_name}, {holder.title}, at {company['name']}."
        return Answer("found", text, holder.role, person=holder, **facts)
    near = f" Nearest is {others[0].full_name}, {others[0].title}." if others else ""
    if departed:
        text = (
            f"{departed[0].full_name} was {departed[0].title} at {company['name']} and has left; "
            f"no successor is known.{near}"
        )
        return Answer("left", text, label, **facts)
    return Answer("unknown", f"No {label} is known at {company['name']}.{near}", label, **facts)


def _candidate(row: Mapping[str, Any], found: Fit, role: Role, likeness: float) -> Candidate:
    """``confidence`` = fit of the title x how surely the company and the role are meant x how
    sure the source is of the person."""
    sure = found.share * likeness * role.likelihood * float(row["confidence"] or 0)
    return Candidate(
        person_id=row["person_id"],
        full_name=clean(row["full_name"]),
        title=clean(row["title"]),
        role=role.label,
        fit=found.share,
        reason=clean(found.reason),
        is_current=bool(row["is_current"]),
        confidence=round(sure, 4),
        source=row["source"],
        evidence=clean(row["evidence"]),
        source_url=row["source_url"],
        started_on=_day(row["started_on"]),
        ended_on=_day(row["ended_on"]),
    )


def _day(value: object) -> str | None:
    return None if value is None else str(value)[:10]


def show_person(console: Console, settings: Settings, question: str, *, as_json: bool) -> bool:
    """Print the answer; False when the question cannot be answered with a person."""
    with connect_published(settings.published) as connection:
        found = find_person(connection, question)
    if as_json:
        print(dumps(asdict(found), indent=2, default=str, ensure_ascii=False))
    else:
        _render(console, found)
    return found.status == "found"


def _render(console: Console, found: Answer) -> None:
    tell(console, clean(found.said), "bold")
    if found.person is not None:
        person = found.person
        tell(
            console,
            f"confidence {person.confidence:.2f} ({person.reason}); "
            f"{source_label(person.source)}: {person.evidence}"
            + (f" {person.source_url}" if person.source_url else ""),
        )
    for title, rows in (("Also there", found.alternatives), ("Have left", found.departed)):
        if not rows:
            continue
        table = Table("name", "title", "fit", "confidence", "source", title=title)
        for row in rows:
            table.add_row(
                cell(row.full_name), cell(row.title), f"{row.fit:.2f}", f"{row.confidence:.2f}",
                source_label(row.source),
            )  # fmt: skip
        console.print(table)
