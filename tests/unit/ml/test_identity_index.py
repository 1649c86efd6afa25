"""Linkage day by day: the same companies as in one go, old entities named as before."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest

from ml.identity import model, records
from ml.identity.index import MANIFEST, Index
from tests.unit.ml.test_identity import company, invented, table


def partition(keys: list[str], labels: np.ndarray) -> set[frozenset[str]]:
    groups: dict[int, set[str]] = {}
    for key, label in zip(keys, labels.tolist(), strict=True):
        groups.setdefault(label, set()).add(key)
    return {frozenset(group) for group in groups.values()}


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    given, _ = invented()
    found = records.features(given, records.WordWeights())
    index = Index(tmp_path_factory.mktemp("whole"), model.packaged())
    index.add(found)
    keys = found.column("record_key").to_pylist()
    return found, keys, partition(keys, index.labels())


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_days_in_any_order_give_what_one_go_gives(whole, tmp_path: Path, seed: int) -> None:
    found, keys, expected = whole
    order = list(range(found.num_rows))
    random.Random(seed).shuffle(order)
    index = Index(tmp_path, model.packaged())
    for start in range(0, len(order), 90):
        index = Index(tmp_path, model.packaged())  # opened again each day
        index.add(found.take(order[start : start + 90]))
    assert index.count == found.num_rows
    assert partition([keys[row] for row in order], index.labels()) == expected
    assert len(index.segments) < 4


def test_an_entity_keeps_the_name_of_its_first_record(tmp_path: Path) -> None:
    index = Index(tmp_path, model.packaged())

    def add(*rows):
        return index.add(records.features(table(list(rows)), records.WordWeights()))

    add(company("1", "Orbvane Foods", phone="2025550101"), company("2", "Tamforge Ltd"))
    before = index.labels().tolist()
    added = add(company("3", "ORBVANE FOODS INC", phone="202 555 0101"))
    assert before == [0, 1]
    assert index.labels().tolist() == [0, 1, 0]
    assert added.changed.tolist() == [0, 2]  # and not row 1, which nothing touched
    assert added.scored.num_rows == 1


def test_a_kill_before_the_manifest_leaves_the_index_as_it_was(tmp_path: Path, monkeypatch) -> None:
    index = Index(tmp_path, model.packaged())
    first = records.features(table([company("1", "Orbvane Foods")]), records.WordWeights())
    index.add(first)
    told = (tmp_path / MANIFEST).read_text()

    def killed(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(Index, "_publish", killed)
    with pytest.raises(KeyboardInterrupt):
        index.add(records.features(table([company("2", "Tamforge")]), records.WordWeights()))
    monkeypatch.undo()
    assert (tmp_path / MANIFEST).read_text() == told
    again = Index(tmp_path, model.packaged())
    assert again.labels().tolist() == [0]
    again.add(records.features(table([company("2", "Tamforge")]), records.WordWeights()))
    assert again.labels().tolist() == [0, 1]


def test_other_parameters_are_refused(tmp_path: Path) -> None:
    index = Index(tmp_path, model.packaged())
    index.add(records.features(table([company("1", "Orbvane")]), records.WordWeights()))
    other = model.Parameters(0.01, model.packaged().levels)
    with pytest.raises(ValueError, match="built with model"):
        Index(tmp_path, other)


def test_versions_of_records_are_found_without_reading_all(tmp_path: Path) -> None:
    """What a day asks of the index is the same whether its segments were merged or not."""
    told = [
        company("a|1", "Orbvane Foods", phone="2025550101"),
        company("b|1", "Tamforge Ltd"),
        company("a|2", "ORBVANE FOODS INC", phone="2025550101"),
        *(company(f"{n}|1", f"Plover{n} Quinvard{n}") for n in "cdefgh"),
    ]
    found = records.features(table(told), records.WordWeights())
    one = Index(tmp_path / "one", model.packaged())
    one.add(found)
    many = Index(tmp_path / "many", model.packaged())
    for first, rows in ((0, 7), (7, 1), (8, 1)):
        many.add(found.slice(first, rows))
    assert (len(one.segments), len(many.segments)) == (1, 2)
    for index in (one, many):
        assert index.has(["a|1", "a|2", "h|1", "a|3", "z|1"]).tolist() == [
            True, True, True, False, False,
        ]  # fmt: skip
        assert index.newest(["a", "b", "h"]).tolist() == [2, 1, 8]
        assert index.record_keys(np.array([2, 8, 0])) == ["a|2", "h|1", "a|1"]
        rows = np.arange(9)
        assert index.entities(rows).tolist() == index.labels().tolist()
        assert index.entities(np.array([2])).tolist() == [0]
