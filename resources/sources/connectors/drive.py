"""Google Drive: transcripts and texts that an account may see, as text or as they are.

The first fetch lists files (by type, folder, the user's own ``q``); later ones ask what changed
since, by the token that the last one ended with. A token that is refused is thrown away, and the
files are listed again; one that the lake holds in the same version is not read twice. Google's own
documents are exported as text, sheets as CSV.
https://developers.google.com/workspace/drive/api/reference/rest/v3
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from resources.lake import Record
from resources.sources.connectors.base import Context, Cursor, Emission, Failed
from resources.sources.connectors.documents import DOCUMENTS, document_record
from resources.sources.connectors.google_api import google_api, pages
from resources.sources.connectors.meetings import STREAM, layout_of, meeting_record, named
from resources.sources.connectors.token_api import as_object, listed_option

SCOPE = "https://www.googleapis.com/auth/drive.readonly"
PAGE_SIZE = 1_000
#: Google's own types to the one that each is exported as; of a spreadsheet that is the first sheet.
EXPORTS = {
    "application/vnd.google-apps.document": "text/plain",
    "application/vnd.google-apps.spreadsheet": "text/csv",
}
#: Types of files that are fetched. PDF is kept as it is: the manifest says that it is not read.
TYPES = (
    *EXPORTS,
    "text/vtt",
    "text/plain",
    "text/markdown",
    "text/html",
    "text/csv",
    "application/json",
    "application/pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
)
FILE_FIELDS = (
    "id,name,mimeType,owners(displayName,emailAddress),createdTime,modifiedTime,parents,size,"
    "webViewLink,version,driveId,trashed,lastModifyingUser(displayName,emailAddress)"
)
#: Days that the first run looks back, by when a file was last changed.
HISTORY_DAYS = 365.0
_SHARED = {"supportsAllDrives": "true", "includeItemsFromAllDrives": "true"}
_CURSOR = "changes"


def fetch(context: Context) -> Iterator[Emission]:
    """Files that the lake does not hold as they are now."""
    drive = _Drive(context)
    token = context.cursors.get((STREAM, drive.cursor_key))
    files, token_after = drive.changed(token) if token else (None, "")
    if files is None:
        # Asked for before the list, so what changes meanwhile is told next time.
        token_after = drive.start_token()
        files = drive.listed()
    held = drive.held()
    wanted = [f for f in files if held.get(str(f["id"])) != str(f.get("modifiedTime"))]
    failed = False
    for emission in context.each(wanted, lambda f: f"file {f['id']}", drive.read, DOCUMENTS):
        failed = failed or isinstance(emission, Failed)
        yield emission
    if token_after and not failed:
        yield Cursor(STREAM, drive.cursor_key, token_after)


def probe(context: Context) -> str:
    """Whether files can be listed, asked once. Errors are those of ``fetch``."""
    drive = _Drive(context)
    return f"files can be listed; {drive.first_page()} on the first page"


class _Drive:
    """What one account sees of Drive."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._base = context.urls["api"]
        subject = str(context.option("subject", "") or "")
        self._api = google_api(
            context,
            scope=str(context.option("scope", SCOPE)),
            subject=subject,
            about=f"the files of {subject or 'Drive'}; share folders with the account",
        )
        self._folders = frozenset(listed_option(context, "folders"))
        # Another search is another question: it begins anew.
        self.cursor_key = f"{_CURSOR} {subject}".strip()

    def start_token(self) -> str:
        """Where the list of changes stands now."""
        url = f"{self._base}/changes/startPageToken"
        return str(as_object(self._api.get(url, {"supportsAllDrives": "true"}))["startPageToken"])

    def listed(self) -> list[dict[str, Any]]:
        """Every file that is meant, newest change first as Drive lists them."""
        return [file for page in pages(self._api, f"{self._base}/files", self._question())
                for file in page.get("files") or () if self._is_meant(file)]  # fmt: skip

    def first_page(self) -> int:
        """How many files one question lists."""
        asked = self._question() | {"pageSize": 10}
        return len(as_object(self._api.get(f"{self._base}/files", asked)).get("files") or ())

    def _question(self) -> dict[str, Any]:
        types = " or ".join(f"mimeType = '{kind}'" for kind in TYPES)
        parts = ["trashed = false", f"({types})"]
        days = float(self._context.option("history_days", HISTORY_DAYS))
        since = (self._context.fetched_at - timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%S")
        parts.append(f"modifiedTime > '{since}'")
        if self._folders:
            parts.append(
                "(" + " or ".join(f"'{f}' in parents" for f in sorted(self._folders)) + ")"
            )
        if query := str(self._context.option("q", "") or ""):
            parts.append(f"({query})")
        fields = f"nextPageToken,files({FILE_FIELDS})"
        order = {"orderBy": "modifiedTime desc"}
        return {"q": " and ".join(parts), "fields": fields, "pageSize": PAGE_SIZE} | order | _SHARED

    def changed(self, token: str) -> tuple[list[dict[str, Any]] | None, str]:
        """Files changed since, and the next token; None where the token is no longer taken."""
        fields = f"nextPageToken,newStartPageToken,changes(fileId,removed,time,file({FILE_FIELDS}))"
        asked = {"pageToken": token, "fields": fields, "pageSize": PAGE_SIZE} | _SHARED
        found: dict[str, dict[str, Any]] = {}
        after = token
        for page in pages(self._api, f"{self._base}/changes", asked, accept=(400, 404, 410)):
            if page is None:
                return None, ""
            for change in page.get("changes") or ():
                file = change.get("file") or {}
                if not change.get("removed") and self._is_meant(file):
                    found[str(file["id"])] = file
            after = str(page.get("newStartPageToken") or after)
        return list(found.values()), after

    def _is_meant(self, file: Mapping[str, Any]) -> bool:
        if not file.get("id") or file.get("trashed") or file.get("mimeType") not in TYPES:
            return False
        return not self._folders or not self._folders.isdisjoint(file.get("parents") or ())

    def held(self) -> dict[str, str]:
        """When each file that the lake holds was last changed, as of this fetch."""
        found: dict[str, tuple[Any, str]] = {}
        for stream in (STREAM, DOCUMENTS):
            columns = ["record_id", "fetched_at", "payload"]
            for row in self._context.lake.read(
                self._context.source, stream, columns=columns
            ).to_pylist():
                known = found.get(row["record_id"])
                is_later = known is None or known[0] <= row["fetched_at"]
                if row["fetched_at"] <= self._context.fetched_at and is_later:
                    told = json.loads(row["payload"]).get("modifiedTime")
                    found[row["record_id"]] = (row["fetched_at"], str(told))
        return {file_id: told for file_id, (_, told) in found.items()}

    def read(self, file: Mapping[str, Any]) -> Iterator[Record]:
        """One file; one that was deleted meanwhile is none."""
        url = f"{self._base}/files/{file['id']}"
        exported = EXPORTS.get(str(file.get("mimeType")))
        answer = (
            self._api.get(f"{url}/export", {"mimeType": exported}, accept=(404,))
            if exported
            else self._api.get(url, {"alt": "media", "supportsAllDrives": "true"}, accept=(404,))
        )
        if answer.status == 404:
            return
        name = str(file.get("name") or "")
        layout = layout_of(answer.content)
        link = file.get("webViewLink")
        if layout is None:
            yield document_record(
                self._context,
                record_id=str(file["id"]),
                content=answer.content,
                media_type=exported or str(file.get("mimeType")),
                sidecar=file,
                changed_at=file.get("modifiedTime"),
                source_url=link,
            )
            return
        topic, started = named(name)
        yield meeting_record(
            self._context,
            record_id=str(file["id"]),
            meeting_id=str(file["id"]),
            content=answer.content,
            layout=layout,
            sidecar={**file, "file": name},
            topic=topic,
            started_at=started or file.get("createdTime"),
            source_url=link,
        )
