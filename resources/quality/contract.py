"""Expectations from the dbt contracts, so that a table's shape is written down once.

A model's yml says which columns it has, of which type, and which are not null, unique or of a set
of values. dbt checks that while it builds; the gates check the built tables for the same, at the
moment of use, from the same words (``target/manifest.json``).
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from resources.config_errors import ConfigurationError
from resources.quality.config import Expectation

#: dbt's own tests and how Great Expectations calls them.
_COLUMN_TESTS = {
    "not_null": "column_values_to_not_be_null",
    "unique": "column_values_to_be_unique",
    "accepted_values": "column_values_to_be_in_set",
}


class ManifestError(ConfigurationError):
    """dbt's manifest is missing, not readable or stale; the message says how to make it."""


@dataclass
class TableContract:
    """What dbt promises of one table: types by column, expectations, and what names a row."""

    table: str
    types: dict[str, str] = field(default_factory=dict)
    expectations: list[Expectation] = field(default_factory=list)
    unique: list[list[str]] = field(default_factory=list)

    def add(self, expectation: Expectation) -> None:
        """Add an expectation once, however many places of the yml state it."""
        if expectation not in self.expectations:
            self.expectations.append(expectation)

    @property
    def key(self) -> list[str]:
        """Columns that name a row: the shortest unique ones, else those that end in ``_id``."""
        if self.unique:
            return min(self.unique, key=len)
        return [c for c in self.types if c.endswith("_id") or c == "as_of"] or list(self.types)[:1]


def read_contracts(manifest: Path) -> dict[str, TableContract]:
    """Contracts of every model with an enforced contract, by ``schema.table``.

    Raises ``ManifestError`` when the manifest cannot be read.
    """
    try:
        data = json.loads(manifest.read_text(encoding="utf-8"))
        nodes = data["nodes"]
    except (OSError, ValueError, KeyError) as error:
        raise ManifestError(
            f"dbt's manifest {manifest} cannot be read ({error}); run `dbt parse` in dbt_project."
        ) from error
    contracts = {}
    for unique_id, node in nodes.items():
        enforced = node.get("config", {}).get("contract", {}).get("enforced")
        if node.get("resource_type") == "model" and enforced:
            contracts[unique_id] = _contract(node)
    for node in nodes.values():
        target = contracts.get(node.get("attached_node"))
        if node.get("resource_type") == "test" and target is not None:
            _add_test(target, node)
    return {contract.table: contract for contract in contracts.values()}


def _contract(node: dict[str, Any]) -> TableContract:
    contract = TableContract(f"{node['schema']}.{node.get('alias') or node['name']}")
    for name, column in node.get("columns", {}).items():
        if column.get("data_type"):
            contract.types[name] = column["data_type"]
        for constraint in column.get("constraints", []):
            _add_constraint(contract, constraint["type"], [name])
    for constraint in node.get("constraints", []):
        _add_constraint(contract, constraint["type"], constraint.get("columns") or [])
    return contract


def _add_constraint(contract: TableContract, kind: str, columns: list[str]) -> None:
    if kind in ("not_null", "primary_key"):
        for column in columns:
            contract.add(_expectation("column_values_to_not_be_null", column=column))
    if kind in ("unique", "primary_key"):
        _add_unique(contract, columns, "critical")


def _add_unique(contract: TableContract, columns: list[str], severity: str) -> None:
    if len(columns) == 1:
        contract.add(
            _expectation("column_values_to_be_unique", column=columns[0], severity=severity)
        )
    elif columns:
        contract.add(
            _expectation("compound_columns_to_be_unique", column_list=columns, severity=severity)
        )
    if columns and columns not in contract.unique:
        contract.unique.append(columns)


def _add_test(contract: TableContract, node: dict[str, Any]) -> None:
    metadata = node.get("test_metadata") or {}
    config = node.get("config", {})
    # A test on part of the rows is not an expectation on all of them; dbt runs it.
    if config.get("where") or not config.get("enabled", True):
        return
    severity = "warning" if str(config.get("severity", "error")).lower() == "warn" else "critical"
    arguments = {**metadata.get("kwargs", {}), **metadata.get("kwargs", {}).get("arguments", {})}
    column = arguments.get("column_name")
    kind = _COLUMN_TESTS.get(metadata.get("name", ""))
    combination = arguments.get("combination_of_columns") or arguments.get("columns")
    if kind == "column_values_to_be_unique" and column:
        _add_unique(contract, [column], severity)
    elif kind == "column_values_to_be_in_set" and column:
        values = list(arguments.get("values", []))
        contract.add(_expectation(kind, column=column, value_set=values, severity=severity))
    elif kind is not None and column:
        contract.add(_expectation(kind, column=column, severity=severity))
    elif "unique" in metadata.get("name", "") and combination:
        _add_unique(contract, list(combination), severity)


def _expectation(expect: str, severity: str = "critical", **arguments: Any) -> Expectation:
    return Expectation(
        expect=expect,
        severity=severity,  # type: ignore[arg-type]
        why="The dbt contract promises it: look at the model that builds the table.",
        **arguments,
    )
