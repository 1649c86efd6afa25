"""The webhook inbox: who is let in, what is kept, and what a kill may cost (nothing)."""

from __future__ import annotations

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import requests

from api.__main__ import hooks_of, inbox_of
from api.signature import sign
from resources.clock import Clock
from resources.config_errors import ConfigurationError
from resources.lake import Lake
from resources.quarantine import Quarantine
from resources.sources.declaration import load_declarations
from resources.sources.ingestion import Services, ingest
from resources.state import StateStore, delete_cursors
from resources.webhooks import Inbox, Incoming

ROOT = Path(__file__).resolve().parents[3]
SECRET, OLD_SECRET = "a-secret-of-the-test-only", "the-secret-before-that-one"
SOURCE = "engagement_inbox"


class Door:
    """``python -m api`` as a process of its own, and a sender that signs."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.inbox = home / "webhooks" / "inbox.sqlite"
        self.start()

    def start(self) -> None:
        port_file = self.home / "port"
        port_file.unlink(missing_ok=True)
        environ = os.environ | {
            "BUYING_SIGNALS_HOME": str(self.home),
            "BUYING_SIGNALS_WEBHOOK_SECRET": f"{SECRET},{OLD_SECRET}",
        }
        self.process = subprocess.Popen(
            [sys.executable, "-m", "api", "--port", "0", "--port-file", str(port_file)],
            cwd=ROOT, env=environ, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        until = time.monotonic() + 30
        while time.monotonic() < until:
            if port_file.exists() and port_file.read_text():
                self.port = int(port_file.read_text())
                self.url = f"http://127.0.0.1:{self.port}"
                try:
                    requests.get(f"{self.url}/health", timeout=2).raise_for_status()
                    return
                except requests.RequestException:
                    pass
            assert self.process.poll() is None, "the door did not open"
            time.sleep(0.05)
        raise AssertionError("the door did not open in time")

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def close(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=10)

    def send(
        self,
        content: object,
        *,
        secret: str = SECRET,
        timestamp: str | None = None,
        signature: str | None = None,
        source: str = SOURCE,
        session: requests.Session | None = None,
    ) -> requests.Response:
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        timestamp = timestamp or str(int(time.time()))
        headers = {
            "X-Timestamp": timestamp,
            "X-Signature": signature or sign(secret, timestamp, body),
        }
        return (session or requests).post(
            f"{self.url}/webhooks/{source}", data=body, headers=headers, timeout=10
        )

    def stored(self) -> list[str]:
        with sqlite3.connect(self.inbox) as connection:
            return [r for (r,) in connection.execute("select event_id from events order by 1")]


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    door = Door(tmp_path_factory.mktemp("door"))
    yield door
    door.close()


def visit(number: int | str, **changes: object) -> dict[str, object]:
    return {
        "event_id": f"visit-{number}",
        "type": "pricing_page_visited",
        "occurred_at": "2026-06-15T08:00:00Z",
        "company": {"name": "Marlow Robotics", "domain": "marlow-robotics.example"},
        "url": "https://www.example.com/pricing",
    } | changes


def services(home: Path, now: datetime | None = None) -> Services:
    return Services(
        declarations=load_declarations(ROOT / "config"),
        lake=Lake(str(home / "lake")),
        state=StateStore(f"sqlite:///{home}/state.sqlite"),
        quarantine=Quarantine(home / "quarantine"),
        clock=Clock(now=lambda: now or datetime.now(UTC)),
        environ={},
        home=home,
    )


def outcomes(answer: requests.Response) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [event["outcome"] for event in answer.json()["events"]]


def test_an_event_is_stored_once_whatever_is_sent_again(door):
    assert outcomes(door.send(visit("once"))) == ["stored"]
    assert outcomes(door.send(visit("once"))) == ["duplicate"]
    # Written in another order it is the same event; with another content it is not taken over.
    assert outcomes(door.send(dict(reversed(visit("once").items())))) == ["duplicate"]
    assert outcomes(door.send(visit("once", url="https://www.example.com/x"))) == ["conflict"]
    several = {"events": [visit("several"), visit("once"), visit("several")]}
    assert outcomes(door.send(several)) == ["stored", "duplicate", "duplicate"]
    assert outcomes(door.send([visit("listed")], secret=OLD_SECRET)) == ["stored"]
    assert {"visit-once", "visit-several", "visit-listed"} <= set(door.stored())


@pytest.mark.parametrize(
    ("changes", "status", "said"),
    [
        ({"secret": "another-secret-altogether"}, 401, "X-Signature does not fit"),
        ({"signature": "sha256=0"}, 401, "X-Signature does not fit"),
        ({"signature": "süß"}, 401, "X-Signature does not fit"),
        ({"timestamp": "1000000000"}, 401, "more than 300 seconds off"),
        ({"timestamp": "soon"}, 401, "no whole number of seconds"),
        ({"source": "crm"}, 404, "no webhook of this name"),
    ],
)
def test_who_does_not_prove_who_they_are_is_not_let_in(door, changes, status, said):
    if "signature" in changes:
        changes = changes | {"signature": changes["signature"].encode()}
    answer = door.send(visit("forged"), **changes)
    assert (answer.status_code, said in answer.json()["error"]) == (status, True)
    assert "visit-forged" not in door.stored()


def test_missing_headers_are_named(door):
    url = f"{door.url}/webhooks/{SOURCE}"
    answer = requests.post(url, data=b"{}", timeout=5)
    assert (answer.status_code, answer.json()["error"][:28]) == (
        401,
        "header X-Timestamp is missin",
    )
    now = {"X-Timestamp": str(int(time.time()))}
    answer = requests.post(url, data=b"{}", headers=now, timeout=5)
    assert (answer.status_code, answer.json()["error"]) == (401, "header X-Signature is missing")
    assert requests.get(url, timeout=5).status_code == 405


@pytest.mark.parametrize(
    ("content", "status", "said"),
    [
        (b"{not json", 400, "body is no JSON"),
        (b"", 400, "body is no JSON"),
        (["text"], 400, "event 0 is no JSON object"),
        ([visit(1), {"type": "reply"}], 400, "event 1 has no id: 'event_id' is missing"),
        ([visit(n) for n in range(501)], 413, "501 events in one request; at most 500"),
        (b"x" * 262_145, 413, "body is larger than 262,144 bytes"),
    ],
)
def test_what_is_no_event_is_refused_by_name_and_nothing_of_it_is_stored(
    door, content, status, said
):
    before = door.stored()
    answer = door.send(content)
    assert (answer.status_code, said in answer.json()["error"]) == (status, True)
    assert door.stored() == before


def test_a_body_that_never_ends_is_not_read_to_its_end(door):
    def endless() -> Iterator[bytes]:
        for _ in range(2_000):
            yield b"x" * 10_000

    now = str(int(time.time()))
    try:
        status = requests.post(
            f"{door.url}/webhooks/{SOURCE}", data=endless(), timeout=10,
            headers={"X-Timestamp": now, "X-Signature": "sha256=0"},
        ).status_code  # fmt: skip
    except requests.ConnectionError:
        # The door had hung up before all of it was sent.
        status = 413
    assert status == 413


def test_a_sender_that_goes_away_harms_nobody(door):
    with socket.create_connection(("127.0.0.1", door.port)) as connection:
        connection.sendall(
            f"POST /webhooks/{SOURCE} HTTP/1.1\r\nHost: x\r\nContent-Length: 900\r\n"
            f"X-Timestamp: {int(time.time())}\r\n\r\n{{".encode()
        )
    assert outcomes(door.send(visit("after"))) == ["stored"]


def test_a_kill_loses_nothing_that_was_acknowledged_and_a_replay_doubles_nothing(tmp_path):
    door = Door(tmp_path)
    acknowledged: set[str] = set()
    lock, stop = threading.Lock(), threading.Event()

    def sender(worker: int) -> None:
        with requests.Session() as session:
            for number in range(10_000):
                if stop.is_set():
                    return
                try:
                    answer = door.send(visit(f"{worker}-{number}"), session=session)
                except requests.RequestException:
                    return
                if answer.status_code == 200:
                    with lock:
                        acknowledged.add(f"visit-{worker}-{number}")

    try:
        with ThreadPoolExecutor(8) as pool:
            for worker in range(8):
                pool.submit(sender, worker)
            until = time.monotonic() + 20
            while len(acknowledged) < 200 and time.monotonic() < until:
                time.sleep(0.01)
            door.kill()
            stop.set()
        assert len(acknowledged) >= 200
        assert acknowledged <= set(door.stored())
        door.start()
        # Every sender sends again what it is not sure of: here, all of it.
        everything = sorted(acknowledged)
        for start in range(0, len(everything), 500):
            some = [visit(name.removeprefix("visit-")) for name in everything[start : start + 500]]
            assert set(outcomes(door.send(some))) == {"duplicate"}
        stored = door.stored()
        assert len(stored) == len(set(stored))
    finally:
        door.kill()
    # All of it reaches the lake, once, however often it is fetched or the cursor is lost.
    opened = services(tmp_path, datetime.now(UTC) + timedelta(seconds=1))
    day = opened.clock.today()
    report = ingest(SOURCE, day, opened)
    assert (report.status, report.total_new_rows) == ("ok", len(stored))
    assert ingest(SOURCE, day, opened).status == "unchanged"
    delete_cursors(opened.state, SOURCE)
    assert ingest(SOURCE, day, opened).total_new_rows == 0
    assert opened.lake.read(SOURCE, "mapped_engagement_events").num_rows == len(stored)


def test_events_are_read_by_the_mapping_and_bad_ones_are_set_aside(tmp_path):
    noon = datetime(2026, 6, 15, 12, tzinfo=UTC)
    inbox = Inbox(tmp_path / "webhooks" / "inbox.sqlite", create=True)

    def put(body: dict[str, object], at: datetime = noon) -> None:
        inbox.add([Incoming(SOURCE, str(body["event_id"]), json.dumps(body))], at)

    put(visit(1))
    put(visit(2, type="danced"))
    put(visit(3, occurred_at=None))
    put({"event_id": "E4", "event": "reply", "timestamp": 1781510400000,
         "contact": {"email": "Tomas.Okel@tessaly.example"}, "subject": "Re: data"})  # fmt: skip
    put(visit(5), noon + timedelta(hours=3))
    opened = services(tmp_path, noon)
    report = ingest(SOURCE, date(2026, 6, 15), opened)
    assert (report.status, report.total_new_rows, report.rejected) == ("ok", 2, 2)
    rows = opened.lake.read(SOURCE, "mapped_engagement_events").to_pylist()
    assert [json.loads(row["payload"])["fields"] for row in rows] == [
        {"event_type": "email_reply", "occurred_at": "2026-06-15T08:00:00Z",
         "person_email": "tomas.okel@tessaly.example", "content_title": "Re: data"},
        {"company_name": "Marlow Robotics", "company_domain": "marlow-robotics.example",
         "event_type": "pricing_visit", "occurred_at": "2026-06-15T08:00:00Z",
         "page_url": "https://www.example.com/pricing"},
    ]  # fmt: skip
    reasons = {r["record_id"]: r["rule"] for r in opened.quarantine.read("fetch").to_pylist()}
    assert reasons == {"visit-2": "unreadable_value", "visit-3": "missing_field"}
    # What came after the fetch began is the next one's, and old events are forgotten when stored.
    later = services(tmp_path, noon + timedelta(days=1))
    assert ingest(SOURCE, date(2026, 6, 16), later).total_new_rows == 1
    much_later = services(tmp_path, noon + timedelta(days=40))
    assert ingest(SOURCE, date(2026, 7, 25), much_later).status == "unchanged"
    assert list(inbox.read(SOURCE, 0, noon + timedelta(days=99))) == []


def test_without_an_inbox_the_source_says_what_to_do(tmp_path):
    report = ingest(
        SOURCE, date(2026, 6, 15), services(tmp_path, datetime(2026, 6, 15, tzinfo=UTC))
    )
    assert report.status == "not_configured"
    assert report.error.endswith(
        "does not exist; set BUYING_SIGNALS_WEBHOOK_SECRET and start `python -m api`"
    )


def test_the_door_does_not_open_without_a_proper_secret(tmp_path):
    declared = load_declarations(ROOT / "config")
    with pytest.raises(ConfigurationError, match=r"set .*BUYING_SIGNALS_WEBHOOK_SECRET"):
        hooks_of(declared, {})
    with pytest.raises(ConfigurationError, match="fewer than 16 characters"):
        hooks_of(declared, {"BUYING_SIGNALS_WEBHOOK_SECRET": f"{SECRET},short"})
    hooks = hooks_of(declared, {"BUYING_SIGNALS_WEBHOOK_SECRET": SECRET})
    assert hooks[SOURCE].secrets == (SECRET,)
    assert inbox_of(declared, tmp_path, {}) == tmp_path / "webhooks" / "inbox.sqlite"
