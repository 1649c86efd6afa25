"""Any source that answers JSON over HTTP, asked and read as its declaration says.

For an interface with a list of records and one of the usual ways of paging no code is needed. A
question with a mapping (``record``) makes records of a known type; one without stores each record
as it came, for a staging model of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

from resources.http import Answer, BadResponseError, encode_json
from resources.lake import Record
from resources.mapped.rows import map_row, stated_id
from resources.mapped.tables import Row, value_at
from resources.sources.connectors.base import (
    Context,
    Emission,
    Rejected,
    Target,
    parse_time,
    stated_time,
)
from resources.sources.connectors.file_drop import as_record, faults
from resources.sources.questions import Question


def fetch(context: Context) -> Iterator[Emission]:
    """Records that are new or changed, question by question."""
    for question in context.declaration.questions:
        items: list[Target | None] = [None]
        if question.per == "company":
            items = [
                target for target in context.targets if _values(target).keys() >= question.needs()
            ]
        yield from context.each(
            items,
            lambda target, question=question: target.name if target else question.path,
            lambda target, question=question: _ask(context, question, target),
            question.stream,
            lambda target: _asked(context, target),
        )


def _values(target: Target | None) -> dict[str, str]:
    """What a question may name of a company."""
    if target is None:
        return {}
    known = {"name": target.name, "domain": target.domain, "cik": target.cik}
    return {name: value for name, value in known.items() if value}


def _asked(context: Context, target: Target | None) -> list[str]:
    """By what the source asked about a company, if about any."""
    key = _values(target).get(context.declaration.asks_by)
    return [key] if key else []


def _ask(context: Context, question: Question, target: Target | None) -> Iterator[Emission]:
    for answer in _pages(context, question, _values(target)):
        for position, item in enumerate(_records(answer, question, context.source)):
            if not isinstance(item, dict):
                yield Rejected(
                    context.source, question.stream, f"{answer.url}#{position}", "unreadable_row",
                    f"record {position} is no JSON object [{answer.url}]",
                    excerpt=encode_json(item),
                )  # fmt: skip
                continue
            for emission in _record(context, question, item, position, answer.url):
                if not isinstance(emission, Record) or context.is_new(emission):
                    yield emission


def _pages(context: Context, question: Question, told: Mapping[str, str]) -> Iterator[Answer]:
    """Answers of one question, page by page, up to ``max_pages``."""
    base = context.urls[question.base]
    escaped = {name: quote(value, safe="") for name, value in told.items()}
    url: str | None = f"{base}{question.path.format_map(escaped)}"
    params: dict[str, Any] = {
        name: value.format_map(told) if isinstance(value, str) else value
        for name, value in question.params.items()
    }
    paging = question.paging
    at = paging.first if paging else 0
    for _ in range(paging.max_pages if paging else 1):
        if paging and paging.kind in ("page", "offset"):
            params[paging.parameter] = at
        answer = context.session.get(str(url), params=params or None)
        yield answer
        if paging is None:
            return
        content = answer.json()
        count = len(_records(answer, question, context.source))
        if not count or (paging.size and count < paging.size):
            return
        if paging.kind in ("page", "offset"):
            at += 1 if paging.kind == "page" else count
            continue
        following = value_at(content, paging.next) if isinstance(content, dict) else None
        if not following:
            return
        if paging.kind == "cursor":
            params[paging.parameter] = following
        else:
            url, params = _next_url(context, answer, str(following)), {}


def _next_url(context: Context, answer: Answer, following: str) -> str:
    """The next page's address. Raises ``BadResponseError`` when it is another host's."""
    url = urljoin(answer.url, following)
    if urlsplit(url).netloc != urlsplit(answer.url).netloc:
        raise BadResponseError(
            context.source, answer.url, f"the next page is on another host: {url[:200]}"
        )
    return url


def _records(answer: Answer, question: Question, source: str) -> list[Any]:
    content = answer.json()
    found = value_at(content, question.records) if question.records else content
    if not isinstance(found, list):
        have = f"it has the fields {sorted(content)}" if isinstance(content, dict) else "it is none"
        raise BadResponseError(
            source, answer.url,
            f"answer has no list {question.records or '(the answer itself)'!r}; {have}",
            excerpt=answer.content,
        )  # fmt: skip
    return found


def _record(
    context: Context, question: Question, item: dict[str, Any], position: int, url: str
) -> Iterator[Emission]:
    if question.record is not None:
        for mapped in map_row(Row(position, item), question.record):
            yield from faults(context.source, question.stream, url, mapped)
            if mapped.is_admitted:
                yield as_record(context, question.stream, mapped, url, None)[0]
        return
    known_as = stated_id(item, question.id)
    if known_as is None:
        yield Rejected(
            context.source, question.stream, f"{url}#{position}", "missing_id",
            f"record {position} has no {' or '.join(question.id)} [{url}]",
            excerpt=encode_json(item),
        )  # fmt: skip
        return
    stated = value_at(item, question.observed_at) if question.observed_at else None
    page = value_at(item, question.url) if question.url else None
    yield Record(
        source=context.source,
        stream=question.stream,
        record_id=known_as,
        observed_at=stated_time(stated if parse_time(stated) else None, context.fetched_at),
        fetched_at=context.fetched_at,
        source_url=page if isinstance(page, str) else url,
        payload=encode_json(item),
    )
