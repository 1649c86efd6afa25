"""``correspondence.sources_per_second``: from raw mails, calls and CRM rows to opportunities.

The sources are the simulated correspondence, as bytes in memory. Beside the line stands what a
short script does with the standard library: ``email`` with its modern policy, the first quantity,
amount and ISO day by expression, the lines of a transcript, one deal a domain. It finds less by far
(``make evaluate`` says how much); it is there for the time that parsing alone takes.

Mails and calls are read one by one, so several processes may share them, as they do in the line;
joining waits for all. ``.two_processes`` counts the processor seconds of the longest chain: the
busier of two readers, then what the first process does. On idle cores that is the time it takes.
"""

from __future__ import annotations

import email
import email.policy
import os
import re
import time
from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor

from assets.fragments import crm_fragment, fragment_of_call, fragments_of_mails
from benchmarks.evaluation.opportunities import AS_OF, find, meeting_of, shipped_vocabulary
from detection.correspondence.crm import read_crm_row
from detection.correspondence.mail.message import read_message
from detection.correspondence.passed_on import read_mails
from detection.correspondence.readings import MailReading, Reading, read_call
from ml.opportunities.building import build_opportunities
from ml.opportunities.records import Opportunity
from resources.collector import collector_paused
from sandbox.correspondence.generate import generate
from sandbox.correspondence.records import Correspondence, RawCall

#: Sources measured; a deal has about four, and two distractors stand beside each.
SIZES = (1_000, 20_000)
#: Reading processes, and sources that one is given at a time.
PROCESSES, CHUNK = 2, 250
SEED, SOURCES_OF_A_DEAL, DISTRACTORS_OF_A_DEAL = 5, 3.9, 2
_PLAIN = (
    re.compile(r"(\d[\d,]*) (?:units|pieces|pcs)"),
    re.compile(r"(?:EUR|USD|GBP|[€$£]) ?(\d[\d.]*)"),
    re.compile(r"(\d{4}-\d\d-\d\d)"),
)


class DifferentOpportunitiesError(Exception):
    """Several processes did not find what one finds."""


def correspondence(sources: int) -> Correspondence:
    """About so many sources, two of six without a deal."""
    deals = max(1, round(sources / (SOURCES_OF_A_DEAL + DISTRACTORS_OF_A_DEAL)))
    return generate(SEED, deals, deals * DISTRACTORS_OF_A_DEAL)


def count(raw: Correspondence) -> int:
    """How many sources there are."""
    return len(raw.mails) + len(raw.calls) + len(raw.crm)


def plainly(raw: Correspondence) -> dict[str, list[tuple[str, ...]]]:
    """What a short script makes of the same sources: first values by domain."""
    found: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for mail in raw.mails:
        message = email.message_from_bytes(mail.data, policy=email.policy.default)
        body = message.get_body(("plain",))
        domain = str(message["From"]).rpartition("@")[2].rstrip(">")
        found[domain].append(_first(body.get_content() if body else ""))
    for call in raw.calls:
        said = [line for line in call.vtt.splitlines() if line and "-->" not in line]
        found[call.attendees[-1][1].rpartition("@")[2]].append(_first("\n".join(said)))
    for row in raw.crm:
        found[row["Website"]].append((row["Quantity"], row["Unit Price"], row["Close Date"]))
    return found


def _first(text: str) -> tuple[str, ...]:
    return tuple(m.group(1) if (m := p.search(text)) else "" for p in _PLAIN)


def _read(chunk: Sequence[bytes | RawCall]) -> tuple[int, float, list[MailReading | Reading]]:
    """What some mails and calls say; with the process that read them and its processor seconds."""
    vocabulary = shipped_vocabulary()
    started = time.process_time()
    readings = [
        reading
        for one in chunk
        for reading in (
            read_mails(read_message(one), vocabulary)
            if isinstance(one, bytes)
            else [read_call(meeting_of(one), vocabulary)]
        )
    ]
    return os.getpid(), time.process_time() - started, readings


def in_processes(raw: Correspondence, pool: ProcessPoolExecutor) -> tuple[list[Opportunity], float]:
    """Opportunities of sources that several processes read; processor seconds of the chain."""
    vocabulary = shipped_vocabulary()
    given = [*(mail.data for mail in raw.mails), *raw.calls]
    started = time.process_time()
    chunks = [given[at : at + CHUNK] for at in range(0, len(given), CHUNK)]
    busy: dict[int, float] = defaultdict(float)
    mails: list[MailReading] = []
    calls: list[Reading] = []
    with collector_paused():  # as the line joins
        for process, seconds, readings in pool.map(_read, chunks):
            busy[process] += seconds
            for reading in readings:
                (mails if isinstance(reading, MailReading) else calls).append(reading)
        fragments = fragments_of_mails(mails)
        fragments += [f for one in calls if (f := fragment_of_call(one)) is not None]
        rows = (crm_fragment(read_crm_row(row), vocabulary) for row in raw.crm)
        fragments += [row for row in rows if row is not None]
        found = build_opportunities(fragments, AS_OF)
    return found, time.process_time() - started + max(busy.values())


def run(sizes: tuple[int, ...] = SIZES) -> dict[str, dict[str, object]]:
    """Sources a processor second of both sides, by size; both warm.

    Raises ``DifferentOpportunitiesError`` where several processes find others than one.
    """
    with ProcessPoolExecutor(PROCESSES) as pool:
        return _run(sizes, pool)


def _run(sizes: tuple[int, ...], pool: ProcessPoolExecutor) -> dict[str, dict[str, object]]:
    vocabulary = shipped_vocabulary()
    find(correspondence(60), vocabulary)
    in_processes(correspondence(4 * CHUNK), pool)
    results: dict[str, dict[str, object]] = {}
    for size in sizes:
        raw = correspondence(size)
        started = time.process_time()
        opportunities = find(raw, vocabulary).opportunities
        line = time.process_time() - started
        started = time.process_time()
        plainly(raw)
        plain = time.process_time() - started
        sources = count(raw)
        name = f"correspondence.sources_per_second.{size // 1000}k"
        results[name] = {
            "value": round(sources / line, 1),
            "unit": f"sources/processor second, {len(opportunities):,} opportunities",
            "peer": round(sources / plain, 1),
            "ratio": round(plain / line, 3),
        }
        together, chain = in_processes(raw, pool)
        if together != opportunities:
            raise DifferentOpportunitiesError(
                f"{PROCESSES} processes find {len(together)} deals, one {len(opportunities)}"
            )
        results[f"{name}.two_processes"] = {
            "value": round(sources / chain, 1),
            "unit": "sources/second of the longest chain",
            "peer": round(sources / plain, 1),
            "ratio": round(plain / chain, 3),
        }
    return results
