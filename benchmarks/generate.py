"""A lake of any size for measuring, written straight to Parquet.

The simulated market is asked in process instead of over HTTP, and its answers go through the same
parsers as ingestion's, so that every envelope has the shape and the mix that an ingest of that
market would leave: three fetch days, new and changed records only, manifests for job boards. What
is left out is what is not measured here: HTTP, rate limits, cursors, faults.

Deterministic: the same numbers give the same files.
"""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import shutil
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path

from resources.http import encode_json
from resources.lake import Lake, Record, to_table
from resources.mapped.rows import map_row
from resources.mapped.tables import Row, read_table
from resources.settings import PROJECT_ROOT
from resources.sources.connectors import (
    ashby,
    company_list,
    company_site,
    crm,
    crunchbase,
    file_drop,
    greenhouse,
    lever,
    newsapi,
    sec_edgar,
    workday,
)
from resources.sources.connectors.base import Rejected, Target, stated_time
from resources.sources.registry import all_streams
from resources.sources.targets import load_targets
from sandbox.answers import Answer, Request
from sandbox.market import Market, MarketConfig
from sandbox.vendors import vendors

#: Records that one company of the market leaves behind in three fetch days, about.
RECORDS_PER_COMPANY = 16.3
#: Days before ``as_of`` on which everything is fetched, as in the demo.
FETCH_OFFSETS = (60, 30, 0)
HISTORY_DAYS = 548
#: Vendors of lists of people.
PEOPLE_LISTS = ("zoominfo", "linkedin_sales_navigator")

_BOARDS = {
    "greenhouse": (greenhouse.parse, lambda token: ["v1", "boards", token, "jobs"]),
    "lever": (lever.parse, lambda token: ["v0", "postings", token]),
    "ashby": (ashby.parse, lambda token: ["posting-api", "job-board", token]),
}
_HEADERS = {"user-agent": "benchmark contact@example.com", "x-cb-user-key": "benchmark"}


@dataclass(frozen=True)
class Plan:
    """All that a generated lake depends on."""

    companies: int
    as_of: date
    seed: int = 7
    #: Days before ``as_of`` on which everything is fetched.
    offsets: tuple[int, ...] = FETCH_OFFSETS
    #: Options of the market by name, beyond those above (see ``MarketConfig``).
    market: tuple[tuple[str, float], ...] = ()
    #: Sources beside those of the demo's mix: ``newsapi``, ``drops`` (lists exported by hand).
    extra: tuple[str, ...] = ()

    @classmethod
    def of_records(cls, records: int, as_of: date) -> Plan:
        """A plan whose lake has about so many records."""
        return cls(max(1, round(records / RECORDS_PER_COMPANY)), as_of)

    @property
    def days(self) -> list[date]:
        """Fetch days, oldest first."""
        return [self.as_of - timedelta(days=offset) for offset in self.offsets]

    def make_market(self) -> Market:
        """The market behind the lake."""
        return Market(
            MarketConfig(
                seed=self.seed,
                companies=self.companies,
                start=self.as_of - timedelta(days=HISTORY_DAYS),
                days=HISTORY_DAYS,
                **dict(self.market),
            )
        )


def generate(plan: Plan, lake_folder: Path, workers: int = 2) -> dict[str, int]:
    """Write the lake of ``plan`` unless it is there already; returns records by source/stream."""
    done = lake_folder / "generated.json"
    wanted = {"plan": json.loads(json.dumps(asdict(plan), default=str)), "code": code_hash()}
    if done.exists():
        found = json.loads(done.read_text())
        if found["plan"] == wanted["plan"] and found.get("code") == wanted["code"]:
            return found["records"]
    shutil.rmtree(lake_folder, ignore_errors=True)
    lake_folder.mkdir(parents=True)
    Lake(str(lake_folder)).ensure(all_streams())
    counts: dict[str, int] = {}
    # The sources that name the companies come first, because the others ask about those.
    first = ("company_list", "crm")
    rest = (
        "greenhouse",
        "company_site",
        "lever",
        "ashby",
        "workday",
        "press",
        "sec_edgar",
        "crunchbase",
    )
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(min(workers, len(rest)), mp_context=context) as pool:
        for sources in (first, (*rest, *plan.extra)):
            tasks = [pool.submit(_write_source, plan, str(lake_folder), name) for name in sources]
            for task in tasks:
                counts.update(task.result())
    counts = dict(sorted(counts.items()))
    done.write_text(json.dumps(wanted | {"records": counts}, indent=2))
    return counts


