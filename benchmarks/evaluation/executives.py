"""``sec.executive_changes``: who comes and goes by 8-K item 5.02, as far as data can judge it.

No data at hand names the persons of these filings, so every change is written out for a person's
review (``evaluation-executive-changes.csv``: person, role, direction, date, sentence), also the
filings that tell none. What data can judge is the direction: Form 8-K divides item 5.02 into
paragraphs ((a) and (b) for who leaves, (c) and (d) for who comes, (e) and (f) for pay), and a
filing that names its paragraphs says by that what it tells. The reader does not look at them. The
baseline takes a filing to tell of who leaves where it speaks of resigning or retiring, and of who
comes where it speaks of appointing or electing, as a plain search would.
"""

from __future__ import annotations

import re
from pathlib import Path

from benchmarks.evaluation import filings
from benchmarks.evaluation.measure import (
    Evaluation,
    Hits,
    Metric,
    Miss,
    Stopwatch,
    f1_interval,
    f1_of,
    rows,
)
from detection.documents import decode, document_text
from detection.errors import UnreadableError
from detection.filings.form_8k import read_8k
from detection.readers import READERS, read_rows

METRIC = "sec.executive_changes.direction_f1"
REVIEW = "evaluation-executive-changes.csv"
COLUMNS = [
    "filing", "year", "person", "role", "direction", "change_type", "effective_on",
    "is_interim", "is_board_only", "level", "department", "predecessor", "successor",
    "earlier_companies", "confidence", "evidence",
]  # fmt: skip
#: What a paragraph of item 5.02 tells; pay tells of nobody who comes or goes.
PARAGRAPHS = {"a": "outgoing", "b": "outgoing", "c": "incoming", "d": "incoming", "e": "", "f": ""}

_PARAGRAPH = re.compile(r"(?:^|\n)[ \t]*\(([a-f])\)(?=[ \t\n])")
_LEAVING = re.compile(r"\b(?:resign|retir|depart|terminat|step(?:ped|ping)? down)\w*", re.I)
_COMING = re.compile(r"\b(?:appoint|elect|promot|named)\w*", re.I)
_REGISTRANT = re.compile(r"([^\n]{3,80})\n[-_=\s]*\(?\s*exact\s+name\s+of\s+(?:the\s+)?registrant",
                         re.I)  # fmt: skip


def evaluate(data: Path) -> Evaluation:
    """Read the changes of every 8-K below ``sec/8k_raw``; write them out, score the direction."""
    result = Evaluation()
    files = sorted(
        p for p in (data / filings.RAW).glob("*") if p.suffix.lower() in (".htm", ".html", ".txt")
    )
    watch = Stopwatch()
    review, cases, naive = [COLUMNS], [], []
    bearing = told = 0
    for path in files:
        item = item_text(path)
        found = changes_of(path)
        told += len(found)
        named = filings.NAME.match(path.stem)
        year = named.group("year") if named else ""
        review += [_line(path.name, year, row) for row in found]
        if item is None:
            continue
        bearing += 1
        if not found:
            review.append([path.name, year, *[""] * (len(COLUMNS) - 3), "no change told"])
        letters = set(_PARAGRAPH.findall("\n" + item))
        if not letters:
            continue
        expected = {PARAGRAPHS[letter] for letter in letters} - {""}
        got = {row.direction for row in found}
        cases.append(_hits(got, expected))
        plain = {"outgoing"} if _LEAVING.search(item) else set()
        plain |= {"incoming"} if _COMING.search(item) else set()
        naive.append(_hits(plain, expected))
        if got != expected:
            result.misses.append(
                Miss(METRIC, path.name, "|".join(sorted(expected)), "|".join(sorted(got)))
            )
    if not bearing:
        result.skipped.append(f"{filings.RAW}: no filing with item 5.02")
        return result
    seconds = watch.seconds()
    result.reviews[REVIEW] = review
    if cases:
        result.metrics.append(
            Metric(METRIC, f1_of(cases), len(cases), f1_of(naive), seconds,
                   "plain search for verbs of coming and going", f1_interval(cases))
        )  # fmt: skip
    result.skipped.append(
        f"sec.executive_changes: persons, roles and dates have no labels; {told} changes of "
        f"{len(files)} filings ({bearing} with item 5.02) written to {REVIEW} for review"
    )
    return result


def _hits(got: set[str], expected: set[str]) -> Hits:
    """Directions counted; a filing that rightly tells nothing counts as one right answer."""
    if not got and not expected:
        return Hits(1, 1, 1)
    return Hits(len(got & expected), len(got), len(expected))


def item_text(path: Path) -> str | None:
    """Text of item 5.02, None where the filing bears none or cannot be read."""
    try:
        return read_8k(path.read_bytes()).text_of("5.02")
    except UnreadableError:
        return None


def changes_of(path: Path) -> list:
    """Detection rows of one filing, read as the line reads them.

    The day of filing is not part of the files; the middle of the year in the name stands for it,
    and the name of the registrant is taken from the form's head, where EDGAR would give it.
    """
    named = filings.NAME.match(path.stem)
    day = f"{named.group('year')}-07-01" if named else ""
    records = filings.records_of(path, day, registrant(path) or "as filed")
    return read_rows(READERS["executive_changes"], rows(records)).rows


def registrant(path: Path) -> str | None:
    """The company's name as the head of the form states it."""
    found = _REGISTRANT.search(document_text(decode(path.read_bytes())))
    return found.group(1).strip(" _-") if found else None


def _line(name: str, year: str, row) -> list[str]:
    shown = [
        row.person_name, row.position, row.direction, row.change_type,
        row.effective_on, row.is_interim, row.is_board_only, row.level, row.department,
        row.predecessor_name, row.successor_name, row.earlier_companies, row.confidence,
        row.evidence,
    ]  # fmt: skip
    return [name, year, *("" if value is None else str(value) for value in shown)]
