"""From folders of mail, transcripts and a CRM's report to opportunities, by the line's steps."""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
from collections.abc import Callable, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from rich.console import Console

from assets.detections import quarantined
from assets.fingerprints import Knowledge
from assets.opportunities import join_day, prune
from assets.opportunity_runs import tracker_dataset
from assets.opportunity_sources import TABLES
from assets.reading import Workers, detection_dataset, read_day
from detection.correspondence.mail.message import read_message
from detection.correspondence.passed_on import read_mails
from detection.correspondence.rfq.vocabulary import install_vocabulary, vocabulary_in_use
from detection.readers import READERS
from orchestration.answers import opportunity_tracking, opportunity_view
from orchestration.rebuild import bring_tracker
from resources.annotations.record import Annotation
from resources.annotations.store import StoredAnnotation
from resources.quarantine import Quarantine
from resources.settings import Settings
from resources.sources.ingestion import Services, ingest, open_services
from sandbox.correspondence.files import FOLDERS, write_files, write_papers
from sandbox.correspondence.generate import generate
from sandbox.correspondence.paperwork import paperwork_of
from sandbox.correspondence.records import Correspondence, RawDocument

LAST = date(2026, 11, 12)
DEALS = 7
RAW = generate(11, DEALS, 8)
PAPERS = paperwork_of(RAW, 3)
#: Source id of a file by what its folder's connector calls it.
BY_DIGEST = {hashlib.sha256(file.data).hexdigest(): file.source_id for file in PAPERS.files}
#: A mail that nests without end, and bytes that are no mail.
BROKEN = b"".join(b"X-%d: y\r\n" % n for n in range(200_000)) + b"\r\nhello"


class House:
    """A home whose folders are filled day by day, and the line's steps on it."""

    def __init__(self, home: Path) -> None:
        self.home, self.folder = home, home / "correspondence"
        self.settings = Settings(home=home, environment="sandbox")
        self.services: Services = open_services(
            self.settings,
            {
                **os.environ,
                "BUYING_SIGNALS_MAIL_FOLDER": str(self.folder / FOLDERS["mail_files"]),
                "BUYING_SIGNALS_MEETING_FOLDER": str(self.folder / FOLDERS["meeting_files"]),
                "BUYING_SIGNALS_DRIVE_FOLDER": str(self.folder / FOLDERS["drive_folder"]),
                "BUYING_SIGNALS_CRM_REPORTS": str(self.folder / FOLDERS["crm_reports"]),
            },
        )
        for name in FOLDERS.values():
            (self.folder / name).mkdir(parents=True)

    def live(
        self,
        day: date,
        raw: Correspondence | None,
        name: str = "inbox",
        papers: Sequence[RawDocument] = PAPERS.files,
    ) -> list[str]:
        """Fill the folders, fetch and read a day; what the sources said of it."""
        if raw is not None:
            at = datetime.combine(day, datetime.min.time(), UTC) + timedelta(hours=6)
            write_files(raw, self.folder, name, at)
            write_papers(papers, self.folder, at)
        statuses = [ingest(source, day, self.services).status for source in FOLDERS]
        with Workers(count=1, knowledge=Knowledge.of(self.settings)) as workers:
            for table in TABLES:
                _, rejected, _ = read_day(
                    READERS[table], self.services.lake, self.settings.detections, day, workers
                )
                self.services.quarantine.add("read", day, [quarantined(r) for r in rejected])
        return statuses

    def join(self, day: date = LAST) -> dict[str, list[dict]]:
        """Tables of a day, without what names the files."""
        tables = join_day(self.settings, self.services.quarantine, day).tables
        hidden = {"payload_sha256", "source_url", "joined_at"}
        return {
            name: [{k: v for k, v in row.items() if k not in hidden} for row in table.to_pylist()]
            for name, table in tables.items()
            if name != "runs"
        }


def part(raw: Correspondence, number: int, of: int) -> Correspondence:
    return replace(
        raw, mails=raw.mails[number::of], calls=raw.calls[number::of], crm=raw.crm[number::of]
    )


