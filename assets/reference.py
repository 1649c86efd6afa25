"""What a user configured, exported for SQL: one Parquet file a subject below ``reference/``."""

from collections.abc import Callable

import dagster as dg
import pyarrow as pa
import pyarrow.parquet as pq

from activation.plays import load_plays, play_rows
from assets.common import OWNERS, Platform, stopwatch, table_metadata
from assets.icp_terms import ICP_TERMS, icp_term_table, unknown_words
from detection.technology_vocabulary import vocabulary
from resources.config_errors import ConfigurationError
from resources.enrichment.config import load_enrichment
from resources.icp import ICP_PROFILES, check_versions, icp_table, load_icp_profiles
from resources.identity_decisions import (
    DECISIONS_FILE,
    IDENTITY_DECISIONS,
    decisions_table,
    load_decisions,
)
from resources.parquet import PART, Dataset, Written, write_table
from resources.settings import Settings

#: One row per play, kind of advice, place in its list and version of the text.
PLAYS = pa.schema(
    [
        pa.field("play_id", pa.string(), nullable=False),
        pa.field("play_order", pa.int64(), nullable=False),
        pa.field("signal_type", pa.string(), nullable=False),
        pa.field("polarity", pa.string(), nullable=False),
        pa.field("subtypes", pa.string()),
        pa.field("levels", pa.string()),
        pa.field("min_impact", pa.int64(), nullable=False),
        pa.field("only_relevant", pa.bool_(), nullable=False),
        pa.field("from_days", pa.int64(), nullable=False),
        pa.field("to_days", pa.int64(), nullable=False),
        pa.field("kind", pa.string(), nullable=False),
        pa.field("rank", pa.int64(), nullable=False),
        pa.field("version", pa.int64(), nullable=False),
        pa.field("template", pa.string(), nullable=False),
    ]
)


#: One row per name of a technology.
TECHNOLOGY_NAMES = pa.schema(
    [
        pa.field("alias", pa.string(), nullable=False),
        pa.field("technology", pa.string(), nullable=False),
        pa.field("category", pa.string()),
        pa.field("vendor", pa.string()),
    ]
)

#: One row per operation of enrichment that is configured; units as in config/enrichment.yaml.
ENRICHMENT_OPERATIONS = pa.schema(
    [
        pa.field("operation", pa.string(), nullable=False),
        pa.field("source", pa.string(), nullable=False),
        pa.field("entity", pa.string(), nullable=False),
        pa.field("level", pa.string(), nullable=False),
        pa.field("credits", pa.float64(), nullable=False),
        pa.field("lifetime_hours", pa.float64(), nullable=False),
        pa.field("confidence", pa.float64()),
    ]
)


def export_icp_profiles(settings: Settings) -> Written:
    """Validate the ICP files and export them.

    Raises ``ConfigurationError`` naming file and field, or a profile that changed and kept its
    version.
    """
    folder = settings.config_dir / "icp"
    profiles = load_icp_profiles(folder)
    keys = ("organisation_id", "icp_profile_id")
    dataset = Dataset(str(settings.reference / "icp_profiles"), ICP_PROFILES, keys)
    path = f"{dataset.root}/{PART}"
    if dataset.filesystem.exists(path):
        with dataset.filesystem.open(path, "rb") as source:
            check_versions(folder, profiles, pq.read_table(source))
    return _write(dataset, icp_table(profiles))


def export_icp_terms(settings: Settings) -> Written:
    """Read the words of the ICP files by the names that sources use, and export them.

    Raises ``ConfigurationError`` naming folder, profile, field and remedy.
    """
    folder = settings.config_dir / "icp"
    profiles = load_icp_profiles(folder)
    try:
        told = unknown_words(profiles)
    except ConfigurationError as error:
        raise ConfigurationError(f"{folder}: {error}") from error
    for said in told:
        dg.get_dagster_logger("icp").warning(f"{folder}: {said}")
    keys = ("organisation_id", "icp_profile_id", "term_type", "term")
    dataset = Dataset(str(settings.reference / "icp_terms"), ICP_TERMS, keys)
    return _write(dataset, icp_term_table(profiles))


