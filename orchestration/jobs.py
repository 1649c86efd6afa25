"""Jobs: named parts of the graph that people, schedules and sensors run."""

import dagster as dg

from assets.alerts import ALERTS_KEY
from assets.common import DAILY

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

deliver_alerts = dg.define_asset_job(
    "deliver_alerts",
    selection=dg.AssetSelection.assets(ALERTS_KEY),
    description="Evaluate the alert rules on the current publication and deliver.",
)

JOBS = [daily_line, ingest_sources, retrain_models, deliver_alerts]
