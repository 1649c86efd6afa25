"""A lake record of a news source as an article: the same fields, whatever vendor told it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from detection.press.parts import is_withdrawn
from detection.press.reading import PressReading

#: How NewsAPI ends a text that it cuts: "… [+1234 chars]".
_CUT = re.compile(r"(?:…|\.{3})?\s*\[\+\d+ chars\]\s*$")
_SENTENCE_END = re.compile(r"[.!?][\"”’')\]]*(?=\s|$)")


@dataclass(frozen=True, slots=True)
class Article:
    """One article as its source told it; texts may be HTML, and what is not told is None."""

    outlet: str | None
    title: str | None
    summary: str | None
    content: str | None
    published: str | None
    #: The company that was asked for, where the source answers for one company at a time.
    asked_company: str | None = None


def article_of(source: str, payload: Mapping[str, Any]) -> Article:
    """The article in a payload of ``source``; a source that is not known tells it as feeds do.

    Of the company that a search asked for only the name is taken over: who asks for a name is told
    of whoever bears it, so the text decides, like anywhere else.
    """
    if source == "newsapi":
        outlet = payload.get("source")
        return Article(
            outlet=_text(outlet.get("name")) if isinstance(outlet, Mapping) else None,
            title=_text(payload.get("title")),
            summary=_text(payload.get("description")),
            content=whole_sentences(_text(payload.get("content"))),
            published=_text(payload.get("publishedAt")),
        )
    if source == "google_news":
        outlet = _text(payload.get("outlet"))
        return Article(
            outlet=outlet,
            title=without_outlet(_text(payload.get("title")), outlet),
            summary=None,
            content=None,
            published=_text(payload.get("published")),
            asked_company=_text(payload.get("company")),
        )
    return Article(
        outlet=_text(payload.get("outlet")),
        title=_text(payload.get("title")),
        summary=_text(payload.get("summary")),
        content=_text(payload.get("content")),
        published=_text(payload.get("published")),
    )


def whole_sentences(text: str | None) -> str | None:
    """A text without the sentence at its end that the vendor cut: half an amount is a wrong one."""
    if text is None or not _CUT.search(text):
        return text
    kept = _CUT.sub("", text)
    ends = list(_SENTENCE_END.finditer(kept))
    return kept[: ends[-1].end()] if ends else None


def without_outlet(title: str | None, outlet: str | None) -> str | None:
    """A headline without " - Outlet", which Google News puts behind it."""
    if title and outlet and title.endswith(f" - {outlet}"):
        return title[: -len(outlet) - 3].rstrip() or title
    return title


def named_in_headline(title: str, company: str, published_at: datetime) -> list[PressReading]:
    """That the press names the company asked for, if the headline does and takes nothing back.

    Told only of what tells nothing else; a week's mentions become one weak signal.
    """
    if is_withdrawn(title, "") or not re.search(rf"(?<!\w){re.escape(company)}(?!\w)", title):
        return []
    return [
        PressReading(
            company_name=company,
            company_domain=None,
            signal_type="news_mention",
            signal_subtype="headline",
            sentence=title,
            occurred_on=published_at.date(),
            confidence=0.6,
        )
    ]


def _text(value: object) -> str | None:
    if not isinstance(value, str):
        return None
    return value.strip() or None
