"""What the platform knows of its own work, exported from the state store for the warehouse."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path

import dagster as dg
import pyarrow as pa

from assets.common import OWNERS, Platform, stopwatch, table_metadata
from resources.leftovers import sweep
from resources.parquet import PART, write_table
from resources.settings import Settings
from resources.sources.coverage import declared_sources_table
from resources.sources.ingestion import Services
from resources.state import (
    alert_deliveries,
    asked_companies,
    finish_pipeline_run,
    health_table,
    pipeline_runs,
    publications,
    snapshot,
    source_health,
    start_pipeline_run,
)

DESCRIPTIONS = {
    "source_health": "One row per declared source: state, last success, last error, age.",
    "declared_sources": "One row per declared source: what it asks by, and its state.",
    "asked_companies": "One row per source and company asked about: when, and whether it answered.",
    "publications": "One row per publication of the warehouse and its state.",
    "alert_deliveries": "One row per alert and channel: state, attempts, last error.",
    "pipeline_runs": "One row per run of the line: start, end, status, publication.",
}


def _health(services: Services) -> pa.Table:
    declared = services.declarations.sources.values()
    return health_table(source_health(services.state, declared, services.clock.now()))


def _declared(services: Services) -> pa.Table:
    declared = services.declarations.sources.values()
    return declared_sources_table(services.state, declared, services.clock.now())


_EXPORTS: Mapping[str, Callable[[Services], pa.Table]] = {
    "source_health": _health,
    "declared_sources": _declared,
    "asked_companies": lambda services: snapshot(services.state, asked_companies),
    "publications": lambda services: snapshot(services.state, publications),
    "alert_deliveries": lambda services: snapshot(services.state, alert_deliveries),
    "pipeline_runs": lambda services: snapshot(services.state, pipeline_runs),
}


#: Dagster's words for the end of a run, in ours.
_STATUS = {
    dg.DagsterRunStatus.SUCCESS: "succeeded",
    dg.DagsterRunStatus.FAILURE: "failed",
    dg.DagsterRunStatus.CANCELED: "failed",
}
#: Runs looked at for each export; older ones are in the state store already.
_RECENT_RUNS = 50


def record_runs(instance: dg.DagsterInstance, services: Services) -> None:
    """Bring the state store's pipeline runs up to date with Dagster's records of runs."""
    for record in instance.get_run_records(limit=_RECENT_RUNS):
        run = record.dagster_run
        if run.job_name.startswith("__") or record.start_time is None:
            continue
        day = run.tags.get("dagster/partition")
        start_pipeline_run(
            services.state,
            run.run_id,
            run.job_name,
            services.declarations.environment,
            datetime.fromtimestamp(record.start_time, UTC),
            date.fromisoformat(day) if day else None,
        )
        if record.end_time and run.status in _STATUS:
            finish_pipeline_run(
                services.state,
                run.run_id,
                _STATUS[run.status],
                datetime.fromtimestamp(record.end_time, UTC),
            )


def written_folders(settings: Settings) -> tuple[Path, ...]:
    """Local folders into which the line writes by temporary file and rename."""
    lake = () if "://" in settings.lake else (Path(settings.lake),)
    return (
        *lake,
        settings.detections,
        settings.quarantine,
        settings.reference,
        settings.predictions,
        settings.enrichment,
        settings.operations,
        settings.reports,
        settings.published,
    )


def export_state(name: str, settings: Settings, services: Services) -> tuple[pa.Table, int]:
    """Write the current rows of one state table for dbt; returns the rows and the bytes."""
    import fsspec

    table = _EXPORTS[name](services)
    path = str(settings.operations / name / PART)
    return table, write_table(fsspec.filesystem("file"), path, table)


@dg.multi_asset(
    name="export_platform_state",
    specs=[
        dg.AssetSpec(
            ["platform_state", name],
            deps=[dg.AssetKey(["quarantine", "set_aside"])],
            description=f"{description} Snapshot of the state store for publication.",
            group_name="operations",
            kinds={"parquet"},
            owners=OWNERS,
        )
        for name, description in DESCRIPTIONS.items()
    ],
)
def export_platform_state(context: dg.AssetExecutionContext, platform: Platform):
    """Export every state table that is published; take away what killed processes left over."""
    swept = [sweep(folder) for folder in written_folders(platform.settings)]
    if any(found.files for found in swept):
        context.log.info(
            f"removed {sum(f.files for f in swept)} temporary files left by killed processes, "
            f"{sum(f.bytes for f in swept):,} bytes"
        )
    record_runs(context.instance, platform.services)
    for name in DESCRIPTIONS:
        with stopwatch() as watch:
            table, size = export_state(name, platform.settings, platform.services)
        yield dg.MaterializeResult(
            asset_key=["platform_state", name],
            metadata=table_metadata(rows=table.num_rows, size=size, seconds=watch.seconds),
        )
