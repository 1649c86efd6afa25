"""What a CRM was last given: a fingerprint by external id, so that only changes are given again."""

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


def exported(state: StateStore, crm: str) -> dict[str, str]:
    """Fingerprints of what the CRM was given last, by external id."""
    state.ensure_tables()
    columns = crm_exports.c
    query = sa.select(columns.external_id, columns.fingerprint).where(columns.crm == crm)
    with state.read() as connection:
        return {row.external_id: row.fingerprint for row in connection.execute(query)}


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
