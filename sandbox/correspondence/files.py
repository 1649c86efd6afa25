"""Generated correspondence as the folders in which people keep it: mbox, transcripts, a report."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

from sandbox.correspondence.paperwork import GOOGLE_DOCUMENT, GOOGLE_SHEET
from sandbox.correspondence.records import Correspondence, RawCall, RawDocument, RawMail

#: Folders below the one that is given, by the source that reads each.
FOLDERS = {
    "mail_files": "mail",
    "meeting_files": "meetings",
    "drive_folder": "drive",
    "crm_reports": "crm_reports",
}


def write_files(raw: Correspondence, folder: Path, name: str, written_at: datetime) -> None:
    """Lay ``raw`` down below ``folder`` in files called ``name``, written at a time (UTC)."""
    write_mbox(raw.mails, folder / FOLDERS["mail_files"] / f"{name}.mbox", written_at)
    for call in raw.calls:
        write_call(call, folder / FOLDERS["meeting_files"], written_at)
    write_report(raw.crm, folder / FOLDERS["crm_reports"] / f"{name}.csv", written_at)


def write_mbox(mails: Iterable[RawMail], file: Path, written_at: datetime) -> None:
    """Mails as one mbox file, in their order; none where there is no mail."""
    parts = []
    for mail in mails:
        lines = mail.data.replace(b"\r\n", b"\n").split(b"\n")
        escaped = [
            b">" + line if line.lstrip(b">").startswith(b"From ") else line for line in lines
        ]
        parts.append(b"From - Thu Jan  1 00:00:00 2026\n" + b"\n".join(escaped).rstrip(b"\n"))
    if parts:
        _write(file, b"\n\n".join(parts) + b"\n\n", written_at)


def write_call(call: RawCall, folder: Path, written_at: datetime) -> None:
    """A transcript, and beside it what the calendar knows."""
    beside = {
        "meeting_id": call.source_id,
        "topic": call.topic,
        "started_at": f"{call.started_at.isoformat()}Z",
        "participants": [{"name": name, "email": email} for name, email in call.attendees],
    }
    _write(folder / f"{call.source_id}.vtt", call.vtt.encode(), written_at)
    _write(folder / f"{call.source_id}.json", json.dumps(beside, indent=1).encode(), written_at)


def write_papers(papers: Iterable[RawDocument], folder: Path, written_at: datetime) -> None:
    """Files of a shared folder, Google's own documents as they are exported."""
    for paper in papers:
        name = paper.name.replace("/", "-")
        ending = {GOOGLE_DOCUMENT: ".txt", GOOGLE_SHEET: ".csv"}.get(paper.media_type, "")
        _write(folder / FOLDERS["drive_folder"] / f"{name}{ending}", paper.data, written_at)


def write_report(rows: Sequence[dict[str, str]], file: Path, written_at: datetime) -> None:
    """Rows of a CRM as a CSV report; none where there is no row."""
    if not rows:
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    os.utime(file, (written_at.timestamp(),) * 2)


def _write(file: Path, content: bytes, written_at: datetime) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    os.utime(file, (written_at.timestamp(),) * 2)
