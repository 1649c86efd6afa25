"""How models are judged: time-ordered splits, measures, intervals by company, leak probes.

Nothing here ever mixes time: what a model is judged on happened after everything it learned from.
"""

from ml.evaluation.leaks import probe_amount, probe_features, probe_model
from ml.evaluation.measures import (
    Interval,
    auc,
    auc_difference,
    auc_interval,
    average_precision,
    brier,
    company_weights,
    interval,
    mean_difference,
    pinball,
)
from ml.evaluation.splits import Split, embargoed_split, ordered_split
from ml.evaluation.survival import (
    FollowUp,
    brier_by_horizon,
    concordance,
    integrated_brier,
    integrated_brier_gain,
)
from ml.evaluation.verdicts import Evaluation, Verdict, verdict

__all__ = [
    "Evaluation",
    "FollowUp",
    "Interval",
    "Split",
    "Verdict",
    "auc",
    "auc_difference",
    "auc_interval",
    "average_precision",
    "brier",
    "brier_by_horizon",
    "company_weights",
    "concordance",
    "embargoed_split",
    "integrated_brier",
    "integrated_brier_gain",
    "interval",
    "mean_difference",
    "ordered_split",
    "pinball",
    "probe_amount",
    "probe_features",
    "probe_model",
    "verdict",
]
