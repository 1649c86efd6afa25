"""Mail, meetings, documents and CRM by their APIs, against the simulated market over real HTTP."""

from __future__ import annotations

import io
import json
import re
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from rich.console import Console

from detection.correspondence.crm import read_crm_row
from detection.correspondence.mail.message import read_message
from detection.correspondence.rfq.vocabulary import (
    Vocabulary,
    install_vocabulary,
    read_vocabulary,
)
from detection.correspondence.transcripts.vtt import read_vtt
from detection.correspondence.transcripts.zoom_chat import read_chat
from detection.readers import READERS, read_rows
from detection.records import Detection
from orchestration.answers.opportunity_sources import smoke, sync
from resources.clock import Clock
from resources.config_errors import ConfigurationError
from resources.settings import Settings
from resources.sources.ingestion import IngestReport, Services, ingest, open_services
from resources.sources.smoke import probe
from resources.state import get_cursors, set_cursors
from sandbox.correspondence.of_market import of_market
from sandbox.correspondence.paperwork import paperwork_of
from sandbox.correspondence.records import Correspondence, Facts
from sandbox.market import Market, MarketConfig
from sandbox.process import running_market
from sandbox.vendors.graph import user_id
from tests.contract.sources.conftest import CONFIG

pytestmark = pytest.mark.xdist_group("sources_correspondence")

MARKET = MarketConfig(seed=5, companies=60, start=date(2026, 1, 5), days=200)
TODAY = MARKET.start + timedelta(days=MARKET.days)
EARLIER = TODAY - timedelta(days=60)
APP = {"client_id": "app", "client_secret": "s3cret"}


@pytest.fixture(scope="module")
def told() -> Correspondence:
    return of_market(Market(MARKET))


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with running_market(
        companies=MARKET.companies, seed=MARKET.seed, start=MARKET.start, days=MARKET.days
    ) as url:
        yield url


@pytest.fixture(scope="module")
def key() -> str:
    made = rsa.generate_private_key(public_exponent=65_537, key_size=2_048)
    pem = made.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return json.dumps({"client_email": "robot@p.example", "private_key": pem.decode()})


@dataclass
class Desk:
    """The product's ingestion of the seller's correspondence."""

    services: Services
    address: str
    day: date = TODAY

    def ingest(self, source: str, **options: object) -> IngestReport:
        declared = self.services.declarations.sources[source]
        changed = {"options": {**declared.options, **options}, "cache_seconds": 0}
        self.services.declarations.sources[source] = declared.model_copy(update=changed)
        clock = Clock(replayable=True, now=lambda: datetime(2026, 12, 1, tzinfo=UTC))
        return ingest(source, self.day, replace(self.services, clock=clock))

    def rows(self, source: str, stream: str) -> list[dict]:
        rows = self.services.lake.read(source, stream).to_pylist()
        return [row | {"payload": json.loads(row["payload"])} for row in rows]

    def fault(self, source: str, kind: str | None, **more: object) -> None:
        body = {"source": source, "kind": kind, **more}
        request = urllib.request.Request(
            f"{self.address}/_sandbox/faults",
            data=json.dumps(body).encode() if kind else None,
            method="POST" if kind else "DELETE",
        )
        urllib.request.urlopen(request, timeout=10).close()


@pytest.fixture
def desk(address: str, key: str, told: Correspondence, tmp_path: Path) -> Iterator[Desk]:
    sellers = {call.attendees[0][1] for call in told.calls}
    environ = {
        "SANDBOX_URL": address,
        "BUYING_SIGNALS_DRIVE_CREDENTIALS": key,
        "BUYING_SIGNALS_TEAMS_CREDENTIALS": json.dumps({**APP, "tenant_id": "t"}),
        "BUYING_SIGNALS_TEAMS_USERS": ", ".join(sorted(map(user_id, sellers))),
        "BUYING_SIGNALS_SALESFORCE_CREDENTIALS": json.dumps({**APP, "refresh_token": "r"}),
        "BUYING_SIGNALS_HUBSPOT_TOKEN": "pat-1",
    }
    settings = Settings(home=tmp_path, config_dir=CONFIG, environment="sandbox")
    opened = replace(open_services(settings, environ), sleep=lambda _: None)
    made = Desk(opened, address)
    yield made
    made.fault("*", None)


