"""Notifications of changed profiles ask for one run of the line each time some have come."""

import json
from datetime import UTC, datetime

import dagster as dg
import pytest

from assets.common import Platform
from orchestration.sensors import profile_changes
from resources.webhooks import Inbox, Incoming


@pytest.fixture
def platform(tmp_path):
    made = Platform(overrides={"home": str(tmp_path / "home")})
    yield made
    made.services.state.close()


def ask(platform: Platform, cursor: str | None = None) -> dg.SensorResult:
    with dg.DagsterInstance.ephemeral() as instance:
        context = dg.build_sensor_context(
            instance=instance, cursor=cursor, resources={"platform": platform}
        )
        return profile_changes(context)


def tell(platform: Platform, source: str, number: int) -> None:
    inbox = Inbox(platform.settings.home / "webhooks" / "inbox.sqlite", create=True)
    inbox.add([Incoming(source, f"e{number}", json.dumps({"n": number}))], datetime.now(UTC))
    inbox.close()


def test_nothing_is_asked_while_nothing_has_come(platform):
    assert ask(platform).skip_reason.skip_message == "no notification has ever come"
    tell(platform, "engagement_inbox", 1)
    assert not ask(platform).run_requests


def test_each_batch_of_notifications_asks_for_one_run_of_today(platform):
    tell(platform, "coresignal_changes", 1)
    tell(platform, "coresignal_company_changes", 2)
    first = ask(platform)
    [request] = first.run_requests
    assert request.partition_key == platform.services.clock.today().isoformat()
    assert (request.run_key, first.cursor) == ("changes:2", "2")
    assert not ask(platform, first.cursor).run_requests
    # What another source sent is none of its affair.
    tell(platform, "engagement_inbox", 3)
    assert not ask(platform, first.cursor).run_requests
    tell(platform, "coresignal_changes", 4)
    assert ask(platform, first.cursor).cursor == "4"


def test_while_the_inbox_is_read_nothing_more_is_asked(platform):
    tell(platform, "coresignal_changes", 1)
    with dg.DagsterInstance.ephemeral() as instance:
        context = dg.build_sensor_context(instance=instance, resources={"platform": platform})
        run = dg.DagsterRun(job_name="daily_line", run_id="r", status=dg.DagsterRunStatus.STARTED)
        instance.add_run(run)
        waits = profile_changes(context)
    assert waits.skip_reason.skip_message == "daily_line is on its way"
    assert ask(platform).run_requests


def test_who_subscribes_to_changes_has_them_followed_without_switching_anything_on(definitions):
    assert profile_changes.default_status == dg.DefaultSensorStatus.RUNNING
    steps = set(definitions.resolve_job_def("follow_profiles").graph.node_names())
    assert {"ingest_coresignal", "ingest_mapped_sources"} <= steps
    # Neither other sources nor paid questions nor training: it may run many times a day.
    assert not {"ingest_sec_edgar", "enrich_leads", "train_models"} & steps
