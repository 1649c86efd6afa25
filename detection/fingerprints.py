"""Technologies behind a web page, by the traces that every visitor sees.

The facts are in ``data/fingerprints.yaml``; any list in that shape can be given instead. Addresses
and page source are scanned once each with a multi-pattern matcher (hyperscan where it is installed,
else one regular expression at a time); only patterns that hit are run again for the version.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from detection.errors import UnreadableError

#: Bytes of a page that are scanned: what identifies a product stands in the first megabytes.
MAX_SCANNED = 2_000_000
#: How sure a trace makes us, by the kind of trace.
_CONFIDENCE = {"headers": 0.95, "meta": 0.95, "urls": 0.95, "cookies": 0.9, "html": 0.85}

_ATTRIBUTE = re.compile(
    rb"""<(?:script|link|iframe|img|form|source|video|embed|a)\b[^<>]{0,2000}?"""
    rb"""\s(?:src|href|action|data-src|srcset)\s*=\s*(?:"([^"<>]{1,2000})"|'([^'<>]{1,2000})'"""
    rb"""|([^\s"'<>]{1,2000}))""",
    re.I,
)
_META = re.compile(rb"<meta\b([^<>]{1,2000})>", re.I)
_META_NAME = re.compile(rb"""\b(?:name|property)\s*=\s*["']?([\w:.-]{1,80})""", re.I)
_META_CONTENT = re.compile(
    rb"""\bcontent\s*=\s*(?:"([^"]{0,500})"|'([^']{0,500})'|([^\s>]+))""", re.I
)
_COOKIE = re.compile(r"(?:^|,\s*|\n)\s*([^=;,\s]{1,200})=([^;,\n]{0,500})")