def is_teams(vtt: str) -> bool:
    return "<v " in vtt


def by_day(told: Correspondence, until: date, *, teams: bool | None = None) -> set[bytes]:
    """Transcripts of calls that had begun by the end of a day."""
    return {
        call.vtt.encode()
        for call in told.calls
        if call.started_at.date() <= until and teams in (None, is_teams(call.vtt))
    }


#: Source, its stream, and the records that it truly has by the end of a day.
SOURCES: dict[str, tuple[str, Callable[[Correspondence, date], int]]] = {
    "gmail": (
        "messages",
        lambda told, day: sum(read_message(m.data).sent_at.date() <= day for m in told.mails),
    ),
    "zoom": ("meetings", lambda told, day: 2 * len(by_day(told, day, teams=False))),
    "teams": ("meetings", lambda told, day: len(by_day(told, day, teams=True))),
    "drive": ("meetings", lambda told, day: len(by_day(told, day))),
    "salesforce": ("crm_opportunities", lambda told, day: rows_by(told, day)),
    "hubspot": ("crm_opportunities", lambda told, day: rows_by(told, day)),
}


def rows_by(told: Correspondence, day: date) -> int:
    return sum(datetime.fromisoformat(r["Last Modified"]).date() <= day for r in told.crm)


@pytest.mark.parametrize("source", SOURCES)
def test_all_is_read_once_and_later_only_what_is_new(desk, told, source):
    stream, count = SOURCES[source]
    desk.day = EARLIER
    first = desk.ingest(source)
    assert (first.status, first.error) == ("ok", None)
    assert first.new_rows[stream] == count(told, EARLIER) > 5
    assert desk.ingest(source).total_new_rows == 0
    desk.day = TODAY
    later = desk.ingest(source)
    assert later.new_rows.get(stream, 0) == count(told, TODAY) - count(told, EARLIER) > 0
    assert later.bytes < first.bytes
    rows = desk.rows(source, stream)
    assert len({row["record_id"] for row in rows}) == len(rows) == count(told, TODAY)
    assert all(row["observed_at"].date() <= TODAY for row in rows)


@pytest.mark.parametrize("source", SOURCES)
def test_a_lost_cursor_costs_questions_and_no_record_twice(desk, source):
    stream, _ = SOURCES[source]
    first = desk.ingest(source)
    known = dict.fromkeys(get_cursors(desk.services.state, source), "lost")
    assert known
    set_cursors(desk.services.state, source, known, datetime(2026, 12, 1, tzinfo=UTC))
    again = desk.ingest(source)
    assert (again.status, again.error) == ("unchanged", None)
    assert len(desk.rows(source, stream)) == first.new_rows[stream]


WITH_TOKENS = [source for source in SOURCES if source != "hubspot"]


@pytest.mark.parametrize("source", WITH_TOKENS)
def test_a_token_that_ends_on_the_way_is_bought_anew(desk, told, source):
    stream, count = SOURCES[source]
    desk.fault(source, "tokens_ended", rate=0.5, seed=4, count=1)
    report = desk.ingest(source)
    assert (report.status, report.error) == ("ok", None)
    assert report.new_rows[stream] == count(told, TODAY)


REVOKED = {
    "gmail": "no token for client sandbox: unauthorized_client Client is unauthorized.; check "
    "BUYING_SIGNALS_GOOGLE_CREDENTIALS",
    "zoom": "no token for app sandbox: invalid_client Invalid client_id or client_secret; check "
    "BUYING_SIGNALS_ZOOM_CREDENTIALS",
    "teams": "no token for app app: invalid_client AADSTS7000222",
    "drive": "no token for robot@p.example: unauthorized_client",
    "salesforce": "no token for app app: invalid_grant expired access/refresh token; check "
    "BUYING_SIGNALS_SALESFORCE_CREDENTIALS",
    "hubspot": "status 401: The OAuth token used to make this call expired or was revoked; the "
    "account of BUYING_SIGNALS_HUBSPOT_TOKEN may not read deals",
}


