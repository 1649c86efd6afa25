"""``entity.*``: the line's own linkage on organisations, applicants and names of filers.

Each file has a declared mapping onto the linkage's record: which column is what, and whether an
entity is an organisation or one place of it. Labels are looked at after the grouping only; nothing
is learned from them. Splink's plain set-up on the same columns is the baseline.
"""

from __future__ import annotations

import csv
import json
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from benchmarks.evaluation.measure import (
    DRAWS,
    SEED,
    Evaluation,
    Metric,
    Miss,
    Stopwatch,
    share_interval,
)
from benchmarks.linkage import plain
from benchmarks.linkage.variations import vary
from ml.identity.linkage import Unit, find, link
from ml.identity.records import RECORD_SCHEMA

ORGANISATIONS = "entity/organisations_true_ids.csv"
APPLICANTS, REFERENCE = "entity/patstat_input.csv", "entity/patstat_reference.csv"
TICKERS = "sec/company_tickers.json"
PAIRS = "*_vs_sec_names.csv"
BASELINE = "Splink's plain set-up"
#: Names of the register that are written in other ways, where no file of pairs is at hand.
SAMPLE = 2_000
#: Misses written out of each metric.
SHOWN = 300


@dataclass(frozen=True)
class Mapping:
    """What the columns of a file are to the linkage."""

    record: str
    entity: str
    unit: Unit
    #: Text field of the linkage's record to the file's column.
    text: dict[str, str]
    #: List fields: column, and what stands between its values.
    lists: dict[str, tuple[str, str]]
    #: Numbers: column; 0 stands for not told.
    numbers: dict[str, str]

    def records(self, rows: Sequence[dict[str, str]]) -> pa.Table:
        """``rows`` as the linkage takes them."""
        columns: dict[str, list] = {"record_key": [row[self.record] for row in rows]}
        for field, column in self.text.items():
            columns[field] = [(row.get(column) or "").strip() or None for row in rows]
        for field, (column, mark) in self.lists.items():
            values = [[v for v in (row.get(column) or "").split(mark) if v.strip()] for row in rows]
            columns[field] = [v or None for v in values]
        for field, column in self.numbers.items():
            columns[field] = [float(row.get(column) or 0) or None for row in rows]
        return pa.table(
            {
                name: pa.array(values, RECORD_SCHEMA.field(name).type)
                for name, values in columns.items()
            }
        )


#: Providers of child care: a row is a place, and one organisation has many.
ORGANISATION_ROWS = Mapping(
    record="Id",
    entity="True Id",
    unit=Unit.SITE,
    text={"name": "Site name", "address": "Address", "postcode": "Zip", "phone": "Phone"},
    lists={},
    numbers={},
)
#: Patent applicants: a row is an applicant as one application writes it.
APPLICANT_ROWS = Mapping(
    record="person_id",
    entity="leuven_id",
    unit=Unit.COMPANY,
    text={"name": "person_name"},
    lists={"people": ("Coauthor", "**"), "topics": ("Class", "**")},
    numbers={"latitude": "Lat", "longitude": "Lng"},
)


def evaluate(data: Path) -> Evaluation:
    """Everything of ``entity/`` that is there."""
    result = Evaluation()
    if (data / ORGANISATIONS).exists():
        _grouping(
            result,
            "entity.organisations.pairwise_f1",
            read_rows(data / ORGANISATIONS),
            ORGANISATION_ROWS,
            pairwise,
        )
    else:
        result.skipped.append(f"{ORGANISATIONS}: not in {data}")
    if (data / APPLICANTS).exists() and (data / REFERENCE).exists():
        told = {row["person_id"]: row for row in read_rows(data / APPLICANTS)}
        rows = [{**told.get(row["person_id"], {}), **row} for row in read_rows(data / REFERENCE)]
        _grouping(result, "entity.patstat.bcubed_f1", rows, APPLICANT_ROWS, bcubed)
    else:
        result.skipped.append(f"{APPLICANTS}, {REFERENCE}: not both in {data}")
    if (data / TICKERS).exists():
        _names(result, data)
    else:
        result.skipped.append(f"{TICKERS}: not in {data}, so no register to find names in")
    return result


