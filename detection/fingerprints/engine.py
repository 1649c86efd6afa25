"""A set of technologies, prepared once and looked for on many pages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from detection.compiled import Cache
from detection.fingerprints.literals import required_literals, selector_literals
from detection.fingerprints.multipattern import Literals, MultiPattern, compile_regex
from detection.fingerprints.page import Page
from detection.fingerprints.technologies import (
    LINE_FIELDS,
    TEXT_FIELDS,
    ElementTrace,
    Pattern,
    Technology,
    TechnologyHit,
    Trace,
    resolve,
    version_of,
)

#: Characters of a trace that are kept as evidence.
_EVIDENCE = 200
#: Names of cookies whose patterns are remembered.
_KEPT_COOKIES = 4_096
_REGEX_SIGNS = re.compile(r"[\\^$.|?*+()\[\]{}]")

#: A technology with the pattern of it that is looked for.
Owned = tuple[Technology, Pattern]


class FingerprintEngine:
    """Finds technologies on pages; with hyperscan or without, the findings are the same."""

    def __init__(
        self,
        technologies: Iterable[Technology],
        use_hyperscan: bool = True,
        cache: Cache | None = None,
        edition: str = "",
    ) -> None:
        """Prepare; raises ``UnreadableError`` for a pattern that is none, naming its owner.

        ``edition`` is added to the reader's version, to tell which set was looked for.
        """
        self.edition = edition
        self.technologies = tuple(technologies)
        self.by_name = {t.name: t for t in self.technologies}
        self._owners: dict[str, list[Owned]] = {}
        self._scanners: dict[str, MultiPattern] = {}
        for part in (*TEXT_FIELDS, *LINE_FIELDS):
            owners = [(t, p) for t in self.technologies for p in t.texts.get(part, ())]
            self._owners[part] = owners
            self._scanners[part] = MultiPattern(
                [pattern.regex for _, pattern in owners],
                use_hyperscan=use_hyperscan,
                cache=cache,
                owners=[technology.name for technology, _ in owners],
            )
        self._headers = self._named("headers")
        self._meta = self._named("meta")
        self._cookies = self._named("cookies")
        self._cookie_patterns = [
            (compile_regex(name, owner[0].name), owned)
            for name, owned in self._cookies.items()
            if _REGEX_SIGNS.search(name.replace(".", ""))
            for owner in owned[:1]
        ]
        # The same few names stand on most pages.
        self._cookie_owners = lru_cache(maxsize=_KEPT_COOKIES)(self._owners_of_cookie)
        self._dns: dict[str, list[tuple[Technology, Pattern, re.Pattern[str]]]] = {}
        for technology in self.technologies:
            for kind, patterns in technology.dns.items():
                self._dns.setdefault(kind, []).extend(
                    (technology, p, compile_regex(p.regex, technology.name)) for p in patterns
                )
        self._prepare_elements(use_hyperscan, cache)

    def _named(self, part: str) -> dict[str, list[tuple[Technology, Pattern, re.Pattern[str]]]]:
        found: dict[str, list[tuple[Technology, Pattern, re.Pattern[str]]]] = {}
        for technology in self.technologies:
            for name, pattern in technology.named.get(part, ()):
                entry = (technology, pattern, compile_regex(pattern.regex, technology.name))
                found.setdefault(name.lower(), []).append(entry)
        return found

    def _owners_of_cookie(self, name: str) -> list[tuple[Technology, Pattern, re.Pattern[str]]]:
        """Patterns for the value of a cookie, by its name or by a pattern of names."""
        owned = list(self._cookies.get(name.lower(), ()))
        for regex, more in self._cookie_patterns:
            if regex.search(name):
                owned += [entry for entry in more if entry not in owned]
        return owned

    def _prepare_elements(self, use_hyperscan: bool, cache: Cache | None) -> None:
        """Selectors are tried on a page only when a text they need stands in its source."""
        self._elements = [(t, e) for t in self.technologies for e in t.elements]
        self._element_regexes = [
            compile_regex(e.pattern.regex, t.name) if e.pattern.regex else None
            for t, e in self._elements
        ]
        self._always: list[int] = []
        #: For each text the selectors that need it, as (number of the trace, all texts it needs).
        self._needing: dict[str, list[tuple[int, frozenset[str]]]] = {}
        for number, (_, element) in enumerate(self._elements):
            for texts in _needed(element):
                if not texts:
                    self._always.append(number)
                else:
                    # Filed under its longest text, which is seen on the fewest pages.
                    rarest = max(texts, key=lambda text: (len(text), text))
                    self._needing.setdefault(rarest, []).append((number, texts))
        listed = {text for filed in self._needing.values() for _, texts in filed for text in texts}
        self._element_texts = Literals(sorted(listed), use_hyperscan=use_hyperscan, cache=cache)

    @property
    def refused(self) -> list[str]:
        """Patterns of pages' texts that are tried one by one."""
        return [regex for scanner in self._scanners.values() for regex in scanner.refused]

    def detect(
        self, body: bytes, headers: Mapping[str, Any] | None = None, url: str = ""
    ) -> list[TechnologyHit]:
        """Technologies of one page, each once with its surest trace, in alphabetical order."""
        hits = resolve(self.traces(Page(body, headers, url)), self.by_name)
        return sorted(hits.values(), key=lambda hit: (hit.technology.casefold(), hit.technology))

    def traces(self, page: Page) -> Iterator[Trace]:
        """Every pattern that matches on a page, field by field."""
        yield from self._named_traces(page)
        for part in LINE_FIELDS:
            if self._owners[part]:
                for number, match, line in self._scanners[part].search_lines(getattr(page, part)):
                    technology, pattern = self._owners[part][number]
                    yield _trace(technology, part, pattern, match, line)
        for part in TEXT_FIELDS:
            if self._owners[part]:
                for number, match in self._scanners[part].search(getattr(page, part)):
                    technology, pattern = self._owners[part][number]
                    yield _trace(technology, part, pattern, match, _around(match))
        yield from self._element_traces(page)

    def detect_dns(self, records: Mapping[str, Iterable[str]]) -> list[TechnologyHit]:
        """Technologies that a domain's records show: type of record to their texts.

        Names end without a dot; a TXT record is one text. In alphabetical order.
        """
        traces = [
            _trace(technology, "dns", pattern, match, f"{kind} {text}")
            for kind, texts in records.items()
            for text in texts
            for technology, pattern, regex in self._dns.get(kind, ())
            if (match := regex.search(text))
        ]
        hits = resolve(traces, self.by_name)
        return sorted(hits.values(), key=lambda hit: (hit.technology.casefold(), hit.technology))

    def _named_traces(self, page: Page) -> Iterator[Trace]:
        for name, value in page.headers.items():
            for technology, pattern, regex in self._headers.get(name, ()):
                for line in value.split("\n"):
                    if match := regex.search(line):
                        shown = f"{name}: {line}"
                        yield _trace(technology, "headers", pattern, match, shown)
        for name, values in page.cookies.items():
            for technology, pattern, regex in self._cookie_owners(name):
                for value in values:
                    if match := regex.search(value):
                        yield _trace(technology, "cookies", pattern, match, f"cookie {name}")
        if self._meta:
            for name, contents in page.meta.items():
                for technology, pattern, regex in self._meta.get(name, ()):
                    for content in contents:
                        if match := regex.search(content):
                            shown = f"meta {name}: {content}"
                            yield _trace(technology, "meta", pattern, match, shown)

    def _element_traces(self, page: Page) -> Iterator[Trace]:
        if not self._elements:
            return
        numbers = set(self._always)
        there = self._element_texts.occurring(page.element_source)
        for text in there:
            for number, texts in self._needing.get(text, ()):
                if texts <= there:
                    numbers.add(number)
        for number in sorted(numbers):
            technology, element = self._elements[number]
            found = matching_element(page, element, self._element_regexes[number])
            if found is not None:
                match, shown = found
                version = version_of(element.pattern, match) if match is not None else None
                yield Trace(
                    technology.name, "dom", version, element.pattern.confidence, shown[:_EVIDENCE]
                )


