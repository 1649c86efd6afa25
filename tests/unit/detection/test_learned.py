"""What is learned from the packaged examples is learned once a store and taken back whole."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from detection import compiled
from detection.learned import learned
from detection.news.shipped_relations import shipped_relations
from detection.title_model import shipped_model
from resources.file_cache import FileCache


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    before = compiled.kept_in()
    compiled.keep_in(FileCache(tmp_path))
    yield tmp_path
    compiled.keep_in(before)


class Learner:
    """Learns something else each time."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> dict[str, int]:
        self.times += 1
        return {"learned": self.times}


def test_what_is_kept_is_not_learned_again(folder: Path) -> None:
    learn = Learner()
    assert [learned("one", learn), learned("one", learn)] == [{"learned": 1}] * 2
    assert learned("other", learn) == {"learned": 2}
    assert [path.name.split("-")[0] for path in sorted(folder.iterdir())] == ["one", "other"]


@pytest.mark.parametrize("spoil", [lambda raw: raw[:-1], lambda raw: b"", lambda raw: raw[::-1]])
def test_a_file_that_is_not_whole_is_learned_anew(folder: Path, spoil) -> None:
    learn = Learner()
    learned("one", learn)
    [path] = folder.iterdir()
    path.write_bytes(spoil(path.read_bytes()))
    assert learned("one", learn) == {"learned": 2}
    assert learned("one", learn) == {"learned": 2}


def test_other_libraries_and_other_examples_give_another_file(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from detection import learned as module

    learn = Learner()
    learned("one", learn)
    monkeypatch.setattr(module.metadata, "version", lambda name: "0.0")
    module._made_of.cache_clear()
    try:
        assert learned("one", learn) == {"learned": 2}
    finally:
        module._made_of.cache_clear()


def test_without_a_store_nothing_is_kept() -> None:
    before = compiled.kept_in()
    compiled.keep_in(None)
    try:
        learn = Learner()
        assert [learned("one", learn)["learned"], learned("one", learn)["learned"]] == [1, 2]
    finally:
        compiled.keep_in(before)


def test_kept_models_answer_as_those_just_learned(folder: Path) -> None:
    titles = ["Verkaufsinnendienst", "Chargée de recrutement", "Lagerist", "Data wizard"]
    fresh = shipped_model().predict_with_margin(titles)
    for model in (shipped_model, shipped_relations):
        model.cache_clear()
    made = shipped_model(), shipped_relations()
    for model in (shipped_model, shipped_relations):
        model.cache_clear()
    kept = shipped_model(), shipped_relations()
    assert kept[0] is not made[0]
    assert kept[0].predict_with_margin(titles) == fresh
    assert kept[1].labels == made[1].labels
    assert (kept[1].words.weights == made[1].words.weights).all()
