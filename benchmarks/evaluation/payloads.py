"""``jobs.payloads.parsed``: share of recorded postings that become the right lake rows and titles.

Counted by posting: right id, right title, and a row of the titles' reader. The baseline expects
every vendor to answer with ``{"jobs": [{"id", "title"}]}``.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.evaluation.measure import FETCHED_AT, Evaluation, Metric, Miss, Stopwatch, rows
from detection.readers import READERS, read_rows
from resources.http import SourceError
from resources.lake import Record
from resources.sources.connectors import adzuna, ashby, greenhouse, lever, usajobs, workday

METRIC = "jobs.payloads.parsed"
FOLDER = "jobs/payloads"
#: Where each vendor's answer holds a posting's title: stated here and not taken from the readers,
#: so that what is measured does not set its own measure.
TITLE_FIELDS = {
    "greenhouse": "title", "lever": "text", "ashby": "title", "adzuna": "title",
    "usajobs": "MatchedObjectDescriptor.PositionTitle", "workday": "jobPostingInfo.title",
}  # fmt: skip
#: Where each vendor's answer holds its list, and a job its id.
LISTS = {"adzuna": "results", "usajobs": "SearchResult.SearchResultItems"}
IDS = {"usajobs": "MatchedObjectId", "workday": "jobPostingInfo.jobPostingId"}
VENDORS: dict[str, Callable[..., list[Any]]] = {
    "greenhouse": greenhouse.parse,
    "lever": lever.parse,
    "ashby": ashby.parse,
    "adzuna": adzuna.parse,
    "usajobs": lambda payload, _, *, fetched_at: usajobs.parse(payload, fetched_at=fetched_at),
    # A job's own page; the list says too little to be a posting.
    "workday": lambda payload, board, *, fetched_at: [
        workday.parse_job(
            payload,
            board,
            json.loads(payload)["jobPostingInfo"]["jobPostingId"],
            fetched_at=fetched_at,
        )
    ],
}


def evaluate(data: Path) -> Evaluation:
    """Parse the recorded answers of the vendors that have a connector."""
    result = Evaluation()
    files = sorted((data / FOLDER).glob("*"))
    if not files:
        result.skipped.append(f"{FOLDER}: no file")
        return result
    watch = Stopwatch()
    right = total = naive = 0
    for path in files:
        vendor = next((v for v in VENDORS if v in path.name.lower()), None)
        if vendor is None or path.suffix != ".json":
            result.skipped.append(f"{FOLDER}/{path.name}: no connector reads it yet")
            continue
        payload = path.read_bytes()
        if vendor == "workday" and b'"jobPostingInfo"' not in payload:
            result.skipped.append(f"{FOLDER}/{path.name}: a list of a site, not a posting")
            continue
        expected = _recount(payload, vendor)
        found = _parsed(payload, vendor, path, result)
        naive += len(set(_naive(payload)) & set(expected))
        total += len(expected)
        for job in expected:
            if job in found:
                right += 1
            else:
                result.misses.append(Miss(METRIC, f"{path.name} {job[0]}", job[1], "not parsed"))
    if total:
        result.metrics.append(
            Metric(
                METRIC, right / total, total, naive / total, watch.seconds(), "one shape for all"
            )
        )
    return result


def _parsed(payload: bytes, vendor: str, path: Path, result: Evaluation) -> set[tuple[str, str]]:
    try:
        answer = VENDORS[vendor](payload, "board", fetched_at=FETCHED_AT)
    except SourceError as error:
        result.misses.append(Miss(METRIC, path.name, "an answer", str(error)[:300]))
        return set()
    records = [item for item in answer if isinstance(item, Record)]
    titles = {r.title for r in read_rows(READERS["job_titles"], rows(records)).rows}
    found = set()
    for record in records:
        title = _field(json.loads(record.payload), TITLE_FIELDS[vendor])
        if title.strip()[:500] in titles:
            found.add((record.record_id.partition("/")[2], title))
    return found


def _recount(payload: bytes, vendor: str) -> list[tuple[str, str]]:
    document = json.loads(payload)
    if vendor == "workday":
        jobs = [document]
    else:
        jobs = (
            document if isinstance(document, list) else _field(document, LISTS.get(vendor, "jobs"))
        )
    return [
        (str(_field(job, IDS.get(vendor, "id"))), _field(job, TITLE_FIELDS[vendor])) for job in jobs
    ]


def _field(document: Any, path: str) -> Any:
    for name in path.split("."):
        document = document[name]
    return document


def _naive(payload: bytes) -> list[tuple[str, str]]:
    document = json.loads(payload)
    if not isinstance(document, dict):
        return []
    return [(str(j.get("id")), j.get("title", "")) for j in document.get("jobs", [])]
