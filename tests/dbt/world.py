"""An invented market of a handful of companies, written as the lake and the readers would.

Three fetch days. Each record is given with the day on which it is first fetched, so that the same
world can be laid down day by day or in one go.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import types
import typing
from collections import defaultdict
from datetime import UTC, date, datetime, time, timedelta
from email.utils import format_datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from assets.fingerprints import Knowledge
from assets.icp_terms import icp_term_table
from assets.opportunities import join_day
from assets.opportunity_sources import TABLES as TRACKED
from assets.reading import Workers, read_day
from assets.reference import (
    export_enrichment_operations,
    export_plays,
    export_technology_names,
)
from detection.readers import READERS
from detection.readers.job_postings import read_job_posting_row
from detection.records import DETECTIONS, arrow_schema, detection_id
from resources.annotations.record import Annotation
from resources.annotations.store import StoredAnnotation
from resources.enrichment.known import FIELDS_SCHEMA
from resources.icp import ICP_PROFILES, IcpProfile
from resources.lake import Lake, Record
from resources.parquet import PART, Dataset
from resources.quarantine import Quarantine, set_aside
from resources.settings import Settings

DAY_1, DAY_2, DAY_3 = date(2026, 3, 1), date(2026, 4, 1), date(2026, 5, 1)
DAYS = (DAY_1, DAY_2, DAY_3)

PROFILE = {
    "industries": ["software"],
    "company_size_min": 50,
    "company_size_max": 500,
    "funding_stages": ["Series A"],
    "tech_stack": {"must_have": ["HubSpot"], "nice_to_have": ["Segment"], "avoid": []},
    "geographies": ["US"],
    "decision_makers": {"titles": ["Head of Data"], "departments": []},
    "signals": {"recent_funding": True, "actively_hiring": True, "tech_stack_change": True},
}


def noon(day: date) -> datetime:
    """The fetch time of a day."""
    return datetime.combine(day, time(12), tzinfo=UTC)


def _zero(hint: object) -> object:
    """A value for a field that a row does not give: None where allowed."""
    if isinstance(hint, types.UnionType):
        return None
    return {str: "", bool: False, int: 0, float: 0.0}.get(hint)


class World:
    """Collects what each source says on each day and writes it below a home folder."""

    def __init__(self) -> None:
        self.records: dict[tuple[str, str, date], list[Record]] = defaultdict(list)
        self.detections: dict[tuple[str, date], list[object]] = defaultdict(list)
        self.set_aside: dict[date, list[object]] = defaultdict(list)

    def say(
        self, source: str, stream: str, day: date, record_id: str, payload: object, body=None
    ) -> Record:
        """One record as a source tells it on a day."""
        record = Record(
            source, stream, record_id, noon(day), noon(day), f"https://{source}.example/{record_id}",
            json.dumps(payload), body,
        )  # fmt: skip
        self.records[(source, stream, day)].append(record)
        return record

    def read(self, table: str, day: date, record: Record, **values: object) -> None:
        """One row that a reader finds in a record."""
        kind = DETECTIONS[table]
        hints = typing.get_type_hints(kind)
        filled = {field.name: _zero(hints[field.name]) for field in dataclasses.fields(kind)}
        ordinal = len(self.detections[(table, day)])
        filled |= {
            "detection_id": detection_id(record.payload_sha256, record.record_id, table, ordinal),
            "source": record.source,
            "stream": record.stream,
            "record_id": record.record_id,
            "payload_sha256": record.payload_sha256,
            "source_url": record.source_url,
            "observed_at": record.observed_at,
            "fetched_at": record.fetched_at,
            "reader": table,
            "reader_version": "1",
            "confidence": 0.9,
        }
        self.detections[(table, day)].append(kind(**(filled | values)))

    def write(self, home: Path, days: tuple[date, ...]) -> None:
        """Lay down what was fetched on ``days``."""
        lake = Lake(str(home / "lake"))
        for (source, stream, day), records in self.records.items():
            if day in days:
                lake.write(source, stream, day, records)
        for (table, day), rows in self.detections.items():
            if day in days:
                schema = arrow_schema(DETECTIONS[table])
                dataset = Dataset(str(home / "detections" / table), schema, ("detection_id",))
                listed = [dataclasses.asdict(row) for row in rows]
                dataset.merge(day, pa.Table.from_pylist(listed, schema=schema))
        if days:
            write_enriched(home, max(days))
        quarantine = Quarantine(home / "quarantine")
        quarantine.ensure()
        for day, rows in self.set_aside.items():
            if day in days:
                quarantine.add("raw", day, rows)
        _track(home, days)
        folder = home / "reference" / "icp_profiles"
        folder.mkdir(parents=True, exist_ok=True)
        row = {
            "organisation_id": "default", "icp_profile_id": "default", "name": "Test",
            "is_default": True, "version": 1, "config": json.dumps(PROFILE),
        }  # fmt: skip
        pq.write_table(pa.Table.from_pylist([row], schema=ICP_PROFILES), folder / "part.parquet")
        wished = IcpProfile(icp_profile_id="default", name="Test", is_default=True, **PROFILE)
        folder = home / "reference" / "icp_terms"
        folder.mkdir(exist_ok=True)
        pq.write_table(icp_term_table([wished]), folder / "part.parquet")
        export_plays(Settings(home=home))
        export_enrichment_operations(Settings(home=home))
        export_technology_names(Settings(home=home))


def _track(home: Path, days: tuple[date, ...]) -> None:
    """Correspondence and CRM rows read and joined for each of ``days``, as the line does."""
    settings = Settings(home=home)
    lake = Lake(settings.lake)
    with Workers(count=1, knowledge=Knowledge.of(settings)) as workers:
        for day in days:
            for table in TRACKED:
                read_day(READERS[table], lake, settings.detections, day, workers)
    for day in days:
        said = [item for item in REVIEWS if item.annotation.reviewed_at.date() <= day]
        join_day(settings, Quarantine(settings.quarantine), day, said)


def _said(day: date, **stated: str) -> StoredAnnotation:
    """What a reviewer said of Aldine's first mail."""
    said = {"about": "mail:a1@mail.example", "reviewer": "R. One", "reviewed_at": noon(day)}
    return StoredAnnotation(Annotation.model_validate(said | stated), "review.csv", noon(day))


