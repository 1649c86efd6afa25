"""What a CRM was last given, so that only changes are given again and all can be taken back.

A fingerprint by external id, and whether the record was the CRM's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa

from resources.state import StateStore, UtcDateTime, metadata

crm_exports = sa.Table(
    "crm_exports",
    metadata,
    sa.Column("crm", sa.String(32), primary_key=True),
    sa.Column("external_id", sa.String(64), primary_key=True),
    sa.Column("fingerprint", sa.String(64), nullable=False, comment="hash of what was given"),
    sa.Column("exported_at", UtcDateTime, nullable=False),
)

crm_export_records = sa.Table(
    "crm_export_records",
    metadata,
    sa.Column("crm", sa.String(32), primary_key=True),
    sa.Column("external_id", sa.String(64), primary_key=True),
    sa.Column("crm_id", sa.Text, comment="the CRM's own id; none for what we made there"),
)


def exported(state: StateStore, crm: str) -> dict[str, str]:
    """Fingerprints of what the CRM was given last, by external id."""
    state.ensure_tables()
    columns = crm_exports.c
    query = sa.select(columns.external_id, columns.fingerprint).where(columns.crm == crm)
    with state.read() as connection:
        return {row.external_id: row.fingerprint for row in connection.execute(query)}


def records_given(state: StateStore, crm: str) -> dict[str, str | None]:
    """The CRM's own id of every record given so far, by external id; None where we made it."""
    state.ensure_tables()
    columns = crm_export_records.c
    query = sa.select(columns.external_id, columns.crm_id).where(columns.crm == crm)
    with state.read() as connection:
        return {row.external_id: row.crm_id for row in connection.execute(query)}


def mark_given(state: StateStore, crm: str, crm_ids: Mapping[str, str | None]) -> None:
    """Remember which records the CRM was given, and which of them were its own.

    A record that we made stays ours when the CRM's rows bring its id back to us later.
    """
    known = records_given(state, crm)
    rows = [
        {"crm": crm, "external_id": key, "crm_id": value}
        for key, value in crm_ids.items()
        if key not in known
    ]
    with state.write() as connection:
        state.upsert(connection, crm_export_records, rows)


def mark_exported(
    state: StateStore, crm: str, fingerprints: Mapping[str, str], now: datetime
) -> None:
    """Remember what the CRM was given."""
    rows = [
        {"crm": crm, "external_id": key, "fingerprint": value, "exported_at": now}
        for key, value in fingerprints.items()
    ]
    with state.write() as connection:
        state.upsert(connection, crm_exports, rows)
