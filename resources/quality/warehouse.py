"""The tables of the unified and the outgoing gate: marts as built, judged by contract and suite.

Only the columns that an expectation looks at, and those that name a row, are read.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Any

from resources.publication import CONFIG
from resources.quality.config import Expectation, TableSuite, WarehouseSuites
from resources.quality.contract import TableContract, read_contracts
from resources.quality.gate import Finding, RowIdentity, TableUnderTest
from resources.quality.results import GateResult

if TYPE_CHECKING:
    import duckdb


class WarehouseNotReadableError(Exception):
    """The warehouse is missing or held by a writer; the message says what to do."""


def warehouse_tables(
    warehouse: Path, manifest: Path, suites: WarehouseSuites, before: GateResult | None = None
) -> Iterator[TableUnderTest]:
    """Tables of a warehouse gate, read one at a time.

    Guarded are the contracts that ``include`` names and ``exclude`` does not, and every table of
    the suite. A guarded table that is not there is a critical finding, and so is one that has
    become empty since the run ``before``; one that has lost more than ``max_drop_share`` is a
    warning. Raises ``WarehouseNotReadableError`` and ``ManifestError``.
    """
    contracts = read_contracts(manifest)
    guarded = [
        name
        for name in sorted(contracts)
        if any(fnmatchcase(name, pattern) for pattern in suites.include)
        and not any(fnmatchcase(name, pattern) for pattern in suites.exclude)
    ]
    names = [*guarded, *(name for name in suites.tables if name not in guarded)]
    rows_before = {table.table: table.rows for table in before.tables} if before else {}
    with _connect(warehouse) as connection:
        for name in names:
            yield _table(
                connection,
                name,
                contracts.get(name) or TableContract(name),
                suites.tables.get(name) or TableSuite(),
                suites,
                rows_before.get(name, 0),
            )


def _connect(warehouse: Path) -> duckdb.DuckDBPyConnection:
    import duckdb

    if not warehouse.is_file():
        raise WarehouseNotReadableError(
            f"there is no warehouse at {warehouse}; run the dbt build first."
        )
    try:
        return duckdb.connect(str(warehouse), read_only=True, config=CONFIG)
    except (duckdb.IOException, duckdb.ConnectionException) as error:
        raise WarehouseNotReadableError(
            f"the warehouse {warehouse} cannot be read ({error}). If a build or another tool has "
            "it open for writing, wait for it or close it, then run the gate again."
        ) from error


def _table(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    contract: TableContract,
    suite: TableSuite,
    suites: WarehouseSuites,
    rows_before: int,
) -> TableUnderTest:
    import duckdb
    import pandas as pd

    allowance = suite.allowance or suites.allowance
    relation = f"({suite.sql})" if suite.sql else _quoted(name)
    try:
        types = dict(
            row[:2] for row in connection.execute(f"DESCRIBE SELECT * FROM {relation}").fetchall()
        )
    except duckdb.Error as error:
        lines = str(error).strip().splitlines()
        remedy = (
            "Either its tables are not built or its sql in config/quality is wrong."
            if suite.sql
            else "Build its model (`dbt build --select` it in dbt_project) and run the gate again."
        )
        finding = Finding("table_to_exist", False, f"{name} cannot be read: {lines[0]} {remedy}")
        return TableUnderTest(name, pd.DataFrame(), [], allowance, _nobody, [finding])
    expectations = [*contract.expectations, *suite.expectations]
    key = [c for c in (suite.key or contract.key) if c in types] or list(types)[:1]
    wanted = dict.fromkeys([*key, *(c for e in expectations for c in e.columns if c in types)])
    columns = ", ".join(_quoted_name(column) for column in wanted)
    frame = (
        connection.execute(f"SELECT {columns} FROM {relation}")
        .to_arrow_table()
        .to_pandas(date_as_object=False)
    )
    findings = []
    if contract.types:
        findings.append(_column_types(connection, name, contract, types))
    if suite.sql is None:
        drop = suite.max_drop_share if suite.max_drop_share is not None else suites.max_drop_share
        findings += _volume(name, len(frame), rows_before, drop, suite.may_become_empty)
    schema, _, table = name.partition(".")

    def identify(position: int) -> RowIdentity:
        row = {column: _text(frame[column].iloc[position]) for column in frame.columns}
        text = json.dumps(row, ensure_ascii=False)
        return RowIdentity(
            source=schema,
            stream=table or schema,
            record_id=" ".join(str(row[column]) for column in key),
            payload_sha256=hashlib.sha256(text.encode()).hexdigest(),
            excerpt=text,
        )

    return TableUnderTest(name, frame, _judgeable(expectations), allowance, identify, findings)


def _judgeable(expectations: list[Expectation]) -> list[Expectation]:
    """Each expectation once: contract and suite may state the same."""
    unique: list[Expectation] = []
    for expectation in expectations:
        if expectation not in unique:
            unique.append(expectation)
    return unique


def _column_types(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    contract: TableContract,
    types: dict[str, str],
) -> Finding:
    wrong = []
    for column, promised in contract.types.items():
        if column not in types:
            wrong.append(f"{column} is missing")
        elif not _same_type(connection, promised, types[column]):
            wrong.append(f"{column} is {types[column]} instead of {promised}")
    message = f"{name} has the {len(contract.types)} columns of its contract, in their types."
    if wrong:
        message = (
            f"{name} differs from its contract: {'; '.join(wrong)}. Build the model again, or "
            "change its yml if the new shape is meant."
        )
    return Finding(
        "columns_to_match_contract", not wrong, message, observed=f"{len(types)} columns"
    )


def _same_type(connection: duckdb.DuckDBPyConnection, promised: str, actual: str) -> bool:
    """Whether two names mean one type (``text`` is ``VARCHAR``); DuckDB is asked."""
    import duckdb

    if promised.upper() == actual.upper():
        return True
    try:
        asked = f"SELECT typeof(CAST(NULL AS {promised})) = typeof(CAST(NULL AS {actual}))"
        return bool(connection.execute(asked).fetchall()[0][0])
    except duckdb.Error:
        return False


def _volume(
    name: str, rows: int, before: int, max_drop_share: float, may_become_empty: bool
) -> list[Finding]:
    emptied = rows == 0 and before > 0 and not may_become_empty
    dropped = 0 < rows < before * (1 - max_drop_share)
    message = f"{name} has {rows:,} rows ({before:,} in the run before)."
    if emptied:
        message = (
            f"{name} is empty, but had {before:,} rows in the run before. Look for a source that "
            "failed or a model that lost its input (docs/runbooks/failed-gate.md)."
        )
    elif dropped:
        message = (
            f"{name} has {rows:,} rows, {1 - rows / before:.0%} fewer than the {before:,} of the "
            "run before. Look at source_health before trusting a ranking."
        )
    return [
        Finding("table_not_to_become_empty", not emptied, message, observed=f"{rows:,}"),
        Finding(
            "row_count_not_to_drop", not dropped, message, severity="warning", observed=f"{rows:,}"
        ),
    ]


def _text(value: Any) -> Any:
    import pandas as pd

    if pd.api.types.is_scalar(value):
        if pd.isna(value):
            return None
        return value if isinstance(value, (bool, int, float, str)) else str(value)
    return str(value)


def _nobody(position: int) -> RowIdentity:
    raise IndexError(f"an empty table has no row {position}")


def _quoted(name: str) -> str:
    return ".".join(_quoted_name(part) for part in name.split("."))


def _quoted_name(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