REVIEWS = (
    _said(DAY_1, action="confirm", field="stage"),
    _said(DAY_2, action="set", field="payment_terms", value="net 30"),
    _said(DAY_3, action="set", field="payment_terms", value="net 60"),
)


MAIL = """From: {sender}
To: {to}
Subject: {subject}
Message-ID: <{name}@mail.example>
Date: {date}
References: {references}

{text}
"""
TALK = """WEBVTT

00:00:04.000 --> 00:00:09.000
Ida Brandt (Aldine): We would take four thousand LED drivers then.

00:00:10.000 --> 00:00:14.000
Mira Holt: Good, I will send the revised quote by Friday.
"""


def _with_file(mail: str) -> str:
    """The mail with a drawing beside its text."""
    headers, _, text = mail.partition("\n\n")
    return (
        f'{headers}\nContent-Type: multipart/mixed; boundary="cut"\n\n'
        f"--cut\nContent-Type: text/plain\n\n{text}\n"
        "--cut\nContent-Type: application/pdf\n"
        'Content-Disposition: attachment; filename="drawing.pdf"\n\nhello\n--cut--\n'
    )


def _correspondence(world: World) -> None:
    """One deal of Aldine as a request, an offer and a call, beside mail that is none."""
    ida, mira = "Ida Brandt <ida.brandt@aldine.example>", "Mira Holt <mira@brightforge.example>"
    asks = ("Please quote 3,000 LED drivers, part number LD-4410, target price EUR 4.20 per piece,"
            " RFQ 7731. Delivery by 15 September 2026.")  # fmt: skip
    offers = ("Thank you for your request RFQ 7731. Our offer: 3,000 LED drivers LD-4410 at EUR"
              " 4.60 per piece, lead time 8 weeks.")  # fmt: skip
    for day, name, sender, to, references, text in (
        (DAY_1, "a1", ida, mira, "", asks),
        (DAY_2, "a2", mira, ida, "<a1@mail.example>", offers),
        (DAY_2, "b1", "Zoe <zoe@else.example>", mira, "", "Lunch on Friday?"),
    ):
        mail = MAIL.format(
            sender=sender, to=to, subject="LED drivers" if name != "b1" else "Hello", name=name,
            date=format_datetime(noon(day)), references=references, text=text,
        )  # fmt: skip
        if name == "a1":
            mail = _with_file(mail)
        world.say("mail_files", "messages", day, name, {"file": "a.mbox"}, mail.encode())
    world.say("meeting_files", "meetings", DAY_3, "call-1", {
        "meeting_id": "call-1", "topic": "LED drivers", "started_at": noon(DAY_3).isoformat(),
        "participants": [{"name": "Ida Brandt", "email": "ida.brandt@aldine.example"},
                         {"name": "Mira Holt", "email": "mira@brightforge.example"}],
    }, TALK.encode())  # fmt: skip