@pytest.mark.parametrize("source", SOURCES)
def test_withdrawn_access_is_said_in_the_vendors_words_and_loses_nothing(desk, source):
    stream, _ = SOURCES[source]
    desk.day = EARLIER
    held = desk.ingest(source).new_rows[stream]
    desk.fault(source, "key_revoked")
    desk.day = TODAY
    report = desk.ingest(source)
    assert report.status == "failed"
    assert REVOKED[source] in report.error
    assert "s3cret" not in report.error
    assert len(desk.rows(source, stream)) == held
    desk.fault("*", None)
    assert desk.ingest(source).status == "ok"


@pytest.mark.parametrize("source", SOURCES)
def test_a_limit_is_waited_for(desk, told, source):
    stream, count = SOURCES[source]
    desk.fault(source, "http_429", count=2, seconds=0)
    report = desk.ingest(source)
    assert (report.status, report.new_rows[stream]) == ("ok", count(told, TODAY))
    assert report.retries > 0


def test_a_history_too_old_means_a_search(desk, told):
    desk.day = TODAY - timedelta(days=30)
    desk.ingest("gmail")
    desk.day = TODAY
    assert desk.ingest("gmail").status == "ok"
    assert len(desk.rows("gmail", "messages")) == SOURCES["gmail"][1](told, TODAY)


def test_a_delta_link_too_old_means_the_first_question_again(desk, told):
    desk.day = TODAY - timedelta(days=60)
    desk.ingest("teams")
    desk.day = TODAY
    assert desk.ingest("teams").status == "ok"
    assert len(desk.rows("teams", "meetings")) == SOURCES["teams"][1](told, TODAY)


def test_mails_are_stored_as_they_came_with_thread_and_labels(desk, told):
    desk.ingest("gmail")
    bodies = {raw.data for raw in told.mails}
    rows = desk.rows("gmail", "messages")
    assert {row["body"] for row in rows} <= bodies
    by_id = {read_message(r["body"]).message_id: r for r in rows}
    # Some answer a mail that only they quote.
    answers = [r for r in rows if (to := read_message(r["body"]).in_reply_to) and to[0] in by_id]
    assert answers
    for row in answers:
        root = by_id[read_message(row["body"]).in_reply_to[0]]
        assert row["payload"]["threadId"] == root["payload"]["threadId"]
    assert {"SENT", "INBOX"} <= {label for r in rows for label in r["payload"]["labelIds"]}


def test_a_search_by_words_keeps_to_them(desk):
    report = desk.ingest("gmail", keywords=["newsletter", "webinar"])
    rows = desk.rows("gmail", "messages")
    assert 0 < report.new_rows["messages"] == len(rows) < 20
    texts = [read_message(row["body"]) for row in rows]
    assert all("newsletter" in m.body_text or "webinar" in m.body_text for m in texts)


def test_zoom_gives_transcript_and_chat_of_a_meeting_with_who_took_part(desk, told):
    desk.ingest("zoom")
    rows = desk.rows("zoom", "meetings")
    meetings: dict[str, list[dict]] = {}
    for row in rows:
        meetings.setdefault(row["payload"]["meeting_id"], []).append(row)
    assert {tuple(sorted(r["payload"]["layout"] for r in m)) for m in meetings.values()} == {
        ("vtt", "zoom_chat")
    }
    calls = {call.vtt.encode(): call for call in told.calls}
    for row in rows:
        if row["payload"]["layout"] == "zoom_chat":
            assert len(read_chat(row["body"])) == 2
            continue
        call = calls[row["body"]]
        said = row["payload"]
        assert (said["topic"], row["media_type"]) == (call.topic, "text/vtt")
        assert datetime.fromisoformat(said["started_at"]) == call.started_at.replace(tzinfo=UTC)
        people = [(one["name"], one["email"]) for one in said["participants"]]
        assert people == list(call.attendees)


def test_a_participants_list_that_may_not_be_read_is_no_failure(desk):
    assert desk.ingest("zoom", participants=False).status == "ok"
    assert all(row["payload"]["participants"] == [] for row in desk.rows("zoom", "meetings"))


def test_teams_gives_voice_tags_subject_and_people(desk, told):
    desk.ingest("teams")
    calls = {call.vtt.encode(): call for call in told.calls}
    rows = desk.rows("teams", "meetings")
    for row in rows:
        call = calls[row["body"]]
        assert read_vtt(row["body"]).layout == "teams"
        assert row["payload"]["topic"] == call.topic
        people = [(one["name"], one["email"]) for one in row["payload"]["participants"]]
        assert people == list(call.attendees)
    unknown = desk.ingest("teams", users="00000000-0000-0000-0000-000000000000")
    assert (unknown.status, "user 00000000" in unknown.error) == ("failed", True)


