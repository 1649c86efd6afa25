"""The evaluation's outputs: JSON for machines, misses and reviews as CSV, a table for people."""

from __future__ import annotations

import csv
import json
from pathlib import Path

from benchmarks.evaluation.measure import Evaluation

#: What each metric is asked to reach.
TARGETS = {
    "sec.form_d.field_accuracy": 1.0,
    "sec.8k_items.set_f1": 0.98,
    "funding.rounds_linked.f1": 0.95,
    "jobs.boards.open_close_exact": 1.0,
    "jobs.payloads.parsed": 1.0,
    "news.sentivent.macro_f1": 0.60,
    "news.relations.macro_f1": 0.75,
    "titles.department.macro_f1": 0.80,
    "titles.seniority.macro_f1": 0.75,
    "tech.pages.recall_vs_reference": 1.0,
    "tech.mail_provider.accuracy": 0.99,
    "entity.organisations.pairwise_f1": 0.90,
    "entity.patstat.bcubed_f1": 0.90,
    "transcripts.cues_exact": 1.0,
    "transcripts.action_items.recall": 0.60,
    "transcripts.action_items.precision": 0.50,
    "mail.parsed": 1.0,
    "mail.requests.f1": 0.80,
    "rfq.field_accuracy": 0.90,
    "opportunities.precision": 0.90,
    "opportunities.recall": 0.90,
    "opportunities.field_accuracy": 0.90,
    "opportunities.correlation.pairwise_f1": 0.90,
}


def write(results: list[Evaluation], out: Path) -> None:
    """Write ``evaluation.json``, ``evaluation-misses.csv`` and tables for review into ``out``."""
    out.mkdir(parents=True, exist_ok=True)
    metrics = {
        metric.name: {
            "value": round(metric.value, 6),
            "n": metric.n,
            "baseline": round(metric.baseline, 6),
            "seconds": metric.seconds,
            "interval": [round(end, 6) for end in metric.interval] if metric.interval else None,
        }
        for result in results
        for metric in result.metrics
    }
    (out / "evaluation.json").write_text(json.dumps(metrics, indent=2) + "\n", "utf-8")
    with (out / "evaluation-misses.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["metric", "record", "expected", "got"])
        for result in results:
            for miss in result.misses:
                writer.writerow([miss.metric, miss.record, miss.expected, miss.got])
    for result in results:
        for name, lines in result.reviews.items():
            with (out / name).open("w", encoding="utf-8", newline="") as file:
                csv.writer(file).writerows(lines)


def show(results: list[Evaluation]) -> None:
    """Print the table and, by name, what was skipped."""
    from rich.console import Console
    from rich.table import Table

    console = Console(width=140)
    table = Table("metric", "value", "95 %", "target", "baseline", "n", "seconds", "baseline is")
    for result in results:
        for m in result.metrics:
            target = TARGETS.get(m.name)
            reached = target is None or m.value >= target
            table.add_row(
                m.name,
                f"[{'green' if reached else 'red'}]{m.value:.4f}[/]",
                f"{m.interval[0]:.3f}-{m.interval[1]:.3f}" if m.interval else "",
                "" if target is None else f"{target:.2f}",
                f"{m.baseline:.4f}",
                str(m.n),
                f"{m.seconds:.1f}",
                m.baseline_is,
            )
    console.print(table)
    for result in results:
        for name in result.skipped:
            console.print(f"skipped {name}", markup=False, highlight=False)