#: Phone of a company as providers gave it: number, from which day on, until which.
ANSWERS = (("+33 1 5550 100", DAY_1, DAY_2), ("+33 1 5550 200", DAY_2, DAY_3),
           ("+33 1 5550 300", DAY_3, None))  # fmt: skip


def write_enriched(home: Path, day: date) -> None:
    """The export of enrichment as it is on ``day``: what was answered since has not been said."""
    company = hashlib.md5(b"company|domain:borel-paris.example").hexdigest()
    rows = [
        {
            "entity_type": "company", "entity_id": company, "company_id": company,
            "entity_name": "Borel Systems", "field": "phone", "operation": "example.company",
            "source": "example", "value": value, "confidence": 0.9, "value_confidence": 0.9,
            "is_winner": True, "is_confident": True, "reason": "the only answer", "basis": None,
            "level": "enrich", "stated_at": None, "source_url": None, "fetched_at": noon(start),
            "expires_at": noon(start) + timedelta(days=1), "known_from": noon(start),
            "known_to": noon(end) if end is not None and end <= day else None,
        }
        for value, start, end in ANSWERS
        if start <= day
    ]  # fmt: skip
    folder = home / "enrichment" / "enriched_fields"
    folder.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.Table.from_pylist(rows, schema=FIELDS_SCHEMA), folder / PART)


def _companies(world: World) -> None:
    header = ("name", "domain", "cik", "industry", "employees", "city", "country", "job_board")
    for row in (
        ("Aldine Robotics", "aldine.example", "1001", "Software", "240", "Austin", "USA",
         "greenhouse:aldine"),
        ("Borel Systems", "borel.example", "", "Software", "80", "Berlin", "Germany", ""),
        ("Borel Systems", "borel-paris.example", "", "Manufacturing", "900", "Paris", "France", ""),
        ("Corvid Labs", "", "1003", "Energy", "30", "Boston", "United States", ""),
        ("Dorset Health", "dorset.example", "", "Healthcare", "60", "Leeds", "UK", ""),
    ):  # fmt: skip
        world.say("company_list", "companies", DAY_1, f"{row[0]}|{row[1]}",
                  dict(zip(header, row, strict=True)))  # fmt: skip
    world.say("sec_edgar", "companies", DAY_1, "0000001003",
              {"cik": "1003", "name": "CORVID LABS, INC.", "addresses": {}})  # fmt: skip
    for day, account, name, site in (
        (DAY_1, "A1", "Aldine Robotics, Inc.", "https://www.aldine.example/about"),
        (DAY_1, "A2", "Dorset Health Ltd", ""),
        (DAY_1, "A3", "Borel Systems GmbH", ""),
    ):
        world.say("crm", "accounts", day, account, {
            "Account ID": account, "Account Name": name, "Website": site,
            "Created Date": "2025-01-01", "Last Activity Date": "2026-02-20",
        })  # fmt: skip
    for number, (first, last, mail, phone, link) in enumerate((
        ("Ida", "Brandt", "ida.brandt@aldine.example", "", "https://linkedin.example/in/ida"),
        ("Max", "Oduya", "info@aldine.example", "+1 555 0100", ""),
    )):  # fmt: skip
        world.say("crm", "contacts", DAY_1, f"P{number}", {
            "Contact ID": f"P{number}", "Account ID": "A1", "First Name": first,
            "Last Name": last, "Title": "Head of Data", "Email": mail, "Phone": phone,
            "LinkedIn": link, "Created Date": "2025-02-01",
        })  # fmt: skip


