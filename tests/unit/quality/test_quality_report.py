"""The report stands alone, says the verdict first, and shows nothing as markup that is data."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser

from resources.quality.report import write_report
from resources.quality.results import CheckResult, GateResult, RunHistory, TableResult
from resources.quarantine import Quarantine, set_aside

DAY = date(2026, 11, 20)
AT = datetime(2026, 11, 20, 9, tzinfo=UTC)


def check(success=True, blocks=False, severity="critical", message="ok", **more):
    fields = {
        "table": "crm/opportunities",
        "expectation": "expect_column_values_to_be_between",
        "column": "close_date",
        "severity": severity,
        "success": success,
        "blocks": blocks,
        "observed": None,
        "unexpected_count": 0 if success else 2,
        "total": 40,
        "message": message,
        "samples": ("close_date is 3201-01-01", "close_date is 1201-01-01"),
    }
    return CheckResult(**(fields | more))


def run(*checks, gate="raw", day=DAY):
    table = TableResult("crm/opportunities", 40, 2, 0.1, checks)
    return GateResult(gate, day, AT, 0.4, (table,))


class Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.open, self.links = [], []

    def handle_starttag(self, tag, attributes):
        if tag not in ("meta", "br", "rect"):
            self.open.append(tag)
        self.links += [v for k, v in attributes if k in ("src", "href")]

    def handle_endtag(self, tag):
        assert self.open.pop() == tag if tag != "rect" else True


def page_of(tmp_path):
    path = write_report(tmp_path, Quarantine(tmp_path / "q"), now=lambda: AT)
    text = path.read_text(encoding="utf-8")
    tags = Tags()
    tags.feed(text)
    assert tags.open == []
    assert all(link.startswith("#") for link in tags.links)
    assert "<script" not in text
    assert "http" not in text
    return text


def test_before_the_first_run(tmp_path):
    page = page_of(tmp_path)
    assert "No gate has run yet." in page
    assert json.loads((tmp_path / "data_quality/report.json").read_text())["gates"] == {}


def test_all_gates_passed(tmp_path):
    for gate in ("raw", "unified", "outgoing"):
        RunHistory(tmp_path).save(run(check(), gate=gate))
    assert "All gates passed." in page_of(tmp_path)


def test_a_stopped_line_is_said_first_with_what_to_do(tmp_path):
    history = RunHistory(tmp_path)
    history.save(run(check(), day=DAY - timedelta(days=1)))
    history.save(run(check(False, True, message="crm: bad batch <b>now</b>")))
    quarantine = Quarantine(tmp_path / "q")
    quarantine.add(
        "raw",
        DAY,
        [set_aside("raw", "crm", "opportunities", "r1", "crm: close_date", "<img src=x> is bad")],
    )
    page = page_of(tmp_path)
    assert "The line is stopped at the raw gate." in page
    assert "docs/runbooks/failed-gate.md" in page
    assert "crm: bad batch &lt;b&gt;now&lt;/b&gt;" in page
    assert "&lt;img src=x&gt; is bad" in page
    assert len(re.findall("<rect", page)) == 2
    data = json.loads((tmp_path / "data_quality/report.json").read_text())
    assert data["success"] is False
    assert data["quarantine"][0]["rows"] == 1
    assert [p["success"] for p in data["trend"]["raw"]] == [True, False]


def test_warnings_do_not_stop(tmp_path):
    RunHistory(tmp_path).save(run(check(False, False, "warning", "look")))
    assert "All gates passed; 1 check to look at." in page_of(tmp_path)


def test_history_is_one_file_per_day_and_survives_a_broken_one(tmp_path):
    history = RunHistory(tmp_path)
    history.save(run(check()))
    history.save(run(check(False, True)))
    assert len(history.runs("raw")) == 1
    assert history.runs("raw")[0] == run(check(False, True))
    (tmp_path / "data_quality/runs/raw/2026-11-19.json").write_text("{half")
    assert len(history.runs("raw")) == 1
    assert history.before("raw", DAY) is None
    assert history.before("raw", DAY + timedelta(days=1)).day == DAY
