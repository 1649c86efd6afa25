"""Transcripts of earnings calls as events: that the call took place, and what was said in it."""

from __future__ import annotations

from collections.abc import Iterator

from detection.readers.lake_row import (
    Row,
    iso_day,
    mapped_fields,
    payload_of,
    required_text,
    shared_columns,
    text_or_none,
    timestamp,
)
from detection.readers.press import event_columns
from detection.records import DETECTIONS, Detection

EARNINGS_CALL_VERSION = "1"
#: Certainty that a call of which somebody has a transcript took place.
TOOK_PLACE = 0.95
_OUTLET = "earnings call"


def read_earnings_call_row(row: Row) -> Iterator[Detection]:
    """A call as one event of its own and one for each statement, all of type earnings_call.

    The subtype is ``call`` for the call itself, else the statement's theme; ``person_name`` and
    ``position`` say who spoke.
    """
    from detection.earnings_calls import statements_of
    from detection.press import PressReading, content_fingerprint

    fields = mapped_fields(payload_of(row))
    transcript = required_text(fields, "transcript")
    domain = text_or_none(fields.get("company_domain"))
    company = text_or_none(fields.get("company_name")) or domain or required_text(fields, "cik")
    held_on = iso_day(fields.get("held_on"))
    held_at = timestamp(fields.get("held_on")) or row["observed_at"]
    title = text_or_none(fields.get("title")) or " ".join(
        part
        for part in (
            company,
            f"Q{fields['fiscal_quarter']}" if fields.get("fiscal_quarter") else "",
            str(fields.get("fiscal_year") or ""),
            "earnings call",
        )
        if part
    )
    told = [
        PressReading(
            company_name=company, company_domain=domain, signal_type="earnings_call",
            signal_subtype="call", sentence=title, occurred_on=held_on, confidence=TOOK_PLACE,
        )
    ]  # fmt: skip
    told += [
        PressReading(
            company_name=company,
            company_domain=domain,
            signal_type="earnings_call",
            signal_subtype=said.theme,
            sentence=said.sentence,
            status=said.status,
            polarity=said.polarity,
            occurred_on=held_on,
            amount=said.money.amount if said.money else None,
            currency=said.money.currency if said.money else None,
            person_name=said.speaker,
            position=said.office,
            city=said.place.city if said.place else None,
            country=said.place.country if said.place else None,
            headcount=said.headcount,
            confidence=said.confidence,
        )
        for said in statements_of(transcript)
    ]
    for ordinal, event in enumerate(told):
        # Two vendors' transcripts of one call say the same sentences: these are one source.
        fingerprint = content_fingerprint(company, event.sentence)
        yield DETECTIONS["press_events"](
            **shared_columns(
                row,
                "earnings_call",
                EARNINGS_CALL_VERSION,
                ordinal,
                event.confidence,
                event.sentence,
            ),
            outlet=_OUTLET,
            title=title,
            published_at=held_at,
            company_domain=domain,
            **event_columns(event),
            content_fingerprint=fingerprint,
            release_id=fingerprint,
            release_sketch=None,
        )
