"""Enrichment as an asset: providers are asked about the best leads, before the warehouse."""

from datetime import date

import dagster as dg

from assets.common import OWNERS, Platform, stopwatch, table_metadata
from resources.enrichment.batch import BatchReport, run_batch, subjects
from resources.enrichment.leads import leads_before
from resources.enrichment.services import exports, open_enricher, write_export

DESCRIPTIONS = {
    "enriched_fields": "One row per entity, field, provider operation and version: who says what, "
    "and which value is used.",
    "credits": "One row per provider and month: budget, credits used, credits in doubt.",
    "steps": "One row per step of a run: who was asked for what, and what came of it.",
    "people_searches": "One row per company and search for its people: how it went and ended.",
}


def enrich_leads(platform: Platform, run_id: str, today: date) -> BatchReport:
    """Enrich the best leads of the last publication of a day before ``today``; nothing without one.

    Those of today's own publications are asked about tomorrow: a second run of a day would else
    change what the first one has published.
    """
    leads = leads_before(platform.settings.published, today)
    if leads is None:
        return BatchReport()
    with leads, open_enricher(
        platform.settings, platform.services.state, run_id=run_id
    ) as enricher:  # fmt: skip
        return run_batch(enricher, subjects(leads, enricher.config.batch), enricher.config.batch)


@dg.multi_asset(
    name="enrich_leads",
    specs=[
        dg.AssetSpec(
            ["enrichment", name],
            deps=[dg.AssetKey(["quarantine", "set_aside"])],
            description=description,
            group_name="enrichment",
            kinds={"http", "parquet"},
            owners=OWNERS,
        )
        for name, description in DESCRIPTIONS.items()
    ],
)
def enrichment(context: dg.AssetExecutionContext, platform: Platform):
    """Ask about the best leads of the last publication; export everything that is known.

    Vendors tell what is so today, so that a past day is not enriched: it keeps what was known then.
    """
    services = platform.services
    today = services.clock.today()
    with stopwatch() as watch:
        if platform.as_of(context) == today:
            report = enrich_leads(platform, context.run_id, today)
        else:
            context.log.info(f"{platform.as_of(context)} is past: nothing is asked")
            report = BatchReport()
    context.log.info(
        f"{report.companies} companies and {report.people} people: {report.asked} questions, "
        f"{sum(report.credits.values()):g} credits, {report.changed_rows} rows changed"
    )
    outcomes = {f"{source} {outcome}": n for (source, outcome), n in report.outcomes.items()}
    for name, table in exports(platform.settings, services.state, services.clock.now()).items():
        size = write_export(platform.settings.enrichment, name, table)
        yield dg.MaterializeResult(
            asset_key=["enrichment", name],
            metadata={
                **table_metadata(rows=table.num_rows, size=size, seconds=watch.seconds),
                "outcomes": dg.MetadataValue.json(dict(sorted(outcomes.items()))),
                "credits": dg.MetadataValue.json(dict(report.credits)),
            },
        )
