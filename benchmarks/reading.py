"""``reading.posts_per_cpu_second`` and ``reading.news_per_cpu_second``: what readers get through.

Lake rows of the simulated market, read by the line's readers in one process, beside a peer each
that does less on the same rows in the same run:

- **posts**: one regular expression a technology, as skills are usually searched for; the line finds
  the same names and also place, pay, skills, certificates, years, level and the rest.
- **news**: the shipped classifier of sentences in scikit-learn's own pipeline, asked item by item;
  the line finds companies, people, amounts, dates and places besides, and asks its learned engine
  only where the rules are silent.
"""

from __future__ import annotations

import html
import json
import re
import time
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa

from benchmarks.generate import Plan, generate
from detection.readers import READERS, read_table
from detection.sentences import split_sentences
from resources.lake import Lake

#: Size of the lake that is read from, in records, and rows of a kind that are read.
RECORDS, ROWS = 20_000, 2_000
AS_OF = date(2026, 6, 30)
_TAG = re.compile(r"<[^>]+>")
Row = Mapping[str, Any]


def rows_of(lake: Lake, table: str) -> pa.Table:
    """Lake rows that the reader of a table reads, at most ``ROWS``."""
    reader = READERS[table]
    parts = [
        lake.read(source, stream, columns=list(reader.columns))
        for source, stream in reader.streams
        if source != "*"
    ]
    return pa.concat_tables([part for part in parts if part.num_rows]).slice(0, ROWS)


def run_line(table: str, rows: pa.Table) -> float:
    """Processor seconds of the line's reader over the rows, prepared and warm."""
    read_table(READERS[table], rows.slice(0, 50))
    started = time.process_time()
    read_table(READERS[table], rows)
    return time.process_time() - started


def run_peer(read: Callable[[str], object], rows: pa.Table) -> float:
    """Processor seconds of a peer over the same rows, from the stored payload on."""
    payloads = rows.column("payload").to_pylist()
    for payload in payloads[:50]:
        read(text_of(json.loads(payload)))
    started = time.process_time()
    for payload in payloads:
        read(text_of(json.loads(payload)))
    return time.process_time() - started


def text_of(payload: Row) -> str:
    """All texts of a payload without mark-up."""
    texts = [value for value in payload.values() if isinstance(value, str)]
    return _TAG.sub(" ", html.unescape("\n".join(texts)))


def names_by_expression() -> Callable[[str], list[str]]:
    """The peer of posts: an expression for each technology that the line knows by name."""
    from detection.technology_names import default_names

    patterns = {
        name: re.compile(rf"(?<!\w){re.escape(name)}(?!\w)", re.I)
        for name in sorted(default_names().technologies)
    }
    return lambda text: [name for name, pattern in patterns.items() if pattern.search(text)]


def sentences_by_pipeline() -> Callable[[str], object]:
    """The peer of news: the shipped examples in scikit-learn's pipeline."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    from detection.news.shipped import examples

    sentences, labels = examples()
    pipeline = make_pipeline(
        TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True),
        LogisticRegression(class_weight="balanced", max_iter=300),
    ).fit(sentences, ["|".join(each) for each in labels])
    return lambda text: pipeline.predict_proba(split_sentences(text)[:15] or [""])


def run(folder: Path) -> dict[str, dict[str, object]]:
    """Metrics of both kinds; the lake is made in ``folder`` when it is not there yet."""
    home = folder / "reading"
    generate(Plan.of_records(RECORDS, AS_OF), home / "lake")
    lake = Lake(str(home / "lake"))
    results: dict[str, dict[str, object]] = {}
    for name, table, make_peer in (
        ("posts", "job_postings", names_by_expression),
        ("news", "press_events", sentences_by_pipeline),
    ):
        rows = rows_of(lake, table)
        line, peer = run_line(table, rows), run_peer(make_peer(), rows)
        results[f"reading.{name}_per_cpu_second"] = {
            "value": round(rows.num_rows / line, 1),
            "unit": f"{name}/CPU s",
            "peer": round(rows.num_rows / peer, 1),
            "ratio": round(peer / line, 3),
        }
    return results
