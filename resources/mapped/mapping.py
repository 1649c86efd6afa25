"""What a mapping in YAML may say: which files, which columns, which record they make.

Raises ``pydantic.ValidationError`` (turned into a ``ConfigurationError`` naming file and field by
the caller) for a field that the record type does not have, a value outside a closed set, or a
required field that no column fills.
"""

from __future__ import annotations

import hashlib
import re
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from resources.mapped.record_types import CLOSED_SETS, RECORD_TYPES, RecordType

Format = Literal["auto", "csv", "tsv", "xlsx", "json", "jsonl", "profile"]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class FieldMapping(_Model):
    """Where one field comes from and how it is read.

    Of several ``column`` names the first that is there and says something counts; ``join`` puts
    columns together with a blank; ``value`` is the same for every row. For JSON a column is a path
    such as ``author.name`` or ``places[0].city``.
    """

    column: tuple[str, ...] = ()
    join: tuple[str, ...] = ()
    value: str | int | float | bool | None = None
    formats: tuple[str, ...] = Field(default=(), description="strptime formats, tried in order.")
    decimal: Literal[".", ","] | None = None
    separator: str | None = Field(default=None, description="Cuts a list; default ';', else ','.")
    scale: float = Field(default=1.0, description="Numbers and money are multiplied by this.")
    values: dict[str, str | None] = Field(
        default_factory=dict, description="Vendor's word, in any case, to ours; null is no value."
    )
    otherwise: Literal["keep", "null", "reject"] = Field(
        default="keep", description="What becomes of a word that 'values' does not name."
    )
    pattern: str | None = Field(
        default=None, description="Regular expression whose first group is taken; no match: none."
    )

    @field_validator("column", "join", "formats", mode="before")
    @classmethod
    def _listed(cls, value: Any) -> Any:
        return (value,) if isinstance(value, str) else value

    @field_validator("values", mode="before")
    @classmethod
    def _words(cls, value: Any) -> Any:
        # YAML reads an unquoted yes or 1 as something else than the word in the export.
        return {str(k): None if v is None else str(v) for k, v in dict(value or {}).items()}

    @field_validator("pattern")
    @classmethod
    def _has_a_group(cls, value: str | None) -> str | None:
        if value is not None and re.compile(value).groups < 1:
            raise ValueError("'pattern' needs a group in round brackets")
        return value

    @model_validator(mode="after")
    def _one_origin(self) -> FieldMapping:
        given = [bool(self.column), bool(self.join), self.value is not None]
        if sum(given) != 1:
            raise ValueError("give exactly one of 'column', 'join' and 'value'")
        return self

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column the field looks at."""
        return self.column + self.join


class Split(_Model):
    """One row that stands for several: a column whose parts each make a record."""

    column: str
    separator: str | None = None


class RecordMapping(_Model):
    """How rows become records of one type."""

    makes: str
    fields: dict[str, FieldMapping]
    required: tuple[str, ...] = Field(
        default=(), description="Fields without which a row is set aside, beside the type's own."
    )
    id_columns: tuple[str, ...] = Field(
        default=(), description="The vendor's own id of a row; default the type's identity fields."
    )
    id_fields: tuple[str, ...] = Field(default=(), description="Fields that together name a record")
    only: dict[str, tuple[str, ...]] = Field(
        default_factory=dict, description="Column: values; other rows are passed over."
    )
    skip: dict[str, tuple[str, ...]] = Field(
        default_factory=dict, description="Column: values; these rows are passed over."
    )
    split: Split | None = None
    ignore: tuple[str, ...] = Field(
        default=(), description="Columns that are not kept, so that their changes are no news."
    )

    @field_validator("fields", mode="before")
    @classmethod
    def _short_form(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        return {
            name: {"column": spec} if isinstance(spec, str | list | tuple) else spec
            for name, spec in value.items()
        }

    @field_validator("only", "skip", mode="before")
    @classmethod
    def _one_or_many(cls, value: Any) -> Any:
        return {k: (v,) if isinstance(v, str) else v for k, v in dict(value or {}).items()}

    @model_validator(mode="after")
    def _fits_the_type(self) -> RecordMapping:
        known = RECORD_TYPES.get(self.makes)
        if known is None:
            raise ValueError(
                f"makes: {self.makes!r} is no record type; there are {', '.join(RECORD_TYPES)}"
            )
        for name in (*self.fields, *self.required, *self.id_fields):
            if name not in known.fields:
                raise ValueError(
                    f"{self.makes} has no field {name!r}; it has {', '.join(known.fields)}"
                )
        for name in (*self.required, *self.id_fields):
            if name not in self.fields:
                raise ValueError(f"{name!r} is required, but 'fields' does not say where it is")
        for group in known.needs:
            if not set(group) & set(self.fields):
                raise ValueError(f"{self.makes} needs {' or '.join(group)}")
        for name, spec in self.fields.items():
            closed = CLOSED_SETS.get((self.makes, name))
            words = {word for word in spec.values.values() if word is not None}
            words |= {str(spec.value)} if spec.value is not None else set()
            if closed is not None and words - closed:
                raise ValueError(
                    f"{name}: {sorted(words - closed)} not among {', '.join(sorted(closed))}"
                )
        return self

    @property
    def type(self) -> RecordType:
        """The record type that is made."""
        return RECORD_TYPES[self.makes]

    def needed_columns(self) -> list[tuple[str, ...]]:
        """Groups of columns of each of which a table must have at least one."""
        groups = [(column,) for column in (*self.id_columns, *self.only)]
        for name in self.required:
            spec = self.fields[name]
            groups += [(column,) for column in spec.join] or ([spec.column] if spec.column else [])
        for need in self.type.needs:
            told = [self.fields[name] for name in need if name in self.fields]
            if all(spec.columns for spec in told):
                groups.append(tuple(column for spec in told for column in spec.columns))
        return list(dict.fromkeys(groups))

    def all_columns(self) -> set[str]:
        """Every column the mapping knows, to tell a header from other rows."""
        known = {column for spec in self.fields.values() for column in spec.columns}
        known |= {*self.id_columns, *self.only, *self.skip}
        return known | ({self.split.column} if self.split else set())


class FileMapping(RecordMapping):
    """Which files of a folder are read, and as what."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    pattern: tuple[str, ...] = Field(min_length=1, description="Shell patterns of file names.")
    format: Format = "auto"
    encoding: str | None = None
    delimiter: str | None = Field(default=None, min_length=1, max_length=1)
    sheet: str | None = Field(default=None, description="Sheet of a workbook; default the first.")
    records: str = Field(default="", description="Path to the list of records in a JSON file.")
    whole: tuple[str, ...] = Field(
        default=(),
        description="Shell patterns of the names of files that name everybody of each company in "
        "them, so that who is missing from the next one has left and who is new in it has come. "
        "Only of people, and of files with a day in their names.",
    )

    @field_validator("pattern", "whole", mode="before")
    @classmethod
    def _listed_patterns(cls, value: Any) -> Any:
        return (value,) if isinstance(value, str) else value

    @model_validator(mode="after")
    def _whole_lists_are_of_people(self) -> FileMapping:
        if self.whole and self.makes != "person":
            raise ValueError(f"whole: only lists of people are compared, not of {self.makes}")
        return self

    def fingerprint(self) -> str:
        """Changes when the mapping does, so that files are then read anew."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:12]
