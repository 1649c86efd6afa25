"""The evaluation on a small invented folder: right figures, planted mistakes seen, gaps named.

dbt builds the boards' model once, in the module's own run; every other case leaves that folder out
or replaces only what dbt would have answered.
"""

from __future__ import annotations

import csv
import dataclasses
import json
import shutil
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from benchmarks.evaluation import boards, executives, filings, form_d, funding, payloads
from benchmarks.evaluation.__main__ import LEARNING, MEASURED, SIMULATED, main
from benchmarks.evaluation.measure import Hits, f1_interval, share_interval

NOTICE = """ <?xml version="1.0"?><edgarSubmission><submissionType>D</submissionType>
<primaryIssuer><cik>0009999992</cik><entityName>Plover &amp; Vance Labs, Inc.</entityName>
<issuerAddress><city>BOISE</city><stateOrCountry>ID</stateOrCountry></issuerAddress>
<jurisdictionOfInc>IDAHO</jurisdictionOfInc><entityType>Corporation</entityType>
<yearOfInc><value>2021</value></yearOfInc></primaryIssuer>
<relatedPersonsList><relatedPersonInfo><relatedPersonName><firstName>Ida</firstName>
<lastName>Plover</lastName></relatedPersonName><relatedPersonRelationshipList>
<relationship>Director</relationship></relatedPersonRelationshipList></relatedPersonInfo>
</relatedPersonsList><offeringData>
<industryGroup><industryGroupType>Other Technology</industryGroupType></industryGroup>
<typeOfFiling><newOrAmendment><isAmendment>false</isAmendment></newOrAmendment>
<dateOfFirstSale><value>2026-04-01</value></dateOfFirstSale></typeOfFiling>
<typesOfSecuritiesOffered><isEquityType>true</isEquityType></typesOfSecuritiesOffered>
<minimumInvestmentAccepted>1000</minimumInvestmentAccepted><offeringSalesAmounts>
<totalOfferingAmount>Indefinite</totalOfferingAmount><totalAmountSold>250000</totalAmountSold>
<totalRemaining>Indefinite</totalRemaining></offeringSalesAmounts>
<investors><totalNumberAlreadyInvested>4</totalNumberAlreadyInvested></investors>
</offeringData></edgarSubmission>"""
#: Every field the recount gives for a bare notice (no submission header around it).
FIELDS = 20
FILING = """<html><body><p>FORM 8-K</p>
<p>Item 5.02. Departure of Directors or Certain Officers</p><p>(b) On May 3, 2010, Ida Plover
resigned as Chief Financial Officer, effective May 31, 2010. The release furnished under Item 2.02
is not filed.</p>
<p>Item 9.01. Financial Statements and Exhibits</p><p>99 Release</p><p>SIGNATURES</p>
</body></html>"""
GREENHOUSE = {
    "jobs": [
        {"id": 11, "title": "Account Executive", "updated_at": "2026-05-01T08:00:00Z"},
        {"id": 12, "title": "Data Engineer", "updated_at": "2026-05-02T08:00:00Z"},
    ]
}
LEVER = [{"id": "a-1", "text": "Head of Sales", "createdAt": 1_777_000_000_000}]
ASHBY = {"jobs": [{"id": "b-1", "title": "Recruiter", "publishedAt": "2026-05-03T08:00:00Z"}]}
#: Open jobs per day: opened, closed and opened again; one board that empties; one never open.
SNAPSHOTS = {
    date(2026, 5, 1): {("greenhouse", "plover"): {"1", "2"}, ("lever", "vance"): {"7"}},
    date(2026, 5, 2): {("greenhouse", "plover"): {"2", "3"}, ("lever", "vance"): {"7"}},
    date(2026, 5, 3): {("greenhouse", "plover"): {"1", "2", "3"}},
}
COMPANY_DAYS = 6


