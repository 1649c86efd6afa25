"""Time-ordered windows: what a model is judged on happened after everything it learned from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Split:
    """Row positions of three windows, each later than the one before."""

    train: np.ndarray
    calibration: np.ndarray
    test: np.ndarray


def ordered_split(known_on: np.ndarray, calibration_fraction: float, test_fraction: float) -> Split:
    """Cut rows by the day their outcome became known: oldest train, newest test.

    Rows of one day stay together, so that no day is on both sides of a cut.
    """
    known_on = np.asarray(known_on, dtype=float)
    ordered = np.sort(known_on)
    count = len(ordered)
    test_from = ordered[min(count - 1, int(np.floor(count * (1 - test_fraction))))]
    calibrate_from = ordered[
        min(count - 1, int(np.floor(count * (1 - test_fraction - calibration_fraction))))
    ]
    rows = np.arange(count)
    return Split(
        rows[known_on < calibrate_from],
        rows[(known_on >= calibrate_from) & (known_on < test_from)],
        rows[known_on >= test_from],
    )


def embargoed_split(as_of: np.ndarray, label_days: int, test_fraction: float) -> Split:
    """Test on the newest share of rows; train only where the label was known before them.

    A label looks ``label_days`` ahead, so a training row must be at least that much older than the
    first test day (the embargo); rows between are in neither window. Calibration is left empty.
    """
    as_of = np.asarray(as_of, dtype=float)
    test_from = np.sort(as_of)[int(np.floor(len(as_of) * (1 - test_fraction)))]
    rows = np.arange(len(as_of))
    return Split(
        rows[as_of + label_days <= test_from], np.array([], dtype=int), rows[as_of >= test_from]
    )
