"""Whatever tells events in words, in one table: articles of the press and social posts."""

from __future__ import annotations

from collections.abc import Iterator

from detection.readers.lake_row import ENVELOPE, Row
from detection.readers.press import ARTICLE_STREAMS, PRESS_VERSION, read_press_row
from detection.readers.reader import Reader
from detection.readers.social_posts import read_social_post_row
from detection.records import DETECTIONS, Detection


def read_press_or_post_row(row: Row) -> Iterator[Detection]:
    """Whatever tells events in words: a feed entry or a social post."""
    is_post = row["stream"] == "mapped_social_posts"
    return read_social_post_row(row) if is_post else read_press_row(row)


READER = Reader(
    table="press_events",
    streams=(*ARTICLE_STREAMS, ("*", "mapped_social_posts")),
    record=DETECTIONS["press_events"],
    name="press",
    version=PRESS_VERSION,
    read=read_press_or_post_row,
    columns=ENVELOPE,
)
