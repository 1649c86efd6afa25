"""What `health` prints: a line a source, what needs care first, and what to do about the rest."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime

from rich.console import Console

from orchestration.answers.source_health import by_source, show_health
from resources.state import SourceHealth

NOW = datetime(2026, 6, 15, 10, tzinfo=UTC)


def health(source: str, status: str, family: str = "news", **changes) -> SourceHealth:
    values = {
        "last_success_at": NOW, "last_attempt_at": NOW, "last_error": None,
        "records_last_run": 1_200, "consecutive_failures": 0, "freshness_hours": 24.0,
        "age_hours": 1.0,
    }  # fmt: skip
    return SourceHealth(source=source, family=family, status=status, **(values | changes))


ROWS = [
    health("crm", "healthy", "companies"),
    health("crm", "healthy", "people"),
    health("press", "failing", last_error="feed [a] breaks off", consecutive_failures=2,
           circuit="open"),
    health("teams", "not_configured", last_success_at=None, last_error="set TEAMS_KEY"),
    health("zoom", "stale", last_success_at=None),
]  # fmt: skip


def printed(*rows: SourceHealth, as_json: bool = False) -> tuple[bool, str]:
    console = Console(file=io.StringIO(), width=100)
    ok = show_health(console, rows, as_json=as_json)
    return ok, console.file.getvalue()


def test_what_needs_care_comes_first_and_families_share_a_line():
    found = by_source(ROWS)
    assert [one.source for one in found] == ["press", "zoom", "crm", "teams"]
    assert found[2].families == ("companies", "people")


def test_a_failing_source_is_told_with_its_error_and_ends_badly():
    ok, out = printed(*ROWS)
    assert not ok
    [line] = [line for line in out.splitlines() if " press " in line]
    assert "failing (2 in a row), circuit open" in line
    assert line.rstrip().endswith("feed [a] breaks off")
    assert sum(" crm " in line for line in out.splitlines()) == 1
    assert "1,200" in out
    assert "Not configured:\n  teams: set TEAMS_KEY\n" in out
    assert out.endswith("4 sources: 1 failing, 1 stale, 1 healthy, 1 not configured\n")


def test_without_a_failure_it_ends_well_and_json_holds_all_of_it():
    ok, out = printed(*ROWS[:2], as_json=True)
    assert ok
    [crm] = json.loads(out)
    assert (crm["source"], crm["families"]) == ("crm", ["companies", "people"])
    assert crm["last_success_at"] == "2026-06-15 10:00:00+00:00"
