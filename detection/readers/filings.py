"""SEC 8-K filings: their items, the changes of executives and the other events that they tell."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from detection.errors import UnreadableError
from detection.readers.lake_row import (
    ENVELOPE_WITH_BODY,
    ITEM_EXCERPT,
    Row,
    document_of,
    iso_day,
    payload_of,
    shared_columns,
    text_or_none,
)
from detection.readers.reader import Reader
from detection.readers.sec import filing_day
from detection.records import DETECTIONS, Detection

if TYPE_CHECKING:
    from detection.filings.form_8k import Filing8K

#: Versions of reading items, other events and changes of executives, each raised when it changes.
FILING_VERSION = "1"
FILING_EVENT_VERSION = "1"
EXECUTIVE_VERSION = "5"


def _filing(row: Row) -> tuple[dict[str, Any], Filing8K, str, str]:
    """Payload, filing read, CIK of ten digits and name of the company."""
    from detection.filings.form_8k import read_8k

    payload = payload_of(row)
    filing = read_8k(document_of(row), iso_day(payload.get("filingDate")))
    cik = text_or_none(payload.get("cik")) or filing.cik
    if cik is None:
        raise UnreadableError("missing_field", "neither payload nor document states a CIK")
    company = text_or_none(payload.get("companyName")) or filing.company_name
    if company is None:
        raise UnreadableError("missing_field", "neither payload nor document names the company")
    return payload, filing, cik.zfill(10), company


def read_filing_items_row(row: Row) -> Iterator[Detection]:
    """An 8-K as its items; a filing without a recognisable heading is set aside."""
    payload, filing, cik, company = _filing(row)
    if not filing.items:
        raise UnreadableError("no_items", "no item heading of Form 8-K in the document")
    for ordinal, item in enumerate(filing.items):
        yield DETECTIONS["filing_items"](
            **shared_columns(
                row,
                "filing_8k",
                FILING_VERSION,
                ordinal,
                0.98,
                f"Item {item.code} {item.text[:200]}".strip(),
            ),
            cik=cik,
            company_name=company,
            accession_number=text_or_none(payload.get("accessionNumber")) or row["record_id"],
            filed_on=filing_day(payload, row, filing.filed_on),
            item_code=item.code,
            item_title=item.title,
            text_excerpt=item.text[:ITEM_EXCERPT] or None,
        )


def read_filing_events_row(row: Row) -> Iterator[Detection]:
    """The agreements, acquisitions and financings that an 8-K's items tell; none is no fault.

    Two items of one filing often tell one event (2.01 and 1.01, 1.01 and 2.03): the first counts.
    """
    from detection.filings.events import ITEM_CODES, read_filing_events
    from detection.names import normalize_company_name

    payload, filing, cik, company = _filing(row)
    filed_on = filing_day(payload, row, filing.filed_on)
    seen: list[tuple[str, str, str]] = []
    ordinal = 0
    for code in ITEM_CODES:
        text = filing.text_of(code)
        if not text:
            continue
        for event in read_filing_events(code, text, filed_on, company):
            other = normalize_company_name(event.counterparty_name or "")
            # An item that names nobody adds nothing to one of the same kind that does.
            if any(
                (event.signal_type, event.signal_subtype) == told[:2]
                and (not other or other == told[2] or event.signal_type == "funding_round")
                for told in seen
            ):
                continue
            seen.append((event.signal_type, event.signal_subtype, other))
            yield DETECTIONS["filing_events"](
                **shared_columns(
                    row,
                    "filing_events",
                    FILING_EVENT_VERSION,
                    ordinal,
                    event.confidence,
                    f"Item {code}: {event.sentence}",
                ),
                cik=cik,
                company_name=company,
                accession_number=text_or_none(payload.get("accessionNumber")) or row["record_id"],
                filed_on=filed_on,
                item_code=code,
                signal_type=event.signal_type,
                signal_subtype=event.signal_subtype,
                status=event.status,
                polarity=event.polarity,
                occurred_on=event.occurred_on,
                counterparty_name=event.counterparty_name,
                amount=event.amount,
                currency=event.currency,
                round_type=event.round_type,
                city=event.city,
                country=event.country,
                square_feet=event.square_feet,
            )
            ordinal += 1


def read_executive_changes_row(row: Row) -> Iterator[Detection]:
    """The changes of executives that an 8-K's items tell; none is no fault."""
    from detection.filings.executive_changes import ITEM_CODES, read_executive_changes

    payload, filing, cik, company = _filing(row)
    filed_on = filing_day(payload, row, filing.filed_on)
    seen: set[tuple[str, str]] = set()
    ordinal = 0
    for code in ITEM_CODES:
        text = filing.text_of(code)
        if not text:
            continue
        for change in read_executive_changes(text, filed_on, company):
            key = (change.person_name.casefold(), change.direction)
            if key in seen:
                continue
            seen.add(key)
            yield DETECTIONS["executive_changes"](
                **shared_columns(
                    row,
                    "executive_changes",
                    EXECUTIVE_VERSION,
                    ordinal,
                    change.confidence,
                    change.sentence,
                ),
                cik=cik,
                company_name=company,
                person_name=change.person_name,
                position=change.position,
                level=change.level,
                department=change.department,
                change_type=change.change_type,
                direction=change.direction,
                announced_on=filed_on,
                effective_on=change.effective_on,
                is_interim=change.is_interim,
                is_board_only=change.is_board_only,
                predecessor_name=change.predecessor_name,
                successor_name=change.successor_name,
                earlier_companies=json.dumps(list(change.earlier_companies), ensure_ascii=False),
            )
            ordinal += 1


#: Streams of 8-K filings.
_STREAMS = (("sec_edgar", "form_8k"),)
ITEMS = Reader(
    table="filing_items",
    streams=_STREAMS,
    record=DETECTIONS["filing_items"],
    name="filing_8k",
    version=FILING_VERSION,
    read=read_filing_items_row,
    columns=ENVELOPE_WITH_BODY,
)
EVENTS = Reader(
    table="filing_events",
    streams=_STREAMS,
    record=DETECTIONS["filing_events"],
    name="filing_events",
    version=FILING_EVENT_VERSION,
    read=read_filing_events_row,
    columns=ENVELOPE_WITH_BODY,
)
EXECUTIVE_CHANGES = Reader(
    table="executive_changes",
    streams=_STREAMS,
    record=DETECTIONS["executive_changes"],
    name="executive_changes",
    version=EXECUTIVE_VERSION,
    read=read_executive_changes_row,
    columns=ENVELOPE_WITH_BODY,
)
