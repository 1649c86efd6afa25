"""Jobs: named parts of the graph that people, schedules and sensors run."""

import dagster as dg

from assets.alerts import ALERTS_KEY
from assets.common import DAILY
from assets.models import train_models
from assets.sources import mapped_source_keys

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

follow_events = dg.define_asset_job(
    "follow_events",
    selection=dg.AssetSelection.assets(*mapped_source_keys())
    | LINE
    - dg.AssetSelection.groups("lake", "enrichment")
    - dg.AssetSelection.assets(*train_models.keys),
    partitions_def=DAILY,
    description=(
        "Read webhooks, dropped files and sources that are declared alone, build, pass the gates, "
        "predict with the models as they are, publish."
    ),
)

deliver_alerts = dg.define_asset_job(
    "deliver_alerts",
    selection=dg.AssetSelection.assets(ALERTS_KEY),
    description="Evaluate the alert rules on the current publication and deliver.",
)

JOBS = [daily_line, ingest_sources, follow_events, retrain_models, deliver_alerts]
