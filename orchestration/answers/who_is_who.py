"""What a person asks and decides about who is who on a terminal."""

from __future__ import annotations

from datetime import date
from typing import Any

from rich.console import Console

from activation.identity_questions import LINKS, RECORDS, REVIEW
from orchestration.answers.terminal import tell
from resources.clock import utc_now
from resources.config_errors import ConfigurationError
from resources.identity_decisions import DECISIONS_FILE, Decision, add_decision, key_of
from resources.publication import ask, connect_published
from resources.settings import Settings


def decide(
    console: Console,
    settings: Settings,
    kind: str,
    first: str,
    other: str,
    *,
    reason: str,
    decided_by: str | None,
    entity: str,
    day: date | None,
) -> bool:
    """Write one decision into the user's file; False, after saying why, when it cannot be.

    ``day``: from which on it counts (UTC), by default today.
    """
    from pydantic import ValidationError

    path = settings.config_dir / DECISIONS_FILE
    names = {
        "merge": {"these": (first, other)},
        "split": {"record": first, "not_of": other},
        "pin": {"record": first, "of": other},
    }
    stated: dict[str, Any] = {
        "decision": kind,
        "entity": entity,
        **names.get(kind, {}),
        "reason": reason,
        "decided_by": decided_by,
        "decided_on": day or utc_now().date(),
    }
    try:
        added = add_decision(path, Decision.model_validate(stated))
    except ValidationError as error:
        for item in error.errors():
            tell(console, item["msg"].removeprefix("Value error, "), "red")
        return False
    except ConfigurationError as error:
        tell(console, str(error), "red")
        return False
    if added:
        console.print(f"Decided, in {path}; the next run of the line applies it.")
    else:
        console.print(f"{path} says so already.")
    return True


def why_linked(console: Console, settings: Settings, first: str, other: str | None) -> bool:
    """Say why records are one company, or why two are not; False when one is not known."""
    with connect_published(settings.published) as connection:
        left = _records(console, connection, first)
        right = _records(console, connection, other) if other else left
        if not left or not right:
            return False
        links = ask(connection, LINKS, {"left": _names(left), "right": _names(right)})
    companies = {row["company_id"] for row in [*left, *right]}
    if len(companies) == 1:
        known = {row["record"]: row for row in [*left, *right]}
        tell(console, f"One company, {left[0]['company_name']} ({left[0]['company_id']}):")
        for row in known.values():
            tell(console, f"  {_told(row)}")
    else:
        for row in [*left, *right]:
            tell(console, f"  {row['company_name']}: {_told(row)}")
        if not links:
            console.print("They are two, and nothing of them was found alike.")
    for link in links:
        tell(
            console,
            f"  {link['decision']} ({link['method']}, {link['probability']:.3f})"
            f" {link['left_record']} and {link['right_record']}: {link['reasons']}",
        )
    return True


def show_review(console: Console, settings: Settings, top: int) -> None:
    """Print the pairs of records that are alike and not joined, the likeliest first."""
    with connect_published(settings.published) as connection:
        waiting = ask(connection, REVIEW, {"top": top})
    for link in waiting:
        tell(
            console,
            f"{link['probability']:.3f}  {link['left_name']} ({link['left_record']})  and"
            f"  {link['right_name']} ({link['right_record']})\n       {link['reasons']}",
        )
    if not waiting:
        console.print("No pair waits for a decision.")


def _records(console: Console, connection: Any, text: str) -> list[dict[str, Any]]:
    """Records that a text means; none, after saying so, when nothing is called that."""
    try:
        key = key_of(text, "company")
    except ValueError:
        key = text.strip()
    found = ask(connection, RECORDS, {"text": text.strip(), "key": key.removeprefix("company_id:")})
    if not found:
        tell(
            console,
            f"No record and no company is called {text!r}; try its domain, a record as "
            "source|id, or its full name.",
            "red",
        )
    return found


def _names(records: list[dict[str, Any]]) -> list[str]:
    return [row["record"] for row in records]


def _told(row: dict[str, Any]) -> str:
    likely = "" if row["probability"] is None else f", {row['probability']:.3f}"
    return f"{row['record']} ({row['name']}) by {row['match_method']}{likely}: {row['reasons']}"
