"""Workday career sites: a paged list of what is open, and a page of its own for each job.

A board is named ``<tenant>.<data centre>.<site>``, as its address shows it:
``https://<tenant>.<data centre>.myworkdayjobs.com/<site>``. The list tells title and place, and how
long ago a job was posted in words that change daily; a job's page, which holds its text, is asked
for when the list shows it first or otherwise than before. robots.txt of the site is honoured.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from protego import Protego

from resources.http import (
    PRODUCT,
    BadResponseError,
    PermanentError,
    SourceError,
    decode_json,
    encode_json,
)
from resources.lake import Record
from resources.sources.connectors.base import (
    Context,
    Emission,
    Failed,
    Rejected,
    Skipped,
    stated_time,
)
from resources.sources.connectors.boards import (
    board_manifest,
    board_tokens,
    doubted,
    previous_manifests,
)

#: The list gives at most so many jobs a page.
PAGE_SIZE = 20
#: More pages than this mean that ``offset`` is not honoured.
MAX_PAGES = 500


def parse_token(token: str) -> tuple[str, str, str]:
    """Tenant, data centre and site of a board's name. Raises ValueError for another form.

    >>> parse_token("acme.wd5.Careers")
    ('acme', 'wd5', 'Careers')
    """
    parts = token.replace("/", ".").split(".")
    if len(parts) != 3 or not all(parts):
        raise ValueError(f"{token!r} is no Workday board; write workday:<tenant>.<wdN>.<site>")
    return parts[0], parts[1], parts[2]


def parse_list(payload: bytes, source_url: str = "file:") -> tuple[int, list[dict[str, Any]]]:
    """Total and jobs of one page of a list. Raises ``BadResponseError`` for another shape."""
    decoded = decode_json(payload, "workday", source_url)
    jobs = decoded.get("jobPostings") if isinstance(decoded, dict) else None
    total = decoded.get("total") if isinstance(decoded, dict) else None
    if not isinstance(jobs, list) or not isinstance(total, int):
        raise BadResponseError(
            "workday",
            source_url,
            "answer has no list 'jobPostings' with a 'total'",
            excerpt=payload,
        )
    return total, [job for job in jobs if isinstance(job, dict)]


def job_id(listed: dict[str, Any]) -> str | None:
    """A listed job's own id: the end of its path, which bears the requisition; None without one."""
    path = listed.get("externalPath")
    return path.rstrip("/").rsplit("/", 1)[-1] if isinstance(path, str) and "/" in path else None


def listed_sha256(listed: dict[str, Any]) -> str:
    """Hash of what a list says of a job, without the words that count days."""
    lasting = {name: value for name, value in sorted(listed.items()) if name != "postedOn"}
    return hashlib.sha256(encode_json(lasting).encode()).hexdigest()


def parse_job(
    payload: bytes, board: str, job: str, *, fetched_at: datetime, source_url: str = "file:"
) -> Record:
    """A job's own page as a record. Raises ``BadResponseError`` for another shape."""
    decoded = decode_json(payload, "workday", source_url)
    info = decoded.get("jobPostingInfo") if isinstance(decoded, dict) else None
    if not isinstance(info, dict) or not isinstance(info.get("title"), str):
        raise BadResponseError(
            "workday", source_url, "answer has no 'jobPostingInfo' with a title", excerpt=payload
        )
    # Counts the days since posting, and so would make a new version of it every day.
    info.pop("postedOn", None)
    return Record(
        source="workday",
        stream="jobs",
        record_id=f"{board}/{job}",
        observed_at=stated_time(info.get("startDate"), fetched_at),
        fetched_at=fetched_at,
        source_url=source_url,
        payload=encode_json(decoded),
    )


def fetch(context: Context) -> Iterator[Emission]:
    """New and changed jobs and the manifest of every Workday site among the targets."""
    manifests = previous_manifests(context)

    def read(token: str) -> Iterator[Emission]:
        try:
            tenant, centre, site = parse_token(token)
        except ValueError as error:
            yield Rejected(context.source, "boards", token, "not_a_board", str(error))
            return
        base = context.urls["site"].replace("{host}", f"{tenant}.{centre}")
        robots = context.session.get(f"{base}/robots.txt", accept_all=True)
        if robots.status < 400 and not Protego.parse(
            robots.content[:500_000].decode("utf-8-sig", "replace")
        ).can_fetch(
            f"https://{tenant}.{centre}.myworkdayjobs.com/{site}/",
            PRODUCT.split("/", maxsplit=1)[0],
        ):
            yield Skipped(token, "robots.txt forbids it")
            return
        # The company's key is compared in lower case, while an address is not.
        yield from _board(context, token.replace("/", ".").lower(), base, tenant, site, manifests)

    yield from context.each(board_tokens(context), str, read, "boards", lambda token: [token])


def _board(
    context: Context,
    board: str,
    base: str,
    tenant: str,
    site: str,
    manifests: dict[str, dict[str, str]],
) -> Iterator[Emission]:
    address = f"{base}/wday/cxs/{tenant}/{site}"
    known = manifests.get(board)
    manifest: dict[str, str] = {}
    for listed in _listed(context, address):
        job = job_id(listed)
        if job is None or job in manifest:
            if job is None:
                yield Rejected(
                    context.source,
                    "jobs",
                    f"{board}/#{len(manifest)}",
                    "missing_field",
                    f"a job of board {board!r} has no 'externalPath'",
                    excerpt=encode_json(listed),
                )
            continue
        sha = listed_sha256(listed)
        if (known or {}).get(job) != sha:
            try:
                # Asked for once and kept in the lake: a cache would only store it twice.
                answer = context.session.get(f"{address}{listed['externalPath']}", cache=False)
                record = parse_job(
                    answer.content,
                    board,
                    job,
                    fetched_at=context.fetched_at,
                    source_url=answer.url,
                )
                if context.is_new(record):
                    yield record
            except PermanentError as error:
                # It is open all the same; an unknown hash makes the next fetch ask again.
                sha = ""
                yield Failed(f"{board}/{job}", str(error))
        manifest[job] = sha
    doubt = doubted(context, board, shown=len(manifest), known=len(known or {}))
    yield from doubt.emissions
    if not doubt.is_believed:
        return
    yield board_manifest(context, board, manifest)


def _listed(context: Context, address: str) -> Iterator[dict[str, Any]]:
    """All jobs of a list. Raises ``SourceError`` when it ends before its own total."""
    seen, total = 0, 0
    for page in range(MAX_PAGES):
        answer = context.session.post_json(
            f"{address}/jobs",
            {
                "appliedFacets": {},
                "limit": PAGE_SIZE,
                "offset": page * PAGE_SIZE,
                "searchText": "",
            },
        )
        stated, jobs = parse_list(answer.content, answer.url)
        # Later pages of some sites state no total.
        total = total or stated
        seen += len(jobs)
        yield from jobs
        if seen >= total or not jobs:
            break
    # A job that closes while the pages are turned makes one less; a list cut short closes nothing.
    if seen < total - PAGE_SIZE:
        raise SourceError(
            context.source, address, f"the list states {total} jobs and ends after {seen}"
        )
