"""Plays are checked where they come in; a fault names file, play and field."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from activation.plays import PLACEHOLDERS, PlayError, load_plays, play_rows

ROOT = Path(__file__).resolve().parents[3]
GOOD = """
version: 1
plays:
  - id: grant
    signal_type: funding_round
    subtypes: [grant]
    window: {from_days: 7, to_days: 60}
    actions:
      - ["Ask {investor} for an introduction.", "Ask for an introduction."]
      - "Read the announcement of {date}."
    talking_points:
      - "What is the grant meant for?"
"""


def _loaded(tmp_path: Path, text: str):
    path = tmp_path / "plays.yaml"
    path.write_text(text, "utf-8")
    return load_plays(path)


def test_the_shipped_plays_cover_every_signal_type() -> None:
    plays = load_plays(ROOT / "config" / "plays.yaml")
    general = {
        p.signal_type for p in plays.plays
        if p.polarity == "positive" and not (p.subtypes or p.levels)
    }  # fmt: skip
    assert len(general) == 12
    texts = [row["template"] for row in play_rows(plays)]
    # A seller would not write these.
    assert [t for t in texts if "\u2014" in t or " - " in t or "leverage" in t.lower()] == []


def test_no_shipped_play_asks_for_more_impact_than_its_type_can_have() -> None:
    most: dict[str, int] = {}
    for seed in ("signal_types", "signal_impacts"):
        with (ROOT / "dbt_project" / "seeds" / f"{seed}.csv").open() as text:
            for row in csv.DictReader(text):
                kind, impact = row["signal_type"], int(row["impact_score"])
                most[kind] = max(most.get(kind, 0), impact)
    plays = load_plays(ROOT / "config" / "plays.yaml").plays
    assert {p.id: p.min_impact for p in plays if p.min_impact} == {"executive_joined": 50}
    assert [p.id for p in plays if p.min_impact > most[p.signal_type]] == []


def test_rows_keep_order_and_versions(tmp_path: Path) -> None:
    rows = play_rows(_loaded(tmp_path, GOOD))
    assert [(r["kind"], r["rank"], r["version"]) for r in rows] == [
        ("action", 1, 1), ("action", 1, 2), ("action", 2, 1), ("talking_point", 1, 1),
    ]  # fmt: skip
    assert rows[0]["template"] == "Ask {investor} for an introduction."
    assert {(r["subtypes"], r["levels"], r["from_days"], r["to_days"]) for r in rows} == {
        (",grant,", None, 7, 60)
    }


@pytest.mark.parametrize(
    ("given", "instead", "said"),
    [
        ("{investor}", "{invester}", "play 'grant', field actions: {invester} is no word that can "
         "be filled in; there are " + ", ".join(PLACEHOLDERS)),
        ("{date}", "{date", "play 'grant', field actions: a brace is not closed"),
        ("signal_type: funding_round", "signal_type: funding", "play 'grant', field signal_type"),
        ("from_days: 7", "from_days: 70", "play 'grant', field window: from_days (70) is after"),
        ("id: grant", "id: Grant!", "play 'Grant!', field id: String should match pattern"),
        ("    subtypes: [grant]\n", "    subtypes: [grant]\n    tone: warm\n",
         "play 'grant', field tone: Extra inputs are not permitted"),
        ("version: 1", "version: 3", "field version: Input should be 1"),
        ("plays:", "plays: [", "is not valid YAML"),
    ],
)  # fmt: skip
def test_a_fault_names_play_and_field(tmp_path: Path, given: str, instead: str, said: str) -> None:
    with pytest.raises(PlayError) as raised:
        _loaded(tmp_path, GOOD.replace(given, instead))
    assert str(tmp_path / "plays.yaml") in str(raised.value)
    assert said in str(raised.value)


def test_a_play_that_is_never_reached_is_a_fault(tmp_path: Path) -> None:
    general = GOOD.replace("    subtypes: [grant]\n", "").replace("id: grant", "id: any")
    after = GOOD.split("plays:")[1]
    with pytest.raises(PlayError, match="play 'grant' is never reached: 'any' before it takes"):
        _loaded(tmp_path, general + after)
    with pytest.raises(PlayError, match="'grant' is given twice"):
        _loaded(tmp_path, GOOD + after)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(PlayError, match=r"none\.yaml cannot be read"):
        load_plays(tmp_path / "none.yaml")
