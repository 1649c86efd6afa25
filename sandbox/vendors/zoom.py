"""Zoom (v2): server-to-server tokens, recordings of an account or user, participants, downloads."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from datetime import date, timedelta

from sandbox.answers import Answer, Request, as_json, whole
from sandbox.vendors.desk import Call, Desk, short_id
from sandbox.vendors.tokens import Tokens, basic_of, form_of

#: A listing reaches over a month at most; meetings of one page, fewer than Zoom's 300 so that there
#: is a second one.
MOST_DAYS, PAGE = 31, 2


def _error(status: int, code: int, message: str) -> Answer:
    return as_json({"code": code, "message": message}, status)


class Zoom:
    """The recordings of the seller's account."""

    is_cached = False

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.tokens = Tokens()

    def refused(self, parts: Sequence[str]) -> Answer:
        """What is said when access was withdrawn."""
        if list(parts) == ["oauth", "token"]:
            return as_json(
                {"reason": "Invalid client_id or client_secret", "error": "invalid_client"}, 400
            )
        return _error(401, 124, "Invalid access token.")

    def answer(self, request: Request) -> Answer:
        """A token, or an answer to who has one."""
        if request.parts == ["oauth", "token"]:
            form = form_of(request)
            name, secret = basic_of(request)
            wanted = form.get("grant_type") == "account_credentials" and form.get("account_id")
            return as_json(self.tokens.sell()) if wanted and name and secret else self.refused(
                request.parts
            )  # fmt: skip
        if not self.tokens.accept(request):
            return self.refused(request.parts)
        calls = [c for c in self.desk.calls if c.day <= request.day and not c.is_teams]
        match request.parts:
            case ["v2", "accounts" | "users", owner, "recordings"]:
                if request.parts[1] == "users" and owner != "me":
                    calls = [c for c in calls if c.raw.attendees[0][1] == owner]
                return self._recordings(request, calls)
            case ["v2", "past_meetings", uuid, "participants"]:
                call = next((c for c in calls if _uuid(c) == uuid), None)
                if call is None:
                    return _error(404, 3001, "Meeting does not exist.")
                people = [
                    {"id": short_id(address), "name": name, "user_email": address}
                    for name, address in call.raw.attendees
                ]
                # One of them lost the line and came back.
                return as_json({"page_size": 30, "next_page_token": "",
                                "participants": [*people, people[0]]})  # fmt: skip
            case ["rec", "download", file_id]:
                for call in calls:
                    if short_id(f"zoom|{call.call_id}") == file_id:
                        return Answer(200, call.raw.vtt.encode(), "text/vtt")
                    if short_id(f"chat|{call.call_id}") == file_id:
                        return Answer(200, _chat(call).encode(), "text/plain")
        return _error(404, 3301, "This recording does not exist.")

    def _recordings(self, request: Request, calls: list[Call]) -> Answer:
        try:
            since = date.fromisoformat(request.query["from"])
            until = date.fromisoformat(request.query.get("to", since.isoformat()))
        except (KeyError, ValueError):
            return _error(400, 300, "Invalid field: from.")
        # Of a longer time only the last month is told, without a word.
        since = max(since, until - timedelta(days=MOST_DAYS))
        meant = [c for c in calls if since <= c.started_at.date() <= until]
        start = whole(request.query.get("next_page_token"), 0, 0, len(meant))
        size = whole(request.query.get("page_size"), 30, 1, PAGE)
        host = request.headers.get("host", "")
        return as_json(
            {
                "from": since.isoformat(),
                "to": until.isoformat(),
                "page_size": size,
                "total_records": len(meant),
                "next_page_token": str(start + size) if start + size < len(meant) else "",
                "meetings": [
                    _meeting(call, f"http://{host}/zoom") for call in meant[start : start + size]
                ],
            }
        )


def _uuid(call: Call) -> str:
    """An id as Zoom makes them, now and then with a slash in it."""
    return base64.b64encode(bytes.fromhex(short_id(f"uuid|{call.call_id}", 32))).decode()


def _meeting(call: Call, address: str) -> dict[str, object]:
    started, ended = (f"{t:%Y-%m-%dT%H:%M:%SZ}" for t in (call.started_at, call.ended_at))

    def file(kind: str, extension: str, made_of: str, size: int) -> dict[str, object]:
        file_id = short_id(f"{made_of}|{call.call_id}")
        return {
            "id": file_id,
            "meeting_id": _uuid(call),
            "recording_start": started,
            "recording_end": ended,
            "file_type": kind,
            "file_extension": extension,
            "file_size": size,
            "download_url": f"{address}/rec/download/{file_id}",
            "status": "completed",
            "recording_type": {"TRANSCRIPT": "audio_transcript", "CHAT": "chat_file"}.get(
                kind, "shared_screen_with_speaker_view"
            ),
        }

    files = [
        file("MP4", "MP4", "film", 48_000_000),
        file("TRANSCRIPT", "VTT", "zoom", len(call.raw.vtt.encode())),
        file("CHAT", "TXT", "chat", len(_chat(call).encode())),
    ]
    return {
        "uuid": _uuid(call),
        "id": 80_000_000_000 + int(short_id(call.call_id, 8), 16),
        "account_id": "sandbox-account",
        "host_id": short_id(call.raw.attendees[0][1]),
        "host_email": call.raw.attendees[0][1],
        "topic": call.raw.topic,
        "type": 2,
        "start_time": started,
        "timezone": "UTC",
        "duration": int((call.ended_at - call.started_at).total_seconds() // 60),
        "recording_count": len(files),
        "share_url": f"https://zoom.example/rec/share/{short_id(call.call_id, 32)}",
        "recording_files": files,
    }


def _chat(call: Call) -> str:
    """A chat that says nothing of the deal."""
    names = [name for name, _ in call.raw.attendees]
    return f"00:00:12\t{names[0]}:\tHello {names[-1]}\n00:01:05\t{names[-1]}:\tI can hear you\n"
