"""Form D notices of the SEC as offerings."""

from __future__ import annotations

import json
from collections.abc import Iterator

from detection.readers.lake_row import (
    ENVELOPE_WITH_BODY,
    Row,
    document_of,
    payload_of,
    shared_columns,
    text_or_none,
)
from detection.readers.reader import Reader
from detection.readers.sec import filing_day
from detection.records import DETECTIONS, Detection

FORM_D_VERSION = "2"


def read_form_d_row(row: Row) -> Iterator[Detection]:
    """A Form D document as one offering."""
    from detection.filings.form_d import read_form_d

    payload = payload_of(row)
    notice = read_form_d(document_of(row))
    amount = "Indefinite" if notice.is_indefinite else notice.total_offering_amount
    yield DETECTIONS["form_d_offerings"](
        **shared_columns(
            row,
            "form_d",
            FORM_D_VERSION,
            0,
            1.0,
            f"totalOfferingAmount={amount}; totalAmountSold={notice.total_amount_sold}",
        ),
        cik=notice.cik,
        issuer_name=notice.issuer_name,
        entity_type=notice.entity_type,
        jurisdiction=notice.jurisdiction,
        year_of_incorporation=notice.year_of_incorporation,
        city=notice.city,
        state_or_country=notice.state_or_country,
        industry_group=notice.industry_group,
        is_pooled_fund=notice.is_pooled_fund,
        is_amendment=notice.is_amendment,
        previous_accession_number=notice.previous_accession_number,
        accession_number=text_or_none(payload.get("accessionNumber"))
        or notice.accession_number
        or row["record_id"],
        filed_on=filing_day(payload, row, notice.filed_on),
        first_sale_on=notice.first_sale_on,
        total_offering_amount=notice.total_offering_amount,
        is_indefinite=notice.is_indefinite,
        total_amount_sold=notice.total_amount_sold,
        total_remaining=notice.total_remaining,
        investor_count=notice.investor_count,
        minimum_investment=notice.minimum_investment,
        is_equity=notice.is_equity,
        is_debt=notice.is_debt,
        related_persons=json.dumps(
            [
                {"name": p.name, "relationships": list(p.relationships)}
                for p in notice.related_persons
            ],
            ensure_ascii=False,
        ),
    )


READER = Reader(
    table="form_d_offerings",
    streams=(("sec_edgar", "form_d"),),
    record=DETECTIONS["form_d_offerings"],
    name="form_d",
    version=FORM_D_VERSION,
    read=read_form_d_row,
    columns=ENVELOPE_WITH_BODY,
)
