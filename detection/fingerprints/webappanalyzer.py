"""Fingerprints in the webappanalyzer (formerly Wappalyzer) format, from the user's own copy.

The format: https://github.com/enthec/webappanalyzer#specification. The set is GPL-3.0 and no part
of the project; who wants it names a folder of it. Fields that need a running page, another request
or the connection itself (``js``, ``xhr``, ``probe``, ``robots``, ``certIssuer``, DOM properties)
cannot be seen in a stored page: what only they tell is not observable, and they are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from detection.errors import UnreadableError
from detection.fingerprints.multipattern import compile_regex
from detection.fingerprints.technologies import (
    DNS_TYPES,
    ElementTrace,
    Pattern,
    Technology,
)

#: The format's fields of plain patterns and ours.
_TEXTS = {
    "html": "html",
    "scripts": "scripts",
    "css": "css",
    "text": "text",
    "scriptSrc": "script_src",
    "url": "page_url",
}
#: Selectors of elements whose text is a field of its own.
_RAW_TEXT = {
    "script": ("scripts",),
    "style": ("css",),
    "style, script": ("css", "scripts"),
    "script, style": ("css", "scripts"),
}

_NAMED_GROUP = re.compile(r"\(\?<([A-Za-z_]\w*)>")
_EMPTY_CLASSES = (("[^]", r"[\s\S]"), ("[]", r"(?!)"))


@dataclass(frozen=True)
class Loaded:
    """What a set gave: technologies, and what of it could not be used, by name with the reason."""

    technologies: tuple[Technology, ...]
    unusable: tuple[str, ...]


def load_webappanalyzer(
    technologies: Mapping[str, Mapping[str, Any]], categories: Mapping[str, Mapping[str, Any]]
) -> Loaded:
    """Technologies of the merged ``technologies/*.json`` and ``categories.json``.

    A pattern that is no regular expression is left out and named, never a reason to refuse the set.
    Raises ``UnreadableError`` when an entry is not in the format at all.
    """
    names = {
        int(number): str(entry.get("name"))
        for number, entry in categories.items()
        if str(number).isdigit() and isinstance(entry, Mapping)
    }
    unusable: list[str] = []
    found = []
    for name, entry in technologies.items():
        if not isinstance(entry, Mapping):
            raise UnreadableError("bad_fingerprint", f"{name}: a technology is a JSON object")
        found.append(_technology(name, entry, names, unusable))
    return Loaded(tuple(found), tuple(unusable))


def _technology(
    name: str, entry: Mapping[str, Any], categories: Mapping[int, str], unusable: list[str]
) -> Technology:
    def patterns(values: Any) -> tuple[Pattern, ...]:
        return tuple(_usable(name, (parse_pattern(v) for v in _list(values)), unusable))

    own = tuple(categories[c] for c in _list(entry.get("cats")) if c in categories)
    texts = {ours: patterns(entry.get(theirs)) for theirs, ours in _TEXTS.items()}
    named = {
        field: tuple(
            (_cookie_name(key) if field == "cookies" else key, pattern)
            for key, values in _mapping(entry.get(field)).items()
            for pattern in patterns(values)
        )
        for field in ("headers", "cookies", "meta")
    }
    elements = []
    for element in _elements(name, entry.get("dom"), unusable):
        field = _RAW_TEXT.get(element.selector) if element.kind == "text" else None
        if field is None:
            elements.append(element)
        for part in field or ():
            texts[part] = (*texts[part], element.pattern)
    dns = {
        kind: patterns(values)
        for kind, values in _mapping(entry.get("dns")).items()
        if kind in DNS_TYPES
    }
    return Technology(
        name=name,
        category=own[0] if own else None,
        texts={field: found for field, found in texts.items() if found},
        named={field: found for field, found in named.items() if found},
        elements=tuple(elements),
        dns={kind: found for kind, found in dns.items() if found},
        implies=tuple(
            (pattern.regex, pattern.confidence)
            for pattern in map(parse_pattern, _list(entry.get("implies")))
        ),
        requires=tuple(parse_pattern(v).regex for v in _list(entry.get("requires"))),
        requires_categories=tuple(
            categories[c] for c in _list(entry.get("requiresCategory")) if c in categories
        ),
        excludes=tuple(parse_pattern(v).regex for v in _list(entry.get("excludes"))),
        categories=own,
    )


def parse_pattern(text: Any) -> Pattern:
    """A pattern with its tags (``\\;version:\\1\\;confidence:50``), in Python's dialect."""
    regex, *tags = str(text).split("\\;")
    version, confidence = None, 100
    for tag in tags:
        key, _, value = tag.partition(":")
        if key == "version":
            version = value
        elif key == "confidence" and value.strip().isdigit():
            confidence = min(100, int(value))
    # Without a version tag groups of this format tell no version.
    return Pattern(_python_dialect(regex), version or "", confidence)


def _cookie_name(name: str) -> str:
    """A cookie's name; one with signs of an expression as the expression of what it can mean.

    The format says that names are plain, and the sets hold expressions and ``*`` for any ending.
    """
    if not re.search(r"[\\^$|?*+()\[\]{}]", name):
        return name
    name = name.removeprefix("(?i)")
    meanings = [re.escape(name), name, re.escape(name).replace(r"\*", ".*")]
    usable = [m for m in dict.fromkeys(meanings) if _compiles(m)]
    return f"^(?:{'|'.join(usable)})$"


def _compiles(regex: str) -> bool:
    try:
        compile_regex(regex)
    except UnreadableError:
        return False
    return True


def _python_dialect(regex: str) -> str:
    """A JavaScript expression as Python writes it: named groups, and classes of none or all."""
    regex = regex.removeprefix("(?i)")
    regex = _NAMED_GROUP.sub(r"(?P<\1>", regex)
    for theirs, ours in _EMPTY_CLASSES:
        if theirs in regex:
            regex = regex.replace(theirs, ours)
    return regex


def _elements(name: str, dom: Any, unusable: list[str]) -> Iterable[ElementTrace]:
    if isinstance(dom, str | list):
        for selector in _list(dom):
            pattern = parse_pattern(selector)
            yield ElementTrace(pattern.regex, "exists", Pattern("", "", pattern.confidence))
        return
    for selector, wanted in _mapping(dom).items():
        for condition in _list(wanted):
            for kind, value in _mapping(condition).items():
                if kind == "exists":
                    tags = parse_pattern(value)
                    yield ElementTrace(selector, "exists", Pattern("", "", tags.confidence))
                elif kind == "text":
                    for pattern in _usable(name, [parse_pattern(value)], unusable):
                        yield ElementTrace(selector, "text", pattern)
                elif kind == "attributes":
                    for attribute, text in _mapping(value).items():
                        for pattern in _usable(name, [parse_pattern(text)], unusable):
                            yield ElementTrace(selector, attribute.lower(), pattern)


def _usable(name: str, patterns: Iterable[Pattern], unusable: list[str]) -> Iterable[Pattern]:
    for pattern in patterns:
        try:
            compile_regex(pattern.regex, name)
        except UnreadableError as error:
            unusable.append(error.reason)
        else:
            yield pattern


def _list(value: Any) -> list[Any]:
    if value is None:
        return []
    return list(value) if isinstance(value, list | tuple) else [value]


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
