"""The project's own fingerprints: facts in ``data/fingerprints.yaml``, or a list of that shape."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources
from typing import Any

from detection.errors import UnreadableError
from detection.fingerprints.technologies import DNS_TYPES, Pattern, Technology

_TEXTS = {"urls": "urls", "html": "html"}
_FIELDS = {
    "name", "category", "vendor", "urls", "html", "headers", "cookies", "meta", "dns", "implies",
    "page",
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
            for key, field in _TEXTS.items()
            if (patterns := _patterns(entry.get(key)))
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


def _patterns(listed: Iterable[str] | None) -> tuple[Pattern, ...]:
    return tuple(Pattern(regex) for regex in listed or ())


def _regexes(technology: Technology) -> Iterable[str]:
    for patterns in (*technology.texts.values(), *technology.dns.values()):
        yield from (pattern.regex for pattern in patterns)
    for pairs in technology.named.values():
        yield from (pattern.regex for _, pattern in pairs)
    yield from (name for name, _ in technology.named.get("cookies", ()))


def own_document() -> dict[str, Any]:
    """The project's list as it is written, test pages and all."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    text = resources.files("detection.data").joinpath("fingerprints.yaml").read_text("utf-8")
    return yaml.load(text, Loader=loader)


@cache
def own_technologies() -> tuple[Technology, ...]:
    """The project's own technologies, read at the first use."""
    return load_technologies(own_document())
