"""Quality gates as blocking asset checks: what enters, what is unified, what leaves."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import dagster as dg

from assets.common import DAILY, OWNERS, Platform
from assets.detections import DETECTION_ASSETS
from assets.sources import lake_keys
from resources.quality import GateResult, check_outgoing, check_raw, check_unified, write_report

#: The tables whose state each gate answers for; what is downstream of them waits for the gate.
UNIFIED_TABLES = (
    dg.AssetKey(["signals", "buying_signals"]),
    dg.AssetKey(["leads", "lead_scores"]),
    dg.AssetKey(["features", "company_snapshots"]),
    dg.AssetKey(["features", "deal_snapshots"]),
    dg.AssetKey(["features", "signal_snapshots"]),
)
OUTGOING_TABLES = (
    dg.AssetKey(["leads", "leads"]),
    dg.AssetKey(["predictions", "expected_values"]),
)
_SHOWN = 20


def gate_metadata(result: GateResult) -> dict[str, dg.MetadataValue]:
    """What a gate found, for the UI."""
    lines = [f"- {check.message}" for check in (*result.blocking_failures, *result.warnings)]
    return {
        "rows": dg.MetadataValue.int(result.rows),
        "checks": dg.MetadataValue.int(len(result.checks)),
        "quarantined_rows": dg.MetadataValue.int(result.quarantined_rows),
        "seconds": dg.MetadataValue.float(round(result.seconds, 3)),
        "findings": dg.MetadataValue.md("\n".join(lines[:_SHOWN]) or "_none_"),
    }


def _report(platform: Platform) -> dg.MetadataValue:
    path = write_report(platform.settings.reports, platform.services.quarantine)
    return dg.MetadataValue.path(str(path))


@dg.asset(
    key=["quarantine", "set_aside"],
    deps=[
        *lake_keys(),
        *(asset.key for asset in DETECTION_ASSETS),
    ],
    description=(
        "One row per raw record and rule it broke: kept with the reason, left out downstream."
    ),
    group_name="quality",
    kinds={"greatexpectations", "parquet"},
    owners=OWNERS,
    partitions_def=DAILY,
    check_specs=[
        dg.AssetCheckSpec(
            "raw_gate",
            asset=["quarantine", "set_aside"],
            blocking=True,
            description=(
                "Guards what enters: a stream with too many bad rows, a missing field or a sudden "
                "emptiness stops the line; the last publication stays."
            ),
        )
    ],
)
def raw_gate(context: dg.AssetExecutionContext, platform: Platform) -> dg.MaterializeResult:
    """Judge the day's partitions and set bad rows aside."""
    platform.services.quarantine.ensure()
    result = check_raw(platform.settings, date.fromisoformat(context.partition_key))
    metadata = gate_metadata(result)
    return dg.MaterializeResult(
        metadata={**metadata, "report": _report(platform)},
        check_results=[
            dg.AssetCheckResult(
                check_name="raw_gate",
                passed=result.success,
                severity=dg.AssetCheckSeverity.ERROR,
                description=result.explain()[:2_000] or None,
                metadata=metadata,
            )
        ],
    )


def _warehouse_gate(
    name: str, tables: tuple[dg.AssetKey, ...], guards: str, manifest: Path
) -> dg.AssetChecksDefinition:
    judge = {"unified_gate": check_unified, "outgoing_gate": check_outgoing}[name]

    @dg.multi_asset_check(
        name=name,
        specs=[
            dg.AssetCheckSpec(
                name, asset=table, blocking=True, description=f"Guards {guards}: {table.path[-1]}."
            )
            for table in tables
        ],
    )
    def gate(context: dg.AssetCheckExecutionContext, platform: Platform) -> Iterator:
        result = judge(platform.settings, platform.as_of(context), manifest)
        metadata = {**gate_metadata(result), "report": _report(platform)}
        for table in tables:
            yield dg.AssetCheckResult(
                check_name=name,
                asset_key=table,
                passed=result.success,
                severity=dg.AssetCheckSeverity.ERROR,
                description=result.explain()[:2_000] or None,
                metadata=metadata,
            )

    return gate


def warehouse_gates(manifest: Path) -> list[dg.AssetChecksDefinition]:
    """The gates on the unified tables and on everything that leaves."""
    return [
        _warehouse_gate(
            "unified_gate",
            UNIFIED_TABLES,
            "the unified tables before models learn from them",
            manifest,
        ),
        _warehouse_gate(
            "outgoing_gate", OUTGOING_TABLES, "everything that leaves the platform", manifest
        ),
    ]
