"""What a user configured, exported for SQL."""

import dagster as dg
import pyarrow.parquet as pq

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
