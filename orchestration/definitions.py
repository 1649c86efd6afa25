"""The one entry: everything Dagster knows of the platform.

``build_definitions`` serves production, tests and the command line; ``defs`` is what the workspace
loads.
"""

from collections.abc import Mapping
from typing import Any

import dagster as dg

from assets.alerts import alert_deliveries
from assets.associations import find_associations
from assets.common import Platform
from assets.detections import DETECTION_ASSETS
from assets.enrichment import enrichment
from assets.gates import raw_gate, warehouse_gates
from assets.identity import link_companies
from assets.models import PREDICTION_ASSETS, train_models
from assets.operations import export_platform_state
from assets.opportunities import join_opportunities
from assets.opportunity_report import opportunity_report
from assets.person_weights import learn_person_weights
from assets.publication import publication_asset
from assets.reference import REFERENCE_ASSETS
from assets.sources import SOURCE_ASSETS
from assets.warehouse import dbt_resource, guarded_eager, manifest_path, warehouse_assets
from orchestration.jobs import JOBS
from orchestration.schedules import SCHEDULES
from orchestration.sensors import SENSORS
from resources.publication import PUBLISHED_SCHEMAS


def build_definitions(resources: Mapping[str, Any] | None = None) -> dg.Definitions:
    """All assets, checks, jobs, schedules and sensors.

    ``resources`` override the defaults by name (``platform``, ``dbt``). Raises
    ``ManifestError`` saying how to make dbt's manifest when it is missing.
    """
    manifest = manifest_path()
    warehouse = warehouse_assets(manifest)
    tables = [
        spec.key
        for definition in warehouse
        for spec in definition.specs
        if spec.group_name in PUBLISHED_SCHEMAS
    ]
    follow = guarded_eager()
    followers = [
        asset.map_asset_specs(lambda spec: spec.replace_attributes(automation_condition=follow))
        for asset in (
            train_models,
            find_associations,
            *PREDICTION_ASSETS,
            publication_asset(tables, manifest),
            opportunity_report,
        )
    ]
    return dg.Definitions(
        assets=[
            *SOURCE_ASSETS,
            *DETECTION_ASSETS,
            *REFERENCE_ASSETS,
            link_companies,
            learn_person_weights,
            join_opportunities,
            raw_gate,
            enrichment,
            *warehouse,
            *followers,
            export_platform_state,
            alert_deliveries,
        ],
        asset_checks=warehouse_gates(manifest),
        jobs=JOBS,
        schedules=SCHEDULES,
        sensors=SENSORS,
        resources={"platform": Platform(), "dbt": dbt_resource(), **(resources or {})},
        executor=dg.in_process_executor,
    )


defs = build_definitions()
