"""The measurement of titles: figures on invented titles, folds that do not leak, misses named."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from benchmarks.evaluation import titles
from benchmarks.evaluation.classes import f1_by_class, macro_f1, macro_f1_interval

KINDS = {"Marketing": "Marketing {}", "Sales": "Sales {}"}
WORDS = ("Manager", "Assistant", "Leiter", "Analyst", "Partner", "Officer", "Trainee", "Planner")


def write(folder: Path, rows: list[tuple[str, str]], file: str = "department.csv") -> Path:
    """A labelled file in the layout that the evaluation reads."""
    path = folder / "titles" / file
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([("text", "label"), *rows])
    return folder


def rows() -> list[tuple[str, str]]:
    """Eight titles of each of two departments."""
    return [(form.format(word), kind) for kind, form in KINDS.items() for word in WORDS]


def test_figures_over_classes_by_hand() -> None:
    expected, got = ["a", "a", "b", "b"], ["a", "b", "b", "b"]
    assert f1_by_class(expected, got) == {"a": pytest.approx(2 / 3), "b": pytest.approx(4 / 5)}
    assert macro_f1(expected, got) == pytest.approx((2 / 3 + 4 / 5) / 2)
    # A class that is only guessed costs the others and is none of its own.
    assert f1_by_class(["a", "a"], ["a", "c"]) == {"a": pytest.approx(2 / 3)}


def test_the_interval_holds_the_value_and_narrows_with_cases() -> None:
    few = (["a", "b"] * 20, ["a", "a"] * 5 + ["a", "b"] * 15)
    many = (few[0] * 20, few[1] * 20)
    low, high = macro_f1_interval(*few)
    assert low < macro_f1(*few) < high
    narrow = macro_f1_interval(*many)
    assert narrow[1] - narrow[0] < (high - low) / 2
    assert macro_f1_interval(["a"] * 9, ["a"] * 9) == (1.0, 1.0)


def test_titles_are_learnt_within_the_folder(tmp_path: Path) -> None:
    found = titles.evaluate(write(tmp_path, rows()))
    metrics = {m.name: m for m in found.metrics}
    assert metrics["titles.department.macro_f1"].value == 1.0
    assert metrics["titles.department.macro_f1"].n == 16
    assert metrics["titles.department.marketing.f1"].n == 8
    assert metrics["titles.department.as_shipped.macro_f1"].value == 1.0
    assert metrics["titles.department.macro_f1"].baseline == 1.0
    assert found.misses == []
    assert [s for s in found.skipped if "seniority.csv" in s]


class Memory:
    """Instead of the model: knows what it has seen, and answers "never seen" for all else."""

    def __init__(self, known: dict[str, str]) -> None:
        self.known = known

    @classmethod
    def fit(cls, texts: list[str], labels: list[str]) -> Memory:
        """Learn by heart, letters' case aside."""
        return cls({t.casefold(): label for t, label in zip(texts, labels, strict=True)})

    def predict(self, texts: list[str]) -> list[str]:
        """What was learnt of exactly this title."""
        return [self.known.get(t.casefold(), "never seen") for t in texts]


def test_equal_readings_stay_in_one_fold(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(titles, "TitleModel", Memory)
    once = rows()
    twice = [*once, *((title.upper(), label) for title, label in once)]
    got = titles.cross_validated([t for t, _ in twice], [label for _, label in twice])
    assert got == ["never seen"] * len(twice)


def test_another_folder_is_learnt_from_when_given(tmp_path: Path) -> None:
    data = write(tmp_path / "data", rows())
    swapped = {"Marketing": "Sales", "Sales": "Marketing"}
    train = write(tmp_path / "train", [(title, swapped[label]) for title, label in rows()])
    found = titles.evaluate(data, train)
    metrics = {m.name: m for m in found.metrics}
    # It learnt the other folder's wrong labels, so every answer is wrong, and each is told.
    assert metrics["titles.department.macro_f1"].value == 0.0
    assert len(found.misses) == 16
    assert metrics["titles.department.as_shipped.macro_f1"].value == 1.0


def test_too_little_is_named(tmp_path: Path) -> None:
    found = titles.evaluate(write(tmp_path, [("Marketing Manager", "Marketing")] * 9))
    assert found.metrics == []
    assert any("too few titles or classes" in s for s in found.skipped)