def write_folder(folder: Path) -> Path:
    """The invented files in the layout that the evaluation reads."""
    texts = {
        "sec/form_d/plover.xml": NOTICE,
        "sec/8k_raw/9999992_8K_2010_0009999992-10-000001.htm": FILING,
        "sec/8k_raw/9999993_8K_2010_0009999993-10-000002.htm": FILING,
        "sec/8k_items_index.csv": "file,items\n"
        "9999992_8K_2010_0009999992-10-000001.htm,5.02|9.01\n",
        "jobs/payloads/greenhouse_1.json": json.dumps(GREENHOUSE),
        "jobs/payloads/lever_1.json": json.dumps(LEVER),
        "jobs/payloads/ashby_1.json": json.dumps(ASHBY),
        "jobs/payloads/workday_1.json": "{}",
        "jobs/radar/seed_companies.json": json.dumps(
            [{"status": "active", "ats": "ashby", "slug": "idle"}]
        ),
        "deals/pipeline.csv": "deal\n",
    }
    for name, text in texts.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    for day, open_jobs in SNAPSHOTS.items():
        rows = [
            {"job_uid": f"{source}:{token}:{job}", "source": source, "company": token}
            for (source, token), jobs in open_jobs.items()
            for job in sorted(jobs)
        ]
        part = folder / boards.FOLDER / f"dt={day}" / "part.parquet"
        part.parent.mkdir(parents=True)
        pq.write_table(pa.Table.from_pylist(rows), part)
    return folder


@dataclasses.dataclass(frozen=True)
class Run:
    """What one run of the command left: exit code, figures, misses, printed text."""

    code: int
    metrics: dict[str, dict[str, float]]
    misses: list[dict[str, str]]
    printed: str


