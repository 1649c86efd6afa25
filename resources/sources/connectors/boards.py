"""What the job-board connectors share: new and changed jobs, and who was open on the day.

A board answers with all its open jobs. Stored are the jobs that are new or changed since the last
manifest, and one manifest row per board and fetch, from which openings and closures are told
exactly. A board that could not be read leaves no manifest, so its silence closes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from resources.http import BadResponseError, decode_json, encode_json
from resources.lake import Record
from resources.sources.connectors.base import (
    Context,
    Cursor,
    Emission,
    Failed,
    Rejected,
    stated_time,
)

JobAnswer = list[Record | Rejected]

#: A board that had at least this many jobs and suddenly shows none is believed on the second day.
SUDDENLY_EMPTY = 5


def parse_jobs(
    payload: bytes,
    source: str,
    board_token: str,
    *,
    list_field: str | None,
    title_field: str,
    time_field: str,
    fetched_at: datetime,
    source_url: str,
) -> JobAnswer:
    """Jobs of one answer, one record each; a job without id or title is rejected.

    ``list_field`` is the field that holds the jobs, or None when the answer itself is the list.
    Raises ``BadResponseError`` when the answer has not the vendor's shape.
    """
    decoded = decode_json(payload, source, source_url)
    jobs = decoded
    if list_field is not None:
        jobs = decoded.get(list_field) if isinstance(decoded, dict) else None
    if not isinstance(jobs, list):
        raise BadResponseError(
            source,
            source_url,
            f"answer of board {board_token!r} has no list {list_field or 'of postings'!r}; it has "
            f"{_fields(decoded)}",
            excerpt=payload,
        )
    answer: JobAnswer = []
    for position, job in enumerate(jobs):
        problem = _problem(job, title_field)
        if problem:
            answer.append(
                Rejected(
                    source,
                    "jobs",
                    f"{board_token}/#{position}",
                    "missing_field",
                    f"job {position} of board {board_token!r} {problem}",
                    excerpt=encode_json(job),
                )
            )
            continue
        answer.append(
            Record(
                source=source,
                stream="jobs",
                record_id=f"{board_token}/{job['id']}",
                observed_at=stated_time(job.get(time_field), fetched_at),
                fetched_at=fetched_at,
                source_url=source_url,
                payload=encode_json(job),
            )
        )
    if jobs and all(isinstance(item, Rejected) for item in answer):
        raise BadResponseError(
            source,
            source_url,
            f"none of the {len(jobs)} jobs of board {board_token!r} has id and {title_field!r}: "
            "the vendor's shape has changed",
            excerpt=payload,
        )
    return answer


def _problem(job: Any, title_field: str) -> str | None:
    if not isinstance(job, dict):
        return "is no object"
    identifier = job.get("id")
    if isinstance(identifier, bool) or not isinstance(identifier, str | int) or identifier == "":
        return "has no 'id'"
    if not isinstance(job.get(title_field), str):
        return f"has no {title_field!r}"
    return None


def _fields(decoded: Any) -> str:
    if isinstance(decoded, dict):
        return f"the fields {sorted(decoded)[:10]}"
    return f"a {type(decoded).__name__}"


def fetch_boards(
    context: Context, ask: Callable[[str], Iterable[Record | Rejected]]
) -> Iterator[Emission]:
    """All boards of the targets that this vendor hosts; ``ask`` reads one board by its token."""
    manifests = previous_manifests(context)

    def read(token: str) -> Iterator[Emission]:
        return compare(context, token, list(ask(token)), manifests.get(token))

    yield from context.each(board_tokens(context), str, read, "boards", lambda token: [token])


def board_tokens(context: Context) -> list[str]:
    """Tokens of the targets' boards that this vendor hosts, in order."""
    return sorted(
        {
            token
            for target in context.targets
            for vendor, _, token in [(target.job_board or "").partition(":")]
            if vendor == context.source and token
        }
    )


def previous_manifests(context: Context) -> dict[str, dict[str, str]]:
    """What each board last showed as of this fetch: ``{token: {job id: content hash}}``."""
    table = context.lake.read(
        context.source, "boards", columns=["record_id", "fetched_at", "payload"]
    )
    latest: dict[str, tuple[datetime, str]] = {}
    for row in table.to_pylist():
        seen = latest.get(row["record_id"])
        if row["fetched_at"] <= context.fetched_at and (
            seen is None or row["fetched_at"] >= seen[0]
        ):
            latest[row["record_id"]] = (row["fetched_at"], row["payload"])
    return {
        token: decode_json(payload.encode(), context.source, "lake:boards")["jobs"]
        for token, (_, payload) in latest.items()
    }


def compare(
    context: Context, token: str, answer: JobAnswer, previous: Mapping[str, str] | None
) -> Iterator[Emission]:
    """The jobs of ``answer`` that are new or changed, then the board's manifest."""
    known = previous or {}
    manifest: dict[str, str] = {}
    rejected = False
    for item in answer:
        if isinstance(item, Rejected):
            rejected = True
            yield item
            continue
        job = item.record_id.split("/", 1)[1]
        manifest.setdefault(job, item.payload_sha256)
        if context.is_repeated(item) or known.get(job) != item.payload_sha256:
            yield item
    doubt = doubted(context, token, shown=len(manifest), known=len(known))
    yield from doubt.emissions
    if not doubt.is_believed:
        return
    if rejected:
        # A job that could not be read is not known to be closed.
        manifest = {**{job: sha for job, sha in known.items() if job not in manifest}, **manifest}
    yield board_manifest(context, token, manifest)


def board_manifest(context: Context, token: str, manifest: Mapping[str, str]) -> Record:
    """What was open on a board at this fetch: job ids and the hashes of what was told of them."""
    return Record(
        source=context.source,
        stream="boards",
        record_id=token,
        observed_at=context.fetched_at,
        fetched_at=context.fetched_at,
        source_url=None,
        payload=encode_json({"board_token": token, "jobs": dict(manifest)}),
    )


@dataclass(frozen=True, slots=True)
class Doubt:
    """Whether an answer is believed, and what is to be told of it."""

    is_believed: bool
    emissions: tuple[Emission, ...] = ()


def doubted(context: Context, token: str, *, shown: int, known: int) -> Doubt:
    """A board that had jobs and shows none is believed when a later day shows the same."""
    doubt = ("boards", f"suddenly_empty:{token}")
    since = context.cursors.get(doubt)
    if shown or known < SUDDENLY_EMPTY:
        return Doubt(True, (Cursor(*doubt, ""),) if since else ())
    if since and since < context.day.isoformat():
        return Doubt(True)
    problem = f"board {token!r} had {known} jobs and shows none"
    return Doubt(
        False,
        (
            Cursor(*doubt, context.day.isoformat()),
            Failed(token, f"board had {known} jobs and shows none; asked again first"),
            Rejected(
                context.source,
                "boards",
                token,
                "suddenly_empty",
                f"{problem}; believed when a later day shows the same",
                severity="warning",
            ),
        ),
    )
