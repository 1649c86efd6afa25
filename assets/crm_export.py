"""Opportunities of the current publication, written as files for a CRM; nothing is sent."""

from __future__ import annotations

import hashlib
import json
import shutil
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from activation.crm_export import (
    Crm,
    CrmExportConfig,
    Record,
    changed,
    import_file,
    not_deleted,
    records_of,
    requests_of,
)
from activation.crm_withdrawals import (
    Withdrawal,
    not_yet,
    withdrawal_file,
    withdrawal_requests,
    withdrawals_of,
)
from activation.opportunity_questions import CRM_EXPORT, NAMES
from resources.clock import utc_now
from resources.config_files import load_config
from resources.crm_exports import exported, mark_exported, mark_given, records_given
from resources.publication import ask, connect_published
from resources.settings import Settings
from resources.state import StateStore

CONFIG = "crm_export.yaml"


@dataclass(frozen=True)
class Export:
    """What one export wrote."""

    crm: Crm
    #: None: nothing has changed since the export before.
    folder: Path | None
    records: int
    #: Records that are taken back.
    withdrawn: int
    #: Of ``records``, those that the CRM has already.
    updates: int
    requests: int
    unchanged: int
    #: Opportunities left out because people deleted them in the CRM.
    deleted: list[str] = field(default_factory=list)


def export_to_crm(
    settings: Settings, state: StateStore, crm: Crm, *, everything: bool = False
) -> Export:
    """Write what has changed since the last export (or ``everything``) below ``<home>/exports``.

    ``opportunities.csv`` is for the CRM's import, ``withdrawn.csv`` says what is taken back, and
    ``request_001.json`` and on hold method, path and body for its API. The folder is named by its
    content and stands complete or not at all; only then are its records marked as given.
    Raises ``ConfigurationError`` or ``PublicationError`` saying what to do.
    """
    target = load_config(settings.config_dir / CONFIG, CrmExportConfig).target(crm)
    with connect_published(settings.published) as connection:
        rows = ask(connection, CRM_EXPORT)
        names = ask(connection, NAMES)
    rows, deleted = not_deleted(rows, target)
    records = records_of(rows, crm, target)
    before = exported(state, crm)
    existing = {row["opportunity_id"] for row in names}
    aliases = {row["alias_id"]: row["opportunity_id"] for row in names if row["alias_id"]}
    gone = withdrawals_of(records_given(state, crm), existing, aliases)
    told = records if everything else changed(records, before)
    taken_back = gone if everything else not_yet(gone, before)
    if not told and not taken_back:
        return Export(crm, None, 0, 0, 0, 0, len(records), deleted)
    # What is taken back comes first: a record that another opportunity takes over is told last.
    requests = withdrawal_requests(taken_back, crm, target, records)
    requests += requests_of(told, crm, target)
    files = {"opportunities.csv": import_file(told, crm, target)} if told else {}
    if taken_back:
        files["withdrawn.csv"] = withdrawal_file(taken_back, crm, target)
    for number, (name, body) in enumerate(requests, 1):
        method, _, path = name.partition(" ")
        request = {"method": method, "path": path, "body": body}
        files[f"request_{number:03}.json"] = json.dumps(request, indent=2, ensure_ascii=False)
    folder = settings.home / "exports" / crm / _name([*told, *taken_back])
    _write(folder, files)
    mark_given(state, crm, {r.external_id: r.crm_id for r in told})
    given = {r.external_id: r.fingerprint for r in [*told, *taken_back]}
    mark_exported(state, crm, given, utc_now())
    updates = sum(r.crm_id is not None for r in told)
    return Export(
        crm, folder, len(told), len(taken_back), updates, len(requests), len(records) - len(told),
        deleted,
    )  # fmt: skip


def _name(records: Sequence[Record | Withdrawal]) -> str:
    said = "".join(
        r.fingerprint if isinstance(r, Record) else f"{r.external_id}{r.fingerprint}"
        for r in records
    )
    return hashlib.sha256(said.encode()).hexdigest()[:12]


def _write(folder: Path, files: dict[str, str]) -> None:
    """Make the folder in one step; one of the same content stays as it is."""
    if folder.exists():
        return
    making = folder.parent / f".making-{uuid.uuid4().hex[:12]}"
    making.mkdir(parents=True)
    try:
        for name, text in files.items():
            (making / name).write_text(text, "utf-8", newline="")
        making.rename(folder)
    finally:
        shutil.rmtree(making, ignore_errors=True)
