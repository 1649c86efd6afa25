"""What a person is shown of the day's discoveries: companies nobody knows yet that fit now."""

from __future__ import annotations

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


def render_names(names: Sequence[Row], top: int) -> RenderableType:
    """The first ``top`` companies that sources name and no list holds, for a terminal.

    ``names`` are rows of ``activation.questions.DISCOVERED_NAMES``.
    """
    parts: list[RenderableType] = [
        Text(f"Named by sources, on no list, with wanted signals: {len(names):,}", style="bold")
    ]
    for row in names[:top]:
        domain = f" ({row['company_domain']})" if row["company_domain"] else ""
        text = f"{clean(row['company_name'], 60)}{domain}: {clean(row['shows'], 160)}"
        parts.append(Padding(Text(text), (0, 0, 0, 2)))
    return Group(*parts)


def best(discoveries: Sequence[Row], top: int) -> list[Row]:
    """The first row of each of the first ``top`` companies."""
    first: dict[str, Row] = {}
    for row in discoveries:
        first.setdefault(str(row["company_id"]), row)
    return list(first.values())[:top]
