"""What a user may set about the gates: ``config/quality/{raw,unified,outgoing}.yaml``, validated.

An expectation is one line with the name Great Expectations gives it (without the leading
``expect_``) and its arguments under their own names::

    - {expect: column_values_to_be_between, column: amount, min_value: 0, severity: warning}
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from resources.config_files import read_yaml, validated

Severity = Literal["critical", "warning"]


class Expectation(BaseModel):
    """One expectation on one table.

    ``critical`` failures set rows aside, or stop the line when the table as a whole or too many of
    its rows fail; ``warning`` failures are reported. ``why`` ends up in the message: what the
    failure means, or what to do about it.
    """

    model_config = ConfigDict(extra="allow", frozen=True)

    expect: str = Field(pattern=r"^[a-z_]+$", description="Name without the leading expect_.")
    severity: Severity = "critical"
    why: str | None = None

    @model_validator(mode="after")
    def _arguments_are_names(self) -> Expectation:
        """Unquoted text with a comma in it ends there, and its rest becomes an argument."""
        for name in self.model_extra or {}:
            if not name.isidentifier():
                raise ValueError(f"{name!r} is no argument: quote a text that holds a comma")
        return self

    @property
    def type(self) -> str:
        """The name Great Expectations knows it by."""
        return f"expect_{self.expect}"

    @property
    def arguments(self) -> dict[str, Any]:
        """Its arguments: column, value_set, min_value and so on."""
        return dict(self.model_extra or {})

    @property
    def columns(self) -> list[str]:
        """Columns it looks at; none for an expectation on the table as a whole."""
        arguments = self.arguments
        named = [arguments[k] for k in ("column", "column_A", "column_B") if k in arguments]
        return [*named, *arguments.get("column_list", [])]


class Allowance(BaseModel):
    """How many rows may be set aside before the whole batch counts as bad.

    A batch is bad when more than ``max_quarantined_rows`` rows fail and they are more than
    ``max_quarantined_share`` of it. The number keeps one bad row in a day of three from stopping
    the line; it is set aside like any other.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    max_quarantined_share: float = Field(default=0.0, ge=0, le=1)
    max_quarantined_rows: int = Field(default=0, ge=0)

    def exceeded_by(self, failing: int, total: int) -> bool:
        """Whether ``failing`` rows of ``total`` make the batch bad."""
        return failing > self.max_quarantined_rows and failing > self.max_quarantined_share * total


class PayloadField(BaseModel):
    """One field of a stream's payload that the gate looks at.

    ``path`` is a key of the payload's top level, or JSONPath (``$.a.b``); of several, the first
    that has a value counts. A value that is not of ``type`` fails, an absent one only when
    ``required``; a required field that no row has is a change of the source's schema.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    path: str | list[str]
    type: Literal["text", "number", "money", "date", "timestamp"] = "text"
    required: bool = False
    severity: Severity = "critical"

    @field_validator("path")
    @classmethod
    def _says_if_nested(cls, path: str | list[str]) -> str | list[str]:
        """A dot is part of a field's name unless the path is a JSONPath, so doubt is an error."""
        for one in [path] if isinstance(path, str) else path:
            if "." in one and not one.startswith("$"):
                raise ValueError(f"{one!r} has a dot: write '$.{one}' for a field inside another")
        return path

    @property
    def json_paths(self) -> list[str]:
        """The paths as JSONPath."""
        paths = [self.path] if isinstance(self.path, str) else self.path
        return [p if p.startswith("$") else '$."' + p.replace('"', '\\"') + '"' for p in paths]


class StreamSuite(BaseModel):
    """Expectations on one stream of the lake, or on one detection table (no ``fields`` there).

    ``rows: always`` says that every fetch brings rows once one has: then an empty day fails.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    fields: dict[str, PayloadField] = {}
    rows: Literal["always", "maybe"] = "maybe"
    allowance: Allowance | None = None
    expectations: list[Expectation] = []


class RawSuites(BaseModel):
    """``raw.yaml``: what is expected of the lake's partitions and the detections of a day.

    A stream named ``*/<stream>`` stands for that stream of every source without a suite of its own.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    allowance: Allowance = Allowance(max_quarantined_share=0.05, max_quarantined_rows=10)
    envelope: list[Expectation]
    detection: list[Expectation]
    streams: dict[str, StreamSuite]
    detections: dict[str, StreamSuite]

    @model_validator(mode="after")
    def _streams_are_named_in_full(self) -> RawSuites:
        for name in self.streams:
            if name.count("/") != 1:
                raise ValueError(f"stream {name!r} must be named <source>/<stream>")
        return self

    def suite_of(self, name: str) -> StreamSuite:
        """The suite of the stream ``<source>/<stream>``; an empty one when none is declared."""
        shared = self.streams.get(f"*/{name.rsplit('/', maxsplit=1)[-1]}", StreamSuite())
        return self.streams.get(name, shared)


class TableSuite(BaseModel):
    """Expectations on one warehouse table beyond its contract, or on rows that ``sql`` derives.

    ``key`` names the columns a person would look a row up by; without it, the contract's unique
    columns are used, then its columns that end in ``_id``.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    sql: str | None = None
    key: list[str] = []
    allowance: Allowance | None = None
    max_drop_share: float | None = Field(
        default=None,
        ge=0,
        le=1,
        description="Warn when rows fall by more than this since last time.",
    )
    may_become_empty: bool = Field(
        default=False,
        description="Whether none is an answer too: what is found, expected or advised anew a day.",
    )
    expectations: list[Expectation] = []


class WarehouseSuites(BaseModel):
    """``unified.yaml`` and ``outgoing.yaml``: which tables a gate guards, and what it expects.

    ``include`` and ``exclude`` are patterns of ``schema.table`` over the dbt contracts.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    include: list[str]
    exclude: list[str] = []
    allowance: Allowance = Allowance()
    max_drop_share: float = Field(default=0.5, ge=0, le=1)
    tables: dict[str, TableSuite] = {}


def load_raw(config_dir: Path) -> RawSuites:
    """Read ``quality/raw.yaml``. Raises ``ConfigurationError`` naming file and field."""
    path = config_dir / "quality" / "raw.yaml"
    return validated(RawSuites, read_yaml(path), path)


def load_warehouse(config_dir: Path, gate: str) -> WarehouseSuites:
    """Read ``quality/<gate>.yaml``. Raises ``ConfigurationError`` naming file and field."""
    path = config_dir / "quality" / f"{gate}.yaml"
    return validated(WarehouseSuites, read_yaml(path), path)