def code_hash() -> str:
    """Hash of the code that decides what a generated lake holds."""
    folders = ("sandbox", "resources/sources/connectors")
    files = [f for folder in folders for f in sorted((PROJECT_ROOT / folder).rglob("*.py"))]
    digest = hashlib.sha256()
    for file in [*files, Path(__file__)]:
        digest.update(file.read_bytes())
    return digest.hexdigest()


@cache
def _market(plan: Plan) -> tuple[Market, dict[str, tuple[str, object]]]:
    market = plan.make_market()
    return market, vendors(market, hang_seconds=0.0)


def _write_source(plan: Plan, folder: str, source: str) -> dict[str, int]:
    lake = Lake(folder)
    market, doors = _market(plan)
    asked = _Asked(market, doors, {}, {})
    counts: dict[str, int] = {}
    for day in plan.days:
        fetched_at = datetime.combine(day, time(23, 59, 59), tzinfo=UTC)
        targets: list[Target] = []
        if source not in ("company_list", "crm", "press", "crunchbase", "drops"):
            targets = load_targets(lake, until=fetched_at)
        streams: dict[tuple[str, str], list[Record]] = {}
        if source == "drops" and day not in (plan.days[0], plan.as_of):
            continue
        for record in _SOURCES.get(source, _boards)(asked, source, targets, day, fetched_at):
            streams.setdefault((record.source, record.stream), []).append(record)
        for (told_by, stream), records in streams.items():
            # The first of two contents under one id is kept, as ingestion does.
            unique = {record.record_id: record for record in reversed(records)}
            lake.dataset(told_by, stream).replace(day, to_table(reversed(unique.values())))
            name = f"{told_by}/{stream}"
            counts[name] = counts.get(name, 0) + len(unique)
    return counts


@dataclass
class _Asked:
    """The market's vendors, and what each record and board last was."""

    market: Market
    doors: dict[str, tuple[str, object]]
    versions: dict[tuple[str, str], str]
    boards: dict[str, dict[str, str]]

    def ask(
        self, door: str, parts: list[str], day: date, query: dict[str, str] | None = None
    ) -> Answer:
        """A vendor's answer as of the end of ``day``."""
        request = Request("GET", parts, query or {}, _HEADERS, self.market.day_of(day))
        return self.doors[door][1].answer(request)

    def is_new(self, record: Record) -> bool:
        """Whether the record differs from what was last seen under its id; remembers it."""
        key = (record.stream, record.record_id)
        if self.versions.get(key) == record.payload_sha256:
            return False
        self.versions[key] = record.payload_sha256
        return True


def _boards(
    asked: _Asked, source: str, targets: list[Target], day: date, fetched_at: datetime
) -> Iterator[Record]:
    parse, parts = _BOARDS[source]
    tokens = sorted(
        {
            board.partition(":")[2]
            for target in targets
            if (board := target.job_board or "").startswith(f"{source}:")
        }
    )
    for token in tokens:
        answer = asked.ask(source, parts(token), day, {"content": "true"})
        if answer.status != 200:
            continue
        known = asked.boards.get(token, {})
        manifest: dict[str, str] = {}
        for item in parse(
            answer.body, token, fetched_at=fetched_at, source_url=f"{source}:{token}"
        ):
            if isinstance(item, Rejected):
                continue
            job = item.record_id.split("/", 1)[1]
            manifest.setdefault(job, item.payload_sha256)
            if known.get(job) != item.payload_sha256:
                yield item
        asked.boards[token] = manifest
        yield _manifest(source, token, manifest, fetched_at)


def _manifest(source: str, token: str, jobs: dict[str, str], fetched_at: datetime) -> Record:
    """The ids of a board's open jobs with the hash of each."""
    return Record(
        source=source,
        stream="boards",
        record_id=token,
        observed_at=fetched_at,
        fetched_at=fetched_at,
        source_url=None,
        payload=encode_json({"board_token": token, "jobs": jobs}),
    )


