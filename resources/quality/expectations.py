"""The Great Expectations run on one data frame, and expectations told in words.

Only pandas data frames are used: the SQL path of version 1.24 fails on DuckDB. Failing rows come
back by position, because lists of failing values are cut at 200.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from resources.quality.config import Expectation

if TYPE_CHECKING:
    import great_expectations
    import pandas as pd


@dataclass(frozen=True)
class Outcome:
    """What one expectation found.

    ``failing`` holds the positions of failing rows; it is empty for an expectation on the table as
    a whole, whose ``observed`` value says what was found. ``error`` tells why it could not be
    judged."""

    expectation: Expectation
    success: bool
    failing: list[int]
    observed: Any = None
    error: str | None = None


def validate(frame: pd.DataFrame, expectations: Sequence[Expectation]) -> list[Outcome]:
    """Judge every expectation on ``frame``, in the given order.

    An expectation on a column that the frame lacks fails with the column's name. Raises
    ``ValueError`` for an expectation or argument that Great Expectations does not know.
    """
    outcomes: dict[int, Outcome] = {}
    known = []
    for position, expectation in enumerate(expectations):
        missing = [column for column in expectation.columns if column not in frame.columns]
        if missing:
            outcomes[position] = Outcome(
                expectation, False, [], error=f"column {', '.join(missing)} is missing"
            )
        else:
            known.append((position, _build(expectation, position, frame)))
    if known:
        batch = _asset().get_batch(batch_parameters={"dataframe": frame.reset_index(drop=True)})
        with _configured_once():
            result = batch.validate(
                _suite([built for _, built in known]),
                result_format={"result_format": "COMPLETE", "return_unexpected_index_query": False},
            )
        for found in result.results:
            position = found.expectation_config.meta["position"]
            outcomes[position] = _outcome(expectations[position], found)
    return [outcomes[position] for position in range(len(expectations))]


def _outcome(expectation: Expectation, found: Any) -> Outcome:
    info = found.exception_info or {}
    # One failure is a flat record, several are keyed by the metric that failed.
    records = [info] if "raised_exception" in info else list(info.values())
    for record in records:
        if record.get("raised_exception"):
            text = str(record.get("exception_message", "unknown error")).strip().splitlines()[-1]
            return Outcome(expectation, False, [], error=f"it could not be judged: {text}")
    result = found.result or {}
    return Outcome(
        expectation,
        bool(found.success),
        list(result.get("unexpected_index_list") or []),
        observed=result.get("observed_value"),
    )


@cache
def _context() -> Any:
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
    import great_expectations

    context = great_expectations.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    # Every ephemeral context leaves an empty temporary folder for a docs site that we do not build.
    for site in (context.variables.data_docs_sites or {}).values():
        folder = site.get("store_backend", {}).get("base_directory")
        if folder and Path(folder).parent == Path(tempfile.gettempdir()):
            shutil.rmtree(folder, ignore_errors=True)
    context.variables.data_docs_sites = {}
    return context


@cache
def _asset() -> Any:
    asset = _context().data_sources.add_pandas("frames").add_dataframe_asset("frame")
    return asset.add_batch_definition_whole_dataframe("whole")


@contextmanager
def _configured_once() -> Iterator[None]:
    """Meanwhile each expectation makes its configuration once.

    Great Expectations makes it anew whenever it looks up an argument, some hundred times an
    expectation: more than a third of a gate's time. None is changed while a suite is judged.
    """
    from great_expectations.expectations.expectation import Expectation as Built

    make = Built.configuration
    #: By identity, each with its expectation, so that no other one can take its place.
    made: dict[int, tuple[Any, Any]] = {}

    def configuration(built: Any) -> Any:
        known = made.get(id(built))
        if known is None:
            known = made[id(built)] = (built, make.fget(built))
        return known[1]

    Built.configuration = property(configuration)
    try:
        yield
    finally:
        Built.configuration = make


def _suite(built: list[Any]) -> great_expectations.ExpectationSuite:
    import great_expectations

    return great_expectations.ExpectationSuite(name="suite", expectations=built)


def _build(expectation: Expectation, position: int, frame: pd.DataFrame) -> Any:
    import great_expectations.expectations as library

    name = "".join(part.capitalize() for part in expectation.type.split("_"))
    kind = getattr(library, name, None)
    if kind is None:
        raise ValueError(f"Great Expectations has no expectation {expectation.type!r}")
    arguments = {
        key: _comparable(value, expectation, frame) for key, value in expectation.arguments.items()
    }
    try:
        return kind(**arguments, severity=expectation.severity, meta={"position": position})
    except Exception as error:
        raise ValueError(
            f"{expectation.type} does not accept {expectation.arguments}: {error}"
        ) from error


def _comparable(value: Any, expectation: Expectation, frame: pd.DataFrame) -> Any:
    """A calendar day as a timestamp that compares with the expectation's column."""
    if not isinstance(value, date):
        return value
    import pandas as pd

    column = frame[expectation.columns[0]] if expectation.columns else None
    zone = getattr(getattr(column, "dtype", None), "tz", None)
    stamp = pd.Timestamp(value)
    return stamp.tz_localize("UTC") if zone is not None and stamp.tz is None else stamp


