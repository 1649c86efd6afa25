"""Whatever tells events in words, in one table: press articles, social posts, earnings calls."""

from __future__ import annotations

from collections.abc import Iterator

from detection.readers.earnings_calls import read_earnings_call_row
from detection.readers.lake_row import ENVELOPE, Row
from detection.readers.press import ARTICLE_STREAMS, PRESS_VERSION, read_press_row
from detection.readers.reader import Reader
from detection.readers.social_posts import read_social_post_row
from detection.records import DETECTIONS, Detection

#: How the streams are read that mappings bring; whatever else is an article.
_MAPPED = {
    "mapped_social_posts": read_social_post_row,
    "mapped_earnings_calls": read_earnings_call_row,
}


def read_telling_row(row: Row) -> Iterator[Detection]:
    """Whatever tells events in words: a feed entry, a social post or the transcript of a call."""
    return _MAPPED.get(row["stream"], read_press_row)(row)


READER = Reader(
    table="press_events",
    streams=(*ARTICLE_STREAMS, *(("*", stream) for stream in _MAPPED)),
    record=DETECTIONS["press_events"],
    name="press",
    version=PRESS_VERSION,
    read=read_telling_row,
    columns=ENVELOPE,
)
