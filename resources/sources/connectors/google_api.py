"""What Gmail and Drive share: who asks, paging, and Google's errors.

Credentials are a service account's key, or a person's consent as Google's own tools write it down
(``"type": "authorized_user"``). https://developers.google.com/identity/protocols/oauth2
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from resources.oauth import Tokens, refresh_form, statement_form
from resources.sources.connectors.base import Context
from resources.sources.connectors.token_api import TokenApi, credentials_of

SERVICE_ACCOUNT = ("client_email", "private_key")
CONSENT = ("client_id", "client_secret", "refresh_token")
#: Reasons of a status 403 that mean "later", not "never".
LATER = frozenset(
    {"rateLimitExceeded", "userRateLimitExceeded", "dailyLimitExceeded", "quotaExceeded"}
)


def google_api(context: Context, *, scope: str, subject: str, about: str) -> TokenApi:
    """The API as the source's credentials may read it.

    ``subject`` is whom a service account acts for; empty: itself. Raises ``NotConfiguredError``.
    """
    key = credentials_of(context, SERVICE_ACCOUNT, CONSENT)
    token_url = context.urls["token"]
    if "private_key" in key:
        form = statement_form(key, token_url=token_url, scope=scope, subject=subject or None)
        who, remedy = str(key["client_email"]), f"the delegation of {scope} and {about}"
    else:
        form, who = refresh_form(key), f"client {key['client_id']}"
        remedy = f"and ask the person again for {scope}"
    tokens = Tokens(context.session, token_url, form, of=who, remedy=remedy)
    return TokenApi(context, tokens, reason=reason, later=LATER, about=about)


def pages(
    api: TokenApi, url: str, asked: Mapping[str, Any], accept: Sequence[int] = ()
) -> Iterator[dict[str, Any] | None]:
    """Pages of a list to their end; None for one that is answered with a status in ``accept``."""
    token, seen = None, set()
    while True:
        page = api.object(url, {**asked, **({"pageToken": token} if token else {})}, accept)
        yield page
        token = (page or {}).get("nextPageToken")
        if not token or token in seen:
            return
        seen.add(token)


def reason(content: bytes) -> tuple[str, str]:
    """Reason and message of ``{"error": {"message": ..., "errors": [{"reason": ...}]}}``."""
    try:
        error = json.loads(content)["error"]
        listed = error.get("errors") or [{}]
        return str(listed[0].get("reason", "")), str(error.get("message", ""))
    except (ValueError, TypeError, KeyError, AttributeError, IndexError):
        return "", ""
