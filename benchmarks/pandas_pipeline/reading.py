"""The lake, the detections and the seeds as frames, as known by the end of a day."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import pandas as pd

from resources.settings import PROJECT_ROOT

SEEDS = PROJECT_ROOT / "dbt_project" / "seeds"


@dataclass
class Input:
    """Where everything lies, and the day that is built."""

    home: Path
    as_of: pd.Timestamp

    def lake(self, source: str, stream: str, columns: list[str] | None = None) -> pd.DataFrame:
        """Lake rows known by the end of the day, with naive UTC times."""
        wanted = ["source", "stream", "record_id", "payload_sha256", "source_url", "observed_at"]
        wanted += ["fetched_at", *(columns or [])]
        return self._read(self.home / "lake" / source / stream, wanted)

    def detections(self, table: str) -> pd.DataFrame:
        """Rows that the readers left."""
        frame = self._read(self.home / "detections" / table, None)
        return frame.rename(columns={"confidence": "reader_confidence"})

    def _read(self, folder: Path, columns: list[str] | None) -> pd.DataFrame:
        files = sorted(folder.glob("*/part.parquet")) or [folder / "schema.parquet"]
        frame = pd.concat([pd.read_parquet(f, columns=columns) for f in files], ignore_index=True)
        for name in frame.columns:
            if isinstance(frame[name].dtype, pd.DatetimeTZDtype):
                frame[name] = frame[name].dt.tz_localize(None)
        return frame[frame["fetched_at"] < self.as_of + pd.Timedelta(days=1)]

    def records(self, source: str, stream: str, fields: dict[str, str]) -> pd.DataFrame:
        """Lake rows with flat fields of their payload as stripped text."""
        frame = self.lake(source, stream, ["payload"])
        parsed = [orjson.loads(payload) for payload in frame.pop("payload")]
        for name, field in fields.items():
            frame[name] = [_stripped(row.get(field)) for row in parsed]
        return frame


def _stripped(value: Any) -> str | None:
    return (str(value).strip() or None) if value is not None else None


def read_seed(name: str) -> pd.DataFrame:
    """A seed of the dbt project."""
    return pd.read_csv(SEEDS / f"{name}.csv", keep_default_na=False, na_values=[""])


def newest_rows(frame: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """The row fetched last for each of the keys."""
    ordered = frame.sort_values(["fetched_at", "payload_sha256"], ascending=[False, True])
    return ordered.drop_duplicates(keys)
