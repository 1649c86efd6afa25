"""Why a prediction is what it is: the features that moved it most, row by row, in words.

Contributions are LightGBM's own exact Shapley values (``pred_contrib``), on the scale the model
adds up on: log odds of a purchase in the next 30 days for the timeline, log amount for deal size.
A contribution of 0.69 doubles the odds or the amount.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence

import numpy as np

_WINDOW = re.compile(r"^(?P<what>.+?)_(?P<days>\d+)d(?:ays)?$")
_UPPER = {"usd": "USD", "icp": "ICP", "crm": "CRM", "sec": "SEC", "cto": "CTO", "vp": "VP"}


def label(feature: str) -> str:
    """A feature's name for people: ``num_job_postings_90d`` is "job postings, last 90 days"."""
    name = re.sub(r"^(num|cat)_", "", feature)
    window = _WINDOW.match(name)
    tail = ""
    if window:
        name, tail = window["what"], f", last {window['days']} days"
    words = [_UPPER.get(word, word) for word in name.split("_") if word]
    return " ".join(words) + tail


def explain(
    contributions: np.ndarray,
    names: Sequence[str],
    value_of: Callable[[int, int], object],
    top: int = 5,
    hidden: Sequence[str] = (),
) -> list[str]:
    """One JSON list of ``{feature, name, value, contribution}`` per row, strongest first.

    ``contributions`` is (rows x features); ``value_of(row, feature position)`` gives what the
    reader should see; ``hidden`` features are the model's own and not shown.
    """
    shown = [position for position, name in enumerate(names) if name not in hidden]
    if not shown:
        return ["[]"] * len(contributions)
    part = contributions[:, shown]
    order = np.argsort(-np.abs(part), axis=1, kind="stable")[:, :top]
    labels = [label(names[position]) for position in shown]
    result = []
    for row, best in enumerate(order):
        reasons = [
            {
                "feature": labels[at],
                "name": names[shown[at]],
                "value": _plain(value_of(row, shown[at])),
                "contribution": round(float(part[row, at]), 4),
            }
            for at in best
            if abs(part[row, at]) >= 5e-4
        ]
        result.append(json.dumps(reasons, ensure_ascii=False))
    return result


def _plain(value: object) -> object:
    if value is None or (isinstance(value, float) and not np.isfinite(value)):
        return None
    if isinstance(value, (float, np.floating, np.integer)):
        number = float(value)
        if not np.isfinite(number):
            return None
        return int(number) if number.is_integer() else float(f"{number:.6g}")
    return str(value)
