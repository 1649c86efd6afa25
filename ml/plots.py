"""The pictures of a training run, as PNG bytes: calibration, survival curve, quantile coverage."""

from __future__ import annotations

import io
from collections.abc import Sequence

import numpy as np

from ml.calibration import reliability


def _png(draw: object, title: str, across: str, up: str) -> bytes:
    # Figure and canvas directly: pyplot would look for a display and keep state between runs.
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(5, 4), dpi=90, layout="constrained")
    canvas = FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    draw(axes)  # type: ignore[operator]
    axes.set(title=title, xlabel=across, ylabel=up)
    axes.grid(alpha=0.3)
    axes.legend(frameon=False)
    buffer = io.BytesIO()
    canvas.print_png(buffer)
    return buffer.getvalue()


def calibration(label: np.ndarray, probability: np.ndarray, title: str) -> bytes:
    """Share that happened against mean prediction, in ten bins of equal size."""
    table = reliability(np.asarray(label, dtype=float), np.asarray(probability, dtype=float))

    def draw(axes: object) -> None:
        top = max(max(mean, share) for mean, share, _ in table) * 1.05 or 1.0
        axes.plot([0, top], [0, top], color="grey", lw=1, label="perfect")
        axes.plot([m for m, _, _ in table], [s for _, s, _ in table], "o-", label="model")

    return _png(draw, title, "predicted probability", "share that happened")


def survival(days: Sequence[float], predicted: np.ndarray, observed: np.ndarray) -> bytes:
    """Mean predicted survival against the life-table (Kaplan-Meier) estimate of the same rows."""

    def draw(axes: object) -> None:
        axes.step(days, observed, where="post", color="grey", label="Kaplan-Meier, test window")
        axes.plot(days, predicted, "o-", label="model, mean")

    return _png(draw, "Not yet bought", "days after the prediction", "share of companies")


def coverage(quantiles: Sequence[float], covered: Sequence[float]) -> bytes:
    """Share of deals at or below each predicted quantile against the quantile."""

    def draw(axes: object) -> None:
        axes.plot([0, 1], [0, 1], color="grey", lw=1, label="perfect")
        axes.plot(list(quantiles), list(covered), "o-", label="model")

    return _png(draw, "Quantile coverage", "quantile", "share of deals at or below")
