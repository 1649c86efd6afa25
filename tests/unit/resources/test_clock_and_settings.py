from __future__ import annotations

import os
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from pydantic import ValidationError

from resources.clock import Clock, NotFetchableError, utc_now
from resources.settings import NO_TELEMETRY, Settings, load_settings

NOW = datetime(2026, 6, 15, 10, 30, tzinfo=UTC)


def clock(replayable: bool) -> Clock:
    return Clock(replayable=replayable, now=lambda: NOW)


def test_today_is_fetched_now_everywhere():
    assert clock(False).fetch_time(date(2026, 6, 15)) == NOW
    assert clock(True).fetch_time(date(2026, 6, 15)) == NOW
    assert clock(True).today() == date(2026, 6, 15)


def test_the_past_is_fetched_at_its_days_end_where_it_can_be():
    assert clock(True).fetch_time(date(2026, 6, 1)) == datetime(2026, 6, 1, 23, 59, 59, tzinfo=UTC)


def test_the_past_of_the_world_cannot_be_fetched_and_the_error_says_what_to_do():
    with pytest.raises(NotFetchableError, match="Materialize partition 2026-06-15 instead"):
        clock(False).fetch_time(date(2026, 6, 14))


def test_tomorrow_cannot_be_fetched():
    with pytest.raises(NotFetchableError, match="has not begun"):
        clock(True).fetch_time(date(2026, 6, 16))


def test_now_is_aware_and_in_utc():
    assert utc_now().tzinfo is UTC


@pytest.fixture
def no_variables(monkeypatch):
    for name in list(os.environ):
        if name.startswith("BUYING_SIGNALS_"):
            monkeypatch.delenv(name)
    return monkeypatch


def test_everything_written_lies_below_home(no_variables, tmp_path):
    settings = Settings(home=tmp_path)
    assert settings.lake == str(tmp_path / "lake")
    assert settings.state == f"sqlite:///{tmp_path}/state/state.sqlite"
    paths = [settings.detections, settings.quarantine, settings.reference, settings.predictions]
    paths += [settings.operations, settings.warehouse, settings.published, settings.reports]
    assert all(path.is_relative_to(tmp_path) for path in [*paths, settings.inbox])


def test_variables_win_over_defaults_and_overrides_over_variables(no_variables, tmp_path):
    no_variables.setenv("BUYING_SIGNALS_HOME", str(tmp_path / "a"))
    no_variables.setenv("BUYING_SIGNALS_ENVIRONMENT", "sandbox")
    no_variables.setenv("BUYING_SIGNALS_LAKE_URL", "memory://lake")
    settings = load_settings()
    assert (settings.home, settings.environment) == (tmp_path / "a", "sandbox")
    assert settings.lake == "memory://lake"
    assert load_settings(home=tmp_path).home == tmp_path


def test_a_relative_home_becomes_absolute(no_variables):
    assert Settings(home=Path("var")).home == Path.cwd() / "var"


def test_a_bad_value_names_its_variable(no_variables):
    no_variables.setenv("BUYING_SIGNALS_KEEP_PUBLICATIONS", "0")
    with pytest.raises(ValidationError, match="keep_publications"):
        load_settings()


def test_loading_settings_silences_telemetry(no_variables):
    for name in NO_TELEMETRY:
        no_variables.delenv(name, raising=False)
    load_settings()
    assert {name: os.environ.get(name) for name in NO_TELEMETRY} == NO_TELEMETRY
