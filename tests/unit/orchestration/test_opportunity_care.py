"""Commands about the care for opportunities, on a small published warehouse."""

from __future__ import annotations

import io
import json
from contextlib import closing, contextmanager
from datetime import date, datetime
from pathlib import Path
from types import SimpleNamespace

import duckdb
import pytest
from rich.console import Console
from typer.testing import CliRunner

from assets import crm_export, opportunity_report
from orchestration.answers import opportunity_care, opportunity_feedback
from orchestration.commands import app
from resources.crm_exports import mark_given
from resources.publication import PublicationError
from resources.settings import PROJECT_ROOT, Settings
from resources.state import StateStore

DAY = date(2026, 3, 4)
ONE, TWO, OVER = "opp_" + "1" * 20, "opp_" + "2" * 20, "opp_" + "3" * 20
_TABLES = {
    "opportunities": (
        "opportunity_id text, company_id text, title text, customer_name text,"
        " customer_domain text, stage text,"
        " stage_evidence text, priority text, unit_low double, unit_high double, unit text,"
        " price_low double, price_high double, currency text, value double, value_usd double,"
        " value_is_inferred boolean, delivery_on date, decision_on date, close_on date,"
        " mail_count bigint,"
        " call_count bigint, crm_count bigint, source_count bigint, crm_source text,"
        " crm_record_id text, crm_withdrawn text,"
        " last_touched_at timestamp, as_of date, quality_score double"
    ),
    "opportunity_evidence": (
        "opportunity_id text, alias_id text, field text, kind text, source text, record_id text"
    ),
    "quality_findings": (
        "opportunity_id text, severity text, kind text, rule text, field text, message text,"
        " remedy text, source_keys text"
    ),
    "opportunity_conflicts": (
        "opportunity_id text, field text, reason text, candidate bigint, source_key text,"
        ' value text, low double, high double, currency text, "day" date, is_chosen boolean'
    ),
    "next_steps": "opportunity_id text, text text, owner text, due_on date, status text",
    "opportunity_trends": (
        "as_of date, dimension text, label text, opportunity_count bigint, value_usd double,"
        " quality_score double, blocker_count bigint, conflict_count bigint,"
        " overdue_step_count bigint"
    ),
    "opportunity_stage_changes": (
        "opportunity_id text, changed_on date, from_stage text, to_stage text, title text"
    ),
    "opportunity_history": (
        "opportunity_id text, was_called text, as_of date, stage text, priority text,"
        " value double, currency text, quality_score double, source_count bigint"
    ),
    "opportunity_annotations": (
        "annotation_id text, action text, status text, opportunity_id text, value_before text,"
        " value_after text, reviewed_at timestamp"
    ),
    "opportunity_accuracy": (
        "subject text, label text, period text, true_positives bigint, false_positives bigint,"
        " false_negatives bigint, precision double, recall double"
    ),
}


def opportunity(name: str, title: str, **changes: object) -> dict[str, object]:
    return {
        "opportunity_id": name, "title": title, "stage": "quoting", "priority": "high",
        "unit_low": 500, "unit_high": 500, "currency": "USD", "value": 2200, "value_usd": 2200,
        "value_is_inferred": False, "mail_count": 1, "call_count": 0, "crm_count": 0,
        "source_count": 1, "crm_withdrawn": "[]",
        "last_touched_at": datetime(2026, 3, 2), "as_of": DAY,
    } | changes  # fmt: skip


