"""Opening enrichment from the settings, and exporting what it knows for the warehouse."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import sqlalchemy as sa

from resources.clock import utc_now
from resources.enrichment.config import EnrichmentConfig, load_enrichment
from resources.enrichment.engine import Enricher
from resources.enrichment.known import Known
from resources.enrichment.ledger import Ledger, left
from resources.enrichment.suppressions import load_suppressions
from resources.enrichment.tables import enrichment_charges, enrichment_steps, people_searches
from resources.parquet import PART, write_table
from resources.settings import Settings
from resources.state import StateStore, snapshot

CREDITS_SCHEMA = pa.schema(
    [
        pa.field("source", pa.string(), nullable=False),
        pa.field("period", pa.string(), nullable=False),
        pa.field("budget", pa.float64()),
        pa.field("charged", pa.float64()),
        pa.field("in_doubt", pa.float64()),
        pa.field("credits_left", pa.float64()),
        pa.field("answered", pa.int64()),
        pa.field("unanswered", pa.int64()),
    ]
)


def open_enricher(
    settings: Settings,
    state: StateStore,
    *,
    run_id: str | None = None,
    environ: Mapping[str, str] | None = None,
    now: Callable[[], datetime] = utc_now,
    sleep: Callable[[float], None] = time.sleep,
) -> Enricher:
    """An enricher as the settings say. Raises ``ConfigurationError``."""
    return Enricher(
        load_enrichment(settings.config_dir, settings.environment),
        state,
        load_suppressions(settings.config_dir, environ),
        run_id=run_id,
        now=now,
        environ=environ,
        sleep=sleep,
    )


def credit_report(
    config: EnrichmentConfig, state: StateStore, now: datetime
) -> list[dict[str, Any]]:
    """One row per source and month: this month's budgets, and every month's charges."""
    ledger, this_month = Ledger(state), f"{now:%Y-%m}"
    with state.read() as connection:
        told = connection.execute(sa.select(enrichment_charges.c.period).distinct()).scalars()
        periods = sorted({this_month, *told}, reverse=True)
    report = []
    for period in periods:
        spent = {row["source"]: row for row in ledger.spending(period)}
        budgets = {name: provider.budget for name, provider in config.providers.items()}
        for source in sorted({*spent, *(n for n, b in budgets.items() if b.month is not None)}):
            row, budget = spent.get(source), budgets.get(source)
            if row is None and period != this_month:
                continue
            report.append(
                {
                    "source": source,
                    "period": period,
                    "budget": budget.month if budget else None,
                    "charged": float(row["charged"]) if row else 0.0,
                    "in_doubt": float(row["in_doubt"]) if row else 0.0,
                    "credits_left": left(budget, row) if budget else None,
                    "answered": row["answered"] if row else 0,
                    "unanswered": row["unanswered"] if row else 0,
                }
            )
    return report


def exports(settings: Settings, state: StateStore, now: datetime) -> dict[str, pa.Table]:
    """What the warehouse reads of enrichment, by table."""
    config = load_enrichment(settings.config_dir, settings.environment)
    known = Known(state)
    return {
        "enriched_fields": known.table(),
        "credits": pa.Table.from_pylist(credit_report(config, state, now), schema=CREDITS_SCHEMA),
        "steps": snapshot(state, enrichment_steps),
        "people_searches": snapshot(state, people_searches),
    }


def write_export(folder: Path, name: str, table: pa.Table) -> int:
    """Write one table for the warehouse; returns its bytes."""
    import fsspec

    return write_table(fsspec.filesystem("file"), str(folder / name / PART), table)
