"""Sensors: alerts once per publication and per due delivery, one run for all events that wait."""

from datetime import UTC, datetime, timedelta

import dagster as dg
import duckdb
import pytest

from assets.common import Platform
from orchestration.sensors import new_events, new_publication
from resources.clock import utc_now
from resources.notifiers.outbox_store import OutboxStore
from resources.publication import publish, rollback
from resources.sources.ingestion import ingest
from resources.webhooks import Inbox, Incoming


@pytest.fixture
def platform(tmp_path):
    made = Platform(overrides={"home": str(tmp_path / "home")})
    yield made
    made.services.state.close()


@pytest.fixture
def publish_companies(platform, tmp_path):
    """Publish a warehouse with the given number of companies; returns the version."""

    def make(count: int) -> str:
        warehouse = tmp_path / "warehouse.duckdb"
        with duckdb.connect(str(warehouse)) as connection:
            connection.execute("CREATE SCHEMA IF NOT EXISTS core")
            connection.execute(
                f"CREATE OR REPLACE TABLE core.companies AS SELECT range AS id FROM range({count})"
            )
        return publish(warehouse, platform.settings.published, 3).version

    return make


def ask(platform: Platform, cursor: str | None = None) -> dg.SensorResult:
    with dg.DagsterInstance.ephemeral() as instance:
        context = dg.build_sensor_context(
            instance=instance, cursor=cursor, resources={"platform": platform}
        )
        return new_publication(context)


def add_delivery(platform: Platform, due) -> None:
    now = utc_now()
    row = {
        "delivery_id": "d1",
        "rule_id": "hot_lead",
        "subject_id": "c1",
        "channel": "webhook",
        "status": "retrying",
        "priority": "high",
        "attempts": 1,
        "created_at": now,
        "next_attempt_at": due,
        "payload": "{}",
    }
    from resources.state import alert_deliveries

    columns = {c.name: c for c in alert_deliveries.c}
    filled = {n: "x" for n, c in columns.items() if not c.nullable and n not in row}
    known = {n: v for n, v in row.items() if n in columns}
    OutboxStore(platform.services.state).enqueue(
        [], timedelta(0), now, lambda _: [{**filled, **known}]
    )


def test_nothing_is_asked_before_the_first_publication(platform):
    result = ask(platform)
    assert not result.run_requests
    assert result.skip_reason.skip_message == "nothing is published yet"


def test_a_new_publication_is_asked_about_once(platform, publish_companies):
    first = publish_companies(3)
    result = ask(platform)
    assert [request.run_key for request in result.run_requests] == [f"publication:{first}"]
    assert result.cursor == first
    again = ask(platform, cursor=result.cursor)
    assert not again.run_requests
    assert first in again.skip_reason.skip_message


def test_the_same_content_published_again_is_not_asked_about(platform, publish_companies):
    first = publish_companies(3)
    assert publish_companies(3) == first
    assert not ask(platform, cursor=first).run_requests


def test_the_next_publication_and_a_rollback_are_asked_about(platform, publish_companies):
    first, second = publish_companies(3), publish_companies(4)
    asked = ask(platform, cursor=first)
    assert [request.run_key for request in asked.run_requests] == [f"publication:{second}"]
    rollback(platform.settings.published)
    back = ask(platform, cursor=second)
    # The run key is known to Dagster, so the runs that alerted on this version are not repeated.
    assert [request.run_key for request in back.run_requests] == [f"publication:{first}"]


def test_a_delivery_that_is_due_is_asked_for_without_a_new_publication(platform, publish_companies):
    version = publish_companies(3)
    due = utc_now() - timedelta(minutes=1)
    add_delivery(platform, due)
    result = ask(platform, cursor=version)
    assert [request.run_key for request in result.run_requests] == [f"retry:{due.isoformat()}"]
    assert result.cursor == version


def test_a_delivery_that_waits_is_not_asked_for(platform, publish_companies):
    version = publish_companies(3)
    add_delivery(platform, utc_now() + timedelta(hours=1))
    assert not ask(platform, cursor=version).run_requests


def ask_for_events(platform: Platform, instance: dg.DagsterInstance) -> dg.SensorResult:
    context = dg.build_sensor_context(instance=instance, resources={"platform": platform})
    return new_events(context)


def receive(platform: Platform, number: int) -> None:
    inbox = Inbox(platform.settings.home / "webhooks" / "inbox.sqlite", create=True)
    body = (
        f'{{"event_id": "e{number}", "type": "email_replied", '
        '"occurred_at": "2026-06-11T08:00:00Z", "company": {"domain": "acme.example"}}'
    )
    inbox.add([Incoming("engagement_inbox", f"e{number}", body)], datetime.now(UTC))
    inbox.close()


def test_events_that_wait_are_asked_about_until_they_are_read(platform):
    with dg.DagsterInstance.ephemeral() as instance:
        assert not ask_for_events(platform, instance).run_requests  # no inbox yet
        receive(platform, 1)
        receive(platform, 2)
        [asked] = ask_for_events(platform, instance).run_requests
        today = platform.services.clock.today()
        assert (asked.run_key, asked.partition_key) == (
            "events:engagement_inbox:2",
            today.isoformat(),
        )
        assert ingest("engagement_inbox", today, platform.services).total_new_rows == 2
        assert not ask_for_events(platform, instance).run_requests
        receive(platform, 3)
        [again] = ask_for_events(platform, instance).run_requests
        assert again.run_key == "events:engagement_inbox:3"


def test_no_second_run_is_asked_for_while_one_reads_the_inbox(platform):
    receive(platform, 1)
    with dg.DagsterInstance.ephemeral() as instance:
        started = dg.DagsterRun(job_name="daily_line", status=dg.DagsterRunStatus.STARTED)
        run = instance.add_run(started)
        result = ask_for_events(platform, instance)
        assert not result.run_requests
        assert result.skip_reason.skip_message == "daily_line is on its way"
        instance.delete_run(run.run_id)
        assert len(ask_for_events(platform, instance).run_requests) == 1
