"""Sensors: what follows an event rather than the clock."""

import dagster as dg

from assets.common import Platform
from orchestration.jobs import deliver_alerts
from resources.notifiers.outbox_store import OutboxStore
from resources.publication import current


@dg.sensor(
    job=deliver_alerts,
    minimum_interval_seconds=30,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="A new publication, or a delivery due for another try, is alerted on once.",
)
def new_publication(context: dg.SensorEvaluationContext, platform: Platform) -> dg.SensorResult:
    """Ask for one alerting run per publication, and for one when a failed delivery is due.

    The cursor holds the last version seen. A publication is only looked up, never opened, so a tick
    costs milliseconds.
    """
    publication = current(platform.settings.published)
    if publication is None:
        return dg.SensorResult(skip_reason="nothing is published yet")
    if publication.version != context.cursor:
        request = dg.RunRequest(run_key=f"publication:{publication.version}")
        return dg.SensorResult(run_requests=[request], cursor=publication.version)
    due = OutboxStore(platform.services.state).next_due(platform.services.clock.now())
    if due is not None:
        request = dg.RunRequest(run_key=f"retry:{due.isoformat()}")
        return dg.SensorResult(run_requests=[request], cursor=context.cursor)
    return dg.SensorResult(skip_reason=f"{publication.version} is alerted on, no delivery is due")


SENSORS = [new_publication]
