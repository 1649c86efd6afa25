"""The run of Great Expectations on a frame: what is made once, and that nothing is lost by it."""

from __future__ import annotations

import pandas as pd
import pytest
from great_expectations.expectations.expectation import Expectation as Built

from resources.quality import expectations
from resources.quality.config import Expectation


def judged() -> list[expectations.Outcome]:
    frame = pd.DataFrame({"id": ["a", "b", None, "a"], "size": [1, 5, 12, 3]})
    return expectations.validate(
        frame,
        [
            Expectation.model_validate(stated)
            for stated in (
                {"expect": "column_values_to_not_be_null", "column": "id"},
                {"expect": "column_values_to_be_unique", "column": "id"},
                {"expect": "column_values_to_be_between", "column": "size", "max_value": 10},
                {"expect": "column_values_to_be_between", "column": "size", "max_value": 4},
            )
        ],
    )


def test_each_expectation_makes_its_configuration_once(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[int] = []
    original = Built.configuration

    def count(built: Built) -> object:
        made.append(id(built))
        return original.fget(built)

    counting = property(count)
    monkeypatch.setattr(Built, "configuration", counting)
    outcomes = judged()
    assert len(made) == len(set(made))
    assert [outcome.failing for outcome in outcomes] == [[2], [0, 3], [2], [1, 2]]
    # What was there before is there again.
    assert Built.configuration is counting