def test_drive_tells_transcripts_from_documents_and_both_are_read_as_they_truly_are(desk, told):
    report = desk.ingest("drive")
    made = paperwork_of(told, MARKET.seed)
    truth = dict(zip((f.data for f in made.files), made.sources, strict=True))
    rows = desk.rows("drive", "documents")
    assert report.new_rows["documents"] == len(rows) > 40
    first = next(r for r in rows if r["payload"]["mimeType"].endswith("google-apps.document"))
    assert first["media_type"] == "text/plain"
    said = first["payload"]
    assert said["owners"][0]["emailAddress"].endswith("@brightforge.example")
    assert {"parents", "createdTime", "modifiedTime", "mimeType", "title"} <= set(said)
    meeting = desk.rows("drive", "meetings")[0]["payload"]
    assert meeting["topic"]
    assert meeting["started_at"]
    other = replace(desk, services=replace(desk.services))
    assert other.ingest("drive", folders=[said["parents"][0]]).total_new_rows == 0
    install_vocabulary(_words)
    stored = desk.services.lake.read("drive", "documents").to_pylist()
    of = {row["record_id"]: truth[row["body"]] for row in stored}
    documents = read_rows(READERS["correspondence_documents"], stored)
    meetings = read_rows(READERS["correspondence_meetings"], stored)
    install_vocabulary(None)
    assert documents.rejected == meetings.rejected == []
    assert {of[r.record_id].kind for r in meetings.rows} == {"minutes"}
    assert {r.part for r in meetings.rows} == {"notes", "transcript"}
    assert len(documents.rows) + len(meetings.rows) == len(rows)
    for row in documents.rows:
        is_deal = of[row.record_id].deal_id is not None
        assert (row.verdict in ("asked", "offered")) == is_deal, row.title
        assert (row.format == "pdf") == (row.not_read is not None) == (row.verdict == "not_read")
    assert {r.format for r in documents.rows} == {"text", "html", "markdown", "csv", "word", "pdf"}
    facts = [agreed for row in documents.rows if (agreed := _agreed(row, of[row.record_id].facts))]
    assert sum(map(sum, facts)) / sum(map(len, facts)) >= 0.98


def _words() -> Vocabulary:
    return read_vocabulary((CONFIG / "vocabulary.yaml").read_text())


def _agreed(row: Detection, facts: Facts) -> list[bool]:
    """For each fact that a document states, whether it was read so."""
    said = {}
    for told in json.loads(row.statements):
        said.setdefault(told["kind"], told)
    agreed = []
    for name in ("quantity", "unit_price"):
        if (ends := getattr(facts, name)) is not None:
            agreed.append((said.get(name, {}).get("low"), said.get(name, {}).get("high")) == ends)
    for name in ("product", "part_number", "reference"):
        if (value := getattr(facts, name)) is not None:
            agreed.append(said.get(name, {}).get("value") == value)
    if facts.delivery_date:
        agreed.append(said.get("delivery_date", {}).get("day") == str(facts.delivery_date))
    return agreed


@pytest.mark.parametrize("source", ["salesforce", "hubspot"])
def test_the_reader_of_crm_rows_reads_what_the_apis_give(desk, told, source):
    desk.ingest(source)
    rows = {row["Opportunity Name"]: row for row in told.crm}
    stored = desk.rows(source, "crm_opportunities")
    for row in stored:
        read = read_crm_row(row["payload"])
        truth = read_crm_row(rows[read.name])
        assert read.record_id == row["record_id"]
        assert (read.account, read.domain) == (truth.account, truth.domain)
        assert (read.stage, read.amount) == (truth.stage, truth.amount)
        assert read.contact_email == truth.contact_email
        assert (read.close_on, read.modified_at) == (truth.close_on, truth.modified_at)
        assert read.faults == ()
        if source == "hubspot":
            first, last = truth.owner.lower().split()
            assert read.owner == f"{truth.owner} <{first}.{last}@brightforge.example>"
    assert len({r["payload"].get("dealstage") for r in stored}) > 1 or source == "salesforce"


