"""``sec.8k_items.set_f1``: item codes read from 8-K filings against those they are known to bear.

The baseline takes every "Item <number>" of the text as borne, as a plain search would.
"""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

from benchmarks.evaluation.measure import FETCHED_AT, Evaluation, Metric, Miss, Stopwatch, rows
from detection.readers import READERS, read_rows
from resources.lake import Record
from resources.sources.connectors.sec_edgar import Filing, filing_record

METRIC = "sec.8k_items.set_f1"
RAW, LABELS, INDEX = "sec/8k_raw", "sec/8k_items", "sec/8k_items_index.csv"

_NAME = re.compile(r"(?P<cik>\d+)_8-?K(?:A)?_(?P<year>\d{4})_(?P<accession>[\d-]+)", re.I)
_MENTION = re.compile(rb"item\s+(\d{1,2}(?:\.\d\d)?)", re.I)


def evaluate(data: Path) -> Evaluation:
    """Read every filing of ``sec/8k_raw``; those with known items are scored (micro F1)."""
    result = Evaluation()
    files = sorted(
        p for p in (data / RAW).glob("*") if p.suffix.lower() in (".htm", ".html", ".txt")
    )
    if not files:
        result.skipped.append(f"{RAW}: no .htm or .txt file")
        return result
    watch = Stopwatch()
    read = {path.stem: (path.name, codes_of(path), plain_search(path)) for path in files}
    seconds = watch.seconds()
    known = labels(data)
    scored = sorted(set(read) & set(known))
    for stem in sorted(set(read) - set(known)):
        result.skipped.append(f"{RAW}/{read[stem][0]}: read, but its items are not known")
    if not scored:
        return result
    pairs = [(read[s][1], known[s]) for s in scored]
    naive = [(read[s][2], known[s]) for s in scored]
    for stem in scored:
        name, got, _ = read[stem]
        if got != known[stem]:
            result.misses.append(Miss(METRIC, name, _shown(known[stem]), _shown(got)))
    result.metrics.append(
        Metric(METRIC, f1(pairs), len(scored), f1(naive), seconds, "every mention of an item")
    )
    return result


def codes_of(path: Path) -> set[str]:
    """Item codes of one filing as the line reads them."""
    body = path.read_bytes()
    named = _NAME.match(path.stem)
    filing = Filing(
        cik=named.group("cik") if named else "0",
        company_name="as filed",
        form="8-K",
        accession_number=named.group("accession") if named else path.stem,
        filing_date="",
        acceptance_time="",
        primary_document=path.name,
        items="",
    )
    record = filing_record(filing, body, fetched_at=FETCHED_AT, source_url="file:")
    if not isinstance(record, Record):
        return set()
    found = read_rows(READERS["filing_items"], rows([record]))
    return {row.item_code for row in found.rows}


def plain_search(path: Path) -> set[str]:
    """The baseline: every item number mentioned anywhere."""
    return {m.decode() for m in _MENTION.findall(path.read_bytes())}


def labels(data: Path) -> dict[str, set[str]]:
    """Known items by file stem: from the index, else from the texts cut by item."""
    index = data / INDEX
    if index.exists():
        with index.open(encoding="utf-8", newline="") as lines:
            return {
                Path(row["file"]).stem: set(filter(None, row["items"].split("|")))
                for row in csv.DictReader(lines)
            }
    found = {}
    for path in sorted((data / LABELS).glob("*.json")):
        document = json.loads(path.read_text("utf-8"))
        found[path.stem] = {
            key.removeprefix("item_")
            for key, text in document.items()
            if key.startswith("item_") and text
        }
    return found


def f1(pairs: list[tuple[set[str], set[str]]]) -> float:
    """Micro-averaged F1 of predicted against expected sets."""
    right = sum(len(got & expected) for got, expected in pairs)
    predicted = sum(len(got) for got, _ in pairs)
    actual = sum(len(expected) for _, expected in pairs)
    return 2 * right / (predicted + actual) if predicted + actual else 0.0


def _shown(codes: set[str]) -> str:
    return "|".join(sorted(codes, key=lambda c: [int(p) for p in c.split(".")]))
