"""``python -m benchmarks.linkage STEP --folder DIR``: one measured step in a process of its own.

Steps: ``make`` (records and truth as files), ``full`` (the line's linkage of all records), ``day``
(a day's new records on the index that ``full`` left), ``peer`` (Splink's plain set-up). Each prints
one JSON line with its seconds and, where it groups, its pairwise F1.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.evaluation.entity import pairwise, scores
from benchmarks.linkage import plain
from benchmarks.linkage.companies import companies
from ml.identity.index import Index
from ml.identity.model import packaged
from ml.identity.records import WordWeights, features

#: Records of one day, at every size of history.
DAY = 1_000
#: Names that word weights are counted on: a count of more says the same.
COUNTED = 100_000
#: Blocks of the peer: one of nine cities, or few letters of a name out of a million, would compare
#: everything with everything.
BLOCKS = (
    ("domain",),
    ("phone",),
    ("address",),
    ("substr(name, 1, 12)",),
    ("substr(name, 1, 6)", "city"),
)


def make(folder: Path, records: int) -> dict[str, float]:
    """Write history (``records``) and a day's records on top of it."""
    table, truth = companies(records + DAY)
    # The day holds new companies and new records of known ones, drawn from all.
    order = np.random.default_rng(1).permutation(table.num_rows)
    table = table.take(pa.array(order)).append_column("company", pa.array(np.asarray(truth)[order]))
    folder.mkdir(parents=True, exist_ok=True)
    pq.write_table(table.slice(0, records), folder / "history.parquet")
    pq.write_table(table.slice(records), folder / "day.parquet")
    return {}


def weights_of(history: pa.Table) -> WordWeights:
    """Word weights as the line learns them: once, from what is there at the start."""
    return WordWeights.learn(n for n in history.column("name").slice(0, COUNTED).to_pylist() if n)


def full(folder: Path) -> dict[str, float]:
    """The line's linkage of the whole history, from records to stored companies."""
    history = pq.read_table(folder / "history.parquet")
    started, spent = time.perf_counter(), time.process_time()
    weights = weights_of(history)
    index = Index(folder / "index", packaged())
    index.add(features(history, weights))
    seconds, cpu = time.perf_counter() - started, time.process_time() - spent
    (folder / "weights.json").write_text(
        json.dumps({"names": weights.names, "counts": dict(weights.counts)})
    )
    truth = history.column("company").to_pylist()
    found = index.labels().tolist()
    precision, recall, f1 = scores(pairwise([*map(str, truth)], [*map(str, found)]))
    return {"seconds": seconds, "cpu_seconds": cpu, "f1": f1, "precision": precision,
            "recall": recall}  # fmt: skip


def day(folder: Path) -> dict[str, float]:
    """One day's records on the stored index, opened anew."""
    told = json.loads((folder / "weights.json").read_text())
    new = pq.read_table(folder / "day.parquet")
    weights = WordWeights(told["names"], told["counts"])
    # Libraries and vocabularies are loaded once a process, whatever the day brings; a few records
    # alike in pairs do not make a group for which the last of them are loaded.
    import scipy.cluster.hierarchy
    import scipy.sparse.csgraph  # noqa: F401

    some = features(new.slice(0, 50), weights)
    Index(folder / "none", packaged()).add(pa.concat_tables([some, some]))
    started, spent = time.perf_counter(), time.process_time()
    added = Index(folder / "index", packaged()).add(features(new, weights))
    return {
        "seconds": time.perf_counter() - started,
        "cpu_seconds": time.process_time() - spent,
        "pairs": added.scored.num_rows,
    }


def peer(folder: Path) -> dict[str, float]:
    """Splink's plain set-up on the same records."""
    history = pq.read_table(folder / "history.parquet")
    started = time.perf_counter()
    columns = ["name", "domain", "phone", "address", "city"]
    (found,) = plain.group(history, columns, thresholds=(0.9,), blocks=BLOCKS)
    seconds = time.perf_counter() - started
    truth = [*map(str, history.column("company").to_pylist())]
    precision, recall, f1 = scores(pairwise(truth, found))
    return {"seconds": seconds, "f1": f1, "precision": precision, "recall": recall}


def main(arguments: list[str] | None = None) -> int:
    """Run one step and print what it measured."""
    parser = argparse.ArgumentParser(prog="benchmarks.linkage", description=__doc__)
    parser.add_argument("step", choices=["make", "full", "day", "peer"])
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--records", type=int, default=100_000)
    asked = parser.parse_args(arguments)
    if asked.step == "make":
        result = make(asked.folder, asked.records)
    else:
        result = {"full": full, "day": day, "peer": peer}[asked.step](asked.folder)
    if asked.step != "make":
        (asked.folder / f"{asked.step}.json").write_text(json.dumps(result))
    sys.stdout.write(json.dumps(result) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
