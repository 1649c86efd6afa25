"""``sec.8k_items.set_f1``: item codes read from 8-K filings against those they are known to bear.

The baseline takes every "Item <number>" of the text as borne, as a plain search would. Beside the
figure over all years stands one of each year.
"""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

from benchmarks.evaluation.measure import (
    FETCHED_AT,
    Evaluation,
    Hits,
    Metric,
    Miss,
    Stopwatch,
    f1_interval,
    f1_of,
    rows,
)
from detection.readers import READERS, read_rows
from resources.lake import Record
from resources.sources.connectors.sec_edgar import Filing, filing_record

METRIC = "sec.8k_items.set_f1"
RAW, LABELS, INDEX = "sec/8k_raw", "sec/8k_items", "sec/8k_items_index.csv"

NAME = re.compile(r"(?P<cik>\d+)_8-?K(?:A)?_(?P<year>\d{4})_(?P<accession>[\d-]+)", re.I)
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
    for stem in scored:
        name, got, _ = read[stem]
        if got != known[stem]:
            result.misses.append(Miss(METRIC, name, _shown(known[stem]), _shown(got)))
    years = {"": scored}
    for stem in scored:
        if named := NAME.match(stem):
            years.setdefault(f".{named.group('year')}", []).append(stem)
    for suffix, stems in sorted(years.items()):
        cases = [hits(read[s][1], known[s]) for s in stems]
        naive = f1_of(hits(read[s][2], known[s]) for s in stems)
        result.metrics.append(
            Metric(METRIC + suffix, f1_of(cases), len(stems), naive, seconds,
                   "every mention of an item", f1_interval(cases))
        )  # fmt: skip
    return result


def codes_of(path: Path) -> set[str]:
    """Item codes of one filing as the line reads them."""
    found = read_rows(READERS["filing_items"], rows(records_of(path)))
    return {row.item_code for row in found.rows}


def records_of(path: Path, filing_date: str = "", company_name: str = "as filed") -> list[Record]:
    """The filing as the lake record that the connector makes of it; none if it makes none."""
    body = path.read_bytes()
    named = NAME.match(path.stem)
    filing = Filing(
        cik=named.group("cik") if named else "0",
        company_name=company_name,
        form="8-K",
        accession_number=named.group("accession") if named else path.stem,
        filing_date=filing_date,
        acceptance_time="",
        primary_document=path.name,
        items="",
    )
    record = filing_record(filing, body, fetched_at=FETCHED_AT, source_url="file:")
    return [record] if isinstance(record, Record) else []


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


def hits(got: set[str], expected: set[str]) -> Hits:
    """One filing's items counted."""
    return Hits(len(got & expected), len(got), len(expected))


def _shown(codes: set[str]) -> str:
    return "|".join(sorted(codes, key=lambda c: [int(p) for p in c.split(".")]))
