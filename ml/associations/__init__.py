"""Which signals come together, and which come before deals: statistics of event histories.

Belongs here: counting, expectation under chance, intervals, tests and their correction. Does not
belong here: where tables lie, and any model that predicts for one company.
"""

from ml.associations.correlations import CORRELATIONS_SCHEMA, signal_correlations
from ml.associations.patterns import PATTERNS_SCHEMA, signal_patterns

__all__ = [
    "CORRELATIONS_SCHEMA",
    "PATTERNS_SCHEMA",
    "signal_correlations",
    "signal_patterns",
]