ROWS = {
    "opportunities": [
        opportunity(ONE, "kestrel.example: driver", quality_score=64.0, company_id="k",
                    customer_domain="kestrel.example"),
        opportunity(OVER, "Over: driver", stage="lost", quality_score=50.0, source_count=0),
        opportunity(TWO, "CRM only", mail_count=0, crm_count=1, crm_source="salesforce",
                    quality_score=30.0),
    ],
    "quality_findings": [
        {"opportunity_id": ONE, "severity": "blocker", "kind": "consistency",
         "rule": "conflicting_values", "field": "quantity", "message": "2 sources disagree.",
         "remedy": "Choose."},
        {"opportunity_id": TWO, "severity": "note", "kind": "consistency", "rule": "weak_source",
         "field": None, "message": "Perhaps another deal.", "remedy": "Read it."},
        {"opportunity_id": OVER, "severity": "warning", "kind": "completeness",
         "rule": "no_reference", "message": "No reference.", "remedy": "Ask."},
    ],
    "opportunity_conflicts": [
        {"opportunity_id": ONE, "field": "quantity", "reason": "latest", "candidate": number,
         "source_key": f"mail:{number}", "low": 500, "high": 500, "is_chosen": number == 1}
        for number in (1, 2)
    ],
    "next_steps": [
        {"opportunity_id": ONE, "text": "Send it", "due_on": date(2026, 3, 1), "status": "overdue"},
        {"opportunity_id": ONE, "text": "Call", "due_on": date(2026, 3, 1), "status": "done"},
    ],
    "opportunity_trends": [
        {"as_of": DAY, "dimension": name, "label": label, "opportunity_count": 2,
         "value_usd": 4400, "quality_score": 47.0, "blocker_count": 1, "conflict_count": 1,
         "overdue_step_count": 1}
        for name, label in (("all", "all"), ("open", "open"), ("stage", "quoting"))
    ],
    "opportunity_stage_changes": [
        {"opportunity_id": ONE, "changed_on": DAY, "from_stage": "rfq", "to_stage": "quoting",
         "title": "kestrel.example: driver"},
        {"opportunity_id": OVER, "changed_on": DAY, "from_stage": None, "to_stage": "lost",
         "title": "Over: driver"},
    ],
    "opportunity_history": [
        {"opportunity_id": ONE, "was_called": TWO, "as_of": DAY, "stage": "quoting",
         "priority": "high", "value": 2200, "currency": "USD", "quality_score": 64.0,
         "source_count": 1},
    ],
    "opportunity_accuracy": [
        {"subject": "stage", "label": "rfq", "period": period, "true_positives": 3,
         "false_positives": 1, "false_negatives": 0, "precision": 0.75, "recall": 1.0}
        for period in ("2026-03", "all")
    ],
}  # fmt: skip


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("published") / "published.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema opportunities")
        connection.execute("create schema core")
        connection.execute(
            "create table core.companies as select 'k' as company_id, 'Kestrel [/]' as name"
        )
        for name, columns in _TABLES.items():
            connection.execute(f"create table opportunities.{name} ({columns})")
            for row in ROWS.get(name, []):
                names = ", ".join(f'"{column}"' for column in row)
                places = ", ".join("?" * len(row))
                connection.execute(
                    f"insert into opportunities.{name} ({names}) values ({places})",
                    list(row.values()),
                )
    return path


