"""What every asset shares: owners, the daily partitions, the platform resource, run metadata."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import dagster as dg
import pyarrow as pa
from pydantic import Field

from resources.settings import Settings, load_settings
from resources.sources.ingestion import Services, open_services

#: Team that answers for an asset. A deployment changes it here; a test holds that all have one.
OWNERS = ["team:data-platform"]

#: One partition a UTC day, the day a source was fetched. Today's partition is open (end_offset=1).
DAILY = dg.DailyPartitionsDefinition(start_date="2024-01-01", timezone="UTC", end_offset=1)

#: One writer at a time for everything that opens the warehouse file for writing.
WAREHOUSE_POOL = "warehouse"


class Platform(dg.ConfigurableResource):
    """The platform's settings and the stores they name, shared by all assets of a process.

    ``overrides`` are field values of ``resources.settings.Settings`` that win over the environment;
    tests use them to point everything at a temporary folder.
    """

    overrides: dict[str, str] = Field(default_factory=dict)

    @cached_property
    def _settings(self) -> Settings:
        return load_settings(**self.overrides)

    @property
    def settings(self) -> Settings:
        """Typed settings."""
        return self._settings

    @cached_property
    def _services(self) -> Services:
        return open_services(self.settings)

    @property
    def services(self) -> Services:
        """Lake, state store, quarantine, declarations and clock of the environment."""
        return self._services

    def as_of(self, context: dg.AssetExecutionContext) -> date:
        """The day to build for: the setting, else the run's partition, else today (UTC)."""
        if self.settings.as_of:
            return self.settings.as_of
        partition = context.run.tags.get("dagster/partition")
        return date.fromisoformat(partition) if partition else self.services.clock.today()


@dataclass
class Stopwatch:
    """Seconds of a block, for asset metadata."""

    seconds: float = field(default=0.0)


@contextmanager
def stopwatch() -> Iterator[Stopwatch]:
    """Measure the wall-clock seconds of a block."""
    watch = Stopwatch()
    started = time.perf_counter()
    try:
        yield watch
    finally:
        watch.seconds = round(time.perf_counter() - started, 3)


def table_metadata(
    *, rows: int, size: int | None = None, seconds: float, preview: pa.Table | None = None
) -> Mapping[str, dg.MetadataValue]:
    """Metadata that every stored table shows in the UI: rows, bytes, seconds, a short preview."""
    metadata: dict[str, dg.MetadataValue] = {
        "dagster/row_count": dg.MetadataValue.int(rows),
        "seconds": dg.MetadataValue.float(seconds),
    }
    if size is not None:
        metadata["bytes"] = dg.MetadataValue.int(size)
    if preview is not None:
        metadata["preview"] = dg.MetadataValue.md(markdown_preview(preview))
    return metadata


def markdown_preview(table: pa.Table, rows: int = 5, width: int = 60) -> str:
    """The first ``rows`` of ``table`` as a Markdown table; binary columns are left out."""
    columns = [f.name for f in table.schema if not pa.types.is_binary(f.type)]
    if not columns or not table.num_rows:
        return "_no rows_"
    lines = ["| " + " | ".join(columns) + " |", "|" + " --- |" * len(columns)]
    for row in table.slice(0, rows).select(columns).to_pylist():
        cells = (str(row[c] if row[c] is not None else "")[:width] for c in columns)
        lines.append(
            "| " + " | ".join(c.replace("|", "\\|").replace("\n", " ") for c in cells) + " |"
        )
    return "\n".join(lines)
