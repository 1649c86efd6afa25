"""What can go wrong between us and a source: for good, or for now."""

from __future__ import annotations

import re

import requests
from urllib3.exceptions import NewConnectionError


class SourceError(Exception):
    """A source could not be read. The message names the source and the address, never a secret."""

    def __init__(self, source: str, url: str, problem: str, *, excerpt: bytes = b"") -> None:
        self.source = source
        self.url = url
        self.problem = problem
        self.excerpt = excerpt[:2000]
        super().__init__(f"{source}: {problem} [{url}]")


class TransientError(SourceError):
    """The source did not answer for now: connection, timeout, 408, 429 or 5xx, tried to the end."""


class UnansweredError(TransientError):
    """A question that costs may have reached the source, and no answer came: it is in doubt."""


class CircuitOpenError(TransientError):
    """The host was not asked, because it has not answered for some time."""


class PermanentError(SourceError):
    """Asking again would give the same: a 4xx status, a refused certificate, a bad address."""

    def __init__(
        self,
        source: str,
        url: str,
        problem: str,
        *,
        status: int | None = None,
        excerpt: bytes = b"",
    ) -> None:
        super().__init__(source, url, problem, excerpt=excerpt)
        self.status = status


class RefusedError(PermanentError):
    """401 or 403: the key, contact or address is not accepted."""


class TooLargeError(PermanentError):
    """The body is larger than the source's ``max_body_bytes``."""


class BadResponseError(PermanentError):
    """The answer is not what the source promises, for example truncated JSON or an HTML page."""


class AttemptFailedError(Exception):
    """One failed attempt that may be repeated; ``wait`` is the pause asked for, in seconds."""

    def __init__(self, problem: str, wait: float | None = None, excerpt: bytes = b"") -> None:
        super().__init__(problem)
        self.wait = wait
        self.excerpt = excerpt


class InDoubtError(Exception):
    """A question was sent whose answer never came, and asking again could be charged twice."""


class BodyTooLargeError(Exception):
    """Reading stopped at the largest body."""


def was_never_sent(error: Exception) -> bool:
    """Whether the connection was not even made, so that the source cannot have heard of it."""
    if isinstance(error, requests.exceptions.ConnectTimeout):
        return True
    reason = getattr(error.args[0], "reason", None) if error.args else None
    return isinstance(reason, NewConnectionError)


def plain_words(error: Exception) -> str:
    """What went wrong without addresses of memory or our own pools."""
    reason = getattr(error.args[0], "reason", error.args[0]) if error.args else error
    text = re.sub(r"<[^>]*>:?\s*|HTTPS?Connection\w*\([^)]*\):?\s*", "", str(reason))
    return f"{type(error).__name__}: {text[:300]}"
