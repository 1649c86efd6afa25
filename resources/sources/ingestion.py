"""Ingesting one source for one day: ask, store, then move the cursors.

The order makes a kill at any moment harmless: records reach the lake atomically, stream by stream,
before the cursors move, so the next run asks again for whatever was not stored, and what was stored
is not stored twice.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Literal

from resources.circuits import Breakers
from resources.clock import Clock, utc_now
from resources.http import PoliteSession, SourceError
from resources.lake import Lake, Record
from resources.leftovers import sweep
from resources.quarantine import Quarantine, QuarantinedRow, set_aside
from resources.settings import Settings
from resources.sources.connectors.base import (
    Context,
    Cursor,
    Emission,
    Failed,
    NotConfiguredError,
    Rejected,
    Skipped,
    SourceOutageError,
    Target,
)
from resources.sources.declaration import Declaration, Declarations, load_declarations
from resources.sources.registry import connector_of, streams_of
from resources.sources.targets import load_targets
from resources.state import (
    SourceRun,
    StateStore,
    get_circuits,
    get_cursors,
    record_asked,
    record_source_run,
    set_circuits,
    set_cursors,
)

#: Bytes of records held in memory before they are written; bounds memory, not correctness.
FLUSH_BYTES = 256_000_000

#: How many failures a report quotes.
QUOTED_FAILURES = 5

Status = Literal["ok", "unchanged", "partial", "failed", "not_configured"]

#: Sources that need no list of companies.
_WITHOUT_TARGETS = frozenset({"company_list", "crm", "crunchbase", "press"})


@dataclass(frozen=True)
class Services:
    """What ingestion works with. ``open_services`` makes the usual one."""

    declarations: Declarations
    lake: Lake
    state: StateStore
    quarantine: Quarantine
    clock: Clock = field(default_factory=Clock)
    cache_dir: Path | None = None
    environ: Mapping[str, str] | None = None
    sleep: Callable[[float], None] = time.sleep
    #: Folder below which relative folders of declarations lie.
    home: Path | None = None


def open_services(settings: Settings, environ: Mapping[str, str] | None = None) -> Services:
    """Services as the settings say: lake, state store, quarantine, declarations, clock, cache."""
    declarations = load_declarations(settings.config_dir, settings.environment)
    return Services(
        declarations=declarations,
        lake=Lake(settings.lake),
        state=StateStore(settings.state),
        quarantine=Quarantine(settings.quarantine),
        clock=Clock(replayable=declarations.replayable),
        cache_dir=settings.home / "http_cache" / settings.environment,
        environ=environ,
        home=settings.home,
    )


@dataclass
class IngestReport:
    """What one ingest did. ``bytes`` were received, ``seconds`` are wall time."""

    source: str
    day: date
    status: Status = "ok"
    records: int = 0
    new_rows: dict[str, int] = field(default_factory=dict)
    bytes: int = 0
    requests: int = 0
    cache_hits: int = 0
    retries: int = 0
    rejected: int = 0
    failed_targets: int = 0
    skipped_targets: int = 0
    seconds: float = 0.0
    error: str | None = None

    @property
    def total_new_rows(self) -> int:
        """New rows over all streams."""
        return sum(self.new_rows.values())


def ingest(
    source: str,
    day: date,
    services: Services,
    progress: Callable[[int, int], None] | None = None,
) -> IngestReport:
    """Fetch one source for the partition ``day`` into the lake and say what happened.

    A source without its key or address is ``not_configured``. One that is down is ``failed``, with
    what was read before it went down stored. Single targets that fail make it ``partial``. Raises
    ``NotFetchableError`` for a day that cannot be fetched, and ``ConfigurationError`` for a source
    that is not declared; never for what a source does.
    """
    declaration = services.declarations[source]
    fetched_at = services.clock.fetch_time(day)
    started_at, started = utc_now(), time.monotonic()
    report = IngestReport(source, day)
    services.lake.ensure((source, stream) for stream in streams_of(declaration))
    services.quarantine.dataset("fetch").ensure()
    if "://" not in services.lake.url:
        sweep(Path(services.lake.url) / source)
    missing = declaration.missing(services.environ)
    if missing:
        report.status = "not_configured"
        report.error = f"set {', '.join(missing)}"
    else:
        _Ingest(declaration, day, fetched_at, services, report).run(progress)
    report.seconds = time.monotonic() - started
    record_source_run(
        services.state,
        SourceRun(
            source=source,
            day=day,
            status=report.status,
            started_at=started_at,
            finished_at=utc_now(),
            records=report.records,
            new_rows=report.total_new_rows,
            bytes=report.bytes,
            requests=report.requests,
            cache_hits=report.cache_hits,
            rejected=report.rejected,
            failed_targets=report.failed_targets,
            seconds=report.seconds,
            error=report.error,
        ),
    )
    return report


def ensure_streams(services: Services) -> None:
    """Make every stream of the lake and the quarantine readable before the first fetch."""
    services.lake.ensure(
        (name, stream)
        for name, declaration in services.declarations.sources.items()
        for stream in streams_of(declaration)
    )
    services.quarantine.ensure()


class _Ingest:
    """One run: collects what the connector emits and writes it in the safe order."""

    def __init__(
        self,
        declaration: Declaration,
        day: date,
        fetched_at: datetime,
        services: Services,
        report: IngestReport,
    ) -> None:
        self.declaration = declaration
        self.day = day
        self.fetched_at = fetched_at
        self.services = services
        self.report = report
        self.buffers: dict[str, list[Record]] = {s: [] for s in streams_of(declaration)}
        self.buffered_bytes = 0
        self.context: Context | None = None
        self.cursors: dict[tuple[str, str], str] = {}
        self.rejected: list[QuarantinedRow] = []
        self.failures: list[str] = []

    def run(self, progress: Callable[[int, int], None] | None) -> None:
        """Fetch everything; an outage stores what came before it."""
        outage: Exception | None = None
        targets = self._targets()
        if not targets and self._asks_about_companies:
            self.report.status = "not_configured"
            self.report.error = (
                "no companies to ask about: first fetch company_list (BUYING_SIGNALS_COMPANY_LIST) "
                "or crm (BUYING_SIGNALS_CRM_EXPORT)"
            )
            return
        # Pauses of circuits run by the machine's clock, whatever day is fetched.
        breakers = Breakers(
            self.declaration.breaker,
            utc_now,
            get_circuits(self.services.state, self.declaration.name),
        )
        with PoliteSession(
            self.declaration,
            self.day,
            cache_dir=self.services.cache_dir,
            environ=self.services.environ,
            sleep=self.services.sleep,
            breakers=breakers,
        ) as session:
            context = Context(
                declaration=self.declaration,
                session=session,
                lake=self.services.lake,
                cursors=get_cursors(self.services.state, self.declaration.name),
                day=self.day,
                fetched_at=self.fetched_at,
                targets=targets,
                progress=progress,
                environ=self.services.environ,
                home=self.services.home,
            )
            self.context = context
            try:
                self._collect(connector_of(self.declaration)(context))
            except NotConfiguredError as error:
                self.report.status, self.report.error = "not_configured", str(error)
                return
            except (SourceOutageError, SourceError) as error:
                outage = error
            self._store()
            record_asked(self.services.state, self.declaration.name, context.asked, self.fetched_at)
            set_circuits(self.services.state, self.declaration.name, *breakers.changes())
            self._finish(session, context.succeeded, outage)

    @property
    def _asks_about_companies(self) -> bool:
        if self.declaration.connector != "own":
            return any(question.per == "company" for question in self.declaration.questions)
        return self.declaration.name not in _WITHOUT_TARGETS

    def _targets(self) -> list[Target]:
        if not self._asks_about_companies:
            return []
        return load_targets(self.services.lake, until=self.fetched_at)

    def _collect(self, emissions: Iterable[Emission]) -> None:
        for item in emissions:
            if isinstance(item, Record):
                self._record(item)
            elif isinstance(item, Rejected):
                self._reject(item)
            elif isinstance(item, Cursor):
                self.cursors[item.stream, item.key] = item.value
            elif isinstance(item, Failed):
                self.report.failed_targets += 1
                self.failures.append(f"{item.target}: {item.error}")
            elif isinstance(item, Skipped):
                self.report.skipped_targets += 1

    def _record(self, record: Record) -> None:
        """Keep a record; the same id with other content in one fetch is set aside."""
        if self.context is not None and self.context.is_repeated(record):
            self._reject(
                Rejected(
                    record.source,
                    record.stream,
                    record.record_id,
                    "duplicate_id",
                    f"{record.source}/{record.stream} told {record.record_id!r} twice in one fetch "
                    "with different content; the first is kept",
                    excerpt=record.payload,
                    payload_sha256=record.payload_sha256,
                )
            )
            return
        self.report.records += 1
        self.buffers[record.stream].append(record)
        self.buffered_bytes += len(record.payload) + len(record.body or b"")
        if self.buffered_bytes >= FLUSH_BYTES:
            self._write()

    def _reject(self, item: Rejected) -> None:
        self.report.rejected += 1
        self.rejected.append(
            set_aside(
                "fetch",
                item.source,
                item.stream,
                item.record_id,
                item.rule,
                item.reason,
                payload_sha256=item.payload_sha256,
                severity=item.severity,
                quarantined_at=self.fetched_at,
                excerpt=item.excerpt,
            )
        )

    def _write(self) -> None:
        for stream, records in self.buffers.items():
            if records:
                # Answers come in any order; the same answers always make the same file.
                records.sort(key=lambda record: record.record_id)
                written = self.services.lake.write(self.declaration.name, stream, self.day, records)
                new = self.report.new_rows
                new[stream] = new.get(stream, 0) + written.new_rows
                records.clear()
        self.buffered_bytes = 0

    def _store(self) -> None:
        """Lake, then quarantine, then cursors: whatever is lost on the way is asked for again."""
        self._write()
        self.services.quarantine.add("fetch", self.day, self.rejected)
        if self.cursors:
            set_cursors(self.services.state, self.declaration.name, self.cursors, utc_now())

    def _finish(self, session: PoliteSession, succeeded: int, outage: Exception | None) -> None:
        report = self.report
        done = session.statistics
        report.bytes, report.requests = done.bytes, done.requests
        report.cache_hits, report.retries = done.cache_hits, done.retries
        if outage is not None:
            report.status = "failed"
            report.error = session.redact(str(outage))
        elif self.failures:
            report.status = "partial" if succeeded else "failed"
            quoted = "; ".join(sorted(self.failures)[:QUOTED_FAILURES])
            more = len(self.failures) - QUOTED_FAILURES
            report.error = quoted + (f"; and {more} more" if more > 0 else "")
        elif not report.total_new_rows:
            report.status = "unchanged"
        if report.error:
            report.error = report.error[:4000]
