"""RSS and Atom documents as their sources send them: whole, and with entries this reads.

feedparser reads what feeds really are: several formats, wrong encodings, broken XML. What it
cannot tell is an answer that only looks like an empty feed, which a reader of pages would take
for the end: a document that breaks off, or one whose vendor has renamed its entries.
"""

from __future__ import annotations

import calendar
import io
import re
from datetime import UTC, datetime
from typing import Any

from resources.http import BadResponseError

#: How a whole RSS, RDF or Atom document ends; without it the last entries may be cut.
_CLOSED = re.compile(rb"</(?:\w+:)?(?:rss|feed|rdf)\s*>", re.IGNORECASE)
_UTF16 = re.compile(rb"\xff\xfe|\xfe\xff|<\x00|\x00<")

#: Parts of a feed that have a title, a link or an id of their own and are no entries
#: (RSS 2.0 and 1.0: image, textInput; Atom, RFC 4287: author, contributor).
_NO_ENTRIES = frozenset({"channel", "image", "textinput", "author", "contributor"})
#: What an entry of any format has at least one of.
_OF_AN_ENTRY = frozenset({"title", "link", "guid", "id"})


def read_entries(
    payload: bytes, source: str, about: str, *, source_url: str, content_type: str = ""
) -> list[Any]:
    """The entries of one page of a feed, as feedparser tells them; none when it has none.

    ``about`` names the feed in errors. Text is as the source said it: no sanitizing, no rewriting
    of links. Raises ``BadResponseError`` when the answer is no feed, breaks off, or has entries
    under a name that no format knows.
    """
    import feedparser

    # As a stream: given bare bytes, feedparser would take a short answer for an address or a path.
    feed = feedparser.parse(
        io.BytesIO(payload),
        response_headers={
            "content-type": content_type or "application/xml",
            "content-location": source_url,
        },
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    wrong = None
    if not feed.get("version") and not feed.get("entries"):
        reason = getattr(feed, "bozo_exception", None)
        wrong = "is no RSS or Atom feed" + (f": {reason}" if reason else "")
    elif not _is_closed(payload):
        wrong = f"breaks off after {len(payload)} bytes"
    elif not feed.entries and (name := _unknown_entry(payload)):
        wrong = f"has its entries as <{name}>, a name that neither RSS nor Atom knows"
    if wrong:
        raise BadResponseError(source, source_url, f"answer of {about} {wrong}", excerpt=payload)
    return list(feed.entries)


def feed_time(parsed: Any) -> datetime | None:
    """A time as feedparser gives it, in UTC; None when it gives none that can be."""
    try:
        return datetime.fromtimestamp(calendar.timegm(parsed), UTC) if parsed else None
    except (ValueError, OverflowError, OSError, TypeError):
        return None


def _is_closed(payload: bytes) -> bool:
    """Whether a feed's document is whole: one that breaks off may have cut its last entries."""
    return bool(_CLOSED.search(payload[-2000:]) or _UTF16.match(payload))


def _unknown_entry(payload: bytes) -> str | None:
    """The name of what looks like an entry in a feed that has none; None when nothing does."""
    from lxml import etree

    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True)
    root = etree.fromstring(payload, parser)
    if root is None:
        return None
    for holder in (root, *root.iterchildren("{*}channel")):
        for part in holder.iterchildren(etree.Element):
            name = etree.QName(part).localname
            inside = {
                etree.QName(one).localname.lower() for one in part.iterchildren(etree.Element)
            }
            if name.lower() not in _NO_ENTRIES and inside & _OF_AN_ENTRY:
                return name
    return None
