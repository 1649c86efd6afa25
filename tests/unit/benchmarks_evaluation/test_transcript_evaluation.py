"""The measurement of transcripts on an invented folder: right gives 1, a planted mistake less."""

from __future__ import annotations

import json
from pathlib import Path

from benchmarks.evaluation import transcripts
from benchmarks.evaluation.transcripts import same_owner

CALL = (
    "WEBVTT\n\n1\n00:10:00.000 --> 00:10:04.000\n"
    "Ann Lee: I will send the revised quote by Friday.\n"
)


def _folder(tmp_path: Path, at: str, owner: str, teams: str) -> dict[str, float]:
    call = tmp_path / "transcripts" / "zoom" / "acme" / "2026-03-02_1"
    call.mkdir(parents=True)
    (call / "transcript.vtt").write_text(CALL, "utf-8")
    item = {"timestamp": at, "action": "Send the quote", "owner": owner}
    (call / "tldr.json").write_text(json.dumps({"action_items": [item]}), "utf-8")
    other = tmp_path / "transcripts" / "teams_format"
    other.mkdir()
    (other / "acme_2026-03-02_1.vtt").write_text(teams, "utf-8")
    return {m.name: m.value for m in transcripts.evaluate(tmp_path).metrics}


def _teams(said: str) -> str:
    return f"WEBVTT\n\n00:10:00.000 --> 00:10:04.000\n<v Ann Lee>{said}</v>\n"


def test_right_answers_give_one(tmp_path: Path) -> None:
    got = _folder(tmp_path, "00:10:40", "Ann", _teams("I will send the revised quote by Friday."))
    assert {name: got[f"transcripts.{name}"] for name in (
        "cues_exact", "layouts_equal", "action_items.recall", "action_items.precision")
    } == {"cues_exact": 1.0, "layouts_equal": 1.0, "action_items.recall": 1.0,
          "action_items.precision": 1.0}  # fmt: skip


def test_other_owner_time_and_words_are_seen(tmp_path: Path) -> None:
    got = _folder(tmp_path, "00:10:40", "Zoe", _teams("I will send the quote."))
    assert got["transcripts.layouts_equal"] == 0.0
    assert got["transcripts.action_items.recall"] == 0.0
    assert got["transcripts.action_items.time_only.recall"] == 1.0
    late = tmp_path / "late"
    assert (
        _folder(late, "00:12:00", "Ann", _teams("-"))["transcripts.action_items.time_only.recall"]
        == 0.0
    )


def test_owners() -> None:
    assert same_owner("Ann, Bo", "Ann Lee (Kestrel)")
    assert same_owner("All client teams", "everyone")
    assert not same_owner("Ann", "everyone")
    assert not same_owner("All client teams", "Ann Lee")
