"""The project's own fingerprints: facts in ``data/fingerprints/``, one YAML file a category.

A file names its ``category`` and lists ``technologies``; each may have

- ``hosts``: what it is loaded from by a page (script, frame, image, form), with or without the
  start of a path; a link that a visitor may follow is no use of it
- ``urls``: patterns of any address that the page names, links included
- ``html``: patterns of the page's source
- ``headers``, ``cookies``, ``meta``: name (of cookies: a pattern) to the pattern of the value;
  ``''`` says that it is there
- ``dns``: record type to patterns of a record's text
- ``implies``: names of technologies that are there when this one is
- ``page``: an invented page that shows it: HTML, or ``html``, ``headers`` and ``dns`` apart

Patterns are regular expressions without regard to case; group 1, where there is one, is the
version. A page where none matches says nothing: what a page cannot show is not absent.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources
from typing import Any

from detection.errors import UnreadableError
from detection.fingerprints.technologies import DNS_TYPES, Pattern, Technology
from detection.learned import learned
from detection.packaged import read_yaml

_TEXTS = {"urls": "urls", "html": "html"}
_FIELDS = {
    "name", "category", "vendor", "hosts", "urls", "html", "headers", "cookies", "meta", "dns",
    "implies", "page",
}  # fmt: skip


def load_technologies(document: Mapping[str, Any]) -> tuple[Technology, ...]:
    """Technologies of a parsed list; raises ``UnreadableError`` naming the faulty entry."""
    return tuple(
        _technology(position, entry)
        for position, entry in enumerate(document.get("technologies") or ())
    )


def _technology(position: int, entry: Any) -> Technology:
    from detection.fingerprints.multipattern import compile_regex

    if not isinstance(entry, Mapping) or not entry.get("name"):
        raise UnreadableError("bad_fingerprint", f"entry {position} has no name")
    name = str(entry["name"])
    unknown = set(entry) - _FIELDS
    unknown |= set(entry.get("dns") or {}) - set(DNS_TYPES)
    if unknown:
        raise UnreadableError("bad_fingerprint", f"{name}: unknown field {sorted(unknown)[0]!r}")
    technology = Technology(
        name=name,
        category=entry.get("category"),
        vendor=entry.get("vendor"),
        texts={
            field: patterns
            for field, patterns in (
                *((field, _patterns(entry.get(key))) for key, field in _TEXTS.items()),
                ("loaded", tuple(Pattern(_host(host)) for host in entry.get("hosts") or ())),
                ("scripts", tuple(Pattern(_host(host)) for host in entry.get("hosts") or ())),
            )
            if patterns
        },
        named={
            key: tuple((n, Pattern(p)) for n, p in entry[key].items())
            for key in ("headers", "cookies", "meta")
            if entry.get(key)
        },
        dns={kind: _patterns(listed) for kind, listed in (entry.get("dns") or {}).items()},
        implies=tuple((str(other), 100) for other in entry.get("implies") or ()),
        categories=(entry["category"],) if entry.get("category") else (),
    )
    for regex in _regexes(technology):
        compile_regex(regex, name)
    return technology


def _host(host: str) -> str:
    """A host, or host and start of a path, in an address (``//js.acme.example/``) or beside it."""
    return rf"//(?:[\w-]+\.)*{re.escape(host)}(?![\w-]|\.\w)"


def _patterns(listed: Iterable[str] | None) -> tuple[Pattern, ...]:
    return tuple(Pattern(regex) for regex in listed or ())


def _regexes(technology: Technology) -> Iterable[str]:
    for patterns in (*technology.texts.values(), *technology.dns.values()):
        yield from (pattern.regex for pattern in patterns)
    for pairs in technology.named.values():
        yield from (pattern.regex for _, pattern in pairs)
    yield from (name for name, _ in technology.named.get("cookies", ()))


def own_document() -> dict[str, Any]:
    """The project's list as it is written, test pages and all; every entry with its category.

    Raises ``UnreadableError`` for a technology that is listed twice.
    """
    found: dict[str, dict[str, Any]] = {}
    folder = resources.files("detection.data").joinpath("fingerprints")
    for path in sorted(folder.iterdir(), key=lambda path: path.name):
        if not path.name.endswith(".yaml"):
            continue
        listed = read_yaml(path.read_text("utf-8"))
        for entry in listed["technologies"]:
            if found.setdefault(entry["name"], entry) is not entry:
                raise UnreadableError("bad_fingerprint", f"{entry['name']} is listed twice")
            entry["category"] = listed["category"]
    return {"technologies": list(found.values())}


@cache
def own_technologies() -> tuple[Technology, ...]:
    """The project's own technologies, read and checked once a home (``detection.learned``)."""
    return learned("technologies", lambda: load_technologies(own_document()))
