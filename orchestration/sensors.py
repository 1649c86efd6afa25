"""Sensors: what follows an event rather than the clock."""

import os

import dagster as dg

from assets.common import Platform
from orchestration.jobs import (
    daily_line,
    deliver_alerts,
    follow_events,
    follow_profiles,
    ingest_sources,
)
from resources.notifiers.outbox_store import OutboxStore
from resources.publication import current
from resources.sources.webhooks import waiting_events
from resources.webhooks import Inbox


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


#: Record type of notifications that make employments and buying groups worth building anew.
CHANGES = "profile_change"
#: Runs that have not ended yet.
UNFINISHED = [
    dg.DagsterRunStatus.QUEUED,
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
]
#: Jobs that read the inbox.
READERS = (follow_events.name, follow_profiles.name, daily_line.name, ingest_sources.name)


def run_under_way(instance: dg.DagsterInstance) -> str | None:
    """A job that reads the inbox and has not ended yet."""
    for job in READERS:
        if instance.get_runs_count(dg.RunsFilter(job_name=job, statuses=UNFINISHED)):
            return job
    return None


@dg.sensor(
    job=follow_profiles,
    minimum_interval_seconds=900,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description=(
        "Profiles that a vendor's webhook tells of are fetched and the buying groups built anew "
        "within a quarter of an hour. Without notifications it does nothing; switched off, the "
        "daily line follows them."
    ),
)
def profile_changes(context: dg.SensorEvaluationContext, platform: Platform) -> dg.SensorResult:
    """Ask for one run for all notifications that have come since the last time.

    The cursor holds the last sequence number of the inbox; a tick reads that number alone. While a
    run that reads the inbox is on its way nothing is asked: what has come since is seen later.
    """
    services = platform.services
    hooks = [
        declared
        for declared in services.declarations.sources.values()
        if declared.events is not None and declared.events.makes == CHANGES
    ]
    try:
        inbox = Inbox(platform.settings.home / hooks[0].urls(os.environ)["inbox"])
    except (FileNotFoundError, IndexError):
        return dg.SensorResult(skip_reason="no notification has ever come")
    try:
        newest = inbox.latest([hook.name for hook in hooks])
    finally:
        inbox.close()
    if newest <= int(context.cursor or 0):
        return dg.SensorResult(skip_reason=f"notification {newest} is followed already")
    if (job := run_under_way(context.instance)) is not None:
        return dg.SensorResult(skip_reason=f"{job} is on its way")
    request = dg.RunRequest(
        run_key=f"changes:{newest}", partition_key=services.clock.today().isoformat()
    )
    return dg.SensorResult(run_requests=[request], cursor=str(newest))


@dg.sensor(
    job=follow_events,
    minimum_interval_seconds=60,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Events that came by webhook are read and published soon, not only the next day.",
)
def new_events(context: dg.SensorEvaluationContext, platform: Platform) -> dg.SensorResult:
    """Ask for one run for all events that wait in the inbox.

    While a run that reads the inbox is on its way nothing is asked: what has come since is seen at
    the next tick, so that a stream of events gives one run after another and never a heap of them.
    A run that fails is not asked for again until another event comes; the daily line reads it too.
    """
    # A changed profile must be fetched from its vendor first: `profile_changes` has that done.
    waiting = waiting_events(platform.services, but_not=CHANGES)
    if not waiting:
        return dg.SensorResult(skip_reason="no event waits")
    if (job := run_under_way(context.instance)) is not None:
        return dg.SensorResult(skip_reason=f"{job} is on its way")
    latest = ",".join(f"{source}:{number}" for source, number in sorted(waiting.items()))
    day = platform.services.clock.today().isoformat()
    request = dg.RunRequest(run_key=f"events:{latest}", partition_key=day)
    return dg.SensorResult(run_requests=[request])


SENSORS = [new_publication, profile_changes, new_events]
