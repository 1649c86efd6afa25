"""Opportunities of the current publication, written as files for a CRM; nothing is sent."""

from __future__ import annotations

import hashlib
import json
import shutil
import uuid
from dataclasses import dataclass
from pathlib import Path

from activation.crm_export import (
    Crm,
    CrmExportConfig,
    Record,
    changed,
    import_file,
    records_of,
    requests_of,
)
from activation.opportunity_questions import CRM_EXPORT
from assets.alerts import ask
from resources.clock import utc_now
from resources.config_files import load_config
from resources.crm_exports import exported, mark_exported
from resources.publication import connect_published
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
    #: Of these, records that the CRM has already.
    updates: int
    requests: int
    unchanged: int


def export_to_crm(
    settings: Settings, state: StateStore, crm: Crm, *, everything: bool = False
) -> Export:
    """Write what has changed since the last export (or ``everything``) below ``<home>/exports``.

    ``opportunities.csv`` is for the CRM's import, ``request_001.json`` and on hold method, path and
    body for its API. The folder is named by its content and stands complete or not at all; only
    then are its records marked as given.
    Raises ``ConfigurationError`` or ``PublicationError`` saying what to do.
    """
    target = load_config(settings.config_dir / CONFIG, CrmExportConfig).target(crm)
    with connect_published(settings.published) as connection:
        rows = ask(connection, CRM_EXPORT)
    records = records_of(rows, crm, target)
    told = records if everything else changed(records, exported(state, crm))
    if not told:
        return Export(crm, None, 0, 0, 0, len(records))
    requests = requests_of(told, crm, target)
    files = {"opportunities.csv": import_file(told, crm, target)}
    for number, (name, body) in enumerate(requests, 1):
        method, _, path = name.partition(" ")
        request = {"method": method, "path": path, "body": body}
        files[f"request_{number:03}.json"] = json.dumps(request, indent=2, ensure_ascii=False)
    folder = settings.home / "exports" / crm / _name(told)
    _write(folder, files)
    mark_exported(state, crm, {r.external_id: r.fingerprint for r in told}, utc_now())
    updates = sum(r.crm_id is not None for r in told)
    return Export(crm, folder, len(told), updates, len(requests), len(records) - len(told))


def _name(records: list[Record]) -> str:
    said = "".join(r.fingerprint for r in records)
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
