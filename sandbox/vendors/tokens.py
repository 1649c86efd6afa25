"""Sellers of short-lived tokens: who may buy, how long one holds, and forgetting all of them."""

from __future__ import annotations

import base64
import binascii
import json
import time
from collections.abc import Callable
from urllib.parse import parse_qsl

from sandbox.answers import Answer, Request, as_json

#: Seconds that a token holds, as with all four vendors.
HOLDS = 3_599
JWT = "urn:ietf:params:oauth:grant-type:jwt-bearer"


class Tokens:
    """The tokens that one vendor has sold. A restart forgets them, as does ``forget``."""

    def __init__(self, seconds: float = HOLDS, now: Callable[[], float] = time.monotonic) -> None:
        self.seconds, self._now = seconds, now
        self._sold: dict[str, float] = {}
        self._count = 0

    def sell(self) -> dict[str, object]:
        """A new token with the seconds that it holds."""
        self._count += 1
        token = f"sandbox-token-{self._count}"
        self._sold[token] = self._now() + self.seconds
        return {"access_token": token, "expires_in": int(self.seconds), "token_type": "Bearer"}

    def forget(self) -> None:
        """Every token sold so far is refused from now on."""
        self._sold.clear()

    def accept(self, request: Request) -> bool:
        """Whether a question bears a token that still holds."""
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        return self._sold.get(token, float("-inf")) > self._now()


def form_of(request: Request) -> dict[str, str]:
    """What a form sent."""
    return dict(parse_qsl(request.body.decode("utf-8", "replace")))


def basic_of(request: Request) -> tuple[str, str]:
    """Name and password of a header; empty where there are none."""
    said = request.headers.get("authorization", "").removeprefix("Basic ")
    try:
        name, _, password = base64.b64decode(said, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return name, password


def statement_of(form: dict[str, str]) -> dict[str, object]:
    """The claims of a signed statement; empty for a form without a readable one."""
    try:
        claims = form["assertion"].split(".")[1]
        return json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))
    except (KeyError, IndexError, ValueError):
        return {}


def sells_to_google(form: dict[str, str]) -> bool:
    """Whether Google would sell a token: by a statement for a scope, or by a consent."""
    if form.get("grant_type") == JWT:
        claims = statement_of(form)
        return bool(claims.get("iss") and claims.get("scope") and claims.get("exp"))
    return form.get("grant_type") == "refresh_token" and bool(form.get("refresh_token"))


def refused_sale(error: str, why: str, status: int = 400) -> Answer:
    """How a seller refuses, as RFC 6749 writes it."""
    return as_json({"error": error, "error_description": why}, status)