def read_rows(path: Path) -> list[dict[str, str]]:
    """Rows of a CSV file with a header."""
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as lines:
        return list(csv.DictReader(lines))


#: Sums of a record's part in what was found rightly, found, and to be found.
Parts = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]


def _sizes(labels: Sequence[str]) -> np.ndarray:
    count = Counter(labels)
    return np.array([count[label] for label in labels], dtype=np.float64)


def pairwise(truth: Sequence[str], found: Sequence[str]) -> Parts:
    """Pairs each record is part of: right of found, found; right of true, true."""
    right = _sizes([f"{t}\0{f}" for t, f in zip(truth, found, strict=True)]) - 1
    return right, _sizes(found) - 1, right, _sizes(truth) - 1


def bcubed(truth: Sequence[str], found: Sequence[str]) -> Parts:
    """B-cubed precision and recall of each record, over one."""
    right = _sizes([f"{t}\0{f}" for t, f in zip(truth, found, strict=True)])
    one = np.ones(len(truth))
    return right / _sizes(found), one, right / _sizes(truth), one


def scores(parts: Parts, weight: np.ndarray | None = None) -> tuple[float, float, float]:
    """Precision, recall and F1 of the records, each counted ``weight`` times."""
    w = np.ones(len(parts[0])) if weight is None else weight
    precision = float((parts[0] * w).sum() / max((parts[1] * w).sum(), 1e-9))
    recall = float((parts[2] * w).sum() / max((parts[3] * w).sum(), 1e-9))
    both = precision + recall
    return precision, recall, 2 * precision * recall / both if both else 0.0


def interval(truth: Sequence[str], parts: Parts) -> tuple[float, float]:
    """95 % interval of F1 by drawing whole entities with replacement."""
    entities, which = np.unique(list(truth), return_inverse=True)
    rng = np.random.default_rng(SEED)
    drawn = [
        scores(parts, np.bincount(rng.integers(0, len(entities), len(entities)),
                                  minlength=len(entities))[which].astype(float))[2]
        for _ in range(DRAWS)
    ]  # fmt: skip
    return float(np.quantile(drawn, 0.025)), float(np.quantile(drawn, 0.975))


def _grouping(
    result: Evaluation,
    metric: str,
    rows: list[dict[str, str]],
    mapping: Mapping,
    measure: Callable[[Sequence[str], Sequence[str]], Parts],
) -> None:
    records = mapping.records(rows)
    watch = Stopwatch()
    linked = link(records, mapping.unit)
    seconds = watch.seconds()
    found = [str(label) for label in linked.labels]
    base = plain.group(records, list(mapping.text))
    truth = [row[mapping.entity] for row in rows]
    parts = measure(truth, found)
    base_parts = max((measure(truth, b) for b in base), key=lambda p: scores(p)[2])
    end = interval(truth, parts)
    for name, value, beside, ends in zip(
        (metric.replace("_f1", "_precision"), metric.replace("_f1", "_recall"), metric),
        scores(parts),
        scores(base_parts),
        (None, None, end),
        strict=True,
    ):
        result.metrics.append(Metric(name, value, len(rows), beside, seconds, BASELINE, ends))
    result.misses.extend(_grouping_misses(metric, records, truth, found))


def _grouping_misses(
    metric: str, records: pa.Table, truth: Sequence[str], found: Sequence[str]
) -> list[Miss]:
    names = records.column("name").to_pylist()
    keys = records.column("record_key").to_pylist()
    by_found, by_truth = defaultdict(list), defaultdict(list)
    for row, (t, f) in enumerate(zip(truth, found, strict=True)):
        by_found[f].append(row)
        by_truth[t].append(row)
    misses = []
    for members in by_found.values():
        usual = Counter(truth[row] for row in members).most_common(1)[0][0]
        for row in members:
            if truth[row] != usual:
                misses.append(Miss(metric, keys[row], f"entity {truth[row]}",
                                   f"{names[row]!r} with entity {usual}"))  # fmt: skip
    for entity, members in by_truth.items():
        usual = Counter(found[row] for row in members).most_common(1)[0][0]
        for row in members:
            if found[row] != usual:
                misses.append(Miss(metric, keys[row], f"entity {entity}", f"{names[row]!r} apart"))
    return misses[:SHOWN]


