"""Gates on the data: what comes in, what is unified, what leaves.

Belongs here: the suites' configuration, the Great Expectations run itself, what a gate decides, and
the report people read. Does not belong here: how a row is mended (readers, dbt models), when a gate
runs (``orchestration``), and the asset checks that show its result (``assets``).

Bad rows are set aside with the reason (``resources.quarantine``); bad batches stop the line.
Great Expectations is imported when the first gate runs, not when this package is.
"""

from resources.quality.gate import check_outgoing, check_raw, check_unified, run_gate
from resources.quality.report import write_report
from resources.quality.results import CheckResult, GateResult, RunHistory, TableResult

__all__ = [
    "CheckResult",
    "GateResult",
    "RunHistory",
    "TableResult",
    "check_outgoing",
    "check_raw",
    "check_unified",
    "run_gate",
    "write_report",
]
