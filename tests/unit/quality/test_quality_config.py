"""The suites in ``config/quality`` are valid, and mistakes in them are named."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from resources.config_errors import ConfigurationError
from resources.quality.config import Allowance, Expectation, load_raw, load_warehouse
from resources.quality.expectations import in_words, validate

CONFIG = Path(__file__).resolve().parents[3] / "config"


def every_expectation():
    raw = load_raw(CONFIG)
    yield from raw.envelope
    yield from raw.detection
    for suite in [*raw.streams.values(), *raw.detections.values()]:
        yield from suite.expectations
    for gate in ("unified", "outgoing"):
        for table in load_warehouse(CONFIG, gate).tables.values():
            yield from table.expectations


def test_every_expectation_of_the_project_is_one_that_great_expectations_knows():
    expectations = list(every_expectation())
    assert len(expectations) > 90
    # Each on columns of its own, so that one run judges them all.
    apart, values = [], {}
    for number, expectation in enumerate(expectations):
        names = {column: f"{number} {column}" for column in expectation.columns}
        values |= dict.fromkeys(names.values(), _plausible(expectation))
        apart.append(_renamed(expectation, names))
        assert not in_words(expectation).startswith("fails")
    for outcome in validate(pd.DataFrame([values]), apart):
        assert outcome.error is None


def _renamed(expectation, names):
    arguments = {
        key: [names[column] for column in value]
        if key == "column_list"
        else names[value]
        if key.startswith("column")
        else value
        for key, value in expectation.arguments.items()
    }
    return Expectation(expect=expectation.expect, severity=expectation.severity, **arguments)


def _plausible(expectation):
    low, high = expectation.arguments.get("min_value"), expectation.arguments.get("max_value")
    if hasattr(low or high, "year"):
        return pd.Timestamp(low or high)
    return "text" if "regex" in expectation.expect or "length" in expectation.expect else 1.0


def write(folder, text):
    (folder / "quality").mkdir()
    (folder / "quality" / "unified.yaml").write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("include: [core.*]\nexlude: [x]", "exlude"),
        (
            "include: [core.*]\ntables: {a.b: {expectations: [{expect: x, severity: bad}]}}",
            "severity",
        ),
        ("include: [core.*]\nallowance: {max_quarantined_share: 5}", "less than or equal to 1"),
        (
            "include: [core.*]\ntables: {a.b: {expectations: [{expect: x, why: late, too.}]}}",
            "quote a text that holds a comma",
        ),
        ("tables: {}", "include"),
        ("include: [", "is not valid YAML"),
    ],
)
def test_a_mistake_names_file_and_field(tmp_path, text, words):
    write(tmp_path, text)
    with pytest.raises(ConfigurationError, match=r"unified\.yaml") as error:
        load_warehouse(tmp_path, "unified")
    assert words in str(error.value)


def test_a_missing_file_is_said(tmp_path):
    with pytest.raises(ConfigurationError, match=r"raw\.yaml does not exist"):
        load_raw(tmp_path)


def test_a_field_inside_another_must_be_written_as_a_path(tmp_path):
    (tmp_path / "quality").mkdir(exist_ok=True)
    (tmp_path / "quality" / "raw.yaml").write_text(
        "streams:\n  a/b:\n    fields:\n      title: {path: info.title, required: true}\n", "utf-8"
    )
    with pytest.raises(ConfigurationError, match=r"write '\$\.info\.title'"):
        load_raw(tmp_path)


def test_an_unknown_expectation_or_argument_is_said():
    frame = pd.DataFrame({"a": [1]})
    with pytest.raises(ValueError, match="has no expectation 'expect_the_best'"):
        validate(frame, [Expectation(expect="the_best", column="a")])
    with pytest.raises(ValueError, match="expect_column_values_to_be_between does not accept"):
        validate(frame, [Expectation(expect="column_values_to_be_between", column="a", minimum=1)])


def test_outcomes_come_in_the_order_asked_with_positions_of_failing_rows():
    frame = pd.DataFrame({"a": [1.0, 50.0, None, 200.0]}, index=[7, 7, 8, 9])
    between = Expectation(expect="column_values_to_be_between", column="a", max_value=100)
    missing = Expectation(expect="column_values_to_not_be_null", column="b")
    null = Expectation(expect="column_values_to_not_be_null", column="a")
    found = validate(frame, [between, missing, null])
    assert [(o.success, o.failing) for o in found] == [(False, [3]), (False, []), (False, [2])]
    assert found[1].error == "column b is missing"


@pytest.mark.parametrize(
    ("failing", "total", "exceeded"),
    [
        (0, 0, False),
        (1, 1, False),
        (10, 12, False),
        (11, 1000, False),
        (11, 220, False),
        (12, 220, True),
    ],
)
def test_allowance(failing, total, exceeded):
    allowance = Allowance(max_quarantined_share=0.05, max_quarantined_rows=10)
    assert allowance.exceeded_by(failing, total) is exceeded
