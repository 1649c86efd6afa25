"""A vendor that signs nothing: the address ends in the secret, and the day makes the event's id."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from api.__main__ import hooks_of
from api.app import create_app
from resources.sources.declaration import load_declarations
from resources.webhooks import Inbox

ROOT = Path(__file__).resolve().parents[3]
SECRET = "the-secret-of-this-test"
NOTE = [{"member_id": 125, "status": "changed", "changed_fields": ["headline"]}]


SOURCE = "coresignal_changes"
MONDAY = datetime(2026, 6, 15, 8, tzinfo=UTC)


@dataclass
class Answer:
    """What the door answered."""

    status: int
    text: str

    @property
    def events(self) -> list[dict]:
        return json.loads(self.text)["events"]


class Door:
    """The application without a server: requests are put to it one after the other."""

    def __init__(self, inbox: Path, environ: dict[str, str]) -> None:
        self.inbox, self.moment = inbox, MONDAY
        self.hooks = hooks_of(load_declarations(ROOT / "config"), environ)

    def post(self, token: str, note=NOTE, source: str = SOURCE) -> Answer:
        return asyncio.run(self._post(f"/webhooks/{source}{token}", json.dumps(note).encode()))

    async def _post(self, path: str, body: bytes) -> Answer:
        app = create_app(self.hooks, self.inbox, now=lambda: self.moment)
        scope = {"type": "http", "method": "POST", "path": path, "headers": [],
                 "query_string": b"", "http_version": "1.1"}  # fmt: skip
        told: list[dict] = []

        async def receive() -> dict:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: dict) -> None:
            told.append(message)

        async with app.router.lifespan_context(app):
            await app(scope, receive, send)
        return Answer(told[0]["status"], b"".join(m.get("body", b"") for m in told).decode())

    def stored(self, source: str = SOURCE) -> list:
        return list(Inbox(self.inbox).read(source, 0, datetime.now(UTC) + timedelta(days=9999)))


@pytest.fixture
def door(tmp_path):
    door = Door(tmp_path / "inbox.sqlite", {"BUYING_SIGNALS_CORESIGNAL_WEBHOOK_SECRET": SECRET})
    assert set(door.hooks) == {"coresignal_changes", "coresignal_company_changes"}
    return door


def test_only_who_knows_the_address_is_let_in(door):
    assert door.post("/not-the-secret").status == 401
    assert door.post("").status == 401
    assert SECRET not in door.post("/not-the-secret").text
    assert door.post(f"/{SECRET}").status == 200
    assert [event.event_id for event in door.stored()] == ["125|changed|2026-06-15"]


def test_the_same_notification_is_one_event_a_day(door):
    outcomes = []
    for days in (0, 0, 7):
        door.moment = MONDAY + timedelta(days=days)
        [event] = door.post(f"/{SECRET}").events
        outcomes.append((event["event_id"], event["outcome"]))
    assert outcomes == [
        ("125|changed|2026-06-15", "stored"),
        ("125|changed|2026-06-15", "duplicate"),
        ("125|changed|2026-06-22", "stored"),
    ]


def test_companies_are_told_of_too(door):
    note = [{"company_id": 9, "status": "merged", "merged_into": 7}]
    source = "coresignal_company_changes"
    assert door.post(f"/{SECRET}", note, source).status == 200
    [event] = door.stored(source)
    assert json.loads(event.body)["merged_into"] == 7


def test_a_signed_hook_takes_no_secret_in_its_address(tmp_path):
    door = Door(tmp_path / "inbox.sqlite", {"BUYING_SIGNALS_WEBHOOK_SECRET": SECRET})
    assert door.post(f"/{SECRET}", source="engagement_inbox").status == 401
    assert not door.inbox.exists() or door.stored("engagement_inbox") == []