@pytest.fixture(scope="module", autouse=True)
def _words_of_others():
    yield
    install_vocabulary(None)


@pytest.fixture(scope="module")
def at_once(tmp_path_factory) -> House:
    """Everything in one go, with one mail beyond the limits."""
    house = House(tmp_path_factory.mktemp("at_once"))
    bad = house.folder / FOLDERS["mail_files"] / "bomb.eml"
    bad.write_bytes(BROKEN)
    os.utime(bad, (datetime(2026, 11, 12, 5, tzinfo=UTC).timestamp(),) * 2)
    assert house.live(LAST, RAW) == ["ok"] * 4
    return house


@pytest.fixture(scope="module")
def tables(at_once: House) -> dict[str, list[dict]]:
    return at_once.join()


def test_every_deal_is_one_opportunity_and_nothing_else_is(tables) -> None:
    named: dict[str, set[str]] = {}
    for row in tables["opportunity_evidence"]:
        if row["field"] == "source":
            key = re.sub(r"#(?:notes|forward-1)$", "", row["source_key"].split(":")[-1])
            named.setdefault(row["opportunity_id"], set()).add(BY_DIGEST.get(key, key))
    expected = {deal.deal_id: set(deal.source_ids) for deal in RAW.deals}
    for paper in PAPERS.sources:
        if paper.deal_id:
            expected[paper.deal_id].add(paper.source_id)
    assert sum(map(len, expected.values())) > sum(len(d.source_ids) for d in RAW.deals) + 3
    assert {frozenset(v) for v in named.values()} == {frozenset(v) for v in expected.values()}
    by_source = {s: key for key, sources in named.items() for s in sources}
    stages = {row["opportunity_id"]: row["stage"] for row in tables["opportunities"]}
    assert {d.deal_id: stages[by_source[d.source_ids[0]]] for d in RAW.deals} == {
        d.deal_id: d.stage for d in RAW.deals
    }
    assert len(tables["opportunities"]) == DEALS


def test_lines_people_and_findings_lead_back_to_what_was_read(tables) -> None:
    known = {
        (row["opportunity_id"], row["source_key"]): row
        for row in tables["opportunity_evidence"]
        if row["field"] == "source"
    }
    for name in ("opportunity_lines", "opportunity_actors", "quality_findings"):
        assert tables[name]
        for row in tables[name]:
            source = known[row["opportunity_id"], row["source_key"]]
            assert [row[c] for c in ("source", "stream", "record_id", "reader")] == [
                source[c] for c in ("source", "stream", "record_id", "reader")
            ]
            keys = json.loads(row.get("source_keys", f'["{row["source_key"]}"]'))
            assert keys[-1] == row["source_key"]
            assert all((row["opportunity_id"], key) in known for key in keys)
    of_many = [row for row in tables["opportunity_actors"] if row["source_count"] > 1]
    assert all(row["first_seen_at"] < row["occurred_at"] for row in of_many)
    clash = next(row for row in tables["quality_findings"] if row["rule"] == "conflicting_values")
    assert len(json.loads(clash["source_keys"])) > 1
    told = {row["opportunity_id"] for row in tables["opportunities"] if row["unit_high"]}
    assert told == {r["opportunity_id"] for r in tables["opportunity_lines"] if r["quantity_high"]}


