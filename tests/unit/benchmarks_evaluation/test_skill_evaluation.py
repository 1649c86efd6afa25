"""The measurement of skills: figures by hand on an invented posting, and what is left unjudged."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks.evaluation import skills

#: Marked: Kubernetes, weaving looms (no reader knows them), and an ability that names leadership.
ROWS = [
    (["We", "use", "Kubernetes", "and", "PostgreSQL"], "OOBOO", "OOOOO"),
    (["You", "know", "weaving", "looms"], "OOBI", "OOOO"),
    (["Show", "leadership", "daily"], "OOO", "BII"),
    (["Kubernetes", "again"], "BO", "OO"),
]


def write(folder: Path) -> Path:
    """The posting in the layout of the annotated files."""
    path = folder / "jobs" / "skillspan_dev.json"
    path.parent.mkdir(parents=True)
    lines = [
        {
            "idx": 1,
            "tokens": tokens,
            "tags_knowledge": list(knowledge),
            "tags_skill": list(ability),
            "source": "tech",
        }
        for tokens, knowledge, ability in ROWS
    ]
    path.write_text("\n".join(map(json.dumps, lines)), "utf-8")
    return folder


def test_figures_by_hand(tmp_path: Path) -> None:
    found = skills.evaluate(write(tmp_path))
    metrics = {m.name: m for m in found.metrics}
    # Expected: Kubernetes (told twice, once counted) and weaving looms. Found: Kubernetes, right,
    # and PostgreSQL, odd. Leadership stands in an ability and is not judged.
    assert metrics["jobs.skills.f1"].value == pytest.approx(2 * 1 / (2 + 2))
    assert metrics["jobs.skills.f1"].n == 2
    assert metrics["jobs.skills.precision"].value == 0.5
    assert metrics["jobs.skills.recall"].value == 0.5
    assert metrics["jobs.skills.tech.f1"].value == metrics["jobs.skills.f1"].value
    assert {(m.expected, m.got) for m in found.misses} == {
        ("weaving looms", ""),
        ("", "postgresql"),
    }


def test_words_of_one_may_stand_in_the_other_and_each_mark_counts_once() -> None:
    posting = skills.Posting("", frozenset({("apache", "kafka"), ("sql",)}), frozenset())
    hits, missed, odd = skills.judged({("kafka",), ("apache",), ("sql",)}, posting)
    assert (hits.right, hits.expected) == (2, 2)
    # The second word of a mark that is taken is neither right nor odd.
    assert (hits.found, missed, odd) == (2, [], [])


def test_a_folder_without_annotations_is_named(tmp_path: Path) -> None:
    found = skills.evaluate(tmp_path)
    assert (found.metrics, found.skipped) == ([], ["jobs/skillspan_*.json: no file"])
