"""Teams: transcripts of the meetings that some people organised, by Microsoft Graph.

The first question for a person asks for everything since a day, later ones for what came since, by
the link that the last one ended with; where that has grown too old, the first is asked again, and
what the lake holds is not read twice. https://learn.microsoft.com/graph/api/calltranscript-delta
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import quote, urlsplit

from resources.lake import Record
from resources.oauth import Tokens, app_form
from resources.sources.connectors.base import (
    Context,
    Cursor,
    Emission,
    Failed,
    NotConfiguredError,
)
from resources.sources.connectors.meetings import STREAM, layout_of, meeting_record
from resources.sources.connectors.token_api import (
    TokenApi,
    as_object,
    credentials_of,
    listed_option,
)

APP = ("tenant_id", "client_id", "client_secret")
#: Days that the first run looks back.
HISTORY_DAYS = 180.0
#: Codes of errors that mean "later", not "never".
LATER = frozenset({"TooManyRequests", "activityLimitReached", "serviceNotAvailable"})
Item = tuple[str, Mapping[str, Any]]


def fetch(context: Context) -> Iterator[Emission]:
    """Transcripts that the lake does not hold; one person who cannot be read harms no other."""
    teams = _Teams(context)
    held = context.versions(STREAM)
    links: dict[str, str] = {}
    wanted: dict[str, Item] = {}

    def ask(user: str) -> Iterator[Emission]:
        found, links[user] = teams.transcripts(user, context.cursors.get((STREAM, _key(user))))
        new = (one for one in found if one["id"] not in held)
        wanted.update((f"transcript {one['id']}", (user, one)) for one in new)
        return iter(())

    yield from context.each(teams.users, lambda user: f"user {user}", ask, STREAM)
    unread: set[str] = set()
    for emission in context.each(list(wanted), str, lambda one: teams.read(wanted[one]), STREAM):
        if isinstance(emission, Failed):
            unread.add(wanted[emission.target][0])
        yield emission
    for user, link in links.items():
        if link and user not in unread:
            yield Cursor(STREAM, _key(user), link)


def _key(user: str) -> str:
    return f"delta {user}"


def probe(context: Context) -> str:
    """Whether transcripts of the first person can be listed. Errors are those of ``fetch``."""
    teams = _Teams(context)
    found = teams.first_page(teams.users[0])
    return (
        f"transcripts of {teams.users[0]} can be listed ({len(found)} on the first page); "
        f"{len(teams.users)} people are asked about"
    )


class _Teams:
    """A tenant as Graph shows it."""

    def __init__(self, context: Context) -> None:
        self._context = context
        app = credentials_of(context, APP)
        self.users = listed_option(context, "users")
        if not self.users:
            raise NotConfiguredError(f"source {context.source!r}: set options.users")
        tenant = quote(str(app["tenant_id"]), safe="")
        tokens = Tokens(
            context.session,
            f"{context.urls['token']}/{tenant}/oauth2/v2.0/token",
            app_form(app, scope=f"{origin(context.urls['api'])}/.default"),
            of=f"app {app['client_id']}",
            remedy="its secret's end, and the administrator's consent",
        )
        self._api = TokenApi(
            context,
            tokens,
            reason=reason,
            later=LATER,
            about="transcripts; grant OnlineMeetingTranscript.Read.All and OnlineMeetings.Read.All "
            "as application permissions, and an application access policy for the people",
        )
        self._meetings: dict[tuple[str, str], dict[str, Any]] = {}

    def transcripts(self, user: str, link: str | None) -> tuple[list[dict[str, Any]], str]:
        """What the pages list, and the link that the next run asks by."""
        found: list[dict[str, Any]] = []
        link = link if link and link.startswith("http") else None
        url, asked = (self._here(link), None) if link else self._first(user)
        seen: set[str] = set()
        while True:
            page = self._api.object(url, asked, accept=(400, 404, 410) if link else ())
            if page is None:
                # The link has grown too old, or is none: from the beginning.
                return self.transcripts(user, None)
            found += [one for one in page.get("value") or () if one.get("id")]
            ahead = page.get("@odata.nextLink")
            if not ahead or ahead in seen:
                return found, str(page.get("@odata.deltaLink") or "")
            seen.add(ahead)
            url, asked = self._here(ahead), None

    def first_page(self, user: str) -> list[dict[str, Any]]:
        """Transcripts of one question."""
        return list(as_object(self._api.get(*self._first(user))).get("value") or ())

    def _first(self, user: str) -> tuple[str, dict[str, Any] | None]:
        days = float(self._context.option("history_days", HISTORY_DAYS))
        since = (self._context.fetched_at - timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")
        which = f"meetingOrganizerUserId='{quote(user)}',startDateTime={since}"
        return f"{self._meetings_of(user)}/getAllTranscripts({which})/delta", None

    def _meetings_of(self, user: str) -> str:
        return f"{self._context.urls['api']}/users/{quote(user)}/onlineMeetings"

    def _here(self, link: str) -> str:
        """A link of Graph's at the declared address: the token goes nowhere else."""
        parts = urlsplit(link)
        base = urlsplit(self._context.urls["api"])
        query = f"?{parts.query}" if parts.query else ""
        return f"{base.scheme}://{base.netloc}{parts.path}{query}"

    def read(self, item: Item) -> Iterator[Record]:
        """One transcript; one that was deleted meanwhile is none."""
        user, told = item
        meeting_id, transcript_id = str(told.get("meetingId") or ""), str(told["id"])
        url = (
            f"{self._meetings_of(user)}/{quote(meeting_id, safe='')}/transcripts/"
            f"{quote(transcript_id, safe='')}/content"
        )
        answer = self._api.get(url, {"$format": "text/vtt"}, accept=(404,))
        if answer.status == 404:
            return
        meeting = self._meeting(user, meeting_id)
        sidecar = {
            name: told[name]
            for name in ("createdDateTime", "endDateTime", "callId", "contentCorrelationId")
            if told.get(name)
        } | {
            "owners": [user],
            "join_url": meeting.get("joinWebUrl"),
            "participants": people_of(meeting),
        }
        yield meeting_record(
            self._context,
            record_id=transcript_id,
            meeting_id=meeting_id,
            content=answer.content,
            layout=layout_of(answer.content) or "vtt",
            sidecar=sidecar,
            topic=meeting.get("subject"),
            started_at=meeting.get("startDateTime") or told.get("createdDateTime"),
            source_url=meeting.get("joinWebUrl"),
        )

    def _meeting(self, user: str, meeting_id: str) -> dict[str, Any]:
        """Subject, start and people; empty where the app may not know them."""
        key = (user, meeting_id)
        if key not in self._meetings:
            url = f"{self._meetings_of(user)}/{quote(meeting_id, safe='')}"
            self._meetings[key] = self._api.object(url, accept=(403, 404)) or {}
        return self._meetings[key]


def people_of(meeting: Mapping[str, Any]) -> list[dict[str, str]]:
    """Organizer and attendees of a meeting, by name and address."""
    told = meeting.get("participants") or {}
    listed = [told.get("organizer") or {}, *(told.get("attendees") or [])]
    people = []
    for one in listed:
        user = (one.get("identity") or {}).get("user") or {}
        name, email = str(user.get("displayName") or ""), str(one.get("upn") or "").lower()
        if name or email:
            people.append({"name": name, "email": email})
    return people


def origin(url: str) -> str:
    """Scheme and host of an address: whom a token is meant for."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def reason(content: bytes) -> tuple[str, str]:
    """Code and message of ``{"error": {"code": ..., "message": ...}}``."""
    try:
        error = json.loads(content)["error"]
        return str(error.get("code", "")), str(error.get("message", ""))
    except (ValueError, TypeError, KeyError, AttributeError):
        return "", ""
