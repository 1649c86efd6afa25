"""The feature frame: which columns a model reads, how they are encoded, and what data it saw.

A feature table has key columns and features. Features are named by kind: ``num_*`` (double,
missing stays missing) and ``cat_*`` (text). Categories are learned on training rows only and
stored with the model; one never seen in training is encoded as missing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ml.errors import FeatureError

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

NUMERIC_PREFIX = "num_"
CATEGORICAL_PREFIX = "cat_"

#: More categories than this are rare ones on small data; the rest are encoded as missing.
MAX_CATEGORIES = 40


def to_frame(table: pd.DataFrame | pa.Table, name: str) -> pd.DataFrame:
    """A table as a pandas frame; ``name`` is used in errors.

    Raises FeatureError when it is neither a pandas frame nor an Arrow table.
    """
    import pandas as pd

    if isinstance(table, pd.DataFrame):
        return table
    if hasattr(table, "to_pandas"):
        return table.to_pandas(date_as_object=False)
    raise FeatureError(
        f"{name} is a {type(table).__name__}; pass a pandas DataFrame or an Arrow table"
    )


def feature_columns(frame: pd.DataFrame) -> tuple[list[str], list[str]]:
    """Numeric and categorical feature columns of a frame, each in alphabetical order."""
    numeric = sorted(c for c in frame.columns if c.startswith(NUMERIC_PREFIX))
    categorical = sorted(c for c in frame.columns if c.startswith(CATEGORICAL_PREFIX))
    return numeric, categorical


def require_columns(frame: pd.DataFrame, columns: Sequence[str], name: str) -> None:
    """Raise FeatureError naming each column of ``columns`` that ``frame`` lacks."""
    missing = [column for column in columns if column not in frame.columns]
    if missing:
        raise FeatureError(
            f"{name} lacks column {', '.join(missing)}; build the features again, or mend the "
            f"feature table so that it has it (present: {', '.join(map(str, frame.columns))})"
        )


def days(frame: pd.DataFrame, column: str, name: str) -> np.ndarray:
    """A date column as whole days since 1970-01-01 (float, NaN where null).

    Raises FeatureError when the column holds something that is not a date.
    """
    import pandas as pd

    try:
        values = pd.to_datetime(frame[column], errors="raise")
    except (ValueError, TypeError) as error:
        raise FeatureError(
            f"{name}.{column} holds a value that is not a date ({error}); cast it to date in the "
            "feature table"
        ) from None
    array = values.to_numpy(dtype="datetime64[D]")
    result = array.astype("int64").astype(float)
    result[np.isnat(array)] = np.nan
    return result


def validate(
    frame: pd.DataFrame, name: str, keys: Sequence[str], unique: bool = True
) -> tuple[list[str], list[str]]:
    """Check a feature table's shape and return its numeric and categorical columns.

    Raises FeatureError when a key is missing, null or doubled, when a ``num_*`` column is not
    numeric or holds an infinity, or when there is no feature at all.
    """
    import pandas as pd

    require_columns(frame, keys, name)
    for key in keys:
        nulls = int(frame[key].isna().sum())
        if nulls:
            raise FeatureError(
                f"{name}.{key} is null in {nulls} rows; leave such rows out of the feature table"
            )
    if unique and frame.duplicated(list(keys)).any():
        first = frame.loc[frame.duplicated(list(keys)), list(keys)].iloc[0].to_dict()
        raise FeatureError(
            f"{name} has more than one row for {first}; its grain is {', '.join(keys)}: remove "
            "the doubles in the feature table"
        )
    numeric, categorical = feature_columns(frame)
    if not numeric and not categorical:
        raise FeatureError(
            f"{name} has no feature column; name features num_* (number) or cat_* (text)"
        )
    for column in numeric:
        if not pd.api.types.is_numeric_dtype(frame[column]):
            raise FeatureError(
                f"{name}.{column} is {frame[column].dtype}; num_* columns are numbers: cast it to "
                "double, or name it cat_*"
            )
        if np.isinf(frame[column].to_numpy(dtype=float, na_value=np.nan)).any():
            raise FeatureError(
                f"{name}.{column} holds an infinity; give null where a ratio has no denominator"
            )
    return numeric, categorical


def learnable(frame: pd.DataFrame, columns: Sequence[str], period: np.ndarray) -> list[str]:
    """Columns a model can learn from: they vary, and were watched for half the periods or more.

    A source that was switched on last month is missing in all older rows; a model would take its
    absence for a mark of the past. A column that is often missing in every period is kept: there
    the absence says something about the company.
    """
    result = []
    periods = len(np.unique(period))
    for column in columns:
        known = frame[column].notna().to_numpy()
        watched = len(np.unique(np.asarray(period)[known]))
        if 2 * watched >= periods and frame[column].nunique(dropna=False) > 1:
            result.append(column)
    return result


@dataclass(frozen=True)
class Encoder:
    """Which columns a model reads and how categories become integers; stored with the model."""

    numeric: tuple[str, ...]
    categorical: tuple[str, ...]
    categories: Mapping[str, tuple[str, ...]]

    @classmethod
    def learn(
        cls, frame: pd.DataFrame, numeric: Sequence[str], categorical: Sequence[str]
    ) -> Encoder:
        """Learn the categories from training rows: the most frequent first, then by name."""
        categories: dict[str, tuple[str, ...]] = {}
        for column in categorical:
            counts = frame[column].dropna().astype(str).value_counts()
            ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
            categories[column] = tuple(value for value, _ in ordered[:MAX_CATEGORIES])
        return cls(tuple(numeric), tuple(categorical), categories)

    @property
    def columns(self) -> list[str]:
        """Feature columns in the order of the matrix."""
        return [*self.numeric, *self.categorical]

    @property
    def categorical_positions(self) -> list[int]:
        """Positions of the categorical columns in the matrix."""
        return list(range(len(self.numeric), len(self.columns)))

    def matrix(self, frame: pd.DataFrame, name: str) -> np.ndarray:
        """The frame as a float32 matrix: numbers as they are, categories as integers, else NaN.

        Raises FeatureError naming a column that the model was trained on and the frame lacks.
        """
        require_columns(frame, self.columns, name)
        result = np.full((len(frame), len(self.columns)), np.nan, dtype=np.float32)
        for position, column in enumerate(self.numeric):
            result[:, position] = frame[column].to_numpy(dtype=float, na_value=np.nan)
        for position, column in zip(self.categorical_positions, self.categorical, strict=True):
            codes = {value: code for code, value in enumerate(self.categories[column])}
            values = frame[column].to_numpy(dtype=object, na_value=None)
            result[:, position] = [
                np.nan if value is None else codes.get(str(value), np.nan) for value in values
            ]
        return result

    def to_json(self) -> dict[str, Any]:
        """The encoder as JSON-ready data."""
        return {
            "numeric": list(self.numeric),
            "categorical": list(self.categorical),
            "categories": {column: list(values) for column, values in self.categories.items()},
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Encoder:
        """The encoder that ``to_json`` wrote."""
        return cls(
            tuple(data["numeric"]),
            tuple(data["categorical"]),
            {column: tuple(values) for column, values in data["categories"].items()},
        )


def fingerprint(frames: Mapping[str, pd.DataFrame], configuration: Mapping[str, Any]) -> str:
    """SHA-256 of training data and configuration, whatever the order of rows and columns.

    Numbers count to float32 precision, so that a sum added up in another order by a parallel
    query is not taken for new data.
    """
    import pandas as pd

    digest = hashlib.sha256(json.dumps(configuration, sort_keys=True, default=str).encode())
    for name in sorted(frames):
        frame = frames[name]
        columns = sorted(map(str, frame.columns))
        digest.update(json.dumps([name, columns, len(frame)]).encode())
        rows = np.zeros(len(frame), dtype=np.uint64)
        for column in columns:
            values = frame[column]
            if pd.api.types.is_bool_dtype(values) or pd.api.types.is_numeric_dtype(values):
                plain = values.to_numpy(dtype=float, na_value=np.nan).astype(np.float32)
                hashed = pd.util.hash_array(plain.astype(float) + 0.0)
            elif pd.api.types.is_datetime64_any_dtype(values):
                hashed = pd.util.hash_array(values.to_numpy(dtype="datetime64[s]").astype("int64"))
            else:
                text = values.to_numpy(dtype=object, na_value=None)
                codes, known = pd.factorize(text)
                table = pd.util.hash_array(
                    np.array([*(str(value) for value in known), "\x00null"], dtype=object)
                )
                hashed = table[codes]
            rows = rows * np.uint64(1_000_003) + hashed
        digest.update(np.sort(rows).tobytes())
    return digest.hexdigest()
