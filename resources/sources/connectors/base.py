"""What all connectors share: what they may emit, what they are given, and failing alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from itertools import islice
from pathlib import Path
from queue import SimpleQueue
from typing import Any, TypeVar

from resources.http import (
    BadResponseError,
    PoliteSession,
    RefusedError,
    SourceError,
    TooLargeError,
    TransientError,
    redact_url,
)
from resources.lake import Lake, Record
from resources.sources.declaration import Declaration

Item = TypeVar("Item")

#: Times outside this span are mistakes of a source, not moments (a year 3201, an epoch of 0).
_EARLIEST = datetime(1971, 1, 1, tzinfo=UTC)
_LATEST = datetime(2200, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Target:
    """A company to ask about. Fields that the user did not give are None."""

    name: str
    domain: str | None = None
    cik: str | None = None
    job_board: str | None = None


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that cannot be stored: it goes to quarantine with its reason."""

    source: str
    stream: str
    record_id: str
    rule: str
    reason: str
    excerpt: str | bytes | None = None
    payload_sha256: str = ""
    severity: str = "critical"


@dataclass(frozen=True, slots=True)
class Failed:
    """One target that could not be read; the others go on."""

    target: str
    error: str


@dataclass(frozen=True, slots=True)
class Skipped:
    """One target that was rightly not read, for example because robots.txt forbids it."""

    target: str
    reason: str


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far a stream has been read; kept only after the lake holds what was read."""

    stream: str
    key: str
    value: str


Emission = Record | Rejected | Failed | Skipped | Cursor


class SourceOutageError(Exception):
    """So many questions in a row failed that the source itself must be down."""


class NotConfiguredError(Exception):
    """The source has nothing to read from yet; the message says what to do."""


def located(location: str, home: Path | None) -> str:
    """An address as it is; a path below ``home`` where it is relative."""
    if "://" in location or home is None:
        return location
    return str(home / Path(location).expanduser())


@dataclass
class Context:
    """What a connector is given for one fetch.

    ``fetched_at`` is UTC and belongs to the partition ``day``. ``cursors`` are those of the source.
    ``progress`` is told ``(done, total)`` questions.
    """

    declaration: Declaration
    session: PoliteSession
    lake: Lake
    cursors: Mapping[tuple[str, str], str]
    day: date
    fetched_at: datetime
    targets: Sequence[Target] = ()
    progress: Callable[[int, int], None] | None = None
    environ: Mapping[str, str] | None = None
    #: Folder below which relative folders of declarations lie (default: the working directory).
    home: Path | None = None
    #: How many questions have been answered, so that "all failed" can be told from "some failed".
    succeeded: int = 0
    #: Companies asked about by ``(key type, key)``: None, or why there was no answer.
    asked: dict[tuple[str, str], str | None] = field(default_factory=dict)
    _told: dict[tuple[str, str], str] = field(default_factory=dict)
    _versions: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def source(self) -> str:
        """Name of the source."""
        return self.declaration.name

    @cached_property
    def urls(self) -> dict[str, str]:
        """Base URLs without a trailing slash."""
        return self.declaration.urls(self.environ)

    def location(self, name: str) -> str:
        """A base URL that may be a folder; a relative one lies below the platform's home."""
        return located(self.urls[name], self.home)

    def option(self, name: str, default: Any) -> Any:
        """A connector's own option from the declaration, its variables filled in."""
        value = self.declaration.options.get(name, default)
        if isinstance(value, str):
            return self.declaration.fill(value, self.environ, f"options.{name}")
        return value

    def versions(self, stream: str) -> dict[str, str]:
        """Content hash last stored for each record id of a stream, as of this fetch."""
        if stream not in self._versions:
            self._versions[stream] = self.lake.versions(self.source, stream, until=self.fetched_at)
        return self._versions[stream]

    def is_repeated(self, record: Record) -> bool:
        """Whether this fetch has already told the same id with other content."""
        key = (record.stream, record.record_id)
        return self._told.setdefault(key, record.payload_sha256) != record.payload_sha256

    def is_new(self, record: Record) -> bool:
        """Whether this record's content differs from what was last stored for its id.

        Of an id that a source tells twice in one fetch only the first content counts; the other is
        passed on to be set aside, also when the first is stored already.
        """
        if self.is_repeated(record):
            return True
        return self.versions(record.stream).get(record.record_id) != record.payload_sha256

    def each(
        self,
        items: Sequence[Item],
        label: Callable[[Item], str],
        ask: Callable[[Item], Iterable[Emission]],
        stream: str,
        about: Callable[[Item], Iterable[str]] | None = None,
    ) -> Iterator[Emission]:
        """Ask about every item with the declared concurrency; emissions come as answers do.

        What one item emits stays together and in order. ``about`` gives the companies that an item
        asks about, by what the source is declared to ask by; how it went is kept in ``asked``.
        A failing item gives ``Failed`` (and ``Rejected`` into quarantine when its answer was bad or
        too large) and the rest go on. Raises ``SourceOutageError`` after ``outage_after`` failures
        in a row that may be the source's own fault.
        """
        in_a_row = 0
        total = len(items)
        for done, (item, outcome) in enumerate(self._outcomes(items, ask), start=1):
            if isinstance(outcome, BaseException):
                failure = list(self._failure(label(item), outcome, stream))
                if about is not None:
                    self._remember(about(item), failure, everyone=True)
                yield from failure
                in_a_row += counts_as_outage(outcome)
                if in_a_row >= self.declaration.outage_after:
                    raise SourceOutageError(
                        f"{in_a_row} failures in a row, the last: {outcome}; "
                        f"{total - done} of {total} not asked"
                    ) from None
            else:
                in_a_row = 0
                self.succeeded += 1
                if about is not None:
                    self._remember(about(item), outcome)
                yield from outcome
            if self.progress is not None:
                self.progress(done, total)

    def _remember(
        self, keys: Iterable[str], told: Iterable[Emission], everyone: bool = False
    ) -> None:
        """Keep how asking about ``keys`` went; a problem is theirs by name, or ``everyone``'s."""
        problems: dict[str, str] = {}
        for item in told:
            if isinstance(item, Failed):
                problems[item.target] = item.error
            elif isinstance(item, Skipped):
                problems[item.target.removesuffix("/")] = item.reason
            elif isinstance(item, Rejected):
                problems.setdefault(item.record_id, item.reason)
        shared = next(iter(problems.values()), None) if everyone else None
        asks_by = self.declaration.asks_by
        for key in keys:
            if asks_by == "job_board":
                self.asked["board", f"{self.source}:{key}"] = problems.get(key, shared)
            else:
                self.asked[asks_by, key] = problems.get(key, shared)

    def _outcomes(
        self, items: Sequence[Item], ask: Callable[[Item], Iterable[Emission]]
    ) -> Iterator[tuple[Item, list[Emission] | Exception]]:
        def attempt(item: Item) -> list[Emission] | Exception:
            try:
                return list(ask(item))
            except Exception as error:
                return error

        workers = self.declaration.concurrency
        if workers == 1 or len(items) == 1:
            yield from ((item, attempt(item)) for item in items)
            return
        pool = ThreadPoolExecutor(workers, thread_name_prefix=self.source)
        waiting = iter(items)
        finished: SimpleQueue[tuple[Item, list[Emission] | Exception]] = SimpleQueue()
        running = 0
        try:
            # As they finish, so that a site that hangs holds up nobody; and a bounded number at a
            # time, so that answers never pile up in memory.
            for item in islice(waiting, workers * 4):
                pool.submit(lambda item=item: finished.put((item, attempt(item))))
                running += 1
            while running:
                outcome = finished.get()
                running -= 1
                for item in islice(waiting, 1):
                    pool.submit(lambda item=item: finished.put((item, attempt(item))))
                    running += 1
                yield outcome
        finally:
            pool.shutdown(wait=True, cancel_futures=True)

    def _failure(self, target: str, error: Exception, stream: str) -> Iterator[Emission]:
        text = str(error) if isinstance(error, SourceError) else f"{type(error).__name__}: {error}"
        text = self.session.redact(text)
        yield Failed(target, text)
        if isinstance(error, BadResponseError | TooLargeError):
            rule = "too_large" if isinstance(error, TooLargeError) else "bad_response"
            yield Rejected(self.source, stream, target, rule, text, excerpt=error.excerpt)
        elif not isinstance(error, SourceError):
            yield Rejected(self.source, stream, target, "unreadable_answer", text)


