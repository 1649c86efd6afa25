"""What a person asks about one lead on a terminal: why its score, and to be told when it moves."""

from __future__ import annotations

from datetime import date
from json import dumps
from typing import Any

from rich.console import Console

from activation.questions import COMPANIES, GAPS, LEADS, POINTS_OF_DAY, SCORES
from activation.rules import RULES_FILE, load_rules
from activation.score_story import ScoreStory, changes, choose_days, render
from activation.score_story import as_json as story_as_json
from activation.text import score
from activation.watchlist import WATCHLIST_FILE, Watched, load_watchlist, matches
from activation.watchlist import entry as entry_text
from orchestration.answers.terminal import tell
from resources.publication import ask, connect_published
from resources.settings import Settings


def show_why(
    console: Console,
    settings: Settings,
    company: str,
    *,
    since: date | None,
    until: date | None,
    profile: str | None,
    as_json: bool,
) -> bool:
    """Print one lead's score with its points, changes and gaps; False when it cannot be told.

    ``since`` and ``until`` are days (UTC); the newest score of each day or before is taken.
    """
    with connect_published(settings.published) as connection:
        found = _single_company(console, connection, company)
        if found is None:
            return False
        lead = {"company_id": found["company_id"]}
        scores = ask(connection, SCORES, {**lead, "icp_profile_id": profile})
        before, now = choose_days(scores, since, until)
        if now is None:
            tell(console, f"{found['name']} has no score up to {until or 'today'}.", "red")
            return False
        lead |= {key: now[key] for key in ("organisation_id", "icp_profile_id")}
        points = ask(connection, POINTS_OF_DAY, {**lead, "as_of": now["as_of"]})
        earlier = (
            ask(connection, POINTS_OF_DAY, {**lead, "as_of": before["as_of"]}) if before else []
        )
        # Gaps are kept for the newest scores only.
        gaps = ask(connection, GAPS, lead) if now["as_of"] == scores[0]["as_of"] else []
    story = ScoreStory(
        company=found["name"],
        profile=now["profile_name"],
        now=now,
        points=tuple(points),
        before=before,
        changes=changes(earlier, points) if before else (),
        gaps=tuple(gaps),
    )
    if as_json:
        print(dumps(story_as_json(story), indent=2))
    else:
        console.print(render(story))
    return True


def mark_company(
    console: Console, settings: Settings, company: str, *, min_change: float, note: str
) -> bool:
    """Add a company to the watchlist from the day of its newest score on; False when it cannot."""
    path = settings.config_dir / WATCHLIST_FILE
    with connect_published(settings.published) as connection:
        found = _single_company(console, connection, company)
        if found is None:
            return False
        leads = [
            lead for lead in ask(connection, LEADS) if lead["company_id"] == found["company_id"]
        ]
    if not leads:
        tell(console, f"{found['name']} is not scored under any profile.", "red")
        return False
    channels = load_rules(settings.config_dir / RULES_FILE).channels
    name = found["domain"] or found["company_id"]
    stated = {"company": name, "since": leads[0]["as_of"], "min_change": min_change}
    watched = Watched.model_validate(stated | ({"note": note} if note else {}))
    if any(matches(entry, lead) for entry in load_watchlist(path, channels) for lead in leads):
        tell(console, f"{found['name']} is on the watchlist already ({path}).")
        return True
    with path.open("a", encoding="utf-8") as file:
        file.write("\n" + entry_text(watched))
    load_watchlist(path, channels)
    tell(
        console,
        f"{found['name']} ({score(leads[0]['lead_score'])}, {leads[0]['tier']}) is watched from "
        f"{watched.since} on; the mark is in {path}.",
    )
    return True


def _single_company(console: Console, connection: Any, wanted: str) -> dict[str, Any] | None:
    """The one company that is meant; None, after saying why, when it is none or several."""
    found = ask(connection, COMPANIES, {"wanted": wanted.strip().lower()})
    nearest = [row for row in found if row["distance"] == found[0]["distance"]]
    if len(nearest) == 1:
        return nearest[0]
    if not nearest:
        tell(
            console, f"No company is called {wanted!r}; try its domain or part of its name.", "red"
        )
        return None
    tell(console, f"{wanted!r} may be several companies; say which by domain or id:", "red")
    for row in nearest:
        tell(console, f"  {row['name']}  {row['domain'] or ''}  {row['company_id']}")
    return None