def run(data: Path, out: Path, printed) -> Run:
    """Run the command on a folder and read its files back."""
    code = main(["--data", str(data), "--out", str(out)])
    with (out / "evaluation-misses.csv").open(encoding="utf-8", newline="") as lines:
        misses = list(csv.DictReader(lines))
    metrics = json.loads((out / "evaluation.json").read_text("utf-8"))
    return Run(code, metrics, misses, printed.readouterr().out)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """The folder without the boards, which alone need dbt."""
    folder = write_folder(tmp_path / "data")
    shutil.rmtree(folder / "jobs" / "radar")
    return folder


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output folder of one run on everything, dbt included."""
    folder = tmp_path_factory.mktemp("evaluation")
    assert main(["--data", str(write_folder(folder / "data")), "--out", str(folder / "out")]) == 0
    return folder / "out"


def test_right_answers_give_one_and_no_miss(whole: Path) -> None:
    metrics = json.loads((whole / "evaluation.json").read_text("utf-8"))
    assert {name: (m["value"], m["n"]) for name, m in metrics.items()} == {
        form_d.METRIC: (1.0, FIELDS),
        filings.METRIC: (1.0, 1),
        f"{filings.METRIC}.2010": (1.0, 1),
        executives.METRIC: (1.0, 2),
        payloads.METRIC: (1.0, 4),
        boards.METRIC: (1.0, COMPANY_DAYS),
    }
    assert (whole / "evaluation-misses.csv").read_text("utf-8").splitlines() == [
        "metric,record,expected,got"
    ]


def test_the_baselines_are_what_they_say(whole: Path) -> None:
    metrics = json.loads((whole / "evaluation.json").read_text("utf-8"))
    baselines = {name: m["baseline"] for name, m in metrics.items()}
    # A blank before the declaration stops the standard parser; the two amounts that are
    # indefinite have no number either way.
    assert baselines[form_d.METRIC] == pytest.approx(2 / FIELDS)
    # Every mention: 5.02, 2.02 and 9.01 where 5.02 and 9.01 are borne.
    assert baselines[filings.METRIC] == pytest.approx(2 * 2 / (3 + 2))
    # "resigned" tells of who leaves, and nothing of who comes.
    assert baselines[executives.METRIC] == 1.0
    # Greenhouse's two and Ashby's one have the one shape; Lever's has not.
    assert baselines[payloads.METRIC] == 0.75
    # Against the first day: day two is right for all, day three is wrong for plover alone.
    assert baselines[boards.METRIC] == pytest.approx(5 / 6)


def test_what_is_missing_or_unread_is_skipped_by_name(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.rmtree(data / "sec" / "form_d")
    found = run(data, tmp_path / "out", capsys)
    assert found.code == 0
    assert set(found.metrics) == {
        filings.METRIC, f"{filings.METRIC}.2010", executives.METRIC, payloads.METRIC,
    }  # fmt: skip
    skipped = [line for line in found.printed.splitlines() if line.startswith("skipped")]
    for name in (
        "sec/form_d: not in",
        "jobs/radar: not in",
        "jobs/payloads/workday_1.json:",
        "0009999993-10-000002.htm: read, but its items",
        "deals: no measurement",
    ):
        assert any(name in line for line in skipped), (name, skipped)


def test_an_empty_folder_measures_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = run(tmp_path, tmp_path / "out", capsys)
    assert (found.code, found.metrics, found.misses) == (2, {}, [])
    assert found.printed.count(": not in") == len(MEASURED) + len(SIMULATED) + len(LEARNING)


def test_a_wrong_item_set_lowers_the_figure(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    index = data / filings.INDEX
    index.write_text(index.read_text("utf-8").replace("5.02|9.01", "1.01|5.02|9.01"), "utf-8")
    found = run(data, tmp_path / "out", capsys)
    assert found.metrics[filings.METRIC]["value"] == pytest.approx(2 * 2 / (2 + 3))
    assert found.misses == [
        {"metric": filings.METRIC, "record": "9999992_8K_2010_0009999992-10-000001.htm",
         "expected": "1.01|5.02|9.01", "got": "5.02|9.01"}
    ]  # fmt: skip


def test_a_wrong_direction_lowers_the_figure_and_changes_are_written_out(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # One of the two filings says by its paragraph that somebody comes.
    named = data / "sec" / "8k_raw" / "9999993_8K_2010_0009999993-10-000002.htm"
    named.write_text(named.read_text("utf-8").replace("<p>(b)", "<p>(c)"), "utf-8")
    found = run(data, tmp_path / "out", capsys)
    assert found.metrics[executives.METRIC]["value"] == 0.5
    assert found.misses == [
        {"metric": executives.METRIC, "record": named.name, "expected": "incoming",
         "got": "outgoing"}
    ]  # fmt: skip
    with (tmp_path / "out" / executives.REVIEW).open(encoding="utf-8", newline="") as lines:
        written = list(csv.DictReader(lines))
    assert [(w["person"], w["role"], w["direction"], w["effective_on"]) for w in written] == [
        ("Ida Plover", "Chief Financial Officer", "outgoing", "2010-05-31")
    ] * 2


def test_pay_alone_is_no_change_and_counts_as_right(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for path in (data / "sec" / "8k_raw").glob("*.htm"):
        text = path.read_text("utf-8").replace("resigned as", "was granted a bonus as")
        path.write_text(text.replace("<p>(b)", "<p>(e)"), "utf-8")
    found = run(data, tmp_path / "out", capsys)
    assert (found.metrics[executives.METRIC]["value"], found.misses) == (1.0, [])
    with (tmp_path / "out" / executives.REVIEW).open(encoding="utf-8", newline="") as lines:
        assert [w["evidence"] for w in csv.DictReader(lines)] == ["no change told"] * 2


def test_rounds_are_labelled_by_shared_investors_alone(tmp_path: Path) -> None:
    first, second = tmp_path / "a.csv", tmp_path / "b.csv"
    first.write_text(
        "company_name,investor_name,funded_when,amount_usd\n"
        "Plover Labs,Reed Fund,2010-02-01,1000000\nPlover Labs,Ash Fund,2010-02-01,1000000\n"
        "Plover Labs,Elm Fund,2010-09-01,4000000\nVance,Reed Fund,2011-03-01,\n",
        "utf-8",
    )
    second.write_text(
        "Plover Labs,2010.0,1000000,USD,a,Ash Fund\nPlover Labs,2010.0,4100000,USD,b,Elm Fund\n"
        "Vance,2012.0,,USD,a,Reed Fund\n",
        "latin-1",
    )
    told, retold = funding.read_first(first), funding.read_second(second)
    truth, unclear = funding.labels(told, retold)
    assert {(told[a].day, retold[b].amount) for a, b in truth} == {
        ("2010-02-01", 1e6), ("2010-09-01", 4.1e6)
    }  # fmt: skip
    assert unclear == set()


def test_intervals_are_wide_for_few_cases_and_hold_the_value() -> None:
    assert f1_interval([Hits(1, 1, 1)]) is None
    low, high = f1_interval([Hits(1, 1, 1)] * 10)
    assert (round(low, 3), high) == (0.722, 1.0)
    assert share_interval(50, 100) == pytest.approx((0.4038, 0.5962), abs=1e-4)
    cases = [Hits(1, 1, 1)] * 30 + [Hits(0, 1, 1)] * 10
    low, high = f1_interval(cases)
    assert 0.55 < low < 0.75 < high < 0.95
    assert f1_interval(cases) == (low, high)


def test_a_misread_field_lowers_the_figure(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    read = form_d.read_rows

    def misread(reader, rows):
        result = read(reader, rows)
        wrong = [dataclasses.replace(row, city="ELSEWHERE") for row in result.rows]
        return dataclasses.replace(result, rows=wrong)

    monkeypatch.setattr(form_d, "read_rows", misread)
    found = run(data, tmp_path / "out", capsys)
    assert found.metrics[form_d.METRIC]["value"] == pytest.approx((FIELDS - 1) / FIELDS)
    assert found.misses == [
        {"metric": form_d.METRIC, "record": "plover.xml city", "expected": "BOISE",
         "got": "ELSEWHERE"}
    ]  # fmt: skip


def test_a_lost_posting_lowers_the_figure(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    parse = payloads.VENDORS["lever"]
    monkeypatch.setitem(payloads.VENDORS, "lever", lambda *a, **k: parse(*a, **k)[1:])
    found = run(data, tmp_path / "out", capsys)
    assert found.metrics[payloads.METRIC]["value"] == 0.75
    assert found.misses == [
        {"metric": payloads.METRIC, "record": "lever_1.json a-1", "expected": "Head of Sales",
         "got": "not parsed"}
    ]  # fmt: skip


def test_a_missed_closure_lowers_the_figure(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_folder(tmp_path / "data")
    snapshots = boards.read_snapshots(folder / boards.FOLDER)
    asked = sorted(boards.asked_boards(snapshots, folder / boards.SEEDS))
    answered = boards.recount(snapshots, asked)
    missed = (("lever", "vance"), date(2026, 5, 3))
    assert answered.pop(missed) == (frozenset(), frozenset({"7"}))
    monkeypatch.setattr(boards, "build_model", lambda home, model, as_of: None)
    monkeypatch.setattr(boards, "read_changes", lambda home: answered)
    found = run(folder, tmp_path / "out", capsys)
    assert found.metrics[boards.METRIC]["value"] == pytest.approx(5 / 6)
    assert found.misses == [
        {"metric": boards.METRIC, "record": "lever:vance 2026-05-03",
         "expected": "opened [] closed ['7']", "got": "opened [] closed []"}
    ]  # fmt: skip


def test_a_single_snapshot_is_no_measurement(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "data")
    for day in sorted(SNAPSHOTS)[1:]:
        shutil.rmtree(folder / boards.FOLDER / f"dt={day}")
    result = boards.evaluate(folder)
    assert result.metrics == []
    assert result.skipped == ["jobs/radar/snapshots: fewer than two daily snapshots"]
