"""Rows of CRMs as opportunities and accounts, whatever their headers are called."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from detection.readers.lake_row import ENVELOPE, Row, json_text, payload_of, shared_columns
from detection.readers.reader import Reader
from detection.records import DETECTIONS, Detection

CRM_VERSION = "3"
_SAME = (
    "name", "account_id", "domain", "contact_email", "contact_name", "owner", "other_id", "stage",
    "stage_name", "amount",
    "currency", "product", "part_number", "quantity", "unit_price", "reference", "next_step",
    "close_on", "created_at", "modified_at", "is_withdrawn",
)  # fmt: skip


#: By source, field to header, as users name the headers of their reports.
Headers = Mapping[str, Mapping[str, str]]
_maker: Callable[[], Headers] | None = None
_made: Headers | None = None


def install_headers(maker: Callable[[], Headers] | None) -> None:
    """Have readers of this process know users' own headers, asked for when first needed."""
    global _maker, _made
    if maker != _maker:
        _maker, _made = maker, None


def headers_in_use() -> Headers:
    """Users' own headers by source."""
    global _made
    if _made is None:
        _made = _maker() if _maker is not None else {}
    return _made


def read_crm_opportunity_row(row: Row) -> Iterator[Detection]:
    """An opportunity's row; what of it cannot be read is named in ``faults``, none is refused."""
    from detection.correspondence.crm import read_crm_row

    named = headers_in_use().get(str(row["source"]))
    read = read_crm_row(payload_of(row), named, str(row["record_id"]))
    yield DETECTIONS["crm_opportunities"](
        **shared_columns(row, "crm", CRM_VERSION, 0, 1.0, _evidence(read.stage_name)),
        **{name: getattr(read, name) for name in _SAME},
        account_name=read.account,
        faults=json_text(list(read.faults)),
    )


def _evidence(stage_name: str | None) -> str | None:
    return f"stage {stage_name}" if stage_name else None


def read_crm_account_row(row: Row) -> Iterator[Detection]:
    """An account's row: its name, and the domain of its website."""
    from detection.correspondence.crm import read_account

    name, domain = read_account(payload_of(row))
    yield DETECTIONS["crm_accounts"](
        **shared_columns(row, "crm_accounts", CRM_VERSION, 0, 1.0, None), name=name, domain=domain
    )


OPPORTUNITIES = Reader(
    table="crm_opportunities",
    streams=(("crm", "opportunities"), ("*", "crm_opportunities")),
    record=DETECTIONS["crm_opportunities"],
    name="crm",
    version=CRM_VERSION,
    read=read_crm_opportunity_row,
    columns=ENVELOPE,
)
ACCOUNTS = Reader(
    table="crm_accounts",
    streams=(("crm", "accounts"),),
    record=DETECTIONS["crm_accounts"],
    name="crm_accounts",
    version=CRM_VERSION,
    read=read_crm_account_row,
    columns=ENVELOPE,
)
