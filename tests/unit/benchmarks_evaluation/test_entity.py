"""Evaluation of linkage: right figures on invented groups, and columns of pair files found."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from benchmarks.evaluation import entity


def test_figures_of_a_known_grouping() -> None:
    truth = ["a", "a", "a", "b", "b"]
    found = ["1", "1", "2", "2", "2"]
    precision, recall, f1 = entity.scores(entity.pairwise(truth, found))
    assert (precision, recall, f1) == pytest.approx((2 / 4, 2 / 4, 0.5))
    precision, recall, f1 = entity.scores(entity.bcubed(truth, found))
    assert precision == pytest.approx((1 + 1 + 1 / 3 + 2 / 3 + 2 / 3) / 5)
    assert recall == pytest.approx((2 / 3 + 2 / 3 + 1 / 3 + 1 + 1) / 5)
    low, high = entity.interval(truth, entity.bcubed(truth, found))
    assert low <= f1 <= high


def test_columns_of_a_file_of_pairs_are_known_by_what_they_hold(tmp_path: Path) -> None:
    path = tmp_path / "orbvane_vs_sec_names.csv"
    with path.open("w", newline="") as file:
        csv.writer(file).writerows(
            [
                ["symbol", "company", "sec_name", "cik"],
                ["ORB", "Orbvane", "ORBVANE FOODS INC", "0000000042"],
                ["TAM", "Tam Forge", "TAMFORGE LTD", "43"],
                ["OLD", "Gone", "GONE CO", "99"],
            ]
        )
    register = {42: "ORBVANE FOODS INC", 43: "TAMFORGE LTD"}
    assert entity.read_pairs(path, register) == [
        entity.Named("Orbvane", 42),
        entity.Named("Tam Forge", 43),
    ]


def test_names_are_found_in_a_register_and_misses_told(tmp_path: Path) -> None:
    (tmp_path / "sec").mkdir()
    (tmp_path / "entity").mkdir()
    register = ["ORBVANE FOODS INC", "TAMFORGE LTD", "LARKSPUR & SONS CORP", "PLOVER AG"]
    (tmp_path / entity.TICKERS).write_text(
        json.dumps(
            {str(n): {"cik_str": n + 1, "ticker": "", "title": t} for n, t in enumerate(register)}
        )
    )
    with (tmp_path / "entity" / "x_vs_sec_names.csv").open("w", newline="") as file:
        csv.writer(file).writerows(
            [
                ["name", "sec_name", "cik"],
                ["Orbvane", "ORBVANE FOODS INC", 1],
                ["Larkspur and Sons", "LARKSPUR & SONS CORP", 3],
                ["Tamforge", "PLOVER AG", 4],
            ]
        )
    result = entity.evaluate(tmp_path)
    (metric,) = result.metrics
    assert metric.name == "entity.name_to_cik.top1"
    assert metric.value == pytest.approx(2 / 3)
    assert metric.n == 3
    (miss,) = result.misses
    assert (miss.record, miss.got) == ("Tamforge", "TAMFORGE LTD")
    assert any("organisations_true_ids" in told for told in result.skipped)