def test_a_call_that_is_also_kept_elsewhere_is_one_source(tmp_path: Path) -> None:
    house = House(tmp_path)
    said = (
        "WEBVTT\n\n1\n00:00:04.000 --> 00:00:08.000\nAnn Lee: We need a quote for the housing, "
        "two thousand units.\n"
    )
    at = datetime(2026, 11, 11, 6, tzinfo=UTC).timestamp()
    people = [{"name": "Ann Lee", "email": "ann@mole.example"}]
    for name, known in (("copy", []), ("call", people), ("later", people)):
        day = "2026-11-10T09:00:00Z" if name != "later" else "2026-11-11T09:00:00Z"
        sidecar = {"meeting_id": name, "topic": name, "started_at": day, "participants": known}
        # A note in the file makes it another one.
        told = said.replace("WEBVTT", f"WEBVTT\n\nNOTE {name}")
        for suffix, text in ((".vtt", told), (".json", json.dumps(sidecar))):
            file = house.folder / FOLDERS["meeting_files"] / f"{name}{suffix}"
            file.write_text(text)
            os.utime(file, (at, at))
    house.live(LAST, None)
    rows = house.join(LAST)["opportunity_evidence"]
    assert {row["source_key"] for row in rows} == {"call:call", "call:later"}


def test_what_a_document_says_leads_back_to_it_and_stands_below_mail(tables) -> None:
    rows = [r for r in tables["opportunity_evidence"] if r["kind"] == "document"]
    assert {r["reader"] for r in rows} == {"documents"}
    assert {(r["source"], r["stream"]) for r in rows} == {("drive_folder", "documents")}
    assert all(BY_DIGEST[r["record_id"]] for r in rows)
    said = {r["field"] for r in rows}
    assert {"quantity", "unit_price", "part_number", "reference"} <= said
    candidates = [r for r in tables["opportunity_conflicts"] if r["kind"] == "document"]
    assert {r["authority"] for r in candidates} <= {1}


def test_bad_mail_is_set_aside_and_says_why(at_once: House, tables) -> None:
    rows = at_once.services.quarantine.read("read").to_pylist()
    assert [(r["source"], r["rule"]) for r in rows] == [("mail_files", "headers_too_large")]
    assert tables["opportunities"]


def test_ten_days_in_another_order_give_the_same_and_so_do_files_that_come_twice(
    tables, tmp_path: Path
) -> None:
    mixed = replace(RAW, mails=list(RAW.mails), calls=RAW.calls[::-1], crm=RAW.crm[::-1])
    Random(5).shuffle(mixed.mails)
    house = House(tmp_path / "ten")
    for number in range(10):
        day = LAST - timedelta(days=10 - number)
        house.live(day, part(mixed, number, 10), f"inbox-{number}", PAPERS.files[number::10])
        if number in (3, 7):
            house.join(day)
    # The whole mailbox once more, and the same day again.
    house.live(LAST, RAW, "everything")
    house.live(LAST, None)
    again = house.join()
    assert again.keys() == tables.keys()
    for name in tables:
        assert again[name] == tables[name], name


def test_a_day_reads_what_is_new_on_it_alone(at_once: House, monkeypatch) -> None:
    later = LAST + timedelta(days=1)
    read: list[str] = []
    from detection.correspondence.mail import message

    genuine = message.read_message
    monkeypatch.setattr(message, "read_message", lambda raw: read.append("x") or genuine(raw))
    at_once.live(later, None)
    assert read == []
    assert len(at_once.join(later)["opportunities"]) == DEALS


def test_old_days_go_and_are_joined_anew_where_they_are_asked_for(
    at_once: House, tables, tmp_path: Path
) -> None:
    days = [LAST, *(LAST + timedelta(days=n) for n in (1, 2))]
    for day in days[1:]:
        at_once.join(day)
    assert prune(at_once.settings, 5, LAST) == []
    # The day that was just joined stays, whatever its age; the newest stays whatever is asked.
    assert prune(at_once.settings, 1, LAST) == [days[1]]
    assert prune(at_once.settings, 0, days[2]) == [LAST]
    for name in tables:
        assert tracker_dataset(at_once.settings, name).days() == [days[2]], name
    assert tracker_dataset(at_once.settings, "runs").days() == [days[2]]
    apart = at_once.settings.model_copy(update={"home": tmp_path})
    apart.detections.symlink_to(at_once.settings.detections)
    bring_tracker(at_once.settings, apart, LAST)
    for name in set(tables) - {"opportunity_snapshots"}:
        dataset = tracker_dataset(apart, name)
        assert dataset.days() == [LAST]
        assert dataset.read([LAST]).num_rows == len(tables[name])
    kept = at_once.settings.model_copy(update={"home": tmp_path / "kept"})
    kept.home.mkdir()
    bring_tracker(at_once.settings, kept, days[2])
    assert kept.tracker.readlink() == at_once.settings.tracker
    at_once.join(LAST)


