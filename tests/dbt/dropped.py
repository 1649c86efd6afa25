"""A home into which the samples of docs/drops were dropped, read and built."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from assets.detections import quarantined
from assets.operations import export_state
from assets.reading import Workers, read_day
from detection.readers import READERS
from resources.clock import Clock
from resources.lake import Lake, Record
from resources.quarantine import Quarantine
from resources.settings import load_settings
from resources.sources.declaration import load_declarations
from resources.sources.ingestion import IngestReport, Services, ensure_streams, ingest
from resources.state import StateStore, record_asked
from resources.webhooks import Inbox, Incoming
from tests.dbt.world import World

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "docs" / "drops"
DAY = date(2026, 6, 15)
NOON = datetime(2026, 6, 15, 12, tzinfo=UTC)
#: Readers whose tables the dropped records reach.
TABLES = ("press_events", "job_titles", "job_postings")

EVENTS = (
    {"event_id": "e0", "type": "email_replied", "occurred_at": "2026-06-11T08:00:00Z",
     "contact": {"email": "tomas.okel@tessaly.example"}, "subject": "Re: a question on data"},
    {"event_id": "e1", "type": "connected", "occurred_at": "2026-06-12T09:30:00Z",
     "company": {"domain": "brightmoor.example"}, "channel": "linkedin"},
)  # fmt: skip

COMPANIES = (
    ("Marlow Robotics", "marlow-robotics.example", "Germany"),
    ("Tessaly Health", "tessaly.example", "United Kingdom"),
    ("Quillharrow Logistics", "quillharrow.example", "United Kingdom"),
    ("Brightmoor Energy", "brightmoor.example", "Austria"),
)

#: How asking about some of them went.
ASKED = {
    "company_site": {
        ("domain", "tessaly.example"): "company_site: ReadTimeout: Read timed out.",
        ("domain", "brightmoor.example"): None,
    },
    "google_news": {("name", "QUILLHARROW Logistics"): None},
    "dns": {("domain", "unknown.example"): None},
}


def services(home: Path, config: Path = ROOT / "config", environ: dict | None = None) -> Services:
    """Ingestion into ``home`` on the samples' day, for the sandbox's declarations."""
    return Services(
        declarations=load_declarations(config, "sandbox"),
        lake=Lake(str(home / "lake")),
        state=StateStore(f"sqlite:///{home}/state.sqlite"),
        quarantine=Quarantine(home / "quarantine"),
        clock=Clock(replayable=True, now=lambda: NOON),
        environ=environ or {},
        home=home,
    )


def drop_samples(home: Path) -> None:
    """Copy the samples into the drop folders, as if written the day before."""
    shutil.copytree(SAMPLES, home / "drops", dirs_exist_ok=True)
    age(home / "drops")


def age(folder: Path, moment: datetime = datetime(2026, 6, 14, tzinfo=UTC)) -> None:
    """Give every file below ``folder`` a time of writing."""
    for path in folder.rglob("*"):
        if path.is_file():
            os.utime(path, (moment.timestamp(), moment.timestamp()))


def send_events(home: Path) -> None:
    """Two events by webhook: one that the file tells too, and one of its own."""
    inbox = Inbox(home / "webhooks" / "inbox.sqlite", create=True)
    for number, event in enumerate(EVENTS):
        incoming = Incoming("engagement_inbox", f"e{number}", json.dumps(event))
        inbox.add([incoming], NOON - timedelta(hours=1))
    inbox.close()


def list_companies(home: Path) -> None:
    """The user's list, in the lake."""
    records = [
        Record("company_list", "companies", f"{name}|{domain}", NOON, NOON, "file:list.csv",
               f'{{"name": "{name}", "domain": "{domain}", "country": "{country}"}}')
        for name, domain, country in COMPANIES
    ]  # fmt: skip
    Lake(str(home / "lake")).write("company_list", "companies", DAY, records)
    # The user's profile of a good customer, which leads are scored by.
    World().write(home, ())


def ingest_drops(opened: Services) -> dict[str, IngestReport]:
    """Fetch every source that is read by a mapping."""
    ensure_streams(opened)
    return {
        name: ingest(name, DAY, opened)
        for name, declared in opened.declarations.sources.items()
        if declared.connector != "own"
    }


def export_sources(home: Path, opened: Services) -> None:
    """Leave for SQL which sources there are in the world and how they are."""
    for source, outcomes in ASKED.items():
        record_asked(opened.state, source, outcomes, NOON)
    opened = replace(opened, declarations=load_declarations(ROOT / "config"))
    for name in ("source_health", "declared_sources", "asked_companies"):
        export_state(name, load_settings(home=home), opened)


def read_detections(home: Path, opened: Services) -> None:
    """Read what words tell: titles, posts, profiles."""
    for table in TABLES:
        if table in READERS:
            with Workers(1) as workers:
                _, rejected, _ = read_day(
                    READERS[table], opened.lake, home / "detections", DAY, workers
                )
            opened.quarantine.add("read", DAY, [quarantined(row) for row in rejected])
