"""What every provider's client shares: one question over the polite session, failures by kind.

A vendor refuses in several ways, and the waterfall must tell them apart: the key is not accepted,
the credits are used up, it knows nothing, the person asked not to be found, the answer has another
shape than promised.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from resources.enrichment.values import Entity, Observation, Question, Subject
from resources.http import (
    Answer,
    BadResponseError,
    PermanentError,
    PoliteSession,
    RefusedError,
    SourceError,
    TransientError,
    UnansweredError,
)


class OutOfCreditsError(PermanentError):
    """The vendor says that the account has no credits or questions left."""


class WithheldError(PermanentError):
    """The vendor may not tell: the person asked not to be found (status 451)."""


@dataclass
class Found:
    """What an answer came to. ``credits`` is what it cost; ``observations`` may be empty."""

    observations: list[Observation]
    credits: float = 0.0
    url: str | None = None
    #: People whom a search of a company names, as ``resources.enrichment.people_found`` has them.
    people: list[dict[str, Any]] = field(default_factory=list)
    #: Whether the vendor has another page of them.
    more: bool = False


@dataclass(frozen=True)
class Operation:
    """One kind of question to one vendor.

    ``question`` makes the question for a subject from what is known of it, or None when something
    that it needs is missing. ``ask`` puts it and reads the answer; None means not found.
    """

    name: str
    entity: Entity
    question: Callable[[Subject, Mapping[str, str]], Question | None]
    ask: Callable[[Client, Question], Found | None]
    #: What a record matched by domain is worth, where the vendor states no confidence of its own.
    record_confidence: float | None = None


class Client:
    """Questions to one provider. ``costs`` marks those that may be charged for."""

    def __init__(
        self,
        session: PoliteSession,
        urls: Mapping[str, str],
        *,
        spacing_seconds: float = 0.0,
        options: Mapping[str, Any] | None = None,
        sleep: Callable[[float], None] = time.sleep,
        out_of_credits: Callable[[int, bytes], bool] | None = None,
    ) -> None:
        self.session = session
        self.urls = urls
        self.options = dict(options or {})
        self._spacing, self._sleep, self._last = spacing_seconds, sleep, 0.0
        self._out_of_credits = out_of_credits or (lambda status, _: status == 402)

    @property
    def source(self) -> str:
        """The provider's name."""
        return self.session.source

    def get(
        self, url: str, params: Mapping[str, Any] | None = None, *, costs: bool = False
    ) -> Answer | None:
        """GET; None for 404. Raises a ``SourceError`` of the kind that fits the refusal."""
        return self._ask(lambda: self.session.get(
            url, params, cache=False, accept_all=True, costs=costs
        ))  # fmt: skip

    def post(
        self,
        url: str,
        body: Any,
        params: Mapping[str, Any] | None = None,
        *,
        costs: bool = False,
    ) -> Answer | None:
        """POST as JSON; None for 404. Raises as ``get`` does."""
        return self._ask(lambda: self.session.post_json(
            url, body, params, accept_all=True, costs=costs
        ))  # fmt: skip

    def _ask(self, put: Callable[[], Answer]) -> Answer | None:
        pause = self._last + self._spacing - time.monotonic()
        if self._spacing and pause > 0:
            self._sleep(pause)
        try:
            answer = put()
        except UnansweredError:
            raise
        except TransientError as error:
            # Some vendors say 429 both for "slower" and for "no credits left".
            if self._out_of_credits(429, error.excerpt):
                raise OutOfCreditsError(
                    error.source, error.url, "no credits left", excerpt=error.excerpt
                ) from None
            raise
        finally:
            self._last = time.monotonic()
        if answer.status < 400:
            return answer
        raise_for(answer, self._out_of_credits, str(self.session.declaration.auth.variable))
        return None


def raise_for(answer: Answer, out_of_credits: Callable[[int, bytes], bool], variable: str) -> None:
    """Raise what a refusal means; return for 404."""
    status = answer.status
    problem, excerpt = f"status {status}", answer.content[:2000]
    if status == 404:
        return
    if out_of_credits(status, answer.content):
        raise OutOfCreditsError(answer.source, answer.url, f"{problem}, no credits left",
                                status=status, excerpt=excerpt)  # fmt: skip
    if status in (401, 403):
        raise RefusedError(
            answer.source, answer.url, f"{problem}; check {variable}", status=status,
            excerpt=excerpt,
        )  # fmt: skip
    if status == 451:
        raise WithheldError(answer.source, answer.url, "the person asked not to be found",
                            status=status)  # fmt: skip
    raise PermanentError(answer.source, answer.url, problem, status=status, excerpt=excerpt)


def mapping(value: Any, answer: Answer, what: str) -> dict[str, Any]:
    """``value`` as a JSON object. Raises ``BadResponseError`` saying what should have been one."""
    if not isinstance(value, dict):
        raise BadResponseError(
            answer.source, answer.url,
            f"the answer's {what} is {type(value).__name__}, not an object",
            excerpt=answer.content,
        )  # fmt: skip
    return value


def wanted(decoded: Any, key: str, answer: Answer) -> Any:
    """``decoded[key]``. Raises ``BadResponseError`` when the answer lacks it."""
    if key not in mapping(decoded, answer, "whole"):
        raise BadResponseError(
            answer.source, answer.url, f"the answer has no {key!r}", excerpt=answer.content
        )
    return decoded[key]


def same_host(address: Any, domain: str | None) -> bool:
    """Whether an address or host belongs to a domain; an absent one contradicts nothing."""
    if not address or not domain:
        return True
    from urllib.parse import urlsplit

    said = str(address)
    host = (urlsplit(said if "://" in said else f"https://{said}").hostname or "").lower()
    host = host.removeprefix("www.")
    return host == domain or host.endswith(f".{domain}") or domain.endswith(f".{host}")


def same_name(one: str | None, other: str | None) -> bool:
    """Whether two people's names can be one person's: same last name, first names that agree."""
    import unicodedata

    def words(name: str | None) -> list[str]:
        plain = unicodedata.normalize("NFKD", name or "").encode("ascii", "ignore").decode()
        return [w.strip(".,").casefold() for w in plain.split() if w.strip(".,")]

    a, b = words(one), words(other)
    if not a or not b or a[-1] != b[-1]:
        return False
    return a[0] == b[0] or (min(len(a[0]), len(b[0])) == 1 and a[0][0] == b[0][0])


__all__ = [
    "BadResponseError", "Client", "Found", "Operation", "OutOfCreditsError", "PermanentError",
    "RefusedError", "SourceError", "TransientError", "UnansweredError", "WithheldError",
    "mapping", "raise_for", "same_host", "same_name", "wanted",
]  # fmt: skip