#: Days on which news comes, after the last source; and which share of the rows each brings.
NEWS = [date(2027, 2, 1) + timedelta(days=n) for n in (0, 1, 2, 40)]


def _later(rows: list[dict], random: Random, day: date) -> list[dict]:
    """New versions of some CRM rows: another stage or amount, or deleted."""
    deals = [row for row in rows if "stage_name" in row]
    return [
        row
        | {
            "stage": random.choice(["won", "lost", "quoting"]),
            "amount": random.choice([None, 90_000.0]),
            "is_withdrawn": random.random() < 0.4,
            "payload_sha256": f"{random.random()}",
            "fetched_at": datetime.combine(day, datetime.min.time(), UTC),
        }
        for row in random.sample(deals, min(2, len(deals)))
    ]


@given(seed=st.integers(0, 2**32))
@settings(max_examples=2, deadline=None, phases=[Phase.generate], derandomize=True)
def test_what_is_taken_over_from_days_before_is_what_joining_all_gives(
    at_once: House, tmp_path_factory, seed: int
) -> None:
    random = Random(seed)
    home = tmp_path_factory.mktemp("days")
    there = Settings(home=home, environment="sandbox")
    rows = [
        (table, row)
        for table in TABLES
        for row in detection_dataset(at_once.settings.detections, table).read([LAST]).to_pylist()
    ]
    mails = sorted({row["message_id"] for _, row in rows if "message_id" in row})
    said: list[StoredAnnotation] = []
    for number, day in enumerate(NEWS):
        share = 1 if day == NEWS[-1] else random.choice((0.03, 0.5))
        news = [rows.pop(random.randrange(len(rows))) for _ in range(round(len(rows) * share))]
        told = {table: [row for name, row in news if name == table] for table in TABLES}
        told["crm_opportunities"] += _later(
            [r for _, r in [*rows, *news]], random, day
        ) if number else []  # fmt: skip
        for table, found in told.items():
            dataset = detection_dataset(there.detections, table)
            dataset.replace(day, pa.Table.from_pylist(found, schema=dataset.schema))
        if number == 2:
            note = {"about": f"mail:{mails[0]}", "action": "merge", "other": f"mail:{mails[-1]}",
                    "reviewer": "R", "reviewed_at": "2027-02-01T10:00:00Z"}  # fmt: skip
            at = datetime(2027, 2, 1, 10, tzinfo=UTC)
            said = [StoredAnnotation(Annotation.model_validate(note), "a.csv", at)]
        day_by_day = join_day(there, Quarantine(there.quarantine), day, said)
        if number in (0, 2):
            continue
        apart = there.model_copy(update={"home": home / f"apart{number}"})
        apart.home.mkdir()
        apart.detections.symlink_to(there.detections)
        at_one_go = join_day(apart, Quarantine(apart.quarantine), day, said)
        assert at_one_go.new_sources == at_one_go.sources == day_by_day.sources
        for name, table in at_one_go.tables.items():
            times = ["joined_at"] if "joined_at" in table.schema.names else []
            assert table.drop_columns(times).equals(
                day_by_day.tables[name].drop_columns(times)
            ), (seed, day, name)  # fmt: skip
    # Nothing new, another day: no source is joined, and what hangs on the day still moves.
    quiet = join_day(there, Quarantine(there.quarantine), NEWS[-1] + timedelta(days=9))
    again = join_day(there, Quarantine(there.quarantine), NEWS[-1] + timedelta(days=9))
    assert quiet.new_sources > again.new_sources == 0
    ages = [t["days_since_last_source"].to_pylist() for t in (
        day_by_day.tables["opportunity_features"], again.tables["opportunity_features"]
    )]  # fmt: skip
    assert sum(ages[1]) > sum(ages[0])