def export_technology_names(settings: Settings) -> Written:
    """Export every name of the technologies that fingerprints, DNS and texts know."""
    rows = [
        {
            "alias": alias,
            "technology": known.name,
            "category": known.category,
            "vendor": known.vendor,
        }
        for alias, known in sorted(vocabulary().items())
    ]
    dataset = Dataset(str(settings.reference / "technology_names"), TECHNOLOGY_NAMES, ("alias",))
    return _write(dataset, pa.Table.from_pylist(rows, schema=TECHNOLOGY_NAMES))


def export_plays(settings: Settings) -> Written:
    """Validate ``config/plays.yaml`` and export it.

    Raises ``PlayError`` naming file, play and field.
    """
    rows = play_rows(load_plays(settings.config_dir / "plays.yaml"))
    dataset = Dataset(str(settings.reference / "plays"), PLAYS, ("play_id", "kind", "rank"))
    return _write(dataset, pa.Table.from_pylist(rows, schema=PLAYS))


def export_enrichment_operations(settings: Settings) -> Written:
    """Validate ``config/enrichment.yaml`` and export its operations.

    Raises ``ConfigurationError`` naming file and field.
    """
    rows = load_enrichment(settings.config_dir, settings.environment).listed()
    root = str(settings.reference / "enrichment_operations")
    return _write(
        Dataset(root, ENRICHMENT_OPERATIONS, ("operation",)),
        pa.Table.from_pylist(rows, schema=ENRICHMENT_OPERATIONS),
    )


def _write(dataset: Dataset, table: pa.Table) -> Written:
    path = f"{dataset.root}/{PART}"
    size = write_table(dataset.filesystem, path, table)
    return Written(path, table.num_rows, table.num_rows, size)


def export_identity_decisions(settings: Settings) -> Written:
    """Validate ``config/identity_decisions.yaml`` and export it.

    Raises ``ConfigurationError`` naming file, entry and field.
    """
    table = decisions_table(load_decisions(settings.config_dir / DECISIONS_FILE))
    root = str(settings.reference / "identity_decisions")
    return _write(Dataset(root, IDENTITY_DECISIONS, ("decision_id",)), table)


def reference_asset(
    name: str, description: str, export: Callable[[Settings], Written]
) -> dg.AssetsDefinition:
    """The asset ``reference/<name>`` that ``export`` writes."""

    @dg.asset(
        key=["reference", name],
        description=description,
        group_name="reference",
        kinds={"yaml", "parquet"},
        owners=OWNERS,
    )
    def exported(platform: Platform) -> dg.MaterializeResult:
        with stopwatch() as watch:
            written = export(platform.settings)
        return dg.MaterializeResult(
            metadata=table_metadata(rows=written.rows, size=written.bytes, seconds=watch.seconds)
        )

    return exported


icp_profiles = reference_asset(
    "icp_profiles",
    "One row per ICP profile of config/icp: what a good customer looks like.",
    export_icp_profiles,
)
icp_terms = reference_asset(
    "icp_terms",
    "One row per profile, kind of wish and way in which it is met: words in standard codes.",
    export_icp_terms,
)
technology_names = reference_asset(
    "technology_names",
    "One row per name of a technology: the one name under which it is published.",
    export_technology_names,
)
plays = reference_asset(
    "plays",
    "One row per template of config/plays.yaml: what to do or say about a signal.",
    export_plays,
)
enrichment_operations = reference_asset(
    "enrichment_operations",
    "One row per operation of config/enrichment.yaml: what it may cost, how long an answer counts.",
    export_enrichment_operations,
)
identity_decisions = reference_asset(
    "identity_decisions",
    "One row per decision on identity and pair of keys: merge, split or pin.",
    export_identity_decisions,
)

#: Everything that a user configured and SQL reads, by its folder below ``reference/``.
EXPORTS: dict[str, Callable[[Settings], Written]] = {
    "icp_profiles": export_icp_profiles,
    "icp_terms": export_icp_terms,
    "technology_names": export_technology_names,
    "plays": export_plays,
    "identity_decisions": export_identity_decisions,
    "enrichment_operations": export_enrichment_operations,
}
REFERENCE_ASSETS = (
    icp_profiles, icp_terms, technology_names, plays, identity_decisions, enrichment_operations,
)  # fmt: skip