def _needed(element: ElementTrace) -> set[frozenset[str]]:
    """Sets of texts of which a page must hold one whole set for an element to match."""
    alternatives = selector_literals(element.selector) or [frozenset()]
    extra: list[frozenset[str]] = [frozenset()]
    if element.kind != "exists":
        wanted = required_literals(element.pattern.regex) or ("",)
        extra = [_unescaped(text) for text in wanted]
        if element.kind != "text":
            extra = [texts | {element.kind.lower()} for texts in extra]
    return {texts | more for texts in alternatives for more in extra}


def _unescaped(text: str) -> frozenset[str]:
    """The longest part of a text that stands in a source as it is, whatever is escaped there."""
    piece = max(re.split(r"[&\"'<>\s]", text), key=len)
    return frozenset([piece]) if len(piece) >= 3 else frozenset()


def matching_element(
    page: Page, element: ElementTrace, regex: re.Pattern[str] | None
) -> tuple[re.Match[str] | None, str] | None:
    """The first element that bears a trace: its pattern's match, and its source; else None."""
    try:
        nodes = page.tree.css(element.selector)
    except ValueError:  # a selector that the parser does not know: nothing can be said
        return None
    for node in nodes[:200]:
        if element.kind == "exists":
            return None, _opening(node)
        if element.kind == "text":
            value = node.text(deep=True)
        else:
            value = node.attributes.get(element.kind)
            if element.kind not in node.attributes:
                continue
        if regex is None:
            return None, _opening(node)
        if match := regex.search(value or ""):
            return match, _opening(node)
    return None


def _opening(node: Any) -> str:
    """An element's opening tag."""
    attributes = "".join(
        f' {name}="{value}"' if value is not None else f" {name}"
        for name, value in node.attributes.items()
    )
    return f"<{node.tag}{attributes}>"[:_EVIDENCE]


def _trace(
    technology: Technology, method: str, pattern: Pattern, match: re.Match[str], shown: str
) -> Trace:
    return Trace(
        technology.name,
        method,
        version_of(pattern, match),
        pattern.confidence,
        shown[:_EVIDENCE],
    )


def _around(match: re.Match[str]) -> str:
    """The line in which a match ends, cut to what stands near its end."""
    text, end = match.string, match.end()
    start = max(text.rfind("\n", 0, end) + 1, end - 140)
    return text[start : end + 60].split("\n")[0].strip()
