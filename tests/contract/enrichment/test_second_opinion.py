"""The analysis of a group is asked for once in 30 days, anew when the group has changed."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from orchestration.answers.second_opinion import second_opinion
from resources.file_cache import FileCache
from resources.language_model import LanguageModel
from resources.settings import Settings
from resources.state import StateStore

NOW = datetime(2026, 6, 15, 9, tzinfo=UTC)
GROUP = {
    "company_id": "c1", "company_name": "Larkspur", "solution_category": "security",
    "employee_count": 300,
}  # fmt: skip
MEMBER = {
    "person_id": "p1", "title": "CISO", "department": "security", "seniority_level": "c_suite",
    "interactions": 0, "introduction_path": None, "membership": "core",
    "buying_role": "decision_maker",
}  # fmt: skip


class Spoken(LanguageModel):
    """A model that answers from memory and counts how often it is asked over the wire."""

    down = False

    def _answer(self, body):
        entry = {"number": 1, "role": "decision_maker", "reason": "owns the budget"}
        return None if self.down else json.dumps({"members": [entry]})


@pytest.fixture
def model(tmp_path):
    return Spoken("http://model.example", "key", "tiny", FileCache(tmp_path / "answers"), 10)


@pytest.fixture
def ask(model, tmp_path):
    state = StateStore(f"sqlite:///{tmp_path}/state.sqlite")
    settings = Settings(home=tmp_path, config_dir=Path(__file__).resolve().parents[3] / "config")

    def run(members=(MEMBER,), days=0):
        return second_opinion(
            settings, state, model, GROUP, list(members), NOW + timedelta(days=days)
        )

    return run


def test_the_same_group_is_analysed_once_in_30_days(ask, model):
    asked = []
    for days in (0, 29, 31):
        [opinion] = ask(days=days)
        assert (opinion.role, opinion.agrees) == ("decision_maker", True)
        asked.append(model.tally.asked)
    assert asked == [1, 1, 2]


def test_a_group_that_changed_is_analysed_anew(ask, model):
    ask()
    ask([MEMBER | {"interactions": 1}])
    assert model.tally.asked == 2


def test_without_an_answer_nothing_is_kept_and_nothing_breaks(ask, model):
    model.down = True
    assert ask() is None
    model.down = False
    assert len(ask()) == 1
