"""Microsoft Graph (v1.0): tokens of a tenant's app, transcripts by delta, their text, meetings."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sandbox.answers import Answer, Request, as_json
from sandbox.vendors.desk import Call, Desk, short_id
from sandbox.vendors.tokens import Tokens, form_of, refused_sale

#: Transcripts of one page, and days after which a delta link has grown too old.
PAGE, DELTA_DAYS = 2, 30
#: Days are counted from well before the market's start.
_BEFORE = 1_000
_FIRST = re.compile(r"getAllTranscripts\(meetingOrganizerUserId='([^']+)',startDateTime=([^)]+)\)")


def _error(status: int, code: str, message: str) -> Answer:
    inner = {"request-id": short_id(message, 32), "client-request-id": short_id(code, 32)}
    return as_json({"error": {"code": code, "message": message, "innerError": inner}}, status)


def user_id(address: str) -> str:
    """Object id of one of the seller's people."""
    digits = short_id(f"user|{address}", 32)
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


class Graph:
    """The meetings that the seller's people organised in Teams."""

    is_cached = False

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.tokens = Tokens()

    def refused(self, parts: Sequence[str]) -> Answer:
        """What is said when access was withdrawn."""
        if list(parts[1:]) == ["oauth2", "v2.0", "token"]:
            return refused_sale(
                "invalid_client", "AADSTS7000222: The provided client secret keys are expired.", 401
            )
        return _error(401, "InvalidAuthenticationToken", "Access token has expired.")

    def answer(self, request: Request) -> Answer:
        """A token, or an answer to who has one."""
        match request.parts:
            case [_, "oauth2", "v2.0", "token"]:
                form = form_of(request)
                is_meant = (
                    form.get("grant_type") == "client_credentials"
                    and form.get("client_secret")
                    and form.get("scope", "").endswith("/.default")
                )
                return as_json(self.tokens.sell()) if is_meant else self.refused(request.parts)
        if not self.tokens.accept(request):
            return self.refused(request.parts)
        calls = [c for c in self.desk.calls if c.day <= request.day and c.is_teams]
        match request.parts:
            case ["v1.0", "users", user, "onlineMeetings", which, "delta"]:
                return self._delta(request, user, which, calls)
            case ["v1.0", "users", user, "onlineMeetings", meeting, *rest]:
                call = next((c for c in calls if _meeting_id(c) == meeting), None)
                if call is None or user_id(call.raw.attendees[0][1]) != user:
                    return _error(404, "NotFound", "Requested meeting was not found.")
                match rest:
                    case []:
                        return as_json(_meeting(call))
                    case ["transcripts", transcript, "content"]:
                        if transcript == _transcript_id(call):
                            return Answer(200, call.raw.vtt.encode(), "text/vtt")
        return _error(404, "ResourceNotFound", "Resource could not be discovered.")

    def _delta(self, request: Request, user: str, which: str, calls: list[Call]) -> Answer:
        match = _FIRST.fullmatch(which)
        if match is None or match[1] != user:
            return _error(400, "BadRequest", "meetingOrganizerUserId is required.")
        known = {user_id(c.raw.attendees[0][1]) for c in self.desk.calls}
        if user not in known:
            return _error(404, "UnknownError", "User not found.")
        # A token holds the day after which is told, and how many were told of this round.
        token = request.query.get("$deltatoken") or request.query.get("$skiptoken") or ""
        after, _, start = token.partition(".")
        if after.isdigit() and int(after) < request.day + _BEFORE - DELTA_DAYS and not start:
            return _error(410, "syncStateNotFound", "The sync state generation is not found.")
        floor = int(after) - _BEFORE if after.isdigit() else None
        told = [
            call
            for call in calls
            if user_id(call.raw.attendees[0][1]) == user
            and (call.day > floor if floor is not None else _since(call) >= match[2])
        ]
        first = int(start) if start.isdigit() else 0
        here = (
            f"http://{request.headers.get('host', '')}/graph/v1.0/users/{user}/onlineMeetings/"
            f"{which}/delta"
        )
        ahead = (
            {"@odata.nextLink": f"{here}?$skiptoken={after}.{first + PAGE}"}
            if first + PAGE < len(told)
            else {"@odata.deltaLink": f"{here}?$deltatoken={request.day + _BEFORE}"}
        )
        listed = [_transcript(call) for call in told[first : first + PAGE]]
        return as_json({"@odata.context": f"{here}#callTranscripts", "value": listed} | ahead)


def _since(call: Call) -> str:
    return f"{call.started_at:%Y-%m-%dT%H:%M:%SZ}"


def _meeting_id(call: Call) -> str:
    return f"MSo{short_id(f'meeting|{call.call_id}', 32)}"


def _transcript_id(call: Call) -> str:
    return f"MSMjMCMj{short_id(f'transcript|{call.call_id}', 32)}"


def _transcript(call: Call) -> dict[str, object]:
    user = {"id": user_id(call.raw.attendees[0][1]), "displayName": None}
    return {
        "id": _transcript_id(call),
        "meetingId": _meeting_id(call),
        "callId": short_id(f"call|{call.call_id}", 32),
        "createdDateTime": f"{call.started_at:%Y-%m-%dT%H:%M:%S.0000000Z}",
        "endDateTime": f"{call.ended_at:%Y-%m-%dT%H:%M:%S.0000000Z}",
        "contentCorrelationId": short_id(f"content|{call.call_id}", 32),
        "meetingOrganizer": {"user": user},
    }


def _meeting(call: Call) -> dict[str, object]:
    people = [
        {
            "upn": address,
            "role": "presenter" if index == 0 else "attendee",
            "identity": {"user": {"id": user_id(address), "displayName": name}},
        }
        for index, (name, address) in enumerate(call.raw.attendees)
    ]
    return {
        "id": _meeting_id(call),
        "subject": call.raw.topic,
        "startDateTime": f"{call.started_at:%Y-%m-%dT%H:%M:%SZ}",
        "endDateTime": f"{call.ended_at:%Y-%m-%dT%H:%M:%SZ}",
        "joinWebUrl": f"https://teams.example/l/meetup-join/{short_id(call.call_id, 32)}",
        "participants": {"organizer": people[0], "attendees": people[1:]},
    }
