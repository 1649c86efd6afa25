"""A warehouse that mixes two builds is known as such until a whole build has succeeded."""

from __future__ import annotations

import os
import time

import pytest

from assets import warehouse
from assets.unfinished import UnfinishedBuildError, mark_of, marked_unfinished, require_finished
from assets.warehouse import FIRST_BUILD, SECOND_BUILD
from resources.quality.contract import ManifestError
from resources.settings import load_settings


@pytest.fixture
def settings(tmp_path):
    return load_settings(home=tmp_path)


def broken(settings, *, whole: bool) -> None:
    with (
        pytest.raises(RuntimeError, match="killed"),
        marked_unfinished(settings, FIRST_BUILD, "2026-03-20", whole=whole),
    ):
        raise RuntimeError("killed")


def test_a_build_that_ends_well_leaves_no_mark(settings):
    with marked_unfinished(settings, FIRST_BUILD, "2026-03-20", whole=True):
        with pytest.raises(UnfinishedBuildError):
            require_finished(settings, [FIRST_BUILD])
        require_finished(settings, [SECOND_BUILD])
    require_finished(settings, [FIRST_BUILD, SECOND_BUILD])


@pytest.mark.parametrize("whole", [True, False])
def test_a_broken_build_is_named_with_its_day_and_remedy(settings, whole):
    broken(settings, whole=whole)
    with pytest.raises(UnfinishedBuildError, match=r"'warehouse' of 2026-03-20 .* daily_line"):
        require_finished(settings, [FIRST_BUILD])


@pytest.mark.parametrize(("whole", "mended"), [(True, True), (False, False)])
def test_only_a_whole_build_mends_what_an_earlier_one_left(settings, whole, mended):
    broken(settings, whole=True)
    with marked_unfinished(settings, FIRST_BUILD, "2026-03-21", whole=whole):
        pass
    assert mark_of(settings, FIRST_BUILD).exists() is not mended


def test_a_project_changed_after_parsing_is_said_to_be_so(tmp_path, monkeypatch):
    model = tmp_path / "models" / "marts" / "leads.sql"
    model.parent.mkdir(parents=True)
    model.write_text("select 1")
    manifest = tmp_path / "manifest.json"
    manifest.write_text("{}")
    monkeypatch.setattr(warehouse, "DBT_FOLDER", tmp_path)
    later = time.time() + 10
    os.utime(manifest, (later, later))
    warehouse.require_current_manifest(manifest)
    os.utime(model, (later + 1, later + 1))
    with pytest.raises(ManifestError, match=r"leads.sql is newer .* run `make setup`"):
        warehouse.require_current_manifest(manifest)
