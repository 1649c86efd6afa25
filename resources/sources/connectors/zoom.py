"""Zoom's cloud recordings: transcripts (VTT) and chats of an account's or some users' meetings.

Recordings are listed by day, a month at most at a time, and read once; a transcript comes some time
after its meeting, so each run looks again a few days back. Who took part is asked per meeting, as
far as the app may know. https://developers.zoom.us/docs/api/
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import quote

from resources.http import BadResponseError
from resources.lake import Record
from resources.oauth import Tokens, basic_header
from resources.sources.connectors.base import (
    Context,
    Cursor,
    Emission,
    Failed,
    cursor_floor,
)
from resources.sources.connectors.meetings import STREAM, layout_of, meeting_record
from resources.sources.connectors.token_api import (
    TokenApi,
    as_object,
    credentials_of,
    is_below,
    listed_option,
)

APP = ("account_id", "client_id", "client_secret")
PAGE_SIZE = 300
#: Days of one question; Zoom answers for a month at most.
WINDOW_DAYS = 30
#: Days that the first run looks back, and that later ones look back behind the last.
HISTORY_DAYS, OVERLAP_DAYS = 180.0, 4.0
#: Types of files that are read, and their layout where the content tells none.
LAYOUTS = {"TRANSCRIPT": "vtt", "CHAT": "zoom_chat"}
_CURSOR = "recordings"


@dataclass(frozen=True)
class File:
    """One file of a recorded meeting, as listed."""

    meeting: Mapping[str, Any]
    file: Mapping[str, Any]

    @property
    def file_id(self) -> str:
        """Zoom's id of the file."""
        return str(self.file["id"])


def fetch(context: Context) -> Iterator[Emission]:
    """Transcripts and chats that the lake does not hold."""
    zoom = _Zoom(context)
    floor = cursor_floor(
        context.cursors.get((STREAM, _CURSOR)),
        float(context.option("overlap_days", OVERLAP_DAYS)),
    )
    since = floor.date() if floor else context.day - timedelta(
        days=float(context.option("history_days", HISTORY_DAYS))
    )  # fmt: skip
    held = context.versions(STREAM)
    wanted = [f for f in zoom.files(since, context.day) if f.file_id not in held]
    failed = False
    for emission in context.each(wanted, lambda f: f"file {f.file_id}", zoom.read, STREAM):
        failed = failed or isinstance(emission, Failed)
        yield emission
    if not failed:
        yield Cursor(STREAM, _CURSOR, context.fetched_at.isoformat())


def probe(context: Context) -> str:
    """Whether recordings of the last days can be listed. Errors are those of ``fetch``."""
    zoom = _Zoom(context)
    since = context.day - timedelta(days=WINDOW_DAYS - 1)
    found = sum(1 for _ in zoom.files(since, context.day))
    return f"recordings can be listed; {found} transcripts and chats of the last month"


class _Zoom:
    """An account as the API shows it."""

    def __init__(self, context: Context) -> None:
        self._context = context
        app = credentials_of(context, APP)
        form = {"grant_type": "account_credentials", "account_id": str(app["account_id"])}
        tokens = Tokens(
            context.session,
            context.urls["token"],
            lambda: form,
            of=f"app {app['client_id']}",
            remedy="whether the app is activated in Zoom's marketplace",
            headers=basic_header(app),
        )
        self._api = TokenApi(
            context,
            tokens,
            reason=reason,
            about="recordings; give the app the scopes cloud_recording:read:list_account_recordings"
            ":admin and cloud_recording:read:recording:admin",
        )
        self._owners = [f"users/{user}" for user in listed_option(context, "users")] or [
            f"accounts/{context.option('account', 'me')}"
        ]
        self._people: dict[str, list[dict[str, str]]] = {}

    def files(self, since: date, until: date) -> Iterator[File]:
        """Transcripts and chats of meetings from one day to another, finished ones only."""
        seen: set[str] = set()
        for owner in self._owners:
            for meeting in self._meetings(owner, since, until):
                for file in meeting.get("recording_files") or ():
                    is_wanted = file.get("file_type") in LAYOUTS and file.get("id")
                    # A type and no status: chats of old recordings.
                    is_done = file.get("status", "completed") == "completed"
                    if is_wanted and is_done and file["id"] not in seen:
                        seen.add(file["id"])
                        yield File(meeting, file)

    def _meetings(self, owner: str, since: date, until: date) -> Iterator[dict[str, Any]]:
        begin = since
        while begin <= until:
            end = min(until, begin + timedelta(days=WINDOW_DAYS - 1))
            asked = {"from": begin.isoformat(), "to": end.isoformat(), "page_size": PAGE_SIZE}
            token, seen = "", set()
            while True:
                more = {"next_page_token": token} if token else {}
                url = f"{self._context.urls['api']}/{owner}/recordings"
                page = as_object(self._api.get(url, asked | more))
                yield from page.get("meetings") or ()
                token = str(page.get("next_page_token") or "")
                if not token or token in seen:
                    break
                seen.add(token)
            begin = end + timedelta(days=1)

    def read(self, item: File) -> Iterator[Record]:
        """One file; one that was deleted meanwhile is none."""
        meeting, file = item.meeting, item.file
        url = str(file.get("download_url") or "")
        # The token goes to Zoom only, whatever a listing says.
        if not is_below(url, *self._context.urls.values()):
            raise BadResponseError(self._context.source, url, "address of a file is not Zoom's")
        answer = self._api.get(url, accept=(404,))
        if answer.status == 404:
            return
        uuid = str(meeting.get("uuid") or meeting.get("id") or "")
        sidecar = {
            "meeting_number": meeting.get("id"),
            "host_email": meeting.get("host_email"),
            "owners": [meeting["host_email"]] if meeting.get("host_email") else [],
            "duration_minutes": meeting.get("duration"),
            "timezone": meeting.get("timezone"),
            "participants": self._participants(uuid),
            "file": {
                name: file.get(name)
                for name in ("id", "file_type", "file_extension", "recording_type", "file_size",
                             "recording_start", "recording_end")
                if file.get(name) is not None
            },
        }  # fmt: skip
        yield meeting_record(
            self._context,
            record_id=item.file_id,
            meeting_id=uuid,
            content=answer.content,
            layout=layout_of(answer.content) or LAYOUTS[str(file["file_type"])],
            sidecar=sidecar,
            topic=meeting.get("topic"),
            started_at=meeting.get("start_time"),
            source_url=meeting.get("share_url") or file.get("play_url"),
        )

    def _participants(self, uuid: str) -> list[dict[str, str]]:
        """Who took part; empty where the app may not know, or Zoom knows no longer."""
        if not self._context.option("participants", True):
            return []
        if uuid not in self._people:
            # An id with a slash is encoded twice, as Zoom wants it.
            path = quote(quote(uuid, safe=""), safe="")
            url = f"{self._context.urls['api']}/past_meetings/{path}/participants"
            page = self._api.object(url, {"page_size": PAGE_SIZE}, accept=(400, 403, 404)) or {}
            people = [
                {"name": str(p.get("name") or ""), "email": str(p.get("user_email") or "").lower()}
                for p in page.get("participants") or ()
            ]
            # Who lost the line and came back is listed once more.
            self._people[uuid] = list({(p["name"], p["email"]): p for p in people}.values())
        return self._people[uuid]


def reason(content: bytes) -> tuple[str, str]:
    """Code and message of ``{"code": 124, "message": "Invalid access token."}``."""
    try:
        told = json.loads(content)
        return str(told.get("code", "")), str(told.get("message", ""))
    except (ValueError, AttributeError):
        return "", ""
