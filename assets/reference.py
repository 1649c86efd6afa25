"""What a user configured, exported for SQL."""

import dagster as dg
import pyarrow as pa
import pyarrow.parquet as pq

from activation.plays import load_plays, play_rows
from assets.common import OWNERS, Platform, stopwatch, table_metadata
from resources.icp import ICP_PROFILES, check_versions, icp_table, load_icp_profiles
from resources.parquet import PART, Dataset, Written, write_table
from resources.settings import Settings


def export_icp_profiles(settings: Settings) -> Written:
    """Validate the ICP files and export them.

    Raises ``ConfigurationError`` naming file and field, or a profile that changed and kept its
    version.
    """
    folder = settings.config_dir / "icp"
    profiles = load_icp_profiles(folder)
    dataset = Dataset(
        str(settings.reference / "icp_profiles"),
        ICP_PROFILES,
        ("organisation_id", "icp_profile_id"),
    )
    path = f"{dataset.root}/{PART}"
    if dataset.filesystem.exists(path):
        with dataset.filesystem.open(path, "rb") as source:
            check_versions(folder, profiles, pq.read_table(source))
    size = write_table(dataset.filesystem, path, icp_table(profiles))
    return Written(path, len(profiles), len(profiles), size)


@dg.asset(
    key=["reference", "icp_profiles"],
    description="One row per ICP profile of config/icp: what a good customer looks like.",
    group_name="reference",
    kinds={"yaml", "parquet"},
    owners=OWNERS,
)
def icp_profiles(platform: Platform) -> dg.MaterializeResult:
    """Export the ICP files for SQL."""
    with stopwatch() as watch:
        written = export_icp_profiles(platform.settings)
    return dg.MaterializeResult(
        metadata=table_metadata(rows=written.rows, size=written.bytes, seconds=watch.seconds)
    )


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


def export_plays(settings: Settings) -> Written:
    """Validate ``config/plays.yaml`` and export it.

    Raises ``PlayError`` naming file, play and field.
    """
    table = pa.Table.from_pylist(
        play_rows(load_plays(settings.config_dir / "plays.yaml")), schema=PLAYS
    )
    dataset = Dataset(str(settings.reference / "plays"), PLAYS, ("play_id", "kind", "rank"))
    path = f"{dataset.root}/{PART}"
    size = write_table(dataset.filesystem, path, table)
    return Written(path, table.num_rows, table.num_rows, size)


@dg.asset(
    key=["reference", "plays"],
    description="One row per template of config/plays.yaml: what to do or say about a signal.",
    group_name="reference",
    kinds={"yaml", "parquet"},
    owners=OWNERS,
)
def plays(platform: Platform) -> dg.MaterializeResult:
    """Export the plays for SQL."""
    with stopwatch() as watch:
        written = export_plays(platform.settings)
    return dg.MaterializeResult(
        metadata=table_metadata(rows=written.rows, size=written.bytes, seconds=watch.seconds)
    )
