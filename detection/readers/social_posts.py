"""Social posts as the events that they tell, or as a signal of their own."""

from __future__ import annotations

from collections.abc import Iterator

from detection.readers.lake_row import (
    ITEM_EXCERPT,
    Row,
    mapped_fields,
    payload_of,
    required_text,
    shared_columns,
    text_or_none,
    timestamp,
)
from detection.readers.press import event_columns, versioned
from detection.records import DETECTIONS, Detection

SOCIAL_VERSION = "2"
#: Characters of a post that stand as its title.
TITLE_LENGTH = 140


def read_social_post_row(row: Row) -> Iterator[Detection]:
    """A social post as the events it tells, read like a press item.

    One that tells no event gives a social signal of the company it is by or about, if it says whose
    it is. Where no event names a company, the post's own company is meant.
    """
    from detection.news.shipped import shipped_engine
    from detection.press import content_fingerprint, read_press
    from detection.press.releases import sketch

    fields = mapped_fields(payload_of(row))
    text, published_at = required_text(fields, "text"), timestamp(fields.get("posted_at"))
    published_at = published_at or row["observed_at"]
    author = text_or_none(fields.get("author_name"))
    company = text_or_none(fields.get("company_name"))
    domain = text_or_none(fields.get("company_domain"))
    outlet = (text_or_none(fields.get("network")) or row["source"]).casefold()
    title = text if len(text) <= TITLE_LENGTH else text[: TITLE_LENGTH - 1].rstrip() + "…"
    fingerprint = content_fingerprint("", text)
    common = {"outlet": outlet, "title": title, "published_at": published_at,
              "content_fingerprint": fingerprint, "release_id": fingerprint,
              "release_sketch": sketch("", text)}  # fmt: skip
    events = read_press("", None, text, published_at, shipped_engine)
    for ordinal, event in enumerate(events):
        is_own = (company or author or "").casefold() == event.company_name.casefold()
        yield DETECTIONS["press_events"](
            **shared_columns(
                row,
                "social",
                versioned(SOCIAL_VERSION, event),
                ordinal,
                event.confidence,
                event.sentence,
            ),
            **common,
            company_domain=event.company_domain or (domain if is_own else None),
            **event_columns(event),
        )
    if not events and (company or domain):
        absent = dict.fromkeys(
            ("amount", "currency", "round_type", "lead_investor", "person_name", "position",
             "level", "department", "change_type", "city", "country", "headcount",
             "counterparty_name", "signal_subtype")
        )  # fmt: skip
        yield DETECTIONS["press_events"](
            **shared_columns(row, "social", SOCIAL_VERSION, 0, 0.6, text[:ITEM_EXCERPT]),
            **common,
            **absent,
            company_name=company or str(domain),
            company_domain=domain,
            signal_type="social_signal",
            occurred_on=published_at.date(),
            status="done",
            polarity="positive",
            investors="[]",
            sentence=text[:ITEM_EXCERPT],
        )
