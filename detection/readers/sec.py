"""What documents of the SEC share."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from detection.readers.lake_row import Row, iso_day


def filing_day(payload: Mapping[str, Any], row: Row, stated: date | None = None) -> date:
    """Day of filing: the index's, else what the document states, else the day it was seen."""
    day = iso_day(payload.get("filingDate")) or stated
    return day or row["observed_at"].date()