def _opportunities(world: World) -> None:
    def tell(day: date, number: str, account: str, stage: str, amount: str, made: str, close: str):
        world.say("crm", "opportunities", day, number, {
            "Opportunity ID": number, "Account ID": account, "Opportunity Name": f"Deal {number}",
            "Stage": stage, "Amount": amount, "Currency": "EUR", "Created Date": made,
            "Close Date": close, "Is Closed": str("Closed" in stage).lower(),
            "Is Won": str(stage == "Closed Won").lower(), "Lead Source": "Inbound",
            "Owner": "Mara",
        })  # fmt: skip

    tell(DAY_1, "O1", "A1", "Closed Won", "50,000", "2025-10-15", "2026-01-20")
    tell(DAY_1, "O2", "A2", "Proposal", "20000", "2026-02-10", "2026-06-30")
    tell(DAY_3, "O2", "A2", "Closed Lost", "20000", "2026-02-10", "2026-04-10")
    tell(DAY_1, "O3", "A1", "Proposal", "-5", "2026-01-10", "2026-06-30")
    tell(DAY_1, "O4", "A1", "Proposal", "5000", "3201-01-10", "2026-06-30")


def _funding(world: World) -> None:
    def round_of(name: str, uuid: str, day: date, amount: int, wrapped: bool = True) -> Record:
        fields = {
            "identifier": {"value": f"Series A - {name}"},
            "announced_on": "2026-04-20",
            "investment_type": "series_a",
            "money_raised": {"value": amount, "currency": "USD", "value_usd": amount},
            "funded_organization_identifier": {"value": name, "permalink": uuid},
            "investor_identifiers": [{"value": "Foxglove Capital"}],
        }
        payload = {"uuid": uuid, "properties": fields} if wrapped else {"uuid": uuid, **fields}
        return world.say("crunchbase", "funding_rounds", day, uuid, payload)

    round_of("Aldine Robotics", "r1", DAY_3, 12_000_000)
    round_of("Borel Systems", "r2", DAY_3, 7_000_000, wrapped=False)
    doubtful = round_of("Dorset Health", "r3", DAY_3, 999_000_000)
    world.set_aside[DAY_3].append(
        set_aside("raw", "crunchbase", "funding_rounds", "r3", "amount", "not believable",
                  payload_sha256=doubtful.payload_sha256, quarantined_at=noon(DAY_3))
    )  # fmt: skip

    filing = world.say("sec_edgar", "form_d", DAY_3, "0001-26-1", {"form": "D"}, b"<xml/>")
    world.read(
        "form_d_offerings", DAY_3, filing, cik="1001", issuer_name="ALDINE ROBOTICS INC",
        accession_number="0001-26-1", filed_on=date(2026, 4, 25), first_sale_on=date(2026, 4, 15),
        total_offering_amount=12_000_000.0, total_amount_sold=11_500_000.0, is_equity=True,
        related_persons="[]",
    )  # fmt: skip
    pooled = world.say("sec_edgar", "form_d", DAY_3, "0001-26-2", {"form": "D"}, b"<f/>")
    world.read(
        "form_d_offerings", DAY_3, pooled, cik="1001", issuer_name="ALDINE FUND",
        accession_number="0001-26-2", filed_on=date(2026, 4, 25), is_pooled_fund=True,
        related_persons="[]",
    )  # fmt: skip


