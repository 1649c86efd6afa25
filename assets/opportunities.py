"""Opportunities as an asset: mail, meetings, documents and CRM rows joined."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import dagster as dg
import pyarrow as pa

from assets.common import DAILY, OWNERS, Platform, stopwatch, table_metadata
from assets.fingerprints import Knowledge
from assets.opportunity_care import DESCRIPTIONS as CARE_DESCRIPTIONS
from assets.opportunity_care import TABLES as CARE_TABLES
from assets.opportunity_care import care_rows
from assets.opportunity_carry import (
    carried_tables,
    environment_of,
    keep,
    left_behind,
    merged,
    plan_of,
)
from assets.opportunity_feedback import annotations_by, feedback_of, load_review_config
from assets.opportunity_refresh import snapshots_of
from assets.opportunity_rows import RunRow
from assets.opportunity_runs import KEPT, kept_of, run_of, tracker_dataset, with_earlier
from assets.opportunity_sources import TABLES as DETECTION_TABLES
from assets.opportunity_sources import gather
from assets.opportunity_tables import as_table, tables_of
from detection.correspondence.rfq.vocabulary import vocabulary_in_use
from ml.opportunities.building import build_groups, group_sources
from ml.opportunities.feedback import outcomes_of, review_findings
from ml.opportunities.quality import assess
from ml.opportunities.withdrawn import with_withdrawn
from resources.annotations.store import StoredAnnotation
from resources.clock import utc_now
from resources.collector import collector_paused
from resources.quarantine import Quarantine
from resources.settings import Settings

#: Raised by hand when joining changes in a way that makes other opportunities of the same sources.
VERSION = "1"
DESCRIPTIONS = {
    "opportunities": "One row per opportunity and day joined: stage, priority, terms, counts.",
    "opportunity_evidence": "One row per source of an opportunity and thing that it says.",
    "opportunity_conflicts": "One row per opportunity, field in conflict and candidate.",
    "next_steps": "One row per opportunity and next step.",
    "opportunity_lines": "One row per opportunity and product with its own quantity and price.",
    "opportunity_actors": "One row per opportunity and person.",
    "quality_findings": "One row per opportunity and finding: what is wrong, what to do.",
    **CARE_DESCRIPTIONS,
    "runs": "One row per day joined and run of it: what was looked at and what was made.",
}
#: In the order in which days are taken away: a day without its run is read by nobody.
_PRUNED = ("runs", *(name for name in DESCRIPTIONS if name != "runs"))


@dataclass(frozen=True)
class Joined:
    """One day's joining."""

    #: Sources that opportunities were joined of, and of these those that were joined anew.
    sources: int
    new_sources: int
    tables: dict[str, pa.Table]


