"""Technologies that a vendor's profile of a domain lists (BuiltWith's Domain API, v22)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

#: The vendor has seen it, at a time of its own choosing.
CONFIDENCE = 0.8

#: Names of the vendor for what our fingerprints call otherwise; facts, by lower-case name.
VENDOR_NAMES = {
    "google analytics 4": "Google Analytics",
    "google universal analytics": "Google Analytics",
    "global site tag": "Google Tag Manager",
    "linkedin insights": "LinkedIn Insight Tag",
    "facebook pixel for shopify": "Facebook Pixel",
    "google apps for business": "Google Workspace",
    "office 365 mail": "Microsoft 365",
    "microsoft exchange online": "Microsoft 365",
    "pardot": "Salesforce Pardot",
    "hubspot analytics": "HubSpot",
    "hubspot forms": "HubSpot",
    "cloudflare hosting": "Cloudflare",
    "cloudflare cdn": "Cloudflare",
    "amazon cloudfront cdn": "Amazon CloudFront",
    "cloudfront": "Amazon CloudFront",
    "nginx web server": "Nginx",
    "apache": "Apache HTTP Server",
    "iis": "Microsoft IIS",
    "vue": "Vue.js",
}


@dataclass(frozen=True)
class ListedTechnology:
    """One technology that a profile calls live."""

    technology: str
    category: str | None
    vendor: str | None
    confidence: float
    #: What the vendor says of it: since when, and when last seen.
    evidence: str


def read_builtwith(profile: Mapping[str, Any]) -> Iterator[ListedTechnology]:
    """Live technologies of a profile, each once, in alphabetical order.

    Names that our own lists have bear our writing, category and vendor; others the profile's
    category. What is listed as no longer live is left out: a profile that drops it tells the same.
    """
    found: dict[str, ListedTechnology] = {}
    for path in profile.get("Paths") or ():
        for entry in _mappings(path.get("Technologies") if isinstance(path, Mapping) else None):
            name = str(entry.get("Name") or "").strip()
            if name and entry.get("Live") is not False:
                listed = _listed(name, entry)
                found.setdefault(listed.technology, listed)
    yield from (found[name] for name in sorted(found, key=str.casefold))


def _listed(name: str, entry: Mapping[str, Any]) -> ListedTechnology:
    known = _known().get(VENDOR_NAMES.get(name.casefold(), name).casefold())
    categories = [c.get("Category") for c in _mappings(entry.get("Categories"))]
    stated = next((str(c) for c in categories if c), None) or entry.get("Tag")
    seen = [
        f"{words} {day}"
        for words, key in (("first detected", "FirstDetected"), ("last detected", "LastDetected"))
        if (day := _day(entry.get(key))) is not None
    ]
    return ListedTechnology(
        known[0] if known else name,
        known[1] if known else stated,
        known[2] if known else None,
        CONFIDENCE,
        ", ".join([f"{name} listed", *seen]),
    )


def _day(value: Any) -> str | None:
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    try:
        return datetime.fromtimestamp(value / 1000, UTC).date().isoformat()
    except (ValueError, OverflowError, OSError):
        return None


@cache
def _known() -> dict[str, tuple[str, str | None, str | None]]:
    """Name, category and vendor of every technology that fingerprints or mail map know."""
    from detection.fingerprints import own_technologies
    from detection.mail_providers import own_providers

    providers = own_providers()
    found = {
        p.name.casefold(): (p.name, p.kind, p.vendor)
        for p in (*providers.hosts.values(), *providers.senders.values())
    }
    return found | {t.name.casefold(): (t.name, t.category, t.vendor) for t in own_technologies()}


def _mappings(values: Any) -> Iterator[Mapping[str, Any]]:
    return (
        (v for v in values or () if isinstance(v, Mapping))
        if isinstance(values, list)
        else iter(())
    )
