"""The raw gate's tables: the lake partitions and detection partitions of one day.

Of a payload only the fields named in ``config/quality/raw.yaml`` are taken out, by DuckDB's JSON
reader; a field's text, its value in its type, and whether it is of its type are three columns.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fsspec.core import url_to_fs

from resources.lake import Lake
from resources.parquet import Dataset
from resources.publication import CONFIG
from resources.quality.config import Allowance, Expectation, PayloadField, RawSuites, StreamSuite
from resources.quality.gate import Finding, RowIdentity, TableUnderTest

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

ENVELOPE_COLUMNS = [
    "source",
    "stream",
    "record_id",
    "observed_at",
    "fetched_at",
    "source_url",
    "payload",
    "payload_sha256",
]

#: A date or time in ISO 8601, from the year on; what a source calls a date is one of these or text.
_ISO_DATE = r"^\d{4}-\d{2}-\d{2}"
#: An amount as people type it: sign, currency sign, thousands separators, decimals.
_MONEY = r"^[-+(]?\s*[$€£¥]?\s*[-+]?\d[\d,' ]*(?:\.\d+)?\s*\)?$"
#: Milliseconds since 1970, from September 2001 on.
_EPOCH_MILLISECONDS = r"^\d{13}$"


def raw_tables(
    lake_url: str,
    detections: Path,
    day: date,
    suites: RawSuites,
    only: Collection[str] | None = None,
) -> Iterator[TableUnderTest]:
    """Tables of the raw gate for ``day``, read one at a time.

    Every stream that has a partition of the day is checked, whether or not it has a suite. A stream
    that always brings rows, had partitions before and has none now is reported: its source failed
    or did not run, which the source's own check tells in full.
    """
    lake = Lake(lake_url)
    for name in _streams(lake_url, suites):
        if only is None or name in only:
            source, stream = name.split("/")
            dataset = lake.dataset(source, stream)
            suite = suites.suite_of(name)
            table = _lake_table(name, dataset, day, suite, suites)
            if table is not None:
                yield table
    for name, schema in _schemas(str(detections)):
        label = f"detections/{name}"
        if only is None or label in only:
            dataset = Dataset(f"{detections}/{name}", schema, ("detection_id",))
            table = _detection_table(label, name, dataset, day, suites)
            if table is not None:
                yield table


def _schemas(root_url: str) -> Iterator[tuple[str, pa.Schema]]:
    """Detection tables and their schemas, as their own zero-row files tell them."""
    import pyarrow.parquet as pq

    filesystem, root = url_to_fs(root_url)
    if filesystem.exists(root):
        for path in sorted(filesystem.glob(f"{root}/*/schema.parquet")):
            with filesystem.open(path, "rb") as source:
                yield path.split("/")[-2], pq.read_schema(source)


def _streams(lake_url: str, suites: RawSuites) -> list[str]:
    filesystem, root = url_to_fs(lake_url)
    found = {name for name in suites.streams if not name.startswith("*/")}
    if filesystem.exists(root):
        for path in filesystem.glob(f"{root}/*/*/schema.parquet"):
            found.add("/".join(path.split("/")[-3:-1]))
    return sorted(found)


# --- lake ----------------------------------------------------------------------------------------


def _lake_table(
    name: str, dataset: Dataset, day: date, suite: StreamSuite, suites: RawSuites
) -> TableUnderTest | None:
    days = dataset.days()
    earlier = [other for other in days if other < day]
    if day not in days:
        # Of a stream that brings only what is new, a day without a partition says nothing.
        silent = not earlier or suite.rows != "always"
        return None if silent else _not_fetched(name, day, earlier, suites.allowance)
    source, stream = name.split("/")
    with_body = any("body_bytes" in e.columns for e in suite.expectations)
    columns = [*ENVELOPE_COLUMNS, *(["body"] if with_body else [])]
    arrow = dataset.read([day], columns)
    frame = _payload_frame(arrow, suite.fields, with_body)
    allowance = suite.allowance or suites.allowance
    findings = [_emptiness(name, dataset, day, earlier, suite, len(frame))]
    expectations = [*_envelope_of(source, stream, day), *suites.envelope]
    labels: dict[str, str] = {"payload is JSON": "payload"}
    shown: dict[str, str] = {"payload is JSON": "payload"}
    absent = set()
    for field_name, spec in suite.fields.items():
        text = f"{field_name} as text"
        typed = _typed_check(field_name, spec)
        labels |= {text: field_name, typed: field_name}
        shown |= {typed: text, field_name: text}
        missing = bool(len(frame)) and bool(frame[text].isna().all())
        if spec.required and len(frame) > allowance.max_quarantined_rows:
            findings.append(_drift(name, field_name, spec, missing, len(frame)))
        if missing:
            absent |= {text, typed, field_name}
            if not spec.required or len(frame) > allowance.max_quarantined_rows:
                continue
        expectations += _field_expectations(field_name, spec)
    expectations += [e for e in suite.expectations if not absent & set(e.columns)]
    payloads = arrow.column("payload")
    sources, hashes = frame["source"], frame["payload_sha256"]

    def identify(position: int) -> RowIdentity:
        return RowIdentity(
            source=str(sources.iloc[position]),
            stream=str(frame["stream"].iloc[position]),
            record_id=str(frame["record_id"].iloc[position]),
            payload_sha256=str(hashes.iloc[position]),
            excerpt=payloads[position].as_py(),
        )

    return TableUnderTest(
        name, frame, expectations, allowance, identify, findings, labels=labels, shown=shown
    )


def _envelope_of(source: str, stream: str, day: date) -> list[Expectation]:
    return [
        Expectation(
            expect="column_values_to_be_in_set",
            column="source",
            value_set=[source],
            why="The record lies in another source's folder.",
        ),
        Expectation(
            expect="column_values_to_be_in_set",
            column="stream",
            value_set=[stream],
            why="The record lies in another stream's folder.",
        ),
        Expectation(
            expect="column_values_to_be_between",
            column="fetched_at",
            min_value=day,
            max_value=day + timedelta(days=1),
            strict_max=True,
            why="The fetch time is not on the partition's day: the machine's clock has jumped.",
        ),
    ]


def _field_expectations(name: str, spec: PayloadField) -> list[Expectation]:
    expectations = []
    if spec.required:
        expectations.append(
            Expectation(
                expect="column_values_to_not_be_null",
                column=f"{name} as text",
                severity=spec.severity,
            )
        )
    if spec.type != "text":
        expectations.append(
            Expectation(
                expect="column_values_to_be_in_set",
                column=_typed_check(name, spec),
                value_set=[True],
                severity=spec.severity,
            )
        )
    return expectations


def _typed_check(name: str, spec: PayloadField) -> str:
    """Name of the column that says whether a field's text is of its type."""
    return f"{name} is a {'money amount' if spec.type == 'money' else spec.type}"


