"""Access by short-lived tokens (OAuth 2), whatever buys them: an app, a person's consent, a key.

An app buys tokens by its own id and secret (RFC 6749, 4.4), a person's consent by the refresh token
that it left behind (RFC 6749, 6), a Google service account by a statement that its key signs
(RFC 7523, https://developers.google.com/identity/protocols/oauth2/service-account). A token is
bought anew shortly before it ends, or when it is refused. Neither secret nor token is ever part of
a message.
"""

from __future__ import annotations

import base64
import json
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from resources.http import BadResponseError, PermanentError, PoliteSession, RefusedError

STATEMENT_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
#: Seconds that a signed statement holds; Google takes no more.
STATEMENT_SECONDS = 3_600
#: Seconds that a token is trusted to hold where its seller does not say (Salesforce says nothing).
UNSAID_SECONDS = 3_600
#: A token is bought anew so many seconds before it ends, so that none ends on the way.
EARLY_SECONDS = 120

Credentials = Mapping[str, Any]
#: What is sent to buy a token, made anew for each purchase.
Form = Callable[[], Mapping[str, str]]


class CredentialsError(ValueError):
    """Credentials cannot be used; the message says why, never what is in them."""


def read_credentials(said: str, *kinds: tuple[str, ...]) -> dict[str, Any]:
    """Credentials from JSON text, or from the JSON file whose path it is.

    ``kinds`` are sets of fields of which one must be there whole. Raises ``CredentialsError``.
    """
    path = None
    text = said.strip()
    if not text.startswith("{"):
        path = Path(text).expanduser()
        try:
            text = path.read_text("utf-8")
        except (OSError, ValueError) as error:
            why = getattr(error, "strerror", None) or "no text"
            raise CredentialsError(f"{path} cannot be read: {why}") from None
    where = str(path) if path else "what is set"
    try:
        read = json.loads(text)
    except ValueError:
        raise CredentialsError(f"{where} is no JSON; give a JSON object or a file of one") from None
    fields = {name for name, value in read.items() if value} if isinstance(read, dict) else set()
    if not any(fields.issuperset(kind) for kind in kinds):
        wanted = ", or ".join(", ".join(kind) for kind in kinds)
        closest = min(kinds, key=lambda kind: len(set(kind) - fields))
        lacking = ", ".join(name for name in closest if name not in fields)
        raise CredentialsError(f"{where} lacks {lacking}; it must hold {wanted}")
    return read


def app_form(credentials: Credentials, **more: str) -> Form:
    """An app asks in its own name."""
    form = {"grant_type": "client_credentials"}
    names = ("client_id", "client_secret")
    return lambda: form | {name: str(credentials[name]) for name in names} | more


def refresh_form(credentials: Credentials) -> Form:
    """An app asks in the name of a person who once agreed."""
    names = ("client_id", "client_secret", "refresh_token")
    return lambda: (
        {"grant_type": "refresh_token"} | {name: str(credentials[name]) for name in names}
    )


def statement_form(
    key: Credentials,
    *,
    token_url: str,
    scope: str,
    subject: str | None,
    now: Callable[[], float] = time.time,
) -> Form:
    """A service account asks by its key, for itself or for ``subject`` (by delegation)."""

    def form() -> dict[str, str]:
        from google.auth import crypt, jwt

        begins = int(now())
        claims = {
            "iss": key["client_email"],
            "scope": scope,
            "aud": key.get("token_uri") or token_url,
            "iat": begins,
            "exp": begins + STATEMENT_SECONDS,
            **({"sub": subject} if subject else {}),
        }
        try:
            signer = crypt.RSASigner.from_service_account_info(key)
        except ValueError:
            raise CredentialsError("private_key is no key; download the file again") from None
        return {
            "grant_type": STATEMENT_GRANT,
            "assertion": jwt.encode(signer, claims).decode("ascii"),
        }

    return form


def basic_header(credentials: Credentials) -> dict[str, str]:
    """The app's id and secret as a header, where a seller of tokens wants them there."""
    pair = f"{credentials['client_id']}:{credentials['client_secret']}".encode()
    return {"Authorization": f"Basic {base64.b64encode(pair).decode('ascii')}"}


class Tokens:
    """The tokens that one set of credentials buys; safe to share between threads.

    ``of`` names who asks and ``remedy`` what a person should check, for the message of a refusal.
    """

    def __init__(
        self,
        session: PoliteSession,
        url: str,
        form: Form,
        *,
        of: str,
        remedy: str,
        headers: Mapping[str, str] | None = None,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._session, self._url, self._form = session, url, form
        self._of, self._remedy = of, remedy
        self._headers, self._now = headers, now
        self._lock = threading.Lock()
        self._token, self._ends = "", 0.0

    def header(self, refused: str | None = None) -> dict[str, str]:
        """The header that a question bears.

        ``refused`` is a header that was not accepted: its token is bought anew before its end.
        Raises ``RefusedError`` where no token is given.
        """
        with self._lock:
            known = f"Bearer {self._token}"
            if self._ends - EARLY_SECONDS <= self._now() or refused == known:
                self._buy()
            return {"Authorization": f"Bearer {self._token}"}

    def _buy(self) -> None:
        variable = self._session.declaration.auth.variable
        try:
            answer = self._session.post_form(self._url, self._form(), headers=self._headers)
        except CredentialsError as error:
            raise RefusedError(self._session.source, self._url, f"{variable}: {error}") from None
        except PermanentError as error:
            raise RefusedError(
                self._session.source,
                error.url,
                f"no token for {self._of}: {_said(error.excerpt)}; check {variable}, "
                f"{self._remedy}",
                status=error.status,
            ) from None
        said = answer.json()
        if not isinstance(said, dict) or not said.get("access_token"):
            raise BadResponseError(self._session.source, answer.url, "answer holds no access_token")
        self._token = str(said["access_token"])
        self._ends = self._now() + float(said.get("expires_in") or UNSAID_SECONDS)


def _said(excerpt: bytes) -> str:
    """What the seller of tokens says: ``{"error": ..., "error_description" or "reason": ...}``."""
    try:
        told = json.loads(excerpt)
        words = [str(told[k]) for k in ("error", "error_description", "reason") if told.get(k)]
        return " ".join(words)[:300] or "the answer gives no reason"
    except (ValueError, TypeError, KeyError, AttributeError):
        return "the answer gives no reason"