def join_day(
    settings: Settings,
    quarantine: Quarantine,
    day: date,
    annotations: Sequence[StoredAnnotation] = (),
    now: datetime | None = None,
) -> Joined:
    """Join everything read up to ``day`` and make it the day's partition of every table.

    ``annotations`` are what reviewers had said by then; they stand above every source. A day's
    tables are those of its last run; snapshots stay of each run that made something else, taken at
    ``now`` (the clock's time).

    The result is that of joining all sources. Looked at are those that the news of the day can
    touch; what came of the others is taken over from the joining before (``opportunity_carry``).
    """
    Knowledge.of(settings).install()
    words = vocabulary_in_use()
    feedback = feedback_of(item.annotation for item in annotations)
    config = load_review_config(settings.config_dir)
    environment = environment_of(words.edition, config.quality.model_dump_json(), VERSION)
    plan = plan_of(settings, day, environment, quarantine.refused(), feedback)
    sources = gather(plan.rows(settings), words, feedback.named)
    groups = group_sources(sources.fragments, feedback)
    opportunities = with_withdrawn(build_groups(groups, day, feedback), groups, sources.withdrawn)
    outcomes = outcomes_of(groups, opportunities, feedback, day)
    reviewed = review_findings(outcomes)
    qualities = {
        one.opportunity_id: assess(one, day, config.quality, reviewed.get(one.opportunity_id, ()))
        for one in opportunities
    }
    late = config.quality.overdue_days
    carried = carried_tables(settings, plan, config.quality)
    tables = {
        name: merged(table, carried.get(name))
        for name, table in tables_of(opportunities, qualities, groups, sources.backlinks).items()
    }
    kept = kept_of(settings, day)
    run = run_of(tables["opportunities"], kept, now or utc_now())
    care = care_rows(groups, opportunities, qualities, outcomes, annotations, day, late, run)
    if carried:
        carried["opportunity_snapshots"] = snapshots_of(carried, day, run, late)
    tables |= {
        name: merged(as_table(CARE_TABLES[name][0], rows), carried.get(name))
        for name, rows in care.items()
    }
    count = sum(part.sources for part in plan.kept) + len(sources.backlinks)
    looked_at = plan.looked_at()
    tables["runs"] = as_table(
        RunRow,
        [
            RunRow(
                as_of=day,
                run_number=run.run_number,
                run_id=run.run_id,
                joined_at=run.joined_at,
                sources=count,
                opportunities=tables["opportunities"].num_rows,
                messages=looked_at["correspondence_messages"],
                meetings=looked_at["correspondence_meetings"],
                crm_rows=looked_at["crm_opportunities"],
                vocabulary_edition=words.edition,
            )
        ],
    )
    for name in KEPT:
        tables[name] = with_earlier(tables[name], kept[name], run)
    # The run comes last: until it is there, readers keep to the day before.
    for name, table in tables.items():
        tracker_dataset(settings, name).replace(day, table)
    keep(settings, plan, environment, *left_behind(plan, sources, groups, opportunities))
    prune(settings, config.history.keep_snapshots, day)
    return Joined(count, len(sources.backlinks), tables)


def prune(settings: Settings, keep: int, joined: date) -> list[date]:
    """Keep the newest ``keep`` days of every table, and ``joined``; returns the days that went.

    Nothing is lost that cannot be made again: a day is a function of detections and annotations,
    which stay (``orchestration.rebuild`` joins it anew). The newest day always stays.
    """
    gone: set[date] = set()
    for name in _PRUNED:
        gone.update(tracker_dataset(settings, name).keep_newest(max(1, keep), {joined}))
    return sorted(gone)


@dg.multi_asset(
    name="join_opportunities",
    specs=[
        dg.AssetSpec(
            ["tracker", name],
            deps=[
                *(dg.AssetKey(["detections", table]) for table in DETECTION_TABLES),
                # Behind the raw gate: what it sets aside makes no opportunity.
                dg.AssetKey(["quarantine", "set_aside"]),
            ],
            description=description,
            group_name="tracker",
            kinds={"python", "parquet"},
            owners=OWNERS,
            code_version=VERSION,
        )
        for name, description in DESCRIPTIONS.items()
    ],
    partitions_def=DAILY,
)
def join_opportunities(
    context: dg.AssetExecutionContext, platform: Platform
) -> Iterator[dg.MaterializeResult]:
    """Join what mail, meetings, documents and the CRM say, as known on the day."""
    day = platform.as_of(context)
    with stopwatch() as watch, collector_paused():
        annotations = annotations_by(platform.services.state, day)
        joined = join_day(platform.settings, platform.services.quarantine, day, annotations)
    context.log.info(
        f"{joined.sources:,} sources, {joined.new_sources:,} of them joined anew, "
        f"{joined.tables['opportunities'].num_rows:,} opportunities, {watch.seconds:.1f} s"
    )
    for name, table in joined.tables.items():
        yield dg.MaterializeResult(
            asset_key=["tracker", name],
            metadata=table_metadata(rows=table.num_rows, seconds=watch.seconds, preview=table),
        )
