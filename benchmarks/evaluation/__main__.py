"""``python -m benchmarks.evaluation --data DIR [--train DIR] [--out build]``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from benchmarks.evaluation import (
    boards,
    documents,
    entity,
    executives,
    filings,
    form_d,
    funding,
    mail,
    news,
    opportunities,
    payloads,
    people,
    report,
    skills,
    technologies,
    titles,
    transcripts,
)
from benchmarks.evaluation.measure import Evaluation

#: Folders of the layout that have a measurement; others are named and skipped.
MEASURED = {
    "sec/form_d": form_d.evaluate,
    "sec/8k_raw": filings.evaluate,
    "sec": executives.evaluate,
    "funding": funding.evaluate,
    "jobs/payloads": payloads.evaluate,
    "jobs/radar": boards.evaluate,
    "jobs/skillspan_dev.json": skills.evaluate,
    "tech": technologies.evaluate,
    "entity": entity.evaluate,
    "transcripts": transcripts.evaluate,
    "email/enron_labelled.mbox": opportunities.evaluate,
}
#: Measurements on invented cases, for what no file of a folder labels.
SIMULATED = {
    "entity": people.evaluate,
    "email": documents.evaluate,
}
#: Measurements of readers that learn: they also take the folder to learn from.
LEARNING = {
    "titles": titles.evaluate,
    "news": news.evaluate,
    "email": mail.evaluate,
}
#: Top folders of the layout in which every subject has, or will have, its own measurement.
LAYOUT = ("sec", "jobs", "funding", "news", "tech", "deals", "email", "transcripts", "titles",
          "entity", "vendor_http")  # fmt: skip


def main(arguments: list[str] | None = None) -> int:
    """Measure what the folder has; returns 2 when it has nothing that is measured."""
    parser = argparse.ArgumentParser(prog="benchmarks.evaluation", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of real data")
    parser.add_argument("--train", type=Path, help="folder that learning readers may learn from")
    parser.add_argument("--out", type=Path, default=Path("build"), help="where results go")
    asked = parser.parse_args(arguments)
    data = asked.data.resolve()
    results: list[Evaluation] = []
    for folder, evaluate in (*MEASURED.items(), *SIMULATED.items()):
        if (data / folder).exists():
            print(f"reading {folder} ...", file=sys.stderr, flush=True)
            results.append(evaluate(data))
        else:
            results.append(Evaluation(skipped=[f"{folder}: not in {data}"]))
    train = asked.train.resolve() if asked.train else None
    for folder, learn_and_evaluate in LEARNING.items():
        if (data / folder).exists():
            print(f"reading {folder} ...", file=sys.stderr, flush=True)
            results.append(learn_and_evaluate(data, train))
        else:
            results.append(Evaluation(skipped=[f"{folder}: not in {data}"]))
    rest = Evaluation()
    for folder in LAYOUT:
        if (data / folder).exists() and not any(
            m.startswith(folder) for m in (*MEASURED, *LEARNING)
        ):
            rest.skipped.append(f"{folder}: no measurement reads it yet")
    results.append(rest)
    report.write(results, asked.out)
    report.show(results)
    print(f"written: {asked.out / 'evaluation.json'}, {asked.out / 'evaluation-misses.csv'}")
    return 0 if any(r.metrics for r in results) else 2


if __name__ == "__main__":
    raise SystemExit(main())
