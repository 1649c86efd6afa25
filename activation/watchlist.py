"""The watchlist: companies a seller marked, and when to tell that one of them moved.

``config/watchlist.yaml`` is a list of marked companies. Somebody is told when a company's score has
moved by the threshold, up or down, or has crossed a tier, since the score that was told last (at
first: since the first score after the mark). That score follows from the history alone, so the same
day gives the same alerts however often it is asked for, and slow drift is told once it adds up.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from activation.evaluation import Alert, lead_alert
from activation.rules import LeadRule, Priority, RuleError

#: The file of the configuration that holds it.
WATCHLIST_FILE = "watchlist.yaml"
#: Id of the alerts' rule, so that their history and cooldown are their own.
RULE_ID = "watchlist"


class Watched(BaseModel):
    """One marked company.

    ``company`` is an id, a domain or a name in any case; ``since`` the day of the mark (UTC);
    ``min_change`` in points of the lead score; ``icp_profile_id`` the profile whose score is
    watched, by default the best one.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    company: str = Field(min_length=1)
    since: date
    organisation_id: str = "default"
    icp_profile_id: str | None = None
    min_change: Annotated[float, Field(gt=0, le=100)] = 10
    on_tier: bool = True
    priority: Priority = "high"
    channels: list[str] = Field(default=["inbox"], min_length=1)
    recipients: list[str] = ["account_owner"]
    note: str = ""


@dataclass(frozen=True)
class Movement:
    """That a watched lead moved on a day: the score told last and the one to be told now."""

    watched: Watched
    before: dict[str, Any]
    now: dict[str, Any]


def load_watchlist(path: Path, channels: Iterable[str]) -> list[Watched]:
    """The marked companies; none when the file is missing or empty.

    Raises ``RuleError`` naming file, entry and field, also for a channel that is none of
    ``channels``, those of the alert rules.
    """
    if not path.exists():
        return []
    try:
        stated = yaml.safe_load(path.read_text("utf-8"))
        entries = TypeAdapter(list[Watched]).validate_python(stated or [])
    except yaml.YAMLError as error:
        raise RuleError(f"{path} is not valid YAML: {error}") from error
    except ValidationError as error:
        lines = [
            f"{path}: entry {int(item['loc'][0]) + 1 if item['loc'] else '(whole file)'}, field "
            f"{'.'.join(map(str, item['loc'][1:])) or '(the entry)'}: {item['msg']}"
            for item in error.errors()
        ]
        raise RuleError("\n".join(lines)) from error
    known = set(channels)
    for number, entry in enumerate(entries, 1):
        for channel in entry.channels:
            if channel not in known:
                raise RuleError(
                    f"{path}: entry {number}, field channels: {channel!r} is not declared in the "
                    f"alert rules (there are: {', '.join(sorted(known))})"
                )
    return entries


def as_rule(watched: Watched) -> LeadRule:
    """The entry as a rule on leads, so that its alerts look and travel like all others."""
    return LeadRule.model_validate(
        {
            "id": RULE_ID,
            "name": "Watched company moved",
            "description": watched.note or "A company on the watchlist moved.",
            "on": "lead",
            "priority": watched.priority,
            "channels": watched.channels,
            "recipients": watched.recipients,
            "conditions": {
                "min_score_change": watched.min_change,
                "companies": [watched.company],
                **({"icp_profiles": [watched.icp_profile_id]} if watched.icp_profile_id else {}),
            },
        }
    )


def matches(watched: Watched, lead: dict[str, Any]) -> bool:
    """Whether the entry means this lead."""
    if (lead.get("organisation_id") or "") != watched.organisation_id:
        return False
    if watched.icp_profile_id not in (None, lead.get("icp_profile_id")):
        return False
    wanted = watched.company.strip().casefold()
    return any(
        str(lead.get(key) or "").casefold() == wanted
        for key in ("company_id", "domain", "company_name")
    )


def movements(
    watchlist: Sequence[Watched],
    leads: Iterable[dict[str, Any]],
    history: Iterable[dict[str, Any]],
    as_of: date,
) -> list[Movement]:
    """Watched leads that are to be told on ``as_of``.

    ``leads`` are the current ones, ``history`` their scores of all days (columns
    ``organisation_id, icp_profile_id, company_id, as_of, lead_score, tier``).
    """
    by_lead: dict[tuple[str, str, str], list[dict[str, Any]]] = defaultdict(list)
    for row in history:
        by_lead[_key(row)].append(row)
    listed = sorted(leads, key=lambda row: -float(row["lead_score"]))
    found = []
    for watched in watchlist:
        lead = next((row for row in listed if matches(watched, row)), None)
        if lead is None:
            continue
        days = sorted(by_lead[_key(lead)], key=lambda row: row["as_of"])
        moved = last_movement(watched, [row for row in days if row["as_of"] <= as_of])
        if moved is not None and moved[1]["as_of"] == as_of:
            found.append(Movement(watched, moved[0], moved[1]))
    return found


def entry(watched: Watched) -> str:
    """The entry as YAML, to be added at the end of a watchlist."""
    stated = watched.model_dump(mode="json", exclude_unset=True)
    return yaml.safe_dump([stated], sort_keys=False, allow_unicode=True)


def last_movement(
    watched: Watched, days: Sequence[dict[str, Any]]
) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """The last step that was to be told, as the scores before and after; None when there is none.

    ``days`` are one lead's scores, oldest first. The score before the mark, where there is one, is
    what the first movement is measured from.
    """
    told: dict[str, Any] | None = None
    last = None
    for row in days:
        if told is None or row["as_of"] <= watched.since:
            told = row
            continue
        change = abs(float(row["lead_score"]) - float(told["lead_score"]))
        if change >= watched.min_change or (watched.on_tier and row["tier"] != told["tier"]):
            last, told = (told, row), row
    return last


def watch_alerts(
    watchlist: Sequence[Watched],
    leads: Sequence[dict[str, Any]],
    signals: Iterable[dict[str, Any]],
    history: Iterable[dict[str, Any]],
    as_of: date,
    now: datetime,
) -> list[Alert]:
    """Alerts on watched leads that moved, with their companies' recent signals."""
    by_company: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for signal in signals:
        by_company[str(signal["company_id"])].append(signal)
    current = {_key(lead): lead for lead in leads}
    return [
        lead_alert(
            as_rule(moved.watched),
            current[_key(moved.now)],
            by_company[str(moved.now["company_id"])],
            moved.before,
            as_of,
            now,
        )
        for moved in movements(watchlist, leads, history, as_of)
    ]


def _key(row: dict[str, Any]) -> tuple[str, str, str]:
    return str(row["organisation_id"]), str(row["icp_profile_id"]), str(row["company_id"])
