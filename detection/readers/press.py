"""Articles of the press as the events that they tell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from detection.errors import UnreadableError
from detection.readers.lake_row import Row, payload_of, shared_columns, timestamp
from detection.records import DETECTIONS, Detection

if TYPE_CHECKING:
    from detection.press import PressReading
    from detection.press.articles import Article


PRESS_VERSION = "6"
#: Streams of articles: feeds of outlets, and services that search the press for a company.
ARTICLE_STREAMS = (("press", "articles"), ("newsapi", "articles"), ("google_news", "articles"))
#: Columns of a press event that bear the name of the event's own field.
_EVENT_FIELDS = (
    "company_name", "signal_type", "signal_subtype", "occurred_on", "status", "polarity", "amount",
    "currency", "round_type", "lead_investor", "person_name", "position", "level", "department",
    "change_type", "city", "country", "headcount", "counterparty_name", "product_name",
    "is_interim", "effective_on", "effective_precision", "sentence",
)  # fmt: skip


def read_press_row(row: Row) -> Iterator[Detection]:
    """One feed entry as its events; an entry that tells none gives none."""
    from detection.news.shipped import shipped_engine
    from detection.press import read_press
    from detection.press.articles import named_in_headline

    article, published_at = article_in(row)
    title = article.title or ""
    events = read_press(title, article.summary, article.content, published_at, shipped_engine)
    if not events and article.asked_company:
        events = named_in_headline(title, article.asked_company, published_at)
    yield from press_rows(row, article, published_at, events)


def article_in(row: Row) -> tuple[Article, datetime]:
    """The article of a lake row, and when it was published; raises ``UnreadableError``."""
    from detection.press.articles import article_of

    article = article_of(row["source"], payload_of(row))
    if article.title is None and article.summary is None and article.content is None:
        raise UnreadableError("missing_field", "the entry has neither title nor text")
    return article, timestamp(article.published) or row["observed_at"]


def press_rows(
    row: Row,
    article: Article,
    published_at: datetime,
    events: Iterable[PressReading],
    reader: str = "press",
) -> Iterator[Detection]:
    """The events that ``reader`` found in an article as detection rows."""
    from detection.press import body_text, content_fingerprint
    from detection.press.releases import sketch

    events = list(events)
    if not events:
        return
    title, body = article.title or "", body_text(article.summary, article.content)
    fingerprint, lead = content_fingerprint(title, body), sketch(title, body)
    for ordinal, event in enumerate(events):
        yield DETECTIONS["press_events"](
            **shared_columns(
                row,
                reader,
                versioned(PRESS_VERSION, event),
                ordinal,
                event.confidence,
                event.sentence,
            ),
            outlet=article.outlet or row["source"],
            title=title,
            published_at=published_at,
            company_domain=event.company_domain,
            **event_columns(event),
            content_fingerprint=fingerprint,
            release_id=fingerprint,
            release_sketch=lead,
        )


def event_columns(event: PressReading) -> dict[str, Any]:
    """What an event says of itself, as columns; whose domain it is depends on where it was told."""
    from detection.press import investors_json

    told = {name: getattr(event, name) for name in _EVENT_FIELDS}
    return told | {"investors": investors_json(event)}


def versioned(version: str, event: PressReading) -> str:
    """The reader's version, with the learned engine's where that found the event."""
    return f"{version} + {event.engine}" if event.engine else version
