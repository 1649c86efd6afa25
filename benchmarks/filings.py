"""``filings.per_cpu_second`` and ``filings.ratio_to_peer``: 8-K filings read for their items.

The peer is edgartools in an environment of its own. Both sides get the same documents, as they lie
in memory after a download, and answer with the item codes of each. Where the items of real filings
are known, both answers are scored by the same rule, so that speed is not bought with misses. The
line's other two readers, of executives and of events, have no peer and are timed beside it.
"""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from benchmarks.evaluation.filings import LABELS, RAW, hits, labels
from benchmarks.evaluation.measure import f1_of
from benchmarks.fingerprints import PEER_FOLDER, peer_python
from benchmarks.measure import CommandFailedError
from detection.documents import decode
from detection.errors import UnreadableError
from detection.filings.form_8k import Filing8K, read_8k

#: Invented filings, of the sandbox's vendor, read where there are no real ones.
INVENTED = 200


@dataclass(frozen=True)
class Side:
    """What one side did: processor seconds for all filings, and item codes by filing."""

    cpu_seconds: float
    found: dict[str, set[str]]


def real_filings(folder: Path) -> dict[str, bytes]:
    """Stored 8-K documents of a folder, HTML and text."""
    files = sorted(folder.glob("*")) if folder.is_dir() else []
    return {p.name: p.read_bytes() for p in files if p.suffix.lower() in (".htm", ".html", ".txt")}


def invented_filings(count: int = INVENTED) -> dict[str, bytes]:
    """Filings of the simulated market, whose items are known by their making."""
    from sandbox.market import Market, MarketConfig
    from sandbox.vendors.sec_documents import eight_k

    market = Market(MarketConfig(companies=300, seed=11, start=date(2025, 1, 1), days=548))
    found: dict[str, bytes] = {}
    for company in market.companies:
        for filing in market.filings(company):
            if filing.form.startswith("8-K") and len(found) < count:
                found[filing.accession] = eight_k(market, company, filing).encode()
    return found


def run_line(filings: Mapping[str, bytes]) -> Side:
    """The line's reader over all filings, warm."""
    for content in list(filings.values())[:5]:
        _codes(content)
    started = time.process_time()
    found = {name: _codes(content) for name, content in filings.items()}
    return Side(time.process_time() - started, found)


def _read(content: bytes) -> Filing8K | None:
    try:
        return read_8k(content)
    except UnreadableError:
        return None


def _codes(content: bytes) -> set[str]:
    filing = _read(content)
    return set(filing.codes) if filing else set()


def run_peer(filings: Mapping[str, bytes], python: Path, folder: Path) -> Side:
    """The peer over all filings in its own process. Raises ``CommandFailedError``."""
    folder.mkdir(parents=True, exist_ok=True)
    asked, told = folder / "asked.json", folder / "told.json"
    asked.write_text(json.dumps({name: decode(content) for name, content in filings.items()}))
    done = subprocess.run(
        [str(python), str(PEER_FOLDER / "edgartools_filings.py"), str(asked), str(told)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise CommandFailedError(f"edgartools ended with {done.returncode}: {done.stderr[-2000:]}")
    answer = json.loads(told.read_text())
    return Side(answer["cpu_seconds"], {name: set(f) for name, f in answer["found"].items()})


def seconds_of_contents(filings: Mapping[str, bytes]) -> dict[str, float]:
    """Processor seconds of the readers of executives and events over all filings' items."""
    from detection.filings.events import ITEM_CODES as EVENT_CODES
    from detection.filings.events import read_filing_events
    from detection.filings.executive_changes import ITEM_CODES as EXECUTIVE_CODES
    from detection.filings.executive_changes import read_executive_changes

    read = [filing for content in filings.values() if (filing := _read(content))]

    def timed(codes: tuple[str, ...], reader: Callable[[str, str], object]) -> float:
        texts = [(c, text) for f in read for c in codes if (text := f.text_of(c))]
        started = time.process_time()
        for code, text in texts:
            reader(code, text)
        return time.process_time() - started

    return {
        "executives": timed(EXECUTIVE_CODES, lambda _, text: read_executive_changes(text)),
        "events": timed(EVENT_CODES, lambda code, text: read_filing_events(code, text)),
    }


def run(
    folder: Path, data: Path | None = None, python: Path | None = None
) -> dict[str, dict[str, object]]:
    """Metrics of both sides. ``data`` is a folder of real files; without 8-K filings in it,
    invented ones are read. Raises ``CommandFailedError`` when the peer cannot be run.
    """
    filings = real_filings(data / RAW) if data is not None else {}
    kind = "real" if filings else "invented"
    filings = filings or invented_filings()
    line = run_line(filings)
    python = python or peer_python(folder / "peer-edgartools", "edgartools.txt")
    peer = run_peer(filings, python, folder / "filings")
    mine, theirs = len(filings) / line.cpu_seconds, len(filings) / peer.cpu_seconds
    more = seconds_of_contents(filings)
    whole = len(filings) / (line.cpu_seconds + sum(more.values()))
    results: dict[str, dict[str, object]] = {
        "filings.per_cpu_second": {
            "value": round(mine, 1), "unit": f"{kind} filings/CPU s",
            "peer": round(theirs, 1), "ratio": round(mine / theirs, 1),
        },
        "filings.ratio_to_peer": {
            "value": round(mine / theirs, 1), "unit": "times less processor time",
            "peer": 1.0, "ratio": round(mine / theirs, 1),
        },
        "filings.with_executives_and_events_per_cpu_second": {
            "value": round(whole, 1), "unit": f"{kind} filings/CPU s", "peer": None, "ratio": None,
        },
    }  # fmt: skip
    known = labels(data) if data is not None and (data / LABELS).exists() else {}
    scored = [name for name in filings if Path(name).stem in known]
    if scored:
        ours, others = (
            f1_of(hits(side.found[name], known[Path(name).stem]) for name in scored)
            for side in (line, peer)
        )
        results["filings.item_set_f1"] = {
            "value": round(ours, 4), "unit": f"F1 of {len(scored)} filings",
            "peer": round(others, 4), "ratio": round(ours / others, 3) if others else None,
        }  # fmt: skip
    return results
