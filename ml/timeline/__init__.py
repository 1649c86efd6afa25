"""When will a company buy: a discrete-time hazard, with censoring respected.

Rows are company x 30-day periods (``features.purchase_periods``), so a company that has not
bought yet counts for every period it was watched and not bought in, and nothing is assumed about
what it does later. A regression on closed deals alone would see only the quick ones.

How features are carried forward: the hazard of a period ``k`` months ahead is learned from what
was known ``k`` months before it. Every snapshot (a landmark) is paired with each of the following
periods in which the company was still at risk, and ``k`` is itself a feature (a landmark
super-model, van Houwelingen 2007). So the fading worth of today's features is learned from data,
and predicting needs no guess of future features. Purchases count once per landmark before them,
which is why events, minimums and intervals go by company.

Formula: ``P(purchase within K periods) = 1 - prod_{k<K} (1 - h_k)``; ``h_k`` is the calibrated
hazard. Within a period the hazard is constant.
"""

from ml.timeline.data import NAME, PERIODS, SNAPSHOTS, TimelineData, prepare, shortage
from ml.timeline.evaluating import compare, evaluate
from ml.timeline.model import AHEAD, TimelineModel, current_rows
from ml.timeline.training import fit

__all__ = [
    "AHEAD",
    "NAME",
    "PERIODS",
    "SNAPSHOTS",
    "TimelineData",
    "TimelineModel",
    "compare",
    "current_rows",
    "evaluate",
    "fit",
    "prepare",
    "shortage",
]
