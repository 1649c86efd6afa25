"""``correspondence.sources_per_second``: from raw mails, calls and CRM rows to opportunities.

The sources are the simulated correspondence, as bytes in memory. Beside the line stands what a
short script does with the standard library: ``email`` with its modern policy, the first quantity,
amount and ISO day by expression, the lines of a transcript, one deal a domain. It finds less by far
(``make evaluate`` says how much); it is there for the time that parsing alone takes.
"""

from __future__ import annotations

import email
import email.policy
import re
import time
from collections import defaultdict

from benchmarks.evaluation.opportunities import find, shipped_vocabulary
from sandbox.correspondence.generate import generate
from sandbox.correspondence.records import Correspondence

#: Sources measured; a deal has about four, and two distractors stand beside each.
SIZES = (1_000, 20_000)
SEED, SOURCES_OF_A_DEAL, DISTRACTORS_OF_A_DEAL = 5, 3.9, 2
_PLAIN = (
    re.compile(r"(\d[\d,]*) (?:units|pieces|pcs)"),
    re.compile(r"(?:EUR|USD|GBP|[€$£]) ?(\d[\d.]*)"),
    re.compile(r"(\d{4}-\d\d-\d\d)"),
)


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


def run(sizes: tuple[int, ...] = SIZES) -> dict[str, dict[str, object]]:
    """Sources a processor second of both sides, by size; both warm."""
    vocabulary = shipped_vocabulary()
    find(correspondence(60), vocabulary)
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
    return results
