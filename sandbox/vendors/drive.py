"""Google Drive (v3): ``files``, ``files/{id}``, ``files/{id}/export``, ``changes``.

In the seller's folders lie the transcripts of all calls and the paper of deals: requests,
quotations, minutes, drawings, as Google's own documents and as files. A token of changes is the
number of the day after which they are told.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property

from sandbox.answers import Answer, Request, as_json
from sandbox.correspondence.paperwork import GOOGLE_DOCUMENT, GOOGLE_SHEET
from sandbox.vendors.desk import Call, short_id
from sandbox.vendors.google import Google, error, page

#: Google's own types and what they are exported as.
EXPORTS = {GOOGLE_DOCUMENT: "text/plain", GOOGLE_SHEET: "text/csv"}
#: Files of one page; Drive gives up to 1,000.
PAGE = 10
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
    day: int
    #: Name and address.
    owner: tuple[str, str]
    changed_at: datetime
    content: bytes

    def told(self) -> dict[str, object]:
        """What Drive says of it."""
        owner, address = self.owner
        moment = _iso(self.changed_at)
        size = {} if self.kind in EXPORTS else {"size": str(len(self.content))}
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
                if rest == ["export"] and file.kind not in EXPORTS:
                    return error(403, "fileNotExportable", "Export only supports Docs Editors.")
                if not rest and request.query.get("alt") != "media":
                    return as_json(file.told())
                if not rest and file.kind in EXPORTS:
                    return error(403, "fileNotDownloadable", "Use Export with Docs Editors files.")
                wanted = request.query.get("mimeType", "")
                if rest and wanted != EXPORTS[file.kind]:
                    return error(400, "badRequest", "The requested conversion is not supported.")
                return Answer(200, file.content, wanted or file.kind)
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
            if file.day + _BEFORE > int(day)
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
        return [file for file in self._all if file.day <= day]

    @cached_property
    def _all(self) -> list[File]:
        files = [_transcript(call) for call in self.desk.calls]
        for paper in self.desk.papers:
            changed = paper.changed_at.replace(tzinfo=UTC)
            files.append(
                File(short_id(f"paper|{paper.source_id}", 32), paper.name, paper.media_type,
                     short_id("folder|paper", 32), self.desk.day_of(changed), paper.owner, changed,
                     paper.data)
            )  # fmt: skip
        return sorted(files, key=lambda file: (file.day, file.changed_at, file.file_id))


def _transcript(call: Call) -> File:
    tool = "Teams" if call.is_teams else "Zoom"
    name = f"{call.started_at:%Y-%m-%d %H-%M} {call.raw.topic.replace('/', '-')}.vtt"
    return File(
        short_id(f"drive|{call.call_id}", 32), name, "text/vtt", short_id(f"folder|{tool}", 32),
        call.day, call.raw.attendees[0], call.ended_at, call.raw.vtt.encode(),
    )  # fmt: skip


def _fits(file: File, words: str) -> bool:
    """Whether a search finds a file: by type, folder and time, as far as it names them."""
    types = re.findall(r"mimeType = '([^']+)'", words)
    folders = re.findall(r"'([^']+)' in parents", words)
    since = _SINCE.search(words)
    changed = file.changed_at
    return (
        (not types or file.kind in types)
        and (not folders or file.folder in folders)
        and (since is None or changed > datetime.fromisoformat(since[1]).replace(tzinfo=UTC))
    )


def _iso(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.000Z")


def _token(request: Request) -> str:
    return str(request.day + _BEFORE)
