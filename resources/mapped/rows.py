"""Rows as records: a mapping applied to a row, with every fault named by column and remedy."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from resources.mapped import values
from resources.mapped.mapping import FieldMapping, RecordMapping
from resources.mapped.record_types import CLOSED_SETS
from resources.mapped.tables import Row, key_of, value_at

#: What becomes of a field that cannot be read and is not needed.
_LEFT_EMPTY = "; the field is left empty"
#: Record ids longer than this are replaced by their hash.
MAX_ID = 300


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with a row. A ``critical`` one keeps the row out."""

    rule: str
    problem: str
    severity: str = "critical"

    def as_critical(self) -> Fault:
        """The same, keeping the row out."""
        return Fault(self.rule, self.problem.removesuffix(_LEFT_EMPTY))


@dataclass(slots=True)
class MappedRow:
    """A row as a record: its id, typed fields, the row as it came, and what was wrong with it."""

    line: int
    record_id: str
    fields: dict[str, Any]
    cells: dict[str, Any]
    faults: list[Fault] = field(default_factory=list)

    @property
    def is_admitted(self) -> bool:
        """Whether nothing critical is wrong."""
        return all(fault.severity != "critical" for fault in self.faults)


class Cells:
    """A row's cells, found whatever the case and punctuation of their names, or by path."""

    def __init__(self, cells: dict[str, Any]) -> None:
        self.cells = cells
        self._by_key = {key_of(name): value for name, value in cells.items()}

    def get(self, column: str) -> Any:
        """The cell of a column, or the value at a path inside a JSON record; else None."""
        if column in self.cells:
            return self.cells[column]
        found = self._by_key.get(key_of(column))
        if found is None and ("." in column or "[" in column):
            found = value_at(self.cells, column)
        return found


def map_row(row: Row, mapping: RecordMapping) -> Iterator[MappedRow]:
    """Records of one row: one, several when the mapping splits it, none when it is passed over."""
    if mapping.split is not None:
        cells = Cells(row.cells)
        parts = values.as_list(cells.get(mapping.split.column), mapping.split.separator) or []
        for part in parts:
            yield from _mapped(Row(row.line, {**row.cells, mapping.split.column: part}), mapping)
        return
    yield from _mapped(row, mapping)


def _mapped(row: Row, mapping: RecordMapping) -> Iterator[MappedRow]:
    cells = Cells(row.cells)
    if _passed_over(cells, mapping):
        return
    known = mapping.type
    fields: dict[str, Any] = {}
    faults: list[Fault] = []
    needed = set(mapping.required)
    for name, spec in mapping.fields.items():
        try:
            found = _value(cells, name, spec, mapping)
        except ValueError as error:
            severity = "critical" if name in needed else "warning"
            left = "" if severity == "critical" else _LEFT_EMPTY
            faults.append(
                Fault(
                    "unreadable_value",
                    f"column {' or '.join(map(repr, spec.columns))} ({name}) {_said(error)}{left}",
                    severity,
                )
            )
            continue
        if found is None:
            continue
        if isinstance(found, tuple):
            amount, currency = found
            fields[name] = amount
            if currency and "currency" in known.fields and not name.endswith("_usd"):
                fields.setdefault("currency", currency)
        else:
            fields[name] = found
    for name in mapping.required:
        if name not in fields and not any(f"({name})" in fault.problem for fault in faults):
            columns = " or ".join(map(repr, mapping.fields[name].columns))
            faults.append(Fault("missing_field", f"column {columns} ({name}) is empty"))
    for group in known.needs:
        if set(group) & set(fields):
            continue
        blamed = [fault for fault in faults if any(f"({name})" in fault.problem for name in group)]
        if blamed:
            # What only one field could have said costs the row when that field cannot be read.
            faults = [fault.as_critical() if fault in blamed else fault for fault in faults]
            continue
        columns = [c for n in group if n in mapping.fields for c in mapping.fields[n].columns]
        faults.append(
            Fault(
                "missing_field",
                f"{' or '.join(group)} is not stated; it is looked for in "
                f"{', '.join(map(repr, dict.fromkeys(columns))) or 'no column'}",
            )
        )
    identity = _identity(cells, fields, mapping)
    if identity is None:
        columns = ", ".join(map(repr, mapping.id_columns))
        faults.append(Fault("missing_id", f"row has no id: column {columns} is empty"))
    yield MappedRow(
        row.line, identity or f"line {row.line}", _ordered(fields, mapping), _kept(row, mapping),
        faults,
    )  # fmt: skip


def _said(error: ValueError) -> str:
    text = str(error)
    return text if text.startswith(("is ", "'")) else f"cannot be read: {text}"


def _passed_over(cells: Cells, mapping: RecordMapping) -> bool:
    def says(column: str, listed: tuple[str, ...]) -> bool:
        text = str(cells.get(column) or "").strip().casefold()
        return text in {value.casefold() for value in listed}

    if any(not says(column, listed) for column, listed in mapping.only.items()):
        return True
    return any(says(column, listed) for column, listed in mapping.skip.items())


