"""Rows of CRMs as opportunities and accounts, whatever their headers are called."""

from __future__ import annotations

from collections.abc import Iterator

from detection.readers.lake_row import ENVELOPE, Row, json_text, payload_of, shared_columns
from detection.readers.reader import Reader
from detection.records import DETECTIONS, Detection

CRM_VERSION = "1"
_SAME = (
    "name", "account_id", "domain", "contact_email", "owner", "stage", "stage_name", "amount",
    "currency", "product", "part_number", "quantity", "unit_price", "reference", "next_step",
    "close_on", "created_at", "modified_at",
)  # fmt: skip


def read_crm_opportunity_row(row: Row) -> Iterator[Detection]:
    """An opportunity's row; what of it cannot be read is named in ``faults``, none is refused.

    Reports carry the user's own names of headers beside the row (``mapping``).
    """
    from detection.correspondence.crm import read_crm_row

    payload = payload_of(row)
    told = payload["row"] if isinstance(payload.get("row"), dict) else payload
    mapping = payload.get("mapping") if told is not payload else None
    read = read_crm_row(told, mapping if isinstance(mapping, dict) else None, str(row["record_id"]))
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
