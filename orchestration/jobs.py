"""Jobs: named parts of the graph that people, schedules and sensors run."""

import dagster as dg

from assets.alerts import ALERTS_KEY
from assets.common import DAILY
from assets.models import train_models
from assets.sources import lake_key, mapped_source_keys
from resources.sources.registry import STREAMS

#: Everything from sources to publication; alerting follows by sensor.
LINE = dg.AssetSelection.all() - dg.AssetSelection.assets(ALERTS_KEY)

daily_line = dg.define_asset_job(
    "daily_line",
    selection=LINE,
    partitions_def=DAILY,
    description="Fetch the day, build the warehouse, pass the gates, predict, publish.",
)

ingest_sources = dg.define_asset_job(
    "ingest_sources",
    selection=dg.AssetSelection.groups("lake", "detections"),
    partitions_def=DAILY,
    description="Fetch the day from every source and read its documents; build nothing.",
)

retrain_models = dg.define_asset_job(
    "retrain_models",
    selection=dg.AssetSelection.groups("models").downstream()
    - dg.AssetSelection.assets(ALERTS_KEY),
    description="Train on the warehouse as it stands, predict, publish.",
)

#: What follows from what the lake holds, with the models as they are.
BUILDING = (
    LINE
    - dg.AssetSelection.groups("lake", "enrichment")
    - dg.AssetSelection.assets(*train_models.keys)
)

follow_events = dg.define_asset_job(
    "follow_events",
    selection=dg.AssetSelection.assets(*mapped_source_keys()) | BUILDING,
    partitions_def=DAILY,
    description=(
        "Read webhooks, dropped files and sources that are declared alone, build, pass the gates, "
        "predict with the models as they are, publish."
    ),
)

follow_profiles = dg.define_asset_job(
    "follow_profiles",
    selection=dg.AssetSelection.assets(
        *mapped_source_keys(), *(lake_key("coresignal", stream) for stream in STREAMS["coresignal"])
    )
    | BUILDING,
    partitions_def=DAILY,
    description=(
        "Read webhooks, fetch the profiles and companies that Coresignal tells to have changed, "
        "build employments and buying groups with all the rest, publish."
    ),
)

deliver_alerts = dg.define_asset_job(
    "deliver_alerts",
    selection=dg.AssetSelection.assets(ALERTS_KEY),
    description="Evaluate the alert rules on the current publication and deliver.",
)

JOBS = [
    daily_line, ingest_sources, follow_events, follow_profiles, retrain_models, deliver_alerts,
]  # fmt: skip
