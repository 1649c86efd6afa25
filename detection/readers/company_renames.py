"""Articles of the press as the changes of a company's name that they tell."""

from __future__ import annotations

from collections.abc import Iterator

from detection.readers.lake_row import ENVELOPE, Row, shared_columns
from detection.readers.press import ARTICLE_STREAMS, article_in
from detection.readers.reader import Reader
from detection.records import DETECTIONS, Detection

RENAMES_VERSION = "1"


def read_rename_row(row: Row) -> Iterator[Detection]:
    """Changes of name in one article; most articles are left without being taken apart."""
    from detection.renames import may_tell, read_renames

    if not may_tell(row["payload"] or ""):
        return
    from detection.press import body_text
    from detection.press.text import headline_of, told_sentences

    article, published_at = article_in(row)
    sentences = told_sentences(body_text(article.summary, article.content))
    for ordinal, rename in enumerate(read_renames([headline_of(article.title or ""), *sentences])):
        yield DETECTIONS["company_renames"](
            **shared_columns(
                row, "renames", RENAMES_VERSION, ordinal, rename.confidence, rename.sentence
            ),
            published_at=published_at,
            old_name=rename.old_name,
            new_name=rename.new_name,
            status=rename.status,
        )


READER = Reader(
    table="company_renames",
    streams=ARTICLE_STREAMS,
    record=DETECTIONS["company_renames"],
    name="renames",
    version=RENAMES_VERSION,
    read=read_rename_row,
    columns=ENVELOPE,
)