# --- in words ------------------------------------------------------------------------------------


def in_words(expectation: Expectation) -> str:
    """What is expected, as the end of the sentence that begins with the column's name."""
    arguments = expectation.arguments
    low, high = arguments.get("min_value"), arguments.get("max_value")
    match expectation.expect:
        case "column_values_to_not_be_null":
            return "must have a value"
        case "column_values_to_be_null":
            return "must be empty"
        case "column_values_to_be_unique":
            return "must be unique"
        case "compound_columns_to_be_unique":
            return "must be unique together"
        case "column_values_to_be_in_set" | "column_distinct_values_to_be_in_set":
            if arguments.get("value_set") == [True] and " is " in str(arguments.get("column")):
                # A column computed for the check, named after it: "close_date is a date".
                return f"must be {arguments['column'].split(' is ', 1)[1]}"
            values = ", ".join(show(value) for value in arguments.get("value_set", []))
            return f"must be one of {values}"
        case "column_values_to_match_regex":
            return f"must match {arguments.get('regex')}"
        case "column_values_to_not_match_regex":
            return f"must not match {arguments.get('regex')}"
        case "column_value_lengths_to_be_between":
            return f"must have a length {_range(low, high)}"
        case "column_pair_values_to_be_equal":
            return f"must equal {arguments.get('column_B')}"
        case "column_pair_values_a_to_be_greater_than_b":
            word = "must not be below" if arguments.get("or_equal") else "must be above"
            return f"{word} {arguments.get('column_B')}"
        case "table_row_count_to_be_between":
            return f"must have a number of rows {_range(low, high)}"
        case "column_values_to_be_between":
            return f"must be {_range(low, high)}"
        case "table_columns_to_match_set":
            return f"must have the columns {', '.join(arguments.get('column_set', []))}"
    words = expectation.expect.replace("_", " ").replace(" to be ", " must be ")
    details = ", ".join(
        f"{key} {show(value)}"
        for key, value in arguments.items()
        if key not in ("column", "column_A", "column_B", "column_list")
    )
    return f"fails: {words}" + (f" ({details})" if details else "")


def _range(low: Any, high: Any) -> str:
    if low is None:
        return f"of at most {show(high)}"
    if high is None:
        return f"of at least {show(low)}"
    return f"between {show(low)} and {show(high)}"


def show(value: Any) -> str:
    """A value as a person would write it, at most 80 characters."""
    if value is None or value != value:
        return "empty"
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds").replace(" 00:00:00", "")
    if isinstance(value, float):
        return f"{value:.10g}"
    text = str(value)
    return text if len(text) <= 80 else text[:79] + "…"
