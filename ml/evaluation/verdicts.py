"""What an evaluation says about promotion, and all that is kept of one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from ml.evaluation.measures import Interval


@dataclass(frozen=True)
class Verdict:
    """What an evaluation says about promotion.

    ``passed``: better than chance and than the constant baseline, beyond doubt. ``fit_to_serve``:
    also not clearly worse than the simple model beside it. ``reason`` in plain words.
    """

    passed: bool
    fit_to_serve: bool
    reason: str


def verdict(
    ranking: tuple[str, Interval], gain: tuple[Interval, str, str], against: Interval, margin: float
) -> Verdict:
    """What the intervals of a model that ranks and gives probabilities say about its promotion.

    ``ranking`` names the measure of order (chance is 0.5); ``gain`` is over the constant baseline,
    with its name in praise and in blame; ``against`` is the gain over a logistic regression on the
    same features, which may win by ``margin`` at most.
    """
    measure, order = ranking
    over, baseline, described = gain
    shown = f"{measure} {order.value:.3f} ({order.lower:.3f} to {order.upper:.3f})"
    if not order.lower > 0.5:
        return Verdict(False, False, f"no better than chance: {shown}, chance is 0.5")
    if not over.value > 0:
        return Verdict(
            False,
            False,
            f"ranks better than chance ({shown}), but its probabilities are no closer to what "
            f"happened than {described}",
        )
    if against.upper < -margin:
        return Verdict(
            True, False, f"{shown}, but a logistic regression on the same features is better"
        )
    return Verdict(True, True, f"better than {baseline}: {shown}")


@dataclass(frozen=True)
class Evaluation:
    """Metrics of a model on what happened after its training, with the baselines beside them."""

    metrics: dict[str, float]
    baseline_metrics: dict[str, float]
    verdict: Verdict
    plots: dict[str, Callable[[], bytes]] = field(default_factory=dict)

    def broken(self) -> list[str]:
        """Names of metrics that are not numbers."""
        return sorted(name for name, value in self.metrics.items() if not np.isfinite(value))
