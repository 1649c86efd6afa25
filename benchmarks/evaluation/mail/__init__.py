"""``mail.*``: what the reading of mail makes of real mail; one module a question."""

from __future__ import annotations

from pathlib import Path

from benchmarks.evaluation.mail import learned, parsing, stripping
from benchmarks.evaluation.measure import Evaluation

FOLDER = "email"


def evaluate(data: Path, train: Path | None = None) -> Evaluation:
    """All measurements of mail that the folder has files for."""
    folder = data / FOLDER
    learnt = train / FOLDER if train is not None and train.resolve() != data.resolve() else None
    result = Evaluation()
    for part in (
        parsing.evaluate(folder),
        stripping.evaluate(folder),
        learned.evaluate_requests(folder, learnt),
        learned.evaluate_relevance(folder, learnt),
    ):
        result.metrics += part.metrics
        result.misses += part.misses
        result.skipped += part.skipped
    return result
