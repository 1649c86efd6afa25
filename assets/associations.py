"""Which signals come together and which come before deals, as tables."""

from pathlib import Path

import dagster as dg

from assets.common import OWNERS, Platform, stopwatch, table_metadata
from assets.models import read_features
from assets.unfinished import require_finished
from assets.warehouse import FIRST_BUILD
from ml.associations import (
    CORRELATIONS_SCHEMA,
    PATTERNS_SCHEMA,
    signal_correlations,
    signal_patterns,
)
from ml.config import AssociationConfig
from resources.config_files import load_config
from resources.parquet import Dataset
from resources.settings import Settings

CONFIG = "signal_patterns.yaml"
FEATURES = ("signal_events", "observation_windows", "deal_outcomes")
_TABLES = {
    "signal_correlations": (
        CORRELATIONS_SCHEMA,
        ("first_signal", "then_signal"),
        "One row per ordered pair of signal kinds and day: lift, lag and interval.",
    ),
    "signal_patterns": (
        PATTERNS_SCHEMA,
        ("outcome", "pattern", "next_signal"),
        "One row per outcome, ordered pattern, next signal and day: support, lift and interval.",
    ),
}


def load_association_config(path: Path) -> AssociationConfig:
    """What ``config/signal_patterns.yaml`` asks for; the defaults where there is no such file.

    Raises ``ConfigurationError`` naming file and field.
    """
    return load_config(path, AssociationConfig)


def association_dataset(settings: Settings, table: str) -> Dataset:
    """The Parquet dataset of one of the tables."""
    schema, key, _ = _TABLES[table]
    return Dataset(str(settings.predictions / table), schema, key)


@dg.multi_asset(
    name="find_associations",
    specs=[
        dg.AssetSpec(
            ["model_output", name],
            deps=[
                # The unified gate stands on the signals: what fails it is not learnt from.
                dg.AssetKey(["signals", "buying_signals"]),
                *(dg.AssetKey(["features", feature]) for feature in FEATURES),
            ],
            description=grain,
            group_name="models",
            kinds={"scipy", "parquet"},
            owners=OWNERS,
        )
        for name, (_, _, grain) in _TABLES.items()
    ],
)
def find_associations(context: dg.AssetExecutionContext, platform: Platform):
    """Find what comes together and what comes before deals, as known on the day."""
    settings = platform.settings
    require_finished(settings, [FIRST_BUILD])
    config = load_association_config(settings.config_dir / CONFIG)
    day = platform.as_of(context)
    frames = read_features(settings, FEATURES)
    events, windows, deals = (frames[name] for name in FEATURES)
    found = {
        "signal_correlations": lambda: signal_correlations(events, windows, day, config),
        "signal_patterns": lambda: signal_patterns(events, windows, deals, day, config),
    }
    for name, find in found.items():
        with stopwatch() as watch:
            table = find()
        written = association_dataset(settings, name).replace(day, table)
        yield dg.MaterializeResult(
            asset_key=["model_output", name],
            metadata=table_metadata(
                rows=written.rows, size=written.bytes, seconds=watch.seconds, preview=table
            ),
        )
