"""Questions to APIs that take short-lived tokens, and what their refusals mean.

A token that is not accepted is bought anew once. A refusal is told in the vendor's own words, with
what the user should check; one that means "later" is told apart from one that means "never".
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from resources.http import Answer, BadResponseError, RefusedError, TransientError
from resources.oauth import CredentialsError, Tokens, read_credentials
from resources.sources.connectors.base import Context, NotConfiguredError

#: Code and message of an error in a vendor's own shape; empty where the answer has none.
Reason = Callable[[bytes], tuple[str, str]]


def credentials_of(context: Context, *kinds: tuple[str, ...]) -> dict[str, Any]:
    """The source's credentials. Raises ``NotConfiguredError`` saying what is wrong with them."""
    auth = context.declaration.auth
    try:
        return read_credentials(str(context.declaration.secret(context.environ)), *kinds)
    except CredentialsError as error:
        raise NotConfiguredError(f"{auth.variable}: {error}") from None


def needed_option(context: Context, name: str) -> str:
    """An option without which nothing can be asked. Raises ``NotConfiguredError``."""
    value = str(context.option(name, "") or "")
    if not value:
        raise NotConfiguredError(f"source {context.source!r}: set options.{name}")
    return value


def as_object(answer: Answer) -> dict[str, Any]:
    """The JSON object of an answer. Raises ``BadResponseError`` for anything else."""
    page = answer.json()
    if not isinstance(page, dict):
        raise BadResponseError(answer.source, answer.url, "answer is no JSON object")
    return page


class TokenApi:
    """One API as one set of credentials may read it.

    ``later`` are codes of refusals that will pass. ``about`` ends the sentence "... may not read".
    """

    def __init__(
        self,
        context: Context,
        tokens: Tokens,
        *,
        reason: Reason,
        later: Collection[str] = (),
        about: str,
    ) -> None:
        self._context, self._tokens = context, tokens
        self._reason, self._later, self._about = reason, frozenset(later), about

    def get(
        self,
        url: str,
        asked: Mapping[str, Any] | None = None,
        accept: Sequence[int] = (),
    ) -> Answer:
        """One question. Raises ``RefusedError`` or ``TransientError`` in the vendor's words."""
        header = self._tokens.header()
        for is_last in (False, True):
            answer = self._context.session.get(
                url, asked, cache=False, accept=(400, 401, 403, *accept), headers=header
            )
            if answer.status != 401 or is_last:
                break
            header = self._tokens.header(refused=header["Authorization"])
        if answer.status in (400, 401, 403) and answer.status not in accept:
            self._refuse(answer)
        return answer

    def object(
        self, url: str, asked: Mapping[str, Any] | None = None, accept: Sequence[int] = ()
    ) -> dict[str, Any] | None:
        """The JSON object that a question is answered with; None for a status in ``accept``."""
        answer = self.get(url, asked, accept)
        return None if answer.status in accept else as_object(answer)

    def _refuse(self, answer: Answer) -> None:
        refuse(
            self._context, answer, self._reason(answer.content), later=self._later,
            about=self._about,
        )  # fmt: skip


def refuse(
    context: Context,
    answer: Answer,
    reason: tuple[str, str],
    *,
    later: Collection[str],
    about: str,
) -> None:
    """Raise what a refusal means: ``TransientError`` for "later", else ``RefusedError``."""
    code, message = reason
    if code in later:
        raise TransientError(
            context.source, answer.url, f"status {answer.status} {code}: ask less or later"
        )
    variable = context.declaration.auth.variable
    said = f"{message or code or 'no reason given'}".rstrip(".")
    raise RefusedError(
        context.source,
        answer.url,
        f"status {answer.status}: {said}; the account of {variable} may not read {about}",
        status=answer.status,
        excerpt=answer.content[:2000],
    )


def listed_option(context: Context, name: str) -> list[str]:
    """An option that is a list, or a text of values parted by commas."""
    value = context.option(name, None) or ()
    values = value.split(",") if isinstance(value, str) else value
    return [str(one).strip() for one in values if str(one).strip()]


def is_below(url: str, *addresses: str) -> bool:
    """Whether an address is at the host of one of ``addresses``, or at a host below it."""
    asked = urlsplit(url)
    for address in addresses:
        known = urlsplit(address)
        same = asked.netloc == known.netloc
        below = (asked.hostname or "").endswith(f".{known.hostname}") and asked.port == known.port
        if asked.scheme == known.scheme and (same or below):
            return True
    return False
