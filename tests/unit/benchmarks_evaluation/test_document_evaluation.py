"""From generated files to opportunities: the truth is found again, and a broken reader is seen."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.evaluation import documents
from detection.correspondence.documents.formats import DocumentText


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "DEALS", 12)


def _figures(data: Path) -> dict[str, float]:
    return {m.name: m.value for m in documents.evaluate(data).metrics}


def test_the_truth_of_generated_files_is_found_again(tmp_path: Path) -> None:
    assert _figures(tmp_path) == {
        "documents.field_accuracy": 1.0,
        "documents.joined": 1.0,
        "documents.distractors_used": 0.0,
    }


def test_a_reader_that_loses_tables_is_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    genuine = documents.read_text

    def without_rows(*arguments: object) -> DocumentText:
        found = genuine(*arguments)
        return replace(found, text=found.text.split("Part number: ")[0])

    monkeypatch.setattr(documents, "read_text", without_rows)
    got = _figures(tmp_path)
    assert got["documents.field_accuracy"] < 0.9
