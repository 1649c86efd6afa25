"""Publication: the audited warehouse becomes the read-only copy that everyone reads."""

from collections.abc import Sequence
from pathlib import Path

import dagster as dg

from assets.common import OWNERS, WAREHOUSE_POOL, Platform, stopwatch
from assets.unfinished import require_finished
from assets.warehouse import FIRST_BUILD, SECOND_BUILD
from resources.publication import Publication, list_publications, publish
from resources.settings import Settings
from resources.sources.ingestion import Services
from resources.state import list_publications as recorded_publications
from resources.state import record_publication, set_publication_status

PUBLICATION_KEY = dg.AssetKey(["published", "buying_signals"])

#: Tables without which a publication would be worse than the one before it.
REQUIRED = ("core.companies", "signals.buying_signals", "leads.lead_scores", "leads.leads")


def record(services: Services, publication: Publication, run_id: str | None) -> None:
    """Keep the publication in the state store, where operations tables come from."""
    record_publication(
        services.state,
        {
            "version": publication.version,
            "as_of": publication.as_of,
            "status": "current",
            "published_at": publication.published_at,
            "path": str(publication.path),
            "bytes": publication.bytes,
            "tables": publication.tables,
            "rows": publication.total_rows,
            "run_id": run_id,
            "note": publication.note,
        },
    )


def synchronise(settings: Settings, services: Services) -> None:
    """Let the state store say what the disk holds: current, kept, rolled back, pruned."""
    kept = {item.version: item for item in list_publications(settings.published)}
    for row in recorded_publications(services.state):
        item = kept.get(row["version"])
        if item is None:
            status = "pruned"
        elif item.is_current:
            status = "current"
        else:
            status = "rolled_back" if item.is_rolled_back else "kept"
        if status != row["status"]:
            set_publication_status(services.state, row["version"], status)


def publication_asset(tables: Sequence[dg.AssetKey], manifest: Path) -> dg.AssetsDefinition:
    """The asset that publishes; ``tables`` are those it is made of."""

    @dg.asset(
        key=PUBLICATION_KEY,
        deps=list(tables),
        description=(
            "One read-only DuckDB file per publication, swapped in place in one step: readers "
            "never wait and never see a half-built table. Grain: publication."
        ),
        group_name="publication",
        kinds={"duckdb"},
        owners=OWNERS,
        pool=WAREHOUSE_POOL,
    )
    def published(context: dg.AssetExecutionContext, platform: Platform) -> dg.MaterializeResult:
        settings, services = platform.settings, platform.services
        require_finished(settings, [FIRST_BUILD, SECOND_BUILD])
        with stopwatch() as watch:
            publication = publish(
                settings.warehouse,
                settings.published,
                settings.keep_publications,
                as_of=platform.as_of(context),
                required=REQUIRED,
                manifest=manifest,
                progress=lambda step: context.log.debug(step),
            )
            if not publication.unchanged:
                record(services, publication, context.run_id)
            synchronise(settings, services)
        return dg.MaterializeResult(
            metadata={
                "version": publication.version,
                "unchanged": publication.unchanged,
                "path": dg.MetadataValue.path(str(publication.path)),
                "dagster/row_count": publication.total_rows,
                "tables": publication.tables,
                "bytes": publication.bytes,
                "seconds": watch.seconds,
                **({"note": publication.note} if publication.note else {}),
            }
        )

    return published
