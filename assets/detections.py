"""Detections as assets: what Python reads from the day's documents, as typed rows."""

from datetime import date

import dagster as dg

from assets.common import DAILY, OWNERS, Platform, stopwatch, table_metadata
from assets.fingerprints import Knowledge
from assets.reading import Workers, read_day
from assets.sources import lake_keys_of
from detection.readers import READERS, Reader, Rejected
from resources.language_model import LanguageModel
from resources.quarantine import QuarantinedRow, set_aside

DESCRIPTIONS = {
    "form_d_offerings": "One row per Form D notice: offering, amounts sold, issuer.",
    "filing_items": "One row per item of an 8-K filing.",
    "filing_events": "One row per agreement, acquisition or financing told by an item of an 8-K.",
    "executive_changes": "One row per person and change told by an 8-K item 5.02.",
    "leadership_entries": "One row per person that a reading of a leadership page shows.",
    "employee_moves": "One row per arrival, promotion or departure told by a person's positions.",
    "press_events": "One row per event and company told by a press item.",
    "company_renames": "One row per change of a company's name told by a press item.",
    "technology_detections": "One row per technology seen on a page scan.",
    "job_postings": "One row per version of a job posting: place, pay, skills, technologies.",
    "correspondence_messages": "One row per version of a mail: verdict, statements, steps.",
    "correspondence_meetings": "One row per transcript, chat or notes: verdict, steps.",
    "correspondence_documents": "One row per version of a document: verdict, statements.",
    "crm_opportunities": "One row per version of an opportunity's row in a CRM.",
    "crm_accounts": "One row per version of an account's row in a CRM: name and domain.",
    "job_titles": "One row per distinct job title of the day: level and department.",
}


def quarantined(rejected: Rejected) -> QuarantinedRow:
    """A row no reader could make sense of, as the quarantine keeps it."""
    return set_aside(
        "read",
        rejected.source,
        rejected.stream,
        rejected.record_id,
        rejected.rule,
        rejected.reason,
        payload_sha256=rejected.payload_sha256,
        excerpt=rejected.excerpt,
    )


def detection_asset(reader: Reader) -> dg.AssetsDefinition:
    """The asset of one detection table."""

    @dg.asset(
        key=["detections", reader.table],
        deps=[key for stream in reader.streams for key in lake_keys_of(*stream)],
        description=f"{DESCRIPTIONS[reader.table]} Reader {reader.name} {reader.version}.",
        group_name="detections",
        kinds={"python", "parquet"},
        owners=OWNERS,
        partitions_def=DAILY,
        code_version=reader.version,
    )
    def detect(context: dg.AssetExecutionContext, platform: Platform) -> dg.MaterializeResult:
        day = date.fromisoformat(context.partition_key)
        services = platform.services
        with stopwatch() as watch:
            with Workers(knowledge=Knowledge.of(platform.settings), keep=True) as workers:
                folder = platform.settings.detections
                model = LanguageModel.of(platform.settings)
                written, rejected, table = read_day(
                    reader, services.lake, folder, day, workers, model
                )
            services.quarantine.add("read", day, [quarantined(row) for row in rejected])
        return dg.MaterializeResult(
            metadata={
                **table_metadata(
                    rows=written.rows, size=written.bytes, seconds=watch.seconds, preview=table
                ),
                "set_aside": len(rejected),
                **(_asked(model) if model is not None and reader.table == "press_events" else {}),
            }
        )

    return detect


def _asked(model: LanguageModel) -> dict[str, str | int]:
    """What the language model was asked on a day, for people to see."""
    tally = model.tally
    return {
        "model_questions": tally.asked,
        "model_answers_kept": tally.from_cache,
        "model_failures": tally.failed,
        "model_left_out": tally.left_out,
        "model_problem": tally.problem,
    }


DETECTION_ASSETS = [detection_asset(reader) for reader in READERS.values()]