def _payload_frame(
    arrow: pa.Table, fields: dict[str, PayloadField], with_body: bool
) -> pd.DataFrame:
    import duckdb

    paths: list[str] = []
    selected = []
    for name, spec in fields.items():
        taken = []
        for path in spec.json_paths:
            paths.append(path)
            taken.append(f"nullif(trim(found[{len(paths)}]), '')")
        selected.append(f'coalesce({", ".join(taken)}) AS "{name} as text"')
    extraction = "NULL::VARCHAR[]" if not paths else "json_extract_string(payload, $paths)"
    body = ", octet_length(body) AS body_bytes" if with_body else ""
    query = f"""
        SELECT
            source, stream, record_id, observed_at, fetched_at, source_url, payload_sha256,
            is_json AS "payload is JSON",
            CASE WHEN NOT is_json THEN left(payload, 80) END AS payload,
            record_id || ' ' || payload_sha256 AS version,
            greatest(0, epoch(observed_at) - epoch(fetched_at)) / 3600 AS observed_ahead_hours
            {body}
            {"".join(f", {column}" for column in selected)}
        FROM (
            SELECT *, CASE WHEN is_json THEN {extraction} END AS found
            FROM (SELECT *, json_valid(payload) AS is_json FROM records)
        )
    """
    with duckdb.connect(config=CONFIG) as connection:
        connection.register("records", arrow)
        result = connection.execute(query, {"paths": paths} if paths else None)
        frame = result.to_arrow_table().to_pandas()
    for name, spec in fields.items():
        text = frame[f"{name} as text"]
        typed = _typed(text, spec.type)
        frame[name] = typed
        if spec.type != "text":
            frame[_typed_check(name, spec)] = text.isna() | typed.notna()
    return frame


