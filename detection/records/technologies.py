"""What is read of technologies in use."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from detection.records.base import Detection


@dataclass(frozen=True, kw_only=True)
class TechnologyDetection(Detection):
    """One technology seen on one page scan."""

    domain: str
    page_url: str
    scanned_at: datetime
    technology: str
    category: str | None
    vendor: str | None
    version: str | None
    #: website, dns, job_posting, api, news.
    method: str