def _value(cells: Cells, name: str, spec: FieldMapping, mapping: RecordMapping) -> Any:
    kind = mapping.type.fields[name]
    raw = _raw(cells, spec)
    if values.is_empty(raw):
        return None
    if spec.pattern is not None:
        match = re.search(spec.pattern, str(raw))
        raw = match.group(1) if match else None
    if spec.values:
        raw = _translated(raw, spec)
    if values.is_empty(raw):
        return None
    found = _READERS[kind](raw, spec)
    closed = CLOSED_SETS.get((mapping.makes, name))
    if closed is not None and found not in closed:
        raise ValueError(
            f"{str(found)[:40]!r} is not among {', '.join(sorted(closed))}; map it in 'values'"
        )
    return found


def _raw(cells: Cells, spec: FieldMapping) -> Any:
    if spec.value is not None:
        return spec.value
    if spec.join:
        parts = [values.as_text(cells.get(column)) for column in spec.join]
        return " ".join(part for part in parts if part)
    for column in spec.column:
        found = cells.get(column)
        # An object says nothing by itself; another of the columns may be a path into it.
        if not values.is_empty(found) and not isinstance(found, dict):
            return found
    return None


def _translated(raw: Any, spec: FieldMapping) -> Any:
    word = (values.as_text(raw) or "").casefold()
    for theirs, ours in spec.values.items():
        if theirs.casefold() == word:
            return ours
    if spec.otherwise == "reject":
        raise ValueError(f"{str(raw)[:40]!r} is not among the words in 'values'; add it there")
    return raw if spec.otherwise == "keep" else None


def _scaled(number: float | None, spec: FieldMapping) -> float | None:
    # Rounded to twelve digits, so that 12.3 million is no 12300000.000000002.
    return None if number is None else float(f"{number * spec.scale:.12g}")


def _money(raw: Any, spec: FieldMapping) -> tuple[float, str | None] | None:
    found = values.as_money(raw, spec.decimal)
    return None if found is None else (float(_scaled(found[0], spec) or 0.0), found[1])


_READERS: dict[str, Callable[[Any, FieldMapping], Any]] = {
    "text": lambda raw, spec: values.as_text(raw),
    "date": lambda raw, spec: values.as_date(raw, spec.formats),
    "timestamp": lambda raw, spec: values.as_timestamp(raw, spec.formats),
    "number": lambda raw, spec: _scaled(values.as_number(raw, spec.decimal), spec),
    "integer": lambda raw, spec: values.as_integer(raw),
    "money": _money,
    "boolean": lambda raw, spec: values.as_boolean(raw),
    "list": lambda raw, spec: values.as_list(raw, spec.separator),
    "domain": lambda raw, spec: values.as_domain(raw),
    "url": lambda raw, spec: values.as_url(raw),
    "email": lambda raw, spec: values.as_email(raw),
}


def _identity(cells: Cells, fields: dict[str, Any], mapping: RecordMapping) -> str | None:
    """The record's natural key: the vendor's id, else the fields that name it. Order is no part."""
    if mapping.id_columns:
        parts = [values.as_text(cells.get(column)) for column in mapping.id_columns]
        if not all(parts):
            return None
        # One row that makes several records, or several types, still names each of them.
        if mapping.split is not None:
            parts.append(values.as_text(cells.get(mapping.split.column)))
    else:
        groups = (mapping.id_fields,) if mapping.id_fields else mapping.type.keys
        whole = (group for group in groups if all(name in fields for name in group))
        parts = [_plain(fields.get(name)) for name in next(whole, groups[-1])]
        if not any(parts):
            return None
    text = "|".join((part or "").casefold() for part in parts)
    if len(text) <= MAX_ID:
        return text
    return hashlib.sha256(text.encode()).hexdigest()


def stated_id(cells: dict[str, Any], columns: Sequence[str]) -> str | None:
    """The id by which a sender or vendor knows a record; None when one of its fields is empty.

    As it is written, except for length: ids that differ in case are two records.
    """
    found = Cells(cells)
    parts = [values.as_text(found.get(column)) for column in columns]
    if not all(parts):
        return None
    text = "|".join(part or "" for part in parts)
    return text if len(text) <= MAX_ID else hashlib.sha256(text.encode()).hexdigest()


def _plain(value: Any) -> str | None:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return None if value is None else str(value)


def _ordered(fields: dict[str, Any], mapping: RecordMapping) -> dict[str, Any]:
    """Fields in the type's order as JSON can hold them, so that equal records are equal text."""
    ordered = {}
    for name in mapping.type.fields:
        if name in fields:
            value = fields[name]
            if isinstance(value, datetime):
                value = value.isoformat().replace("+00:00", "Z")
            elif isinstance(value, date):
                value = value.isoformat()
            ordered[name] = value
    return ordered


def _kept(row: Row, mapping: RecordMapping) -> dict[str, Any]:
    """The row as it came, without ignored columns and empty cells, in the order of names."""
    ignored = {key_of(column) for column in mapping.ignore}
    return {
        name: value.isoformat() if isinstance(value, datetime | date) else value
        for name, value in sorted(row.cells.items())
        if key_of(name) not in ignored and value is not None and value != ""
    }
