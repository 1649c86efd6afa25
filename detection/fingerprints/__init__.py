"""Technologies behind a web page or a domain, by the traces that everybody can see.

Belongs here: what a page shows (``page``), which of many patterns occur in it (``multipattern``),
what follows from them (``technologies``), the project's own list (``own``) and the reader of the
webappanalyzer format (``webappanalyzer``). Does not belong here: fetching pages, reading files.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from detection.compiled import Cache
from detection.fingerprints.engine import FingerprintEngine
from detection.fingerprints.own import load_technologies, own_technologies
from detection.fingerprints.page import Page
from detection.fingerprints.technologies import Technology, TechnologyHit
from detection.fingerprints.webappanalyzer import load_webappanalyzer

__all__ = [
    "Cache",
    "FingerprintEngine",
    "Page",
    "Technology",
    "TechnologyHit",
    "default_engine",
    "install_engine",
    "load_technologies",
    "load_webappanalyzer",
    "merge_technologies",
    "own_technologies",
]

_lock = threading.Lock()
_installed: FingerprintEngine | None = None
_maker: Callable[[], FingerprintEngine] | None = None


def default_engine() -> FingerprintEngine:
    """The engine that readers use: the installed one, else the project's own technologies."""
    global _installed
    with _lock:
        if _installed is None:
            _installed = _maker() if _maker else FingerprintEngine(own_technologies())
        return _installed


def install_engine(maker: Callable[[], FingerprintEngine] | None) -> None:
    """Have readers of this process use another engine, made when first needed.

    None goes back to the project's own. An equal maker changes nothing.
    """
    global _installed, _maker
    with _lock:
        if maker != _maker:
            _installed, _maker = None, maker


def merge_technologies(
    own: Iterable[Technology], more: Iterable[Technology]
) -> tuple[Technology, ...]:
    """Both lists as one: of a technology in both, traces are joined and ``own`` names the rest."""
    found = {t.name: t for t in own}
    names = {name.casefold(): name for name in found}
    for other in more:
        known = found.get(names.get(other.name.casefold(), ""))
        if known is None:
            found[other.name] = other
            names[other.name.casefold()] = other.name
            continue
        found[known.name] = Technology(
            name=known.name,
            category=known.category or other.category,
            vendor=known.vendor or other.vendor,
            texts=_joined(known.texts, other.texts),
            named=_joined(known.named, other.named),
            elements=(*known.elements, *other.elements),
            dns=_joined(known.dns, other.dns),
            implies=(*known.implies, *other.implies),
            # The project's own traces need nothing beside them.
            requires=() if known.has_page_traces else other.requires,
            requires_categories=() if known.has_page_traces else other.requires_categories,
            excludes=(*known.excludes, *other.excludes),
            categories=tuple(dict.fromkeys((*known.categories, *other.categories))),
        )
    return tuple(_renamed(technology, names) for technology in found.values())


def _renamed(technology: Technology, names: Mapping[str, str]) -> Technology:
    """References to other technologies by the names that these bear here."""

    def here(name: str) -> str:
        return names.get(name.casefold(), name)

    return replace(
        technology,
        implies=tuple((here(name), percent) for name, percent in technology.implies),
        requires=tuple(map(here, technology.requires)),
        excludes=tuple(map(here, technology.excludes)),
    )


def _joined(one: Mapping[str, tuple], other: Mapping[str, tuple]) -> dict[str, tuple]:
    return {key: (*one.get(key, ()), *other.get(key, ())) for key in dict.fromkeys((*one, *other))}
