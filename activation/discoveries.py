"""What a person is shown of the day's discoveries: companies nobody knows yet that fit now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from activation.text import clean, score

Row = Mapping[str, Any]


def headline(discoveries: Sequence[Row]) -> str:
    """How many companies were discovered, and how many of them today."""
    companies = {str(row["company_id"]) for row in discoveries}
    today = {str(row["company_id"]) for row in discoveries if row["is_new"]}
    if not companies:
        return "Discovered outside the CRM: nobody who fits and shows recent signals"
    return (
        f"Discovered outside the CRM: {len(companies):,} that fit and show recent signals, "
        f"{len(today):,} new today"
    )


def render_discoveries(discoveries: Sequence[Row], top: int) -> RenderableType:
    """The day's discoveries for a terminal: the best ``top`` companies with what fits and shows.

    ``discoveries`` are rows of ``activation.questions.DISCOVERIES``; a company under several
    profiles is shown once, by its first row.
    """
    parts: list[RenderableType] = [Text(headline(discoveries), style="bold")]
    for row in best(discoveries, top):
        name = clean(row.get("company_name") or row["company_id"], 60)
        since = "" if row["is_new"] else f", since {row['first_discovered_on']}"
        parts.append(
            Padding(
                Text(f"{name}: {score(row['lead_score'])} {clean(row['tier'])}{since}"),
                (0, 0, 0, 2),
            )
        )
        for label, column in (("fits: ", "fits"), ("shows: ", "shows")):
            text = Text(f"{label}{clean(row[column], 240)}")
            parts.append(Padding(text, (0, 0, 0, 4)))
    return Group(*parts)


#: How the signals of a company that only sources name stand to what a profile wants.
MATCHES = {
    "wanted_now": "wanted now",
    "wanted_before": "wanted, but not lately",
    "other_signals": "other signals",
    "other_side": "other side of a deal",
}


def render_names(names: Sequence[Row], top: int) -> RenderableType:
    """The first ``top`` companies that sources name and no list holds, for a terminal.

    ``names`` are rows of ``activation.questions.DISCOVERED_NAMES``.
    """
    counted = Counter(str(row["match"]) for row in names)
    told = ", ".join(f"{counted[key]:,} {said}" for key, said in MATCHES.items() if counted[key])
    title = f"Named by sources, on no list: {len(names):,}" + (f" ({told})" if told else "")
    parts: list[RenderableType] = [Text(title, style="bold")]
    for row in names[:top]:
        domain = f" ({row['company_domain']})" if row["company_domain"] else ""
        since = "new today" if row["is_new"] else f"first seen {row['first_seen_on']}"
        text = (
            f"{clean(row['company_name'], 60)}{domain}: {MATCHES[row['match']]}, "
            f"{_times(row['mentions'], 'mention')} in {_times(row['sources'], 'source')}, {since}"
        )
        parts.append(Padding(Text(text), (0, 0, 0, 2)))
        if row["known"]:
            told = f"fit {score(row['fit_score'])} of 100 by {row['known']}"
            if row["fit_points"]:
                told += f": {clean(row['fit_points'], 240)}"
            parts.append(Padding(Text(told), (0, 0, 0, 4)))
        for label, column in (("fits: ", "fits"), ("shows: ", "shows")):
            if row[column]:
                parts.append(Padding(Text(f"{label}{clean(row[column], 240)}"), (0, 0, 0, 4)))
    return Group(*parts)


def _times(number: Any, what: str) -> str:
    return f"{number:,} {what}" + ("" if number == 1 else "s")


def best(discoveries: Sequence[Row], top: int) -> list[Row]:
    """The first row of each of the first ``top`` companies."""
    first: dict[str, Row] = {}
    for row in discoveries:
        first.setdefault(str(row["company_id"]), row)
    return list(first.values())[:top]