def test_credentials_that_lack_something_say_what(desk):
    environ = dict(desk.services.environ) | {
        "BUYING_SIGNALS_TEAMS_CREDENTIALS": '{"tenant_id": "t"}'
    }
    changed = replace(desk, services=replace(desk.services, environ=environ))
    report = changed.ingest("teams")
    assert report.status == "not_configured"
    assert "BUYING_SIGNALS_TEAMS_CREDENTIALS: what is set lacks client_id, client_secret" in (
        report.error
    )


FOLDERS = ("crm", "mail_files", "meeting_files", "drive_folder", "crm_reports")
WORKS = {
    "gmail": "mailbox sales@brightforge.example can be read; it holds ",
    "zoom": "recordings can be listed; ",
    "teams": "can be listed (2 on the first page); 3 people are asked about",
    "drive": "files can be listed; 10 on the first page",
    "salesforce": " opportunities can be read",
    "hubspot": " deals can be read",
}


@pytest.mark.parametrize("source", SOURCES)
def test_smoke_asks_cheaply_stores_nothing_and_says_what_works_or_what_to_change(desk, source):
    stream, _ = SOURCES[source]
    found = probe(source, desk.services)
    assert (found.status, found.remedy) == ("works", None)
    assert WORKS[source] in found.told
    assert desk.services.lake.versions(source, stream) == {}
    assert get_cursors(desk.services.state, source) == {}
    desk.fault(source, "key_revoked")
    refused = probe(source, desk.services)
    assert refused.status == "refused"
    assert REVOKED[source].split(";")[0] in refused.told
    assert "connect-correspondence.md" in refused.remedy
    assert "s3cret" not in refused.told
    desk.fault("*", None)
    desk.fault(source, "http_500")
    assert probe(source, desk.services).status == "unreachable"


def test_the_crms_export_is_asked_too(desk):
    found = probe("crm", desk.services)
    assert (found.status, found.connector) == ("works", "crm")
    assert re.fullmatch(r"[1-9]\d* opportunities can be read in http://.*/export", found.told)
    assert desk.services.lake.versions("crm", "opportunities") == {}
    desk.fault("crm", "http_500")
    assert probe("crm", desk.services).status == "unreachable"


def test_smoke_names_what_is_not_set_and_what_is_no_source_of_correspondence(desk):
    off = probe("mail_files", desk.services)
    assert (off.status, off.told) == (
        "not_configured",
        "off: BUYING_SIGNALS_MAIL_FOLDER is not set",
    )
    with pytest.raises(ConfigurationError, match="'press' is no source of correspondence"):
        probe("press", desk.services)


def test_the_commands_read_and_ask_all_sources_and_answer_in_json(desk, capsys):
    console = Console(file=io.StringIO(), width=160)
    services = replace(desk.services, clock=Clock(replayable=True))
    assert sync(console, services, [], TODAY, as_json=True)
    told = {report["source"]: report for report in json.loads(capsys.readouterr().out)}
    assert set(told) == {*SOURCES, *FOLDERS}
    assert told["zoom"]["status"] == "ok"
    assert told["zoom"]["new_rows"]["meetings"] > 5
    assert told["mail_files"]["error"] == "set BUYING_SIGNALS_MAIL_FOLDER"
    assert not sync(console, services, ["mail_files"], TODAY, as_json=False)
    assert not sync(console, services, ["press"], TODAY, as_json=False)
    assert smoke(console, services, [], as_json=True)
    assert {one["status"] for one in json.loads(capsys.readouterr().out)} == {
        "works",
        "not_configured",
    }
    assert not smoke(console, services, ["gmail", "mail_files"], as_json=False)
    said = console.file.getvalue()
    assert "press: no source of correspondence" in said
    assert "gmail: works" in said
    assert "To do: set BUYING_SIGNALS_MAIL_FOLDER" in said


def test_more_deals_than_one_search_tells_are_read_to_the_end(desk, told, monkeypatch):
    # Seen through a search that ends after ten results, as the real one does after 10,000.
    monkeypatch.setattr("resources.sources.connectors.hubspot.MOST_RESULTS", 10)
    assert desk.ingest("hubspot").status == "ok"
    assert len(desk.rows("hubspot", "crm_opportunities")) == rows_by(told, TODAY) > 10
