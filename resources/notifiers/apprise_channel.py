"""Chat, mail and pager services through the Apprise library (Slack, Teams, e-mail and many more).

Apprise has no idempotency of its own: a process killed between sending and recording tells twice.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence

from resources.notifiers.base import Message, PermanentDeliveryError, TransientDeliveryError

#: Apprise's own notions of urgency.
_KINDS = {"critical": "failure", "high": "warning", "medium": "info", "low": "info"}


class AppriseNotifier:
    """Sends messages to every one of the given Apprise URLs.

    Raises ``ValueError`` when a URL is not one that Apprise knows; the error names its place in the
    list and its scheme, since the rest is secret.
    """

    def __init__(self, urls: Sequence[str]) -> None:
        import apprise

        # Its log lines hold URLs with tokens in them.
        logging.getLogger("apprise").setLevel(logging.CRITICAL)
        self._targets = []
        for place, url in enumerate(urls, start=1):
            target = apprise.Apprise()
            if not target.add(url):
                scheme = url.split("://", 1)[0] if "://" in url else "none"
                raise ValueError(f"URL number {place} (scheme {scheme}) is not an Apprise URL")
            self._targets.append(target)
        self._format = apprise.NotifyFormat.MARKDOWN
        self._arrived: dict[str, set[int]] = {}

    def send(self, message: Message) -> None:
        """Send to each URL; those that succeeded in this process are not asked again.

        Raises ``TransientDeliveryError`` counting the URLs that failed; Apprise does not tell why,
        so every failure counts as one that may pass.
        """
        if not self._targets:
            raise PermanentDeliveryError("no Apprise URL is given")
        arrived = self._arrived.setdefault(message.delivery_id, set())
        for place, target in enumerate(self._targets):
            if place not in arrived and target.notify(
                body=message.markdown,
                title=message.title,
                notify_type=_KINDS.get(message.priority, "info"),
                body_format=self._format,
            ):
                arrived.add(place)
        failed = len(self._targets) - len(arrived)
        if failed:
            raise TransientDeliveryError(
                f"{failed} of {len(self._targets)} services did not accept it"
            )
        del self._arrived[message.delivery_id]

    def close(self) -> None:
        """Nothing is held open."""


def split_urls(text: str) -> list[str]:
    """Apprise URLs of an environment variable, separated by white space or a comma before a URL."""
    return [part for part in re.split(r"\s+|,(?=[a-z0-9]+://)", text.strip()) if part]