@pytest.fixture
def terminal(warehouse: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    @contextmanager
    def connect(_: Path):
        with duckdb.connect(str(warehouse), read_only=True) as connection:
            yield connection

    for module in (crm_export, opportunity_report, opportunity_care, opportunity_feedback):
        monkeypatch.setattr(module, "connect_published", connect)
    console = Console(file=io.StringIO(), width=200)
    return console, Settings(home=tmp_path, config_dir=PROJECT_ROOT / "config")


def said(terminal) -> str:
    return terminal[0].file.getvalue()


def test_quality_shows_the_gravest_and_what_to_do(terminal, capsys) -> None:
    assert opportunity_care.show_quality(
        *terminal, None, severity="warning", rules=[], top=9, as_json=False
    )
    assert "2 sources disagree." in said(terminal)
    assert "Kestrel [/]: driver" in said(terminal)
    assert "Perhaps another deal" not in said(terminal)
    opportunity_care.show_quality(
        *terminal, TWO, severity="note", rules=["weak_source"], top=9, as_json=True
    )
    (told,) = json.loads(capsys.readouterr().out)
    assert (told["opportunity_id"], told["severity"], told["quality_score"]) == (TWO, "note", 30.0)
    assert not opportunity_care.show_quality(
        *terminal, None, severity="bad", rules=[], top=9, as_json=False
    )
    assert "there are blocker, warning, note" in said(terminal)


def test_the_report_is_written_beside_others_and_twice_the_same(
    terminal, warehouse, capsys
) -> None:
    console, settings = terminal
    folder = settings.reports / "opportunities"
    assert opportunity_care.show_report(console, settings, as_json=True)
    data = json.loads(capsys.readouterr().out)
    assert json.loads((folder / "dashboard.json").read_text("utf-8")) == data
    assert data["conflicts"][0]["candidates"][0]["source"] == "mail:1"
    first = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert set(first) == {"dashboard.json", "dashboard.png", "readiness.md"}
    assert b"| 2026-03-01 | Kestrel" in first["readiness.md"]
    assert b"| 2026-03-04 | Kestrel" in first["readiness.md"]
    assert [change["opportunity_id"] for change in data["stage_changes"]] == [ONE]
    assert {finding["rule"] for finding in data["findings"]} == {
        "conflicting_values",
        "weak_source",
    }
    assert data["publication"] == warehouse.parent.name
    opportunity_care.show_report(console, settings, as_json=False)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == first


def test_history_by_day_and_of_one_by_any_of_its_names(terminal, capsys) -> None:
    assert opportunity_care.show_history(*terminal, None, top=5, as_json=False)
    assert "rfq" in said(terminal)
    opportunity_care.show_history(*terminal, TWO, top=5, as_json=True)
    assert json.loads(capsys.readouterr().out)["days"][0]["opportunity_id"] == ONE
    assert not opportunity_care.show_history(*terminal, "opp_9", top=5, as_json=False)


def test_metrics_count_and_say_how_right_we_were(terminal, capsys) -> None:
    assert opportunity_care.show_metrics(*terminal, monthly=False, as_json=False)
    assert "0.75" in said(terminal)
    opportunity_care.show_metrics(*terminal, monthly=True, as_json=True)
    told = json.loads(capsys.readouterr().out)
    assert [row["period"] for row in told["accuracy"]] == ["2026-03", "all"]
    assert told["totals"]["open"]["opportunity_count"] == 2


def test_an_export_gives_what_is_more_than_the_crms_own_and_only_once(terminal) -> None:
    _, settings = terminal
    for expected in ("1 opportunities (0 that salesforce has)", "Nothing has changed"):
        assert opportunity_care.export_files(
            *terminal, "salesforce", everything=False, as_json=False
        )
        assert expected in said(terminal)
    (folder,) = (settings.home / "exports" / "salesforce").iterdir()
    assert sorted(path.name for path in folder.iterdir()) == [
        "opportunities.csv", "request_001.json",
    ]  # fmt: skip
    request = json.loads((folder / "request_001.json").read_text("utf-8"))
    assert request["method"] == "PATCH"
    assert [r["Buying_Signals_Id__c"] for r in request["body"]["records"]] == [ONE]
    # All of it again is the same folder: it is named by what it holds.
    opportunity_care.export_files(*terminal, "salesforce", everything=True, as_json=False)
    assert list((settings.home / "exports" / "salesforce").iterdir()) == [folder]
    assert not opportunity_care.export_files(*terminal, "siebel", everything=False, as_json=False)


def test_what_is_an_opportunity_no_longer_is_taken_back_once(terminal) -> None:
    _, settings = terminal
    lost = "opp_" + "f" * 20
    with closing(StateStore(settings.state)) as state:
        mark_given(state, "hubspot", {lost: None, TWO: "77"})
    for expected in ("1 taken back, 2 requests", "Nothing has changed"):
        assert opportunity_care.export_files(*terminal, "hubspot", everything=False, as_json=False)
        assert expected in said(terminal)
    (folder,) = (settings.home / "exports" / "hubspot").iterdir()
    told = (folder / "withdrawn.csv").read_text("utf-8").splitlines()
    assert told[1:] == [f",{lost},closedlost,Withdrawn: no opportunity any more.,Close"]
    request = json.loads((folder / "request_001.json").read_text("utf-8"))
    assert request["path"] == "crm/v3/objects/deals/batch/update"
    assert [one["id"] for one in request["body"]["inputs"]] == [lost]


def test_feedback_is_taken_up_once_and_listed(terminal, tmp_path: Path, capsys) -> None:
    console, settings = terminal
    file = tmp_path / "said.csv"
    file.write_text(
        f"about,action,field,value,reviewer,reviewed_at\n{ONE},set,stage,won,R. One,2026-03-03\n",
        "utf-8",
    )
    for told in ({"read": 1, "added": 1}, {"read": 1, "added": 0}):
        assert opportunity_feedback.import_file(console, settings, file, as_json=True)
        assert json.loads(capsys.readouterr().out) == told
    stated = {"about": "mail:1", "action": "comment", "comment": "called", "reviewer": "R. Two"}
    assert opportunity_feedback.add_one(console, settings, stated, as_json=False)
    wrong = stated | {"action": "set", "field": "stage", "value": "gone"}
    assert not opportunity_feedback.add_one(console, settings, wrong, as_json=False)
    assert "'gone' is no stage" in said(terminal)
    assert opportunity_feedback.show_annotations(console, settings, top=9, as_json=True)
    listed = json.loads(capsys.readouterr().out)
    assert [(row["reviewer"], row["status"]) for row in listed] == [
        ("R. Two", "waits for the next run"),
        ("R. One", "waits for the next run"),
    ]
    opportunity_feedback.show_annotations(console, settings, top=1, as_json=False)
    assert "... and 1 more." in said(terminal)


def test_publishing_runs_the_line_from_what_is_there(
    terminal, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    asked = []

    class Line:
        def __init__(self, *_: object) -> None:
            self.works = not asked

        def today(self) -> date:
            return DAY

        def run_job(self, name: str, title: str, day: date) -> bool:
            asked.append((name, day))
            return self.works

    monkeypatch.setattr("orchestration.line.Line", Line)
    assert opportunity_care.publish_now(*terminal, as_json=True)
    told = json.loads(capsys.readouterr().out)
    assert told["report"].endswith("reports/opportunities/readiness.md")
    assert not opportunity_care.publish_now(*terminal, as_json=False)
    assert asked == [("follow_events", DAY)] * 2


def test_before_the_first_publication_commands_say_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BUYING_SIGNALS_HOME", str(tmp_path))
    for words in (["quality"], ["history"], ["metrics"], ["report"], ["export", "hubspot"]):
        result = CliRunner().invoke(app, ["opportunities", *words])
        assert result.exit_code == 1, words
        assert not isinstance(result.exception, PublicationError)
    told = CliRunner().invoke(app, ["opportunities", "feedback", "list", "--json"])
    assert (told.exit_code, json.loads(told.stdout)) == (0, [])


def test_going_back_writes_the_report_of_what_readers_see_now(
    terminal, warehouse: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    console, settings = terminal
    monkeypatch.setattr("orchestration.commands.publications.console", console)
    monkeypatch.setenv("BUYING_SIGNALS_HOME", str(settings.home))
    earlier = SimpleNamespace(version="20260303T080000Z-1", as_of=DAY)
    monkeypatch.setattr("resources.publication.rollback", lambda *_: earlier)
    monkeypatch.setattr("assets.publication.synchronise", lambda *_: None)
    assert CliRunner().invoke(app, ["rollback"]).exit_code == 0
    assert "Readers now see 20260303T080000Z-1" in said(terminal)
    report = (settings.reports / "opportunities" / "readiness.md").read_text("utf-8")
    assert f"Publication {warehouse.parent.name}." in report

    def older(_: Settings) -> None:
        raise duckdb.BinderException("no column like that")

    monkeypatch.setattr("assets.opportunity_report.write_opportunity_report", older)
    assert CliRunner().invoke(app, ["rollback"]).exit_code == 0
    assert "still shows the version before: no column like that" in said(terminal)
