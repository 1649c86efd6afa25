"""What Gmail and Drive share: tokens, errors in Google's shape, pages."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any

from sandbox.answers import Answer, Request, as_json, whole
from sandbox.vendors.desk import Desk
from sandbox.vendors.tokens import Tokens, form_of, refused_sale, sells_to_google


def error(status: int, reason: str, message: str) -> Answer:
    """An error as Google's APIs write it."""
    listed = [{"message": message, "domain": "global", "reason": reason}]
    return as_json({"error": {"code": status, "message": message, "errors": listed}}, status)


class Google(ABC):
    """A Google API with its own seller of tokens, below ``token``."""

    #: Answers depend on the token, so none is kept.
    is_cached = False

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.tokens = Tokens()

    def answer(self, request: Request) -> Answer:
        """A token, or an answer to who has one."""
        if request.parts == ["token"]:
            if not sells_to_google(form_of(request)):
                return refused_sale("invalid_grant", "Invalid JWT Signature.")
            return as_json(self.tokens.sell())
        if not self.tokens.accept(request):
            return self.refused(request.parts)
        return self.told(request)

    @abstractmethod
    def told(self, request: Request) -> Answer:
        """What the API answers to a question that bears a token."""

    def refused(self, parts: Sequence[str]) -> Answer:
        """What is said when access was withdrawn."""
        if list(parts) == ["token"]:
            return refused_sale("unauthorized_client", "Client is unauthorized.", 401)
        return error(401, "authError", "Invalid Credentials")


def page(
    request: Request, found: Sequence[Any], name: str, most: int, size: str = "maxResults"
) -> dict[str, Any]:
    """One page of a list, with the token of the next."""
    start = whole(request.query.get("pageToken"), 0, 0, len(found))
    length = whole(request.query.get(size), 100, 1, most)
    more = {"nextPageToken": str(start + length)} if start + length < len(found) else {}
    return {name: list(found[start : start + length])} | more
