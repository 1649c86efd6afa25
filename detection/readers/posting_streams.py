"""Where job postings come from, and where each stream keeps a title."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from detection.errors import UnreadableError

if TYPE_CHECKING:
    from detection.job_postings import Advert

#: Streams of job postings: boards first, then searches over many employers.
POSTING_STREAMS = tuple(
    (source, "jobs") for source in ("greenhouse", "lever", "ashby", "workday", "adzuna", "usajobs")
)
#: Stream of postings that vendors' exports list.
MAPPED_POSTINGS = "mapped_job_postings"


def job_title(source: str, payload: Mapping[str, Any]) -> str:
    """Title of a posting in its vendor's shape. Raises ``UnreadableError`` when it has none."""
    from detection.job_postings import VENDORS, advert_of

    return _checked(advert_of(source, payload).title if source in VENDORS else payload.get("title"))


def title_of(advert: Advert) -> str:
    """Title of a posting that is read already. Raises ``UnreadableError`` when it has none."""
    return _checked(advert.title)


def _checked(title: object) -> str:
    if not isinstance(title, str) or not title.strip():
        raise UnreadableError("missing_field", "the posting has no title")
    return title.strip()[:500]