def article(world: World, day: date, record_id: str, text: str, **event: object) -> Record:
    """One feed entry; with ``event``, what the press reader finds in it."""
    record = world.say("press", "articles", day, record_id, {"title": text})
    if event:
        values = {
            "outlet": record_id.split("/", 1)[0], "title": text, "published_at": noon(day),
            "status": "done", "polarity": "positive", "investors": "[]", "sentence": text,
            "content_fingerprint": record_id,
        } | event  # fmt: skip
        world.read("press_events", day, record, **values)
    return record


def _press(world: World) -> None:
    raised = {
        "company_name": "Aldine Robotics", "company_domain": None, "signal_type": "funding_round",
        "occurred_on": date(2026, 4, 21), "amount": 12e6, "currency": "USD",
        "round_type": "Series A", "content_fingerprint": "release-1",
    }  # fmt: skip
    article(world, DAY_3, "alpha/1", "Aldine Robotics raises $12M", **raised)
    article(world, DAY_3, "beta/1", "Aldine Robotics raises $12M", **raised)
    # A report that is corrected a month later, and one that is withdrawn.
    report = {"company_name": "Dorset Health", "signal_type": "funding_round",
              "occurred_on": date(2026, 3, 20), "currency": "USD"}  # fmt: skip
    article(world, DAY_2, "beta/2", "Dorset Health raises $5M", amount=5e6, **report)
    article(world, DAY_3, "beta/2", "Corrected: Dorset Health raises $3M", amount=3e6, **report)
    article(world, DAY_2, "beta/3", "Dorset Health opens in Lyon", company_name="Dorset Health",
            signal_type="expansion", signal_subtype="new_office", city="Lyon")  # fmt: skip
    article(world, DAY_3, "beta/3", "Withdrawn")
    article(world, DAY_3, "gamma/1", "Borel Systems opens in Oslo", company_name="Borel Systems",
            signal_type="expansion", signal_subtype="new_office", city="Oslo")  # fmt: skip
    article(world, DAY_3, "gamma/2", "Borel opens in Rome", company_name="Borel Systems",
            company_domain="borel.example", signal_type="expansion",
            signal_subtype="new_office", city="Rome")  # fmt: skip
    article(world, DAY_3, "gamma/3", "Aldine Robotics to open on Mars",
            company_name="Aldine Robotics", signal_type="expansion",
            occurred_on=date(3201, 1, 1))  # fmt: skip
    filing = world.say("sec_edgar", "form_8k", DAY_2, "0001-26-3", {"form": "8-K"}, b"5.02")
    world.read(
        "executive_changes", DAY_2, filing, cik="1003", company_name="Corvid Labs Inc",
        person_name="Zoë A. Lindqvist", position="Chief Revenue Officer", level="c_suite",
        department="sales", change_type="new_hire", direction="incoming",
        announced_on=date(2026, 3, 25),
    )  # fmt: skip
    article(world, DAY_3, "alpha/2", "Corvid Labs names Zoe Lindqvist CRO",
            company_name="Corvid Labs", signal_type="executive_change",
            occurred_on=date(2026, 3, 26), person_name="Zoe Lindqvist",
            position="Chief Revenue Officer", level="c_suite", change_type="new_hire")  # fmt: skip


def _jobs(world: World) -> None:
    def job(day: date, number: int, title: str, posted: str) -> None:
        record = world.say("greenhouse", "jobs", day, f"aldine/{number}", {
            "id": number, "title": title, "first_published": f"{posted}T09:00:00-04:00",
            "absolute_url": f"https://boards.example/aldine/{number}",
            "departments": [{"name": "Anything"}], "location": {"name": "Austin"},
        })  # fmt: skip
        titled = dataclasses.replace(record, record_id=title, payload_sha256=title)
        world.read("job_titles", day, titled, title=title, level="director", department="data")
        world.detections[("job_postings", day)] += read_job_posting_row(dataclasses.asdict(record))

    job(DAY_1, 1, "Head of Data", "2026-02-20")
    job(DAY_1, 2, "Warehouse Operator", "2026-02-01")
    job(DAY_3, 3, "Interim Head of Data", "2026-04-28")
    # On the second day the board could not be fetched: no manifest.
    for day, jobs in ((DAY_1, (1, 2)), (DAY_3, (2, 3))):
        world.say("greenhouse", "boards", day, "aldine",
                  {"board_token": "aldine", "jobs": {str(n): f"h{n}" for n in jobs}})  # fmt: skip


