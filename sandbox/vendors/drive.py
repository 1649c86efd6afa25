"""Google Drive (v3): ``files``, ``files/{id}``, ``files/{id}/export``, ``changes``.

In the seller's folders lie the transcripts of all calls and, of some, notes as a Google document.
A token of changes is the number of the day after which they are told.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from sandbox.answers import Answer, Request, as_json
from sandbox.market.draws import number
from sandbox.vendors.desk import Call, short_id
from sandbox.vendors.google import Google, error, page

DOCUMENT = "application/vnd.google-apps.document"
#: Files of one page; Drive gives up to 1,000.
PAGE = 10
#: Thousandths of the calls of which somebody has written notes.
NOTED = 300
#: Days are counted from well before the market's start.
_BEFORE = 1_000
_SINCE = re.compile(r"modifiedTime > '([^']+)'")


@dataclass(frozen=True)
class File:
    """One file as Drive has it."""

    file_id: str
    name: str
    kind: str
    folder: str
    call: Call
    content: bytes

    def told(self) -> dict[str, object]:
        """What Drive says of it."""
        owner, address = self.call.raw.attendees[0]
        moment = _iso(self.call.ended_at)
        size = {} if self.kind == DOCUMENT else {"size": str(len(self.content))}
        return {
            "id": self.file_id,
            "name": self.name,
            "mimeType": self.kind,
            "owners": [{"displayName": owner, "emailAddress": address}],
            "lastModifyingUser": {"displayName": owner, "emailAddress": address},
            "createdTime": moment,
            "modifiedTime": moment,
            "parents": [self.folder],
            "version": "1",
            "trashed": False,
            "webViewLink": f"https://drive.google.example/file/d/{self.file_id}/view",
        } | size


class Drive(Google):
    """The files of the seller's account."""

    def told(self, request: Request) -> Answer:
        """An answer about files or changes as of the end of the day."""
        match request.parts:
            case ["drive", "v3", "changes", "startPageToken"]:
                return as_json({"kind": "drive#startPageToken", "startPageToken": _token(request)})
            case ["drive", "v3", "changes"]:
                return self._changes(request)
            case ["drive", "v3", "files"]:
                words = request.query.get("q", "")
                found = [f.told() for f in reversed(self._files(request.day)) if _fits(f, words)]
                return as_json(page(request, found, "files", PAGE, "pageSize"))
            case ["drive", "v3", "files", file_id, *rest]:
                file = next((f for f in self._files(request.day) if f.file_id == file_id), None)
                if file is None:
                    return error(404, "notFound", f"File not found: {file_id}.")
                if rest == ["export"] and file.kind != DOCUMENT:
                    return error(403, "fileNotExportable", "Export only supports Docs Editors.")
                if not rest and request.query.get("alt") != "media":
                    return as_json(file.told())
                if not rest and file.kind == DOCUMENT:
                    return error(403, "fileNotDownloadable", "Use Export with Docs Editors files.")
                return Answer(200, file.content, "text/plain")
        return error(404, "notFound", "Not Found")

    def _changes(self, request: Request) -> Answer:
        day, _, start = request.query.get("pageToken", "").partition(".")
        if not day.isdigit() or (start and not start.isdigit()):
            return error(400, "invalid", "Invalid Value")
        told = [
            {
                "kind": "drive#change",
                "changeType": "file",
                "fileId": file.file_id,
                "removed": False,
                "time": file.told()["modifiedTime"],
                "file": file.told(),
            }
            for file in self._files(request.day)
            if file.call.day + _BEFORE > int(day)
        ]
        size = min(int(request.query.get("pageSize", "100")), PAGE)
        first = int(start or 0)
        ahead = (
            {"nextPageToken": f"{day}.{first + size}"}
            if first + size < len(told)
            else {"newStartPageToken": _token(request)}
        )
        return as_json({"changes": told[first : first + size]} | ahead)

    def _files(self, day: int) -> list[File]:
        files = []
        for call in self.desk.calls:
            if call.day > day:
                continue
            tool = "Teams" if call.is_teams else "Zoom"
            name = f"{call.started_at:%Y-%m-%d %H-%M} {call.raw.topic.replace('/', '-')}"
            files.append(
                File(short_id(f"drive|{call.call_id}", 32), f"{name}.vtt", "text/vtt",
                     short_id(f"folder|{tool}", 32), call, call.raw.vtt.encode())
            )  # fmt: skip
            if number(f"notes|{call.call_id}") % 1000 < NOTED:
                files.append(_notes(call, name))
        return files


def _notes(call: Call, name: str) -> File:
    people = "\n".join(f"- {person} ({address})" for person, address in call.raw.attendees)
    text = f"Notes: {call.raw.topic}\n\nPeople\n{people}\n\nWe met and agreed to talk again.\n"
    return File(
        short_id(f"notes|{call.call_id}", 32), f"{name} notes", DOCUMENT,
        short_id("folder|notes", 32), call, text.encode("utf-8-sig"),
    )  # fmt: skip


def _fits(file: File, words: str) -> bool:
    """Whether a search finds a file: by type, folder and time, as far as it names them."""
    types = re.findall(r"mimeType = '([^']+)'", words)
    folders = re.findall(r"'([^']+)' in parents", words)
    since = _SINCE.search(words)
    changed = file.call.ended_at
    return (
        (not types or file.kind in types)
        and (not folders or file.folder in folders)
        and (since is None or changed > datetime.fromisoformat(since[1]).replace(tzinfo=UTC))
    )


def _iso(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.000Z")


def _token(request: Request) -> str:
    return str(request.day + _BEFORE)