def test_what_may_be_taken_over_is_lost_where_the_tables_are_no_more_those_of_before(
    at_once: House, tables
) -> None:
    day = LAST + timedelta(days=200)
    first = join_day(at_once.settings, at_once.services.quarantine, day)
    second = join_day(at_once.settings, at_once.services.quarantine, day)
    assert (first.new_sources > 0, second.new_sources) == (True, 0)
    path = Path(tracker_dataset(at_once.settings, "next_steps").partition_path(day))
    path.write_bytes(path.read_bytes())
    third = join_day(at_once.settings, at_once.services.quarantine, day)
    assert third.new_sources == first.sources
    assert third.tables["opportunities"].equals(first.tables["opportunities"])


def test_a_deal_withdrawn_from_the_crm_gives_nothing_from_that_day_on(tmp_path: Path) -> None:
    house, before = House(tmp_path), LAST - timedelta(days=1)
    mail = house.folder / FOLDERS["mail_files"] / "a.eml"
    mail.write_text(
        "From: Ann <ann@mole.example>\nTo: Mira <mira@brightforge.example>\nSubject: Request\n"
        "Message-ID: <a@mole>\nDate: Sat, 31 Oct 2026 09:00:00 +0000\n\n"
        "Please quote 500 housings HG-1200 at EUR 4.20 each.\n"
    )
    os.utime(mail, (datetime(2026, 10, 31, 6, tzinfo=UTC).timestamp(),) * 2)
    file = house.folder / FOLDERS["crm_reports"] / "deals.csv"
    for day, deleted in ((before, "false"), (LAST, "true")):
        file.write_text(
            "Opportunity ID,Opportunity Name,Website,Stage,Close Date,Last Modified,Is Deleted\n"
            f"006A,Housings,kestrel.example,Proposal/Price Quote,2026-12-01,2026-11-0{day.day % 9},"
            f"{deleted}\n"
            f"006B,Housings HG-1200,mole.example,Proposal/Price Quote,2026-12-01,"
            f"2026-11-0{day.day % 9},{deleted}\n"
        )
        os.utime(file, (datetime(day.year, day.month, day.day, 6, tzinfo=UTC).timestamp(),) * 2)
        house.live(day, None)
    held = house.join(before)["opportunities"]
    held.sort(key=lambda o: o["close_on_source"])
    assert [(o["stage"], o["close_on"], o["close_on_source"], o["mail_count"]) for o in held] == [
        ("quoting", date(2026, 12, 1), "crm:crm_reports:006A", 0),
        ("quoting", date(2026, 12, 1), "crm:crm_reports:006B", 1),
    ]
    # What mail still speaks of stays, and says that the CRM has it no longer.
    joined = house.join(LAST)
    (left,) = joined["opportunities"]
    assert (left["customer_domain"], left["crm_count"], left["close_on"]) == (
        "mole.example", 0, None,
    )  # fmt: skip
    (gone,) = json.loads(left["crm_withdrawn"])
    assert (gone["source"], gone["record_id"]) == ("crm_reports", "006B")
    (finding,) = [f for f in joined["quality_findings"] if f["rule"] == "deleted_in_crm"]
    assert "crm_reports deleted its row 006B on 2026-11-0" in finding["message"]
    _runs_of_one_day(house, left["opportunity_id"])