def _typed(text: pd.Series, kind: str) -> pd.Series:
    """Values of a column in their type; what cannot be one is missing."""
    import pandas as pd

    if kind == "text":
        return text
    if kind == "number":
        return pd.to_numeric(text, errors="coerce")
    if kind == "money":
        plain = text.where(text.str.match(_MONEY, na=False))
        return pd.to_numeric(plain.str.replace(r"[^\d.\-]", "", regex=True), errors="coerce")
    iso = text.where(text.str.match(_ISO_DATE, na=False))
    values = pd.to_datetime(iso, errors="coerce", format="ISO8601", utc=True)
    if kind == "timestamp":
        epoch = pd.to_numeric(text.where(text.str.match(_EPOCH_MILLISECONDS, na=False)))
        values = values.fillna(pd.to_datetime(epoch, unit="ms", utc=True))
    return values


def _emptiness(
    name: str, dataset: Dataset, day: date, earlier: list[date], suite: StreamSuite, rows: int
) -> Finding:
    before = len(dataset.read([earlier[-1]], ["record_id"])) if earlier else 0
    emptied = suite.rows == "always" and rows == 0 and before > 0
    message = f"{name} has {rows:,} rows on {day}"
    if emptied:
        message += (
            f", but had {before:,} on {earlier[-1]}, and every fetch of it brings rows. The source"
            " answered with nothing: look at it, then fetch the day again"
            " (docs/runbooks/failed-source.md)"
        )
    return Finding("stream_not_to_become_empty", not emptied, f"{message}.", observed=f"{rows:,}")


def _drift(name: str, field_name: str, spec: PayloadField, missing: bool, rows: int) -> Finding:
    where = spec.path if isinstance(spec.path, str) else " or ".join(spec.path)
    message = f"{name}: the payload has the field {where}."
    if missing:
        message = (
            f"{name}: not one of {rows:,} rows has the required field {where}. The source has"
            " changed its schema: adapt the client or the field in config/quality/raw.yaml, then"
            " fetch again (docs/runbooks/failed-source.md)."
        )
    return Finding("required_field_to_exist", not missing, message, spec.severity, field_name)


def _not_fetched(name: str, day: date, earlier: list[date], allowance: Allowance) -> TableUnderTest:
    import pandas as pd

    finding = Finding(
        "stream_to_be_fetched",
        False,
        f"{name} was not fetched on {day} (last on {earlier[-1]}): its source failed or"
        " did not run. The rest of the line goes on with what is there; see"
        " docs/runbooks/failed-source.md.",
        severity="warning",
        observed="no partition",
    )
    return TableUnderTest(name, pd.DataFrame(), [], allowance, _nobody, [finding])


def _nobody(position: int) -> RowIdentity:
    raise IndexError(f"an empty table has no row {position}")


# --- detections ----------------------------------------------------------------------------------


def _detection_table(
    label: str, name: str, dataset: Dataset, day: date, suites: RawSuites
) -> TableUnderTest | None:
    if day not in dataset.days():
        return None
    suite = suites.detections.get(name, StreamSuite())
    expectations = [*suites.detection, *suite.expectations]
    needed = {column for e in expectations for column in e.columns}
    needed |= {"source", "stream", "record_id", "payload_sha256", "evidence"}
    columns = [column for column in dataset.schema.names if column in needed]
    frame = dataset.read([day], columns).to_pandas(date_as_object=False)

    def identify(position: int) -> RowIdentity:
        row: Any = frame.iloc[position]
        # Under the lake record's own name: a reader that errs once is not trusted with the rest
        # of the record, so all that was read in it is set aside together.
        return RowIdentity(
            source=str(row["source"]),
            stream=str(row["stream"]),
            record_id=str(row["record_id"]),
            payload_sha256=str(row["payload_sha256"]),
            excerpt=None if row["evidence"] is None else str(row["evidence"]),
        )

    return TableUnderTest(label, frame, expectations, suite.allowance or suites.allowance, identify)
