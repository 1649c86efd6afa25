"""The state of every source, as a person reads it: what needs care first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from resources.state import SourceHealth

#: States in the order in which they ask for care, with the colour of each.
STATES = {
    "failing": "red",
    "stale": "yellow",
    "healthy": "green",
    "never_run": "dim",
    "not_configured": "dim",
}
#: States of sources that have nothing to tell yet: a line each below the table.
SILENT = ("never_run", "not_configured")


@dataclass(frozen=True, slots=True)
class SourceState:
    """One source; its families share its attempts, and so its state."""

    source: str
    families: tuple[str, ...]
    health: SourceHealth


def by_source(rows: Iterable[SourceHealth]) -> list[SourceState]:
    """Health by source and family put together by source, what needs care first."""
    families: dict[str, list[str]] = {}
    health: dict[str, SourceHealth] = {}
    for row in rows:
        families.setdefault(row.source, []).append(row.family)
        health[row.source] = row
    found = [SourceState(name, tuple(families[name]), health[name]) for name in health]
    order = list(STATES)
    return sorted(found, key=lambda one: (order.index(one.health.status), one.source))


def show_health(console: Console, rows: Sequence[SourceHealth], *, as_json: bool) -> bool:
    """Print the state of all sources; True unless one fails."""
    found = by_source(rows)
    if as_json:
        listed = [asdict(one.health) | {"families": list(one.families)} for one in found]
        for one in listed:
            del one["family"]
        console.print_json(data=listed, default=str)
        return not any(one.health.status == "failing" for one in found)
    table = Table("source", "state", box=box.SIMPLE_HEAD)
    table.add_column("last success (UTC)", no_wrap=True)
    table.add_column("records", justify="right")
    table.add_column("what was wrong", overflow="fold")
    for one in found:
        if one.health.status in SILENT:
            continue
        last = one.health.last_success_at
        table.add_row(
            one.source,
            Text(_state(one.health), style=STATES[one.health.status]),
            f"{last:%Y-%m-%d %H:%M}" if last else "never",
            "" if one.health.records_last_run is None else f"{one.health.records_last_run:,}",
            Text(one.health.last_error or ""),
        )
    if table.rows:
        console.print(table)
    for state in SILENT:
        silent = [one for one in found if one.health.status == state]
        if silent:
            console.print(f"{state.replace('_', ' ').capitalize()}:", style="bold")
        for one in silent:
            console.print(Text(f"  {one.source}: {one.health.last_error or 'no attempt yet'}"))
    counted = Counter(one.health.status for one in found)
    told = (f"{counted[state]} {state.replace('_', ' ')}" for state in STATES if counted[state])
    console.print(f"{len(found)} sources: {', '.join(told)}")
    return not counted["failing"]


def _state(health: SourceHealth) -> str:
    """State in words: how often it failed in a row, and whether its circuit is closed."""
    said = health.status.replace("_", " ")
    if health.consecutive_failures:
        said += f" ({health.consecutive_failures} in a row)"
    return said if health.circuit == "closed" else f"{said}, circuit {health.circuit}"