@dataclass(frozen=True)
class Named:
    """A name as someone writes it, and the filer that it means."""

    name: str
    cik: int


def read_register(path: Path) -> list[tuple[int, str]]:
    """Distinct (CIK, name) of the SEC's file of tickers."""
    told = json.loads(path.read_text("utf-8"))
    return sorted({(int(entry["cik_str"]), str(entry["title"])) for entry in told.values()})


def read_pairs(path: Path, register: dict[int, str]) -> list[Named]:
    """Names of a file of pairs: its CIK column, and the name column that is not the SEC's.

    Columns are known by what they hold: the CIK column by numbers of the register, the SEC's name
    by agreeing with the register most often.
    """
    rows = read_rows(path)
    columns = list(rows[0]) if rows else []

    def cik(text: str | None) -> int | None:
        digits = (text or "").strip().upper().removeprefix("CIK").partition(".")[0].lstrip("0")
        return int(digits) if digits.isdigit() else None

    def known(column: str) -> int:
        return sum(cik(row[column]) in register for row in rows)

    if not columns:
        return []
    key = max(columns, key=lambda c: ("cik" in c.lower(), known(c)))
    texts = [
        c for c in columns
        if c != key and sum(any(x.isalpha() for x in row[c] or "") for row in rows) > len(rows) / 2
    ]  # fmt: skip

    def letters(text: str | None) -> str:
        return "".join(c for c in (text or "").lower() if c.isalnum())

    def agrees(column: str) -> int:
        return sum(
            letters(row[column]) == letters(register.get(cik(row[key]) or 0)) for row in rows
        )

    def lengths(column: str) -> float:
        return sum(len(row[column] or "") for row in rows) / len(rows)

    named = [c for c in texts if "name" in c.lower() or "company" in c.lower()] or texts
    sec = max(named, key=lambda c: ("sec" in c.lower(), agrees(c)))
    asked = [c for c in named if c != sec] or [c for c in texts if c != sec] or [sec]
    # Tickers and exchange codes are short beside names.
    column = max(asked, key=lengths)
    return [
        Named(row[column].strip(), number)
        for row in rows
        if (number := cik(row[key])) in register and row[column] and row[column].strip()
    ]


def sample(register: list[tuple[int, str]]) -> list[Named]:
    """Names of the register in other ways of writing, one to three changes each."""
    rng = random.Random(SEED)
    drawn = rng.sample(register, min(SAMPLE, len(register)))
    return [Named(vary(name, rng, rng.choice((1, 2, 3)))[0], cik) for cik, name in drawn]


def _names(result: Evaluation, data: Path) -> None:
    register = read_register(data / TICKERS)
    by_cik = dict(register)
    files = sorted((data / "entity").glob(PAIRS))
    named = [pair for path in files for pair in read_pairs(path, by_cik)]
    metric = "entity.name_to_cik.top1"
    if not files:
        result.skipped.append(f"entity/{PAIRS}: not in {data}; names written by variation instead")
        named = sample(register)
    names = [pair.name for pair in named]
    watch = Stopwatch()
    table = pa.table(
        {
            "record_key": [f"{cik}|{row}" for row, (cik, _) in enumerate(register)],
            "name": [name for _, name in register],
        }
    )
    found = find(names, table)
    seconds = watch.seconds()
    base = plain.find(names, [name for _, name in register])
    right = 0
    for pair, entries in zip(named, found, strict=True):
        got = register[entries[0].row] if entries else None
        if got and got[0] == pair.cik:
            right += 1
        elif len(result.misses) < 3 * SHOWN:
            result.misses.append(
                Miss(metric, pair.name, by_cik[pair.cik], got[1] if got else "none")
            )
    beside = sum(
        row is not None and register[row][0] == pair.cik
        for pair, row in zip(named, base, strict=True)
    )
    n = max(len(named), 1)
    result.metrics.append(
        Metric(
            metric, right / n, len(named), beside / n, seconds, BASELINE, share_interval(right, n)
        )
    )
