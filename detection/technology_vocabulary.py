"""One name for each technology, however a profile, a vendor or a job ad writes it.

The names are those of the fingerprints, of the map of mail providers and of the names that texts
use (``data/technology_names.yaml``); nothing is listed here anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True)
class KnownTechnology:
    """A technology by the name under which it is published."""

    name: str
    category: str | None
    vendor: str | None


@cache
def vocabulary() -> dict[str, KnownTechnology]:
    """Every technology that the project knows, by its names in lower case.

    >>> vocabulary()["aws"].name
    'Amazon Web Services'

    A technology's own name comes before another one's alias.
    """
    own: dict[str, KnownTechnology] = {}
    for known in _own():
        own.setdefault(known.name.lower(), known)
    aliases: dict[str, KnownTechnology] = {}
    for alias, name in _aliases():
        if (known := own.get(name.lower())) is not None:
            aliases.setdefault(alias.lower(), known)
    return aliases | own


def find_technology(name: str) -> KnownTechnology | None:
    """The technology of a name; None for one that no list has."""
    return vocabulary().get(" ".join(name.split()).lower())


def _own() -> Iterator[KnownTechnology]:
    """Fingerprints know best what a product is, then the mail map, then the names of texts."""
    from detection.fingerprints import own_technologies
    from detection.mail_providers import own_providers
    from detection.technology_names import default_names

    for technology in own_technologies():
        yield KnownTechnology(technology.name, technology.category, technology.vendor)
    providers = own_providers()
    for provider in (*providers.hosts.values(), *providers.senders.values()):
        yield KnownTechnology(provider.name, provider.kind, provider.vendor)
    for name, (category, vendor) in default_names().technologies.items():
        yield KnownTechnology(name, category, vendor)


def _aliases() -> Iterator[tuple[str, str]]:
    """Other ways to write a technology: (alias, name)."""
    from detection.technology_names import default_names
    from detection.technology_profiles import VENDOR_NAMES

    for name, writings in default_names().writings.items():
        yield from ((writing, name) for writing in writings)
    yield from VENDOR_NAMES.items()
