"""A folder that a test fills, and the product's ingestion of it."""

from __future__ import annotations

import json
import os
from datetime import UTC, date, datetime
from pathlib import Path

from resources.sources.declaration import Declaration
from resources.sources.ingestion import IngestReport, ingest
from tests.contract.sources.conftest import DAY, Market


class Folder:
    """``put`` files, ``ingest`` them as the source ``name`` by the connector of that name."""

    def __init__(self, market: Market, name: str, streams: tuple[str, ...]) -> None:
        self.market, self.name, self.streams = market, name, streams
        self.path = market.home / name
        self.path.mkdir()

    def put(self, name: str, content: object, hour: int = 8, day: date = DAY) -> Path:
        """Write a file as of an hour of a day; what is no text or bytes is written as JSON."""
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not isinstance(content, bytes):
            content = (content if isinstance(content, str) else json.dumps(content)).encode()
        path.write_bytes(content)
        at = datetime(day.year, day.month, day.day, hour, tzinfo=UTC).timestamp()
        os.utime(path, (at, at))
        return path

    def ingest(self, day: date = DAY, **changes: object) -> IngestReport:
        """Read the folder as of a day."""
        declared = Declaration.model_validate(
            {
                "name": self.name,
                "families": ["correspondence"],
                "description": "Files.",
                "base_urls": {"folder": str(self.path)},
                "rate_limit": {"requests": 100},
                "freshness_hours": 24,
                "terms": {"url": "", "note": "x"},
                "kind": "event",
                "connector": self.name,
                "streams": list(self.streams),
            }
            | changes
        )
        return ingest(self.name, day, self.market.services(declared))

    def rows(self, stream: str | None = None) -> list[dict]:
        """What the lake holds of a stream, with ``payload`` decoded."""
        rows = self.market.rows(self.name, stream or self.streams[0])
        return [row | {"payload": json.loads(row["payload"])} for row in rows]
