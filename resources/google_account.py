"""Access to Google's APIs by a service account: its key buys tokens that hold for an hour.

The key's file is what Google's console gives out. A token is bought by a signed statement of who
asks, for whom (``subject``, by domain-wide delegation) and for what (``scope``), as RFC 7523 says:
https://developers.google.com/identity/protocols/oauth2/service-account. Neither key nor token is
ever part of a message.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from resources.http import PermanentError, PoliteSession, RefusedError

GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
#: Seconds that a statement holds; Google takes no more.
STATEMENT_SECONDS = 3_600
#: A token is bought anew so many seconds before it ends, so that none ends on the way.
EARLY_SECONDS = 120


class KeyFileError(ValueError):
    """The key's file cannot be used; the message says why and names the file, not what is in it."""


def read_key(path: str) -> dict[str, Any]:
    """The key of a file. Raises ``KeyFileError``."""
    try:
        key = json.loads(Path(path).expanduser().read_text("utf-8"))
    except OSError as error:
        raise KeyFileError(f"{path} cannot be read: {error.strerror}") from None
    except ValueError:
        raise KeyFileError(f"{path} is no JSON; download the key again as JSON") from None
    lacking = {"client_email", "private_key"} - set(key if isinstance(key, dict) else ())
    if lacking:
        raise KeyFileError(f"{path} lacks {', '.join(sorted(lacking))}: no service account's key")
    return key


class ServiceAccount:
    """The tokens of one service account; safe to share between threads."""

    def __init__(
        self,
        key: dict[str, Any],
        *,
        token_url: str,
        scope: str,
        subject: str | None,
        session: PoliteSession,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._key, self._token_url = key, token_url
        self._scope, self._subject = scope, subject
        self._session, self._now = session, now
        self._lock = threading.Lock()
        self._token, self._ends = "", 0.0

    def header(self, refused: str | None = None) -> dict[str, str]:
        """The header that a question bears.

        ``refused`` is a header that was not accepted: its token is bought anew before its end.
        Raises ``RefusedError`` where Google gives this account no token.
        """
        with self._lock:
            known = f"Bearer {self._token}"
            if self._ends - EARLY_SECONDS <= self._now() or refused == known:
                self._buy()
            return {"Authorization": f"Bearer {self._token}"}

    def _buy(self) -> None:
        form = {"grant_type": GRANT, "assertion": self._statement()}
        try:
            answer = self._session.post_form(self._token_url, form)
        except PermanentError as error:
            variable = self._session.declaration.auth.variable
            raise RefusedError(
                self._session.source,
                error.url,
                f"no token for {self._key['client_email']}: {_said(error.excerpt)}; check "
                f"{variable}, the delegation of {self._scope} and the mailbox",
                status=error.status,
            ) from None
        said = answer.json()
        self._token = str(said["access_token"])
        self._ends = self._now() + float(said.get("expires_in", STATEMENT_SECONDS))

    def _statement(self) -> str:
        from google.auth import crypt, jwt

        begins = int(self._now())
        claims = {
            "iss": self._key["client_email"],
            "scope": self._scope,
            "aud": self._key.get("token_uri") or self._token_url,
            "iat": begins,
            "exp": begins + STATEMENT_SECONDS,
        }
        if self._subject:
            claims["sub"] = self._subject
        signer = crypt.RSASigner.from_service_account_info(self._key)
        return jwt.encode(signer, claims).decode("ascii")


def _said(excerpt: bytes) -> str:
    """What Google says in an error: ``{"error": "invalid_grant", "error_description": "..."}``."""
    try:
        told = json.loads(excerpt)
        return " ".join(str(told[k]) for k in ("error", "error_description") if told.get(k))
    except (ValueError, TypeError, KeyError, AttributeError):
        return "the answer gives no reason"