def _workday(
    asked: _Asked, source: str, targets: list[Target], day: date, fetched_at: datetime
) -> Iterator[Record]:
    door = asked.doors["workday"][1]
    for board in sorted(
        {t.job_board for t in targets if (t.job_board or "").startswith("workday:")}
    ):
        tenant, centre, site = workday.parse_token(board.partition(":")[2])
        token = f"{tenant}.{centre}.{site}".lower()
        parts = [f"{tenant}.{centre}", "wday", "cxs", tenant, site]
        known, manifest, total = asked.boards.get(token, {}), {}, 1
        while len(manifest) < total:
            body = json.dumps({"limit": workday.PAGE_SIZE, "offset": len(manifest)}).encode()
            today = asked.market.day_of(day)
            answer = door.answer(Request("POST", [*parts, "jobs"], {}, _HEADERS, today, body))
            stated, jobs = workday.parse_list(answer.body)
            total = stated if not manifest else total
            for listed in jobs:
                job, sha = workday.job_id(listed), workday.listed_sha256(listed)
                manifest[job] = sha
                if known.get(job) != sha:
                    page = asked.ask(
                        "workday", [*parts, *listed["externalPath"][1:].split("/")], day
                    )
                    yield workday.parse_job(
                        page.body, token, job, fetched_at=fetched_at, source_url=f"workday:{token}"
                    )
            if not jobs:
                break
        asked.boards[token] = manifest
        yield _manifest(source, token, manifest, fetched_at)


def _company_list(
    asked: _Asked, source: str, targets: list[Target], day: date, fetched_at: datetime
) -> Iterator[Record]:
    answer = asked.ask("crm", ["export", "company_list.csv"], day)
    for item in company_list.parse(answer.body, fetched_at=fetched_at):
        if isinstance(item, Record) and asked.is_new(item):
            yield item


def _crm(
    asked: _Asked, source: str, targets: list[Target], day: date, fetched_at: datetime
) -> Iterator[Record]:
    for stream in crm.ID_COLUMNS:
        answer = asked.ask("crm", ["export", f"{stream}.csv"], day)
        for item in crm.parse(answer.body, stream, fetched_at=fetched_at):
            if isinstance(item, Record) and asked.is_new(item):
                yield item


def _crunchbase(
    asked: _Asked, source: str, targets: list[Target], day: date, fetched_at: datetime
) -> Iterator[Record]:
    vendor = asked.doors["crunchbase"][1]
    after = None
    while True:
        search = {
            "field_ids": list(crunchbase.FIELDS),
            "query": [],
            "order": [{"field_id": "updated_at", "sort": "asc"}],
            "limit": 1000,
        } | ({"after_id": after} if after else {})
        parts = ["v4", "data", "searches", "funding_rounds"]
        body = json.dumps(search).encode()
        answer = vendor.answer(Request("POST", parts, {}, _HEADERS, asked.market.day_of(day), body))
        found = crunchbase.parse(answer.body, fetched_at=fetched_at, source_url="crunchbase:")
        records = [item for item in found if isinstance(item, Record)]
        yield from (record for record in records if asked.is_new(record))
        if len(found) < 1000:
            return
        after = records[-1].record_id


def _company_site(
    asked: _Asked, source: str, targets: list[Target], day: date, fetched_at: datetime
) -> Iterator[Record]:
    from sandbox.vendors.sites import behaviour

    unread = ("disallow", "server_error", "broken", "hanging")
    for domain in sorted({target.domain for target in targets if target.domain}):
        company = asked.market.by_domain.get(domain)
        if company is None or behaviour(company) in unread:
            continue
        answer = asked.ask("sites", [domain], day)
        headers: dict[str, str] = {"Content-Type": answer.media_type}
        for name, value in answer.headers:
            headers[name] = f"{headers[name]}, {value}" if name in headers else value
        item = company_site.parse(
            answer.body,
            domain,
            "/",
            status=answer.status,
            headers=headers,
            fetched_at=fetched_at,
            source_url=f"https://{domain}/",
        )
        if isinstance(item, Record):
            yield item


