"""The measurement of news on an invented folder: figures, folds by document, and misses."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from benchmarks.evaluation import news

SENTENCES = {
    "['Merger/Acquisition.None']": "{} agreed to acquire its rival in a takeover",
    "['Employment.Start']": "{} appointed a new chief executive officer",
    "['Product/Service.Launch', 'Deal.None']": "{} will launch a phone under a partnership deal",
    "['Profit/Loss.None']": "{} said that the weather was fine",
}


def folder(home: Path, documents: int = 10) -> Path:
    (home / "news").mkdir(parents=True)
    with (home / news.EVENTS).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter="\t")
        writer.writerow(["document_id", "text", "subtypes_event_unq"])
        for number in range(documents):
            for labels, text in SENTENCES.items():
                writer.writerow([f"d{number}", text.format(f"Firm{number}"), labels])
    rows = []
    for number in range(documents):
        for relation, inverse, words in (
            ("acquired_by", 1, "has bought"), ("acquired_by", 0, "was bought by"),
            ("collaboration", 0, "teams up with"), ("undefined", 0, "saw"),
        ):  # fmt: skip
            context = [f"Firm{number}", *words.split(), f"Other{number}", "."]
            last = len(context) - 2
            rows.append({"relation": relation, "invert_relation": inverse, "context": context,
                         "e1_start": 0, "e1_end": 0, "e2_start": last, "e2_end": last})  # fmt: skip
    (home / news.RELATIONS).write_text(json.dumps(rows), "utf-8")
    return home


def figures(result) -> dict[str, float]:
    return {metric.name: metric.value for metric in result.metrics}


def test_what_can_be_learned_is_learned_and_each_class_has_its_row(tmp_path):
    result = news.evaluate(folder(tmp_path))
    got = figures(result)
    assert got["news.sentivent.macro_f1"] == 1.0
    assert got["news.relations.macro_f1"] == 1.0
    names = {name.removesuffix(".f1") for name in got if name.startswith("news.sentivent.")}
    assert {f"news.sentivent.{c}" for c in ("acquisition", "deal", "employment", "launch")} <= names
    assert "news.sentivent.financing.f1" not in got
    assert "news.relations.undefined.f1" not in got
    head = next(m for m in result.metrics if m.name == "news.relations.macro_f1")
    assert (head.n, head.interval) == (40, (1.0, 1.0))
    assert head.baseline < 1.0
    assert "news.sentivent.as_shipped.macro_f1" in got
    assert got["news.relations.as_shipped.acquired_by.f1"] > 0.5


def test_a_wrong_direction_is_wrong_and_a_miss(tmp_path):
    home = folder(tmp_path / "data")
    train = folder(tmp_path / "train")
    rows = json.loads((train / news.RELATIONS).read_text("utf-8"))
    for row in rows:
        row["invert_relation"] = int(
            row["relation"] == "acquired_by" and not row["invert_relation"]
        )
    (train / news.RELATIONS).write_text(json.dumps(rows), "utf-8")
    result = news.evaluate(home, train)
    got = figures(result)
    assert got["news.relations.acquired_by.f1"] == 0.0
    assert got["news.relations.collaboration.f1"] == 1.0
    assert got["news.relations.macro_f1"] == 0.5
    misses = [m for m in result.misses if m.metric == "news.relations.macro_f1"]
    assert len(misses) == 20
    assert {(m.expected, m.got) for m in misses} == {
        ("acquired_by", "acquired_by~"), ("acquired_by~", "acquired_by"),
    }  # fmt: skip


def test_documents_stay_whole():
    groups = [f"d{number // 3}" for number in range(30)]
    for seen, unseen in news._folds(groups):
        assert not {groups[i] for i in seen} & {groups[i] for i in unseen}


def test_classes_are_the_annotators_types_and_subtypes():
    assert news.classes_of(["Employment.End", "Employment.Compensation"]) == {"employment"}
    assert news.classes_of(["Employment.Compensation", "Product/Service.Trial"]) == set()
    assert news.classes_of(["Facility.Close", "Investment.None"]) == {"facility", "financing"}


def test_what_is_missing_is_named(tmp_path):
    result = news.evaluate(tmp_path)
    assert result.metrics == []
    assert len(result.skipped) == 2


def test_a_group_drawn_whole_gives_an_interval_around_the_figure():
    told = [frozenset({"a"})] * 20
    got = [frozenset({"a"}) if number % 4 else frozenset() for number in range(20)]
    low, high = news.macro_interval(told, got, [str(n) for n in range(20)])
    figure = news.f1_by_class(told, got)["a"]
    assert low < figure < high
    assert figure == pytest.approx(2 * 15 / 35)
