"""Why a lead's score is what it is, why it changed, and why it is not higher.

Pure functions over rows of ``activation.questions``. Differences are exact: the changes of two days
add up to the difference of their scores to the last digit, because both are sums of decimals.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from activation.text import clean, score

Row = Mapping[str, Any]
Kind = Literal["gained", "lost", "rose", "fell"]

#: Gaps shown to a person; the table holds all.
GAPS_SHOWN = 6


@dataclass(frozen=True)
class Change:
    """What one rule added on one day and on another, in points of the score."""

    rule_id: str
    label: str
    component: str
    before: Decimal
    after: Decimal
    evidence_before: str | None
    evidence_after: str | None

    @property
    def difference(self) -> Decimal:
        """Points of the score that the rule added (positive) or took away."""
        return self.after - self.before

    @property
    def kind(self) -> Kind:
        """Whether the rule began or ceased to award, or awards more or less than before."""
        if self.evidence_before is None:
            return "gained"
        if self.evidence_after is None:
            return "lost"
        return "rose" if self.difference > 0 else "fell"

    @property
    def reason(self) -> str:
        """The evidence that came or went; both where one took the other's place."""
        before, after = self.evidence_before, self.evidence_after
        if before is None or before == after:
            return after or ""
        if after is None:
            return f"no longer: {before}"
        return f"{after}; before: {before}"


@dataclass(frozen=True)
class ScoreStory:
    """One lead's score on a day, and on an earlier one to compare with when there is one."""

    company: str
    profile: str
    now: Row
    points: tuple[Row, ...]
    before: Row | None = None
    changes: tuple[Change, ...] = ()
    gaps: tuple[Row, ...] = ()


def changes(before: Sequence[Row], after: Sequence[Row]) -> tuple[Change, ...]:
    """Rules whose points differ between two days, the largest difference first."""
    was = {row["rule_id"]: row for row in before}
    now = {row["rule_id"]: row for row in after}
    found = []
    for rule_id in was.keys() | now.keys():
        then, here = was.get(rule_id), now.get(rule_id)
        stated = here or then
        assert stated is not None
        change = Change(
            rule_id=rule_id,
            label=stated["label"],
            component=stated["component"],
            before=then["weighted_points"] if then else Decimal(0),
            after=here["weighted_points"] if here else Decimal(0),
            evidence_before=then["evidence"] if then else None,
            evidence_after=here["evidence"] if here else None,
        )
        if change.difference:
            found.append(change)
    return tuple(sorted(found, key=lambda c: (-abs(c.difference), c.rule_id)))


def choose_days(
    scores: Sequence[Row], since: date | None, until: date | None
) -> tuple[Row | None, Row | None]:
    """The score at the end of ``until`` (default: the newest) and that at the end of ``since``.

    Each is the newest of its day or before; without ``since`` the one before ``until``'s. None
    where there is no score so old.
    """
    ordered = sorted(scores, key=lambda row: row["as_of"], reverse=True)
    now = next((row for row in ordered if until is None or row["as_of"] <= until), None)
    if now is None:
        return None, None
    earlier = [row for row in ordered if row["as_of"] < now["as_of"]]
    return next((row for row in earlier if since is None or row["as_of"] <= since), None), now


def as_json(story: ScoreStory) -> dict[str, Any]:
    """The story for a program: numbers as numbers, days in ISO form."""
    return {
        "company": story.company,
        "company_id": story.now["company_id"],
        "icp_profile_id": story.now["icp_profile_id"],
        "as_of": story.now["as_of"].isoformat(),
        "lead_score": float(story.now["lead_score"]),
        "tier": story.now["tier"],
        "icp_version": story.now["icp_version"],
        "points": [_plain(row) for row in story.points],
        "compared_with": story.before and {
            "as_of": story.before["as_of"].isoformat(),
            "lead_score": float(story.before["lead_score"]),
            "tier": story.before["tier"],
            "icp_version": story.before["icp_version"],
        },
        "changes": [
            {
                "rule_id": change.rule_id,
                "kind": change.kind,
                "before": float(change.before),
                "after": float(change.after),
                "difference": float(change.difference),
                "reason": change.reason,
            }
            for change in story.changes
        ],
        "missing": [_plain(row) for row in story.gaps],
    }  # fmt: skip


def _plain(row: Row) -> dict[str, Any]:
    return {k: float(v) if isinstance(v, Decimal) else v for k, v in row.items()}


def render(story: ScoreStory) -> RenderableType:
    """The story for a terminal of 100 columns."""
    parts: list[RenderableType] = [_heading(story), _points(story)]
    if story.before is not None:
        parts += [Text(), _changes(story)]
    if story.gaps:
        parts += [Text(), _missing(story)]
    return Group(*parts)


def _heading(story: ScoreStory) -> Text:
    now = story.now
    return Text.assemble(
        (clean(story.company), "bold"),
        f": {score(now['lead_score'])} of 100, {now['tier']}, on {now['as_of']}",
        f"  (profile {clean(story.profile)}, version {now['icp_version'] or 'unknown'})",
    )


def _points(story: ScoreStory) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("points", justify="right")
    table.add_column("x weight", justify="right")
    table.add_column("adds", justify="right")
    table.add_column("rule")
    table.add_column("because", overflow="fold")
    for row in story.points:
        table.add_row(
            f"{row['points']:.2f}",
            f"{row['weight']:.2f}",
            f"{row['weighted_points']:.2f}",
            Text(row["label"]),
            Text(clean(row["evidence"])),
        )
    table.add_section()
    table.add_row("", "", f"{story.now['lead_score']:.2f}", "score", "the sum")
    return table


def _changes(story: ScoreStory) -> RenderableType:
    before, now = story.before, story.now
    assert before is not None
    moved = now["lead_score"] - before["lead_score"]
    heading = Text.assemble(
        ("Since ", "bold"),
        (str(before["as_of"]), "bold"),
        f": {before['lead_score']:.2f} ({before['tier']}) {moved:+.2f}"
        f" = {now['lead_score']:.2f} ({now['tier']})",
    )
    if before["icp_version"] != now["icp_version"]:
        heading.append(
            f"; the profile changed from version {before['icp_version'] or 'unknown'} to "
            f"{now['icp_version']}"
        )
    if not story.changes:
        return Group(heading, Text("  nothing changed"))
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_header=False)
    table.add_column(justify="right")
    table.add_column()
    table.add_column()
    table.add_column(overflow="fold")
    for change in story.changes:
        table.add_row(
            f"{change.difference:+.2f}",
            change.kind,
            Text(change.label),
            Text(clean(change.reason)),
        )
    return Group(heading, table)


def _missing(story: ScoreStory) -> RenderableType:
    first = story.gaps[0]
    tier = first["next_tier"]
    heading = Text("Missing", style="bold")
    if tier is not None:
        heading.append(f" for {tier}: {first['points_to_next_tier']:.2f} points", style="not bold")
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_header=False)
    table.add_column(justify="right")
    table.add_column()
    table.add_column(overflow="fold")
    for row in story.gaps[:GAPS_SHOWN]:
        enough = "  <- enough alone" if row["reaches_next_tier"] else ""
        table.add_row(
            f"{row['missing_weighted_points']:+.2f}",
            Text(row["label"]),
            Text(clean(row["reason"]) + enough),
        )
    return Group(heading, table)