def counts_as_outage(error: BaseException) -> bool:
    """Whether a failure may be the source's: a missing board or a large page is not."""
    return isinstance(error, TransientError | RefusedError | BadResponseError) or not isinstance(
        error, SourceError
    )


def parse_time(value: Any) -> datetime | None:
    """An ISO 8601 text (a day is its midnight; no zone is UTC) or epoch milliseconds, as UTC.

    None for anything else and for times that cannot be meant, such as a year 3201.
    """
    try:
        if isinstance(value, int | float) and not isinstance(value, bool):
            moment = datetime.fromtimestamp(value / 1000, UTC)
        elif isinstance(value, str) and value:
            moment = datetime.fromisoformat(value.strip())
            moment = moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
        else:
            return None
    except (ValueError, OverflowError, OSError):
        return None
    return moment if _EARLIEST <= moment <= _LATEST else None


def stated_time(value: Any, fetched_at: datetime) -> datetime:
    """The time a source states for a record; the fetch time when it states none that can be."""
    moment = parse_time(value)
    return moment if moment is not None and moment <= fetched_at else fetched_at


def cursor_floor(value: str | None, overlap_days: float) -> datetime | None:
    """Where to look from: the cursor minus an overlap for what is told late."""
    moment = parse_time(value)
    return None if moment is None else moment - timedelta(days=overlap_days)


__all__ = [
    "Context",
    "Cursor",
    "Emission",
    "Failed",
    "NotConfiguredError",
    "Rejected",
    "Skipped",
    "SourceOutageError",
    "Target",
    "counts_as_outage",
    "cursor_floor",
    "parse_time",
    "redact_url",
    "stated_time",
]