def _press(
    asked: _Asked, source: str, targets: list[Target], day: date, fetched_at: datetime
) -> Iterator[Record]:
    # Entries are written here and not read back from a feed: feedparser takes 2 ms for each.
    from sandbox.market.market import guid
    from sandbox.market.press_text import render, slug_of
    from sandbox.market.words import ALL_OUTLETS

    market, today = asked.market, asked.market.day_of(day)
    for number, shelf in enumerate(market.articles):
        outlet = ALL_OUTLETS[number].slug
        for article in shelf:
            if article.day > today:
                continue
            story = render(article, market.companies[article.company], today)
            published = market.time(article.day, article.second).isoformat()
            link = f"https://{outlet}.example/{slug_of(story.title)}-{article.article_id.lower()}"
            payload = {
                "outlet": outlet,
                "guid": guid(article),
                "title": story.title,
                "link": link,
                "published": published,
                "summary": story.summary,
                "content": story.content,
                "author": story.author,
                "categories": list(story.categories),
            }
            record = Record(
                source="press",
                stream="articles",
                record_id=f"{outlet}/{guid(article)}",
                observed_at=stated_time(published, fetched_at),
                fetched_at=fetched_at,
                source_url=link,
                payload=encode_json(payload),
            )
            if asked.is_new(record):
                yield record


def _sec_edgar(
    asked: _Asked, source: str, targets: list[Target], day: date, fetched_at: datetime
) -> Iterator[Record]:
    for cik in sorted({target.cik for target in targets if target.cik}):
        url = f"https://data.sec.example/submissions/CIK{cik}.json"
        answer = asked.ask("sec-data", ["submissions", f"CIK{cik}.json"], day)
        if answer.status != 200:
            continue
        found = sec_edgar.parse_submissions(answer.body, source_url=url)
        company = sec_edgar.company_record(found, fetched_at=fetched_at, source_url=url)
        if asked.is_new(company):
            yield company
        filings = list(found.filings)
        for file in found.files:
            older = asked.ask("sec-data", ["submissions", file["name"]], day)
            filings += sec_edgar.parse_index_file(
                older.body, found.cik, found.name, source_url=f"{url}#{file['name']}"
            )
        for filing in filings:
            stream = filing.stream
            if stream is None or (stream, filing.accession_number) in asked.versions:
                continue
            document = asked.ask("sec-archives", filing.path().split("/"), day)
            if document.status != 200:
                continue
            item = sec_edgar.filing_record(
                filing,
                document.body,
                fetched_at=fetched_at,
                source_url=f"https://www.sec.example/{filing.path()}",
                media_type=document.media_type,
            )
            if isinstance(item, Record) and asked.is_new(item):
                yield item


def _newsapi(
    asked: _Asked, source: str, targets: list[Target], day: date, fetched_at: datetime
) -> Iterator[Record]:
    for query in newsapi.queries(targets):
        request = Request(
            "GET", ["v2", "everything"], {"q": query}, _HEADERS | {"x-api-key": "benchmark"},
            asked.market.day_of(day),
        )  # fmt: skip
        for page in range(1, 6):
            request.query["page"] = str(page)
            found = newsapi.parse(
                asked.doors["newsapi"][1].answer(request).body, fetched_at=fetched_at
            )
            for item in found:
                if isinstance(item, Record) and asked.is_new(item):
                    yield item
            if len(found) < newsapi.PAGE_SIZE:
                break


def _drops(
    asked: _Asked, source: str, targets: list[Target], day: date, fetched_at: datetime
) -> Iterator[Record]:
    from resources.sources.declaration import load_declarations
    from sandbox.exports import exports

    declared = load_declarations(PROJECT_ROOT / "config").sources
    for path, content in exports(asked.market, asked.market.day_of(day)).items():
        vendor, _, name = path.partition("/")
        # Lists of people are exported twice, so that two readings can be compared.
        if asked.market.day_of(day) != asked.market.config.today and vendor not in PEOPLE_LISTS:
            continue
        file = file_drop.DroppedFile(path, name, len(content), None)
        for mapping in declared[vendor].files:
            if not file_drop.fits(name, mapping.pattern):
                continue
            stream = mapping.type.stream
            for row in read_table(content, name, mapping):
                for mapped in map_row(row, mapping) if isinstance(row, Row) else ():
                    if file_drop.fits(name, mapping.whole):
                        mapped.fields["listed_on"] = file.dated.isoformat()
                    if mapped.is_admitted:
                        yield file_drop.record_of(
                            vendor, stream, mapped, f"file:{name}", file.stated_at, fetched_at
                        )[0]


_SOURCES = {
    "newsapi": _newsapi,
    "drops": _drops,
    "workday": _workday,
    "company_list": _company_list,
    "crm": _crm,
    "crunchbase": _crunchbase,
    "company_site": _company_site,
    "press": _press,
    "sec_edgar": _sec_edgar,
}