def _runs_of_one_day(house: House, opportunity: str) -> None:
    """A run that makes the same leaves no other snapshot, one that makes something else does."""

    def kept(*annotations: StoredAnnotation) -> list[tuple]:
        rows = join_day(house.settings, house.services.quarantine, LAST, annotations)
        rows = rows.tables["opportunity_snapshots"].to_pylist()
        return [(r["run_number"], r["run_id"], r["title"], r["joined_at"]) for r in rows]

    [first] = kept()
    assert first[0] == 1
    assert kept() == [first]
    said = StoredAnnotation(
        Annotation.model_validate(
            {"about": opportunity, "action": "set", "field": "title", "value": "Called so",
             "reviewer": "R", "reviewed_at": "2026-11-02T10:00:00Z"}
        ), "a.csv", datetime(2026, 11, 2, tzinfo=UTC),
    )  # fmt: skip
    both = kept(said)
    assert both[0] == first
    assert (both[1][0], both[1][2], both[1][1] != first[1]) == (2, "Called so", True)
    assert kept(said) == both
    # A run that leaves nothing holds for the day, and takes nothing of what earlier runs kept.
    none = StoredAnnotation(
        said.annotation.model_copy(
            update={"action": "no_opportunity", "field": None, "value": None}
        ), "a.csv", said.stored_at,
    )  # fmt: skip
    assert kept(none) == kept(none) == both
    runs = tracker_dataset(house.settings, "runs").read([LAST]).to_pylist()
    assert [(r["run_number"], r["opportunities"]) for r in runs] == [(1, 1), (2, 1), (3, 0)]
    # What was found again is a run of its own.
    assert [row[0] for row in kept(said)] == [1, 2, 4]
    # What was kept before runs were told apart is the day's first run.
    for name in ("opportunity_snapshots", "runs"):
        path = tracker_dataset(house.settings, name).partition_path(LAST)
        old = pq.read_table(path).slice(0, 1)
        pq.write_table(old.drop_columns(["run_number", "run_id", "joined_at"]), path)
    assert [(row[0], row[1] is None) for row in kept(said)] == [(1, True), (2, False)]


def test_a_mail_that_was_set_aside_is_an_opportunity_where_a_reviewer_says_so(
    at_once: House, tables
) -> None:
    dealt = {source for deal in RAW.deals for source in deal.source_ids}
    aside = next(m.source_id for m in RAW.mails if m.source_id not in dealt)
    told = Annotation(
        about=f"mail:{aside}", action="missed", value="Left over", other="review:call of May",
        reviewer="R. One", reviewed_at=datetime(2026, 11, 12, tzinfo=UTC),
    )  # fmt: skip
    day = LAST + timedelta(days=3)
    stored = [StoredAnnotation(told, "test", told.reviewed_at)]
    made = join_day(at_once.settings, at_once.services.quarantine, day, stored).tables
    rows = [row for row in made["opportunities"].to_pylist() if row["title"] == "Left over"]
    assert [(row["mail_count"], row["source_count"]) for row in rows] == [(1, 1)]
    assert made["opportunities"].num_rows == DEALS + 1
    evidence = [
        row["source"]
        for row in made["opportunity_evidence"].to_pylist()
        if row["opportunity_id"] == rows[0]["opportunity_id"] and row["field"] == "source"
    ]
    assert evidence == ["mail_files"]
    (count,) = [row for row in made["opportunity_accuracy"].to_pylist() if row["period"] == "all"]
    assert (count["subject"], count["false_negatives"], count["recall"]) == ("opportunity", 1, 0.0)