def _sites(world: World) -> None:
    for day, tools in ((DAY_1, ("HubSpot",)), (DAY_2, ("HubSpot", "Segment")),
                       (DAY_3, ("HubSpot", "Segment"))):  # fmt: skip
        page = world.say(
            "company_site", "pages", day, "aldine.example/",
            {"domain": "aldine.example", "url": "https://aldine.example/", "status": 200},
            ",".join(tools).encode(),
        )  # fmt: skip
        for tool in tools:
            world.read(
                "technology_detections", day, page, domain="aldine.example",
                page_url="https://aldine.example/", scanned_at=noon(day), technology=tool,
                category="Marketing", method="website",
            )  # fmt: skip


def build_world() -> World:
    """The whole invented market."""
    world = World()
    for part in (
        _companies,
        _opportunities,
        _funding,
        _press,
        _jobs,
        _sites,
        _correspondence,
    ):
        part(world)
    return world


def tell_late(world: World) -> None:
    """More that is fetched on the last day only: old news, corrections, a company's new details."""
    article(world, DAY_3, "delta/1", "Corvid Labs opens in Bergen", company_name="Corvid Labs",
            signal_type="expansion", signal_subtype="new_office", city="Bergen",
            published_at=noon(date(2026, 2, 10)), occurred_on=date(2026, 2, 9))  # fmt: skip
    # The report of the Dorset round is corrected once more, and its town after it was withdrawn.
    article(world, DAY_3, "beta/4", "Dorset Health opens in Turin", company_name="Dorset Health",
            signal_type="expansion", signal_subtype="new_office", city="Turin",
            published_at=noon(date(2026, 3, 5)), occurred_on=date(2026, 3, 4))  # fmt: skip
    world.say("company_list", "companies", DAY_3, "Dorset Health|dorset.example", {
        "name": "Dorset Health", "domain": "dorset.example", "industry": "Software",
        "employees": "300", "city": "Leeds", "country": "UK", "job_board": "",
    })  # fmt: skip
    world.say("crm", "opportunities", DAY_3, "O1", {
        "Opportunity ID": "O1", "Account ID": "A1", "Opportunity Name": "Deal O1",
        "Stage": "Closed Lost", "Amount": "50,000", "Currency": "EUR",
        "Created Date": "2025-10-15", "Close Date": "2026-01-20", "Is Closed": "true",
        "Is Won": "false", "Lead Source": "Inbound", "Owner": "Mara",
    })  # fmt: skip


def amend(home: Path) -> None:
    """After all was built: a posting, a scan and an article are set aside, a day is read anew.

    The reader of the press, mended, finds another town in what was fetched on the second day.
    """
    late = noon(DAY_3)
    lake, quarantine = Lake(str(home / "lake")), Quarantine(home / "quarantine")
    for source, stream, day, record_id in (
        ("greenhouse", "jobs", DAY_1, "aldine/2"),
        ("company_site", "pages", DAY_2, "aldine.example/"),
        ("press", "articles", DAY_3, "alpha/1"),
    ):
        rows = lake.read(source, stream, [day], ["record_id", "payload_sha256"]).to_pylist()
        [sha256] = [row["payload_sha256"] for row in rows if row["record_id"] == record_id]
        aside = set_aside(source=source, stream=stream, record_id=record_id, gate="raw",
                          rule="late", reason="found later", payload_sha256=sha256,
                          quarantined_at=late)  # fmt: skip
        quarantine.add("raw", DAY_3, [aside])
    part = home / "detections" / "press_events" / DAY_2.isoformat() / "part.parquet"
    table = pq.read_table(part)
    rows = [row | {"city": row["city"] and "Nice"} for row in table.to_pylist()]
    pq.write_table(pa.Table.from_pylist(rows, schema=table.schema), part)