@dataclass(frozen=True)
class Technology:
    """A product and the traces it leaves; every pattern ignores case, group 1 is the version."""

    name: str
    category: str | None
    vendor: str | None
    urls: tuple[str, ...] = ()
    html: tuple[str, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    cookies: tuple[tuple[str, str], ...] = ()
    meta: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class TechnologyHit:
    """One technology seen on one page, with the trace it was seen by."""

    technology: str
    category: str | None
    vendor: str | None
    version: str | None
    #: headers, cookies, meta, urls or html.
    method: str
    confidence: float
    evidence: str


def load_technologies(document: Mapping[str, Any]) -> tuple[Technology, ...]:
    """Technologies of a parsed fingerprint list; raises UnreadableError naming the faulty entry."""
    found = []
    for position, entry in enumerate(document.get("technologies") or ()):
        if not isinstance(entry, Mapping) or not entry.get("name"):
            raise UnreadableError("bad_fingerprint", f"entry {position} has no name")
        unknown = set(entry) - _FIELDS
        if unknown:
            raise UnreadableError(
                "bad_fingerprint", f"{entry['name']}: unknown field {sorted(unknown)[0]!r}"
            )
        technology = Technology(
            name=str(entry["name"]),
            category=entry.get("category"),
            vendor=entry.get("vendor"),
            urls=tuple(entry.get("urls") or ()),
            html=tuple(entry.get("html") or ()),
            headers=_pairs(entry.get("headers"), lower=True),
            cookies=_pairs(entry.get("cookies")),
            meta=_pairs(entry.get("meta"), lower=True),
        )
        for pattern in _patterns(technology):
            try:
                re.compile(pattern)
            except re.error as error:
                raise UnreadableError(
                    "bad_fingerprint", f"{technology.name}: pattern {pattern!r}: {error}"
                ) from error
        found.append(technology)
    return tuple(found)


_FIELDS = {"name", "category", "vendor", "urls", "html", "headers", "cookies", "meta"}


def _pairs(value: Mapping[str, str] | None, lower: bool = False) -> tuple[tuple[str, str], ...]:
    return tuple((k.lower() if lower else k, v) for k, v in (value or {}).items())


def _patterns(technology: Technology) -> Iterable[str]:
    yield from technology.urls
    yield from technology.html
    for pairs in (technology.headers, technology.meta):
        yield from (pattern for _, pattern in pairs)
    for name, pattern in technology.cookies:
        yield name
        yield pattern


class _Matcher:
    """Which of many patterns occur in a text."""

    def __init__(self, patterns: list[str], use_hyperscan: bool) -> None:
        self.compiled = [re.compile(p.encode(), re.I) for p in patterns]
        self.database = None
        self.slow: list[int] = list(range(len(patterns)))
        if use_hyperscan and patterns:
            self._build(patterns)

    def _build(self, patterns: list[str]) -> None:
        try:
            import hyperscan
        except ImportError:  # optional: the wheel is not there for every platform
            return
        flags = hyperscan.HS_FLAG_CASELESS | hyperscan.HS_FLAG_SINGLEMATCH
        kept: list[int] = []
        for number, pattern in enumerate(patterns):
            try:
                hyperscan.Database().compile(
                    expressions=[pattern.encode()], ids=[number], elements=1, flags=[flags]
                )
                kept.append(number)
            except hyperscan.error:
                continue  # look-behind and the like: left to the regular expressions
        database = hyperscan.Database()
        database.compile(
            expressions=[patterns[n].encode() for n in kept],
            ids=kept,
            elements=len(kept),
            flags=[flags] * len(kept),
        )
        self.database = database
        self.slow = [n for n in range(len(patterns)) if n not in set(kept)]

    def hits(self, text: bytes) -> list[int]:
        """Numbers of the patterns that occur."""
        found: list[int] = []
        if self.database is not None:

            def on_match(number: int, start: int, end: int, flags: int, context: object) -> None:
                found.append(number)

            self.database.scan(text, match_event_handler=on_match)
        found += [n for n in self.slow if self.compiled[n].search(text)]
        return sorted(set(found))


class FingerprintEngine:
    """A set of technologies, compiled once and used for many pages."""

    def __init__(self, technologies: Iterable[Technology], use_hyperscan: bool = True) -> None:
        self.technologies = tuple(technologies)
        self._url_owner: list[Technology] = []
        self._html_owner: list[Technology] = []
        urls: list[str] = []
        html: list[str] = []
        self._headers: dict[str, list[tuple[Technology, re.Pattern[str]]]] = {}
        self._meta: dict[str, list[tuple[Technology, re.Pattern[str]]]] = {}
        self._cookies: list[tuple[Technology, re.Pattern[str], re.Pattern[str]]] = []
        for technology in self.technologies:
            for pattern in technology.urls:
                urls.append(pattern)
                self._url_owner.append(technology)
            for pattern in technology.html:
                html.append(pattern)
                self._html_owner.append(technology)
            for name, pattern in technology.headers:
                entry = (technology, re.compile(pattern, re.I))
                self._headers.setdefault(name, []).append(entry)
            for name, pattern in technology.meta:
                entry = (technology, re.compile(pattern, re.I))
                self._meta.setdefault(name, []).append(entry)
            for name, pattern in technology.cookies:
                self._cookies.append(
                    (technology, re.compile(name, re.I), re.compile(pattern, re.I))
                )
        self._urls = _Matcher(urls, use_hyperscan)
        self._html = _Matcher(html, use_hyperscan)

    def detect(
        self, body: bytes, headers: Mapping[str, Any] | None = None, url: str = ""
    ) -> list[TechnologyHit]:
        """Technologies of one page, each once with its surest trace, in alphabetical order."""
        page = bytes(body[:MAX_SCANNED])
        hits: dict[str, TechnologyHit] = {}
        values = _header_values(headers or {})
        for name, value in values.items():
            for technology, pattern in self._headers.get(name, ()):
                if match := pattern.search(value):
                    _keep(hits, technology, "headers", match, f"{name}: {value}")
        for cookie, value in _cookies(values.get("set-cookie", "")):
            for technology, name_pattern, pattern in self._cookies:
                if name_pattern.search(cookie) and (match := pattern.search(value)):
                    _keep(hits, technology, "cookies", match, f"cookie {cookie}")
        for name, content in _metas(page):
            for technology, pattern in self._meta.get(name, ()):
                if match := pattern.search(content):
                    _keep(hits, technology, "meta", match, f"meta {name}: {content}")
        self._scan(hits, self._urls, self._url_owner, _addresses(page), "urls")
        self._scan(hits, self._html, self._html_owner, page, "html")
        return sorted(hits.values(), key=lambda hit: hit.technology.casefold())

    @staticmethod
    def _scan(
        hits: dict[str, TechnologyHit],
        matcher: _Matcher,
        owners: list[Technology],
        text: bytes,
        method: str,
    ) -> None:
        for number in matcher.hits(text) if text else ():
            owner = owners[number]
            known = hits.get(owner.name)
            if known is not None and known.version is not None:
                continue
            match = matcher.compiled[number].search(text)
            if match is None:
                continue
            start = text.rfind(b"\n", 0, match.start()) + 1 if method == "urls" else match.start()
            start = max(start, match.start() - 120)
            evidence = text[start : match.end() + 60].split(b"\n")[0][:200]
            _keep(hits, owner, method, match, evidence.decode("utf-8", "replace").strip())


def _keep(
    hits: dict[str, TechnologyHit],
    technology: Technology,
    method: str,
    match: re.Match[Any],
    evidence: str,
) -> None:
    version = next((g for g in match.groups() if g), None) if match.re.groups else None
    if isinstance(version, bytes):
        version = version.decode("ascii", "replace")
    version = version.strip(".") or None if version else None
    known = hits.get(technology.name)
    if known is not None and (known.version is not None or version is None):
        return
    confidence = max(_CONFIDENCE[method], known.confidence if known else 0.0)
    hits[technology.name] = TechnologyHit(
        technology.name,
        technology.category,
        technology.vendor,
        version[:40] if version else None,
        method,
        confidence,
        evidence[:200],
    )


def _header_values(headers: Mapping[str, Any]) -> dict[str, str]:
    """Header values by lower-case name; a list of values is joined by line breaks."""
    found: dict[str, str] = {}
    for name, value in headers.items():
        text = "\n".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
        key = str(name).lower()
        found[key] = f"{found[key]}\n{text[:8_000]}" if key in found else text[:8_000]
    return found


def _cookies(header: str) -> list[tuple[str, str]]:
    return [(m.group(1), m.group(2)) for m in _COOKIE.finditer(header)] if header else []


def _metas(page: bytes) -> list[tuple[str, str]]:
    found = []
    for match in _META.finditer(page, 0, 400_000):
        attributes = match.group(1)
        name = _META_NAME.search(attributes)
        content = _META_CONTENT.search(attributes)
        if name and content:
            value = next((g for g in content.groups() if g is not None), b"")
            found.append((name.group(1).decode().lower(), value.decode("utf-8", "replace")))
    return found


def _addresses(page: bytes) -> bytes:
    """Every address the page's elements name, one per line."""
    return b"\n".join(
        m.group(1) or m.group(2) or m.group(3) or b"" for m in _ATTRIBUTE.finditer(page)
    ).replace(b"&amp;", b"&")


@cache
def default_engine() -> FingerprintEngine:
    """The engine over the project's own fingerprints, compiled at the first use."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    text = resources.files("detection.data").joinpath("fingerprints.yaml").read_text("utf-8")
    return FingerprintEngine(load_technologies(yaml.load(text, Loader=loader)))