@pytest.fixture
def published(at_once: House, tables, monkeypatch) -> Callable[..., tuple[bool, str]]:
    """A command on what was joined, as it will be published: what it says, and its output."""
    connection = duckdb.connect()
    connection.execute("create schema opportunities; create schema core")
    connection.execute("create table core.companies (company_id text, name text)")
    for name in tables:
        path = tracker_dataset(at_once.settings, name).partition_path(LAST)
        more = {"opportunities": ", null::text as company_id, value as value_usd",
                "next_steps": ", false as is_overdue"}.get(name, "")  # fmt: skip
        connection.execute(
            f"create table opportunities.{name} as "
            f"select *, date '{LAST}' as as_of{more} from read_parquet('{path}')"
        )

    told = {"source": "zoom", "stream": "meetings", "record_id": "z", "started_at": None}
    _of_all(connection, "transcript_sections", {
        "kind": "decisions", "topic": None, "start_ms": 192_000, "end_ms": 195_500,
        "start_at": None, "end_at": None, "first_cue": 7, "last_cue": 7, "speaker_count": 1,
        "sentence": "We go with the second option.", "source_key": "call:z", "section_number": 1,
        **told,
    })  # fmt: skip
    _of_all(connection, "mail_attachments", {
        "sent_at": None, "name": "drawing.pdf", "media_type": "application/pdf", "size": 2048,
        "sha256": "0" * 64, "is_inline": False, "source_key": "mail:z", "attachment_number": 1,
        **told,
    })  # fmt: skip

    @contextmanager
    def connect(_):
        yield connection

    monkeypatch.setattr(opportunity_view, "connect_published", connect)

    def run(command: Callable, *arguments, **named) -> tuple[bool, str]:
        console = Console(file=io.StringIO(), width=100)
        ok = command(console, at_once.settings, *arguments, **named)
        return ok, console.file.getvalue()

    yield run
    connection.close()


def _of_all(connection: duckdb.DuckDBPyConnection, table: str, row: dict) -> None:
    """A table with one such row for every opportunity."""
    columns = ", ".join(f"${name} as {name}" for name in row)
    connection.execute(
        f"create table opportunities.{table} as "
        f"select opportunity_id, {columns} from opportunities.opportunities",
        row,
    )


WANTED = {"stage": None, "closed": True, "read": False}


def test_the_list_fits_a_terminal_and_one_is_shown_in_full(published, tables, capsys) -> None:
    ok, told = published(opportunity_view.show_list, WANTED, top=20, as_json=False)
    assert ok
    assert max(map(len, told.splitlines())) <= 100
    one = max(tables["opportunities"], key=lambda row: row["conflict_count"])
    assert one["opportunity_id"][:12] in told
    ok, told = published(opportunity_view.show_one, one["opportunity_id"][:14], as_json=False)
    assert ok
    assert f"{one['source_count']} sources" in told
    assert "Next steps" in told
    assert "0:03:12-0:03:15 decisions: “We go with the second option.”" in told
    assert "drawing.pdf, application/pdf, 2,048 bytes" in told
    assert "conflict" in told
    # A name that it had before leads to it as well.
    alias = next(
        row["alias_id"]
        for row in tables["opportunity_evidence"]
        if row["opportunity_id"] == one["opportunity_id"] != row["alias_id"]
    )
    assert published(opportunity_view.show_one, alias, as_json=True)[0]
    shown = json.loads(capsys.readouterr().out)
    assert shown["opportunity"]["opportunity_id"] == one["opportunity_id"]
    assert {row["field"] for row in shown["conflicts"]}
    ok, told = published(opportunity_view.show_one, "no such thing", as_json=False)
    assert (ok, "No opportunity" in told) == (False, True)


def test_process_and_consolidate_mirror_the_assets(published, tables, capsys) -> None:
    assert published(opportunity_tracking.process, LAST, everything=True, as_json=True)[0]
    told = json.loads(capsys.readouterr().out)
    rows = {one["table"]: one["rows"] for one in told if one["day"] == LAST.isoformat()}
    words = vocabulary_in_use()
    read = [one for raw in RAW.mails for one in read_mails(read_message(raw.data), words)]
    kept = [one for one in read if one.part is None or one.verdict.is_business]
    assert rows["correspondence_messages"] == len(kept) > len(RAW.mails)
    assert sum(one["set_aside"] for one in told) == 1
    assert published(opportunity_tracking.consolidate, LAST, as_json=True)[0]
    told = json.loads(capsys.readouterr().out)
    assert (told["opportunities"], told["new"], told["gone"], told["moved"]) == (DEALS, [], [], {})
    assert sum(told["stages"].values()) == DEALS
    ok, text = published(opportunity_tracking.consolidate, LAST, as_json=False)
    assert ok
    assert f"are {DEALS} opportunities" in text
