"""What is known of technologies: the traces each leaves, and what follows from one being there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

#: Parts of a page that are searched as one text.
TEXT_FIELDS = ("html", "scripts", "css", "text")
#: Parts of a page that are lists of short texts (addresses), each searched by itself.
LINE_FIELDS = ("script_src", "loaded", "urls", "page_url")
#: Parts of an answer that are name and value.
NAMED_FIELDS = ("headers", "cookies", "meta")
#: Record types of DNS in which a technology may show.
DNS_TYPES = ("MX", "TXT", "NS", "CNAME", "SOA")

#: How sure a trace makes us, by where it was seen. Headers, meta elements and addresses are written
#: by the product itself; page text may only speak of it.
CERTAINTY = {
    "headers": 0.95,
    "meta": 0.95,
    "script_src": 0.95,
    "loaded": 0.95,
    "urls": 0.95,
    "cookies": 0.9,
    "dom": 0.9,
    "page_url": 0.9,
    "dns": 0.9,
    "html": 0.85,
    "scripts": 0.85,
    "css": 0.85,
    "text": 0.7,
}


@dataclass(frozen=True, slots=True)
class Pattern:
    """One regular expression (regardless of case) and what a match of it says."""

    regex: str
    #: Template of the version (``\\1``, ``\\1?a:b``); None: group 1, where there is one.
    version: str | None = None
    #: Percent; several matches of one technology add up to at most 100.
    confidence: int = 100


@dataclass(frozen=True, slots=True)
class ElementTrace:
    """Elements that a technology leaves in the page, by CSS selector.

    ``kind`` is ``exists``, ``text`` or the name of an attribute that ``pattern`` is to match.
    """

    selector: str
    kind: str = "exists"
    pattern: Pattern = field(default_factory=lambda: Pattern(""))


@dataclass(frozen=True, slots=True)
class Technology:
    """A product, the traces it leaves, and what it implies, needs or excludes."""

    name: str
    category: str | None = None
    vendor: str | None = None
    #: Field (of TEXT_FIELDS and LINE_FIELDS) to its patterns.
    texts: Mapping[str, tuple[Pattern, ...]] = field(default_factory=dict)
    #: Field (of NAMED_FIELDS) to (name, pattern of the value); cookie names may be patterns.
    named: Mapping[str, tuple[tuple[str, Pattern], ...]] = field(default_factory=dict)
    elements: tuple[ElementTrace, ...] = ()
    #: Record type (of DNS_TYPES) to patterns.
    dns: Mapping[str, tuple[Pattern, ...]] = field(default_factory=dict)
    #: (technology, percent) that is there when this one is.
    implies: tuple[tuple[str, int], ...] = ()
    #: Technologies, or categories, one of which must be there for this one to count.
    requires: tuple[str, ...] = ()
    requires_categories: tuple[str, ...] = ()
    #: Technologies that are not there when this one is, whatever their traces.
    excludes: tuple[str, ...] = ()
    #: All categories; ``category`` is the first.
    categories: tuple[str, ...] = ()

    @property
    def has_page_traces(self) -> bool:
        """Whether a page can show it at all."""
        return bool(self.texts or self.named or self.elements)


@dataclass(frozen=True, slots=True)
class Trace:
    """One pattern that matched."""

    technology: str
    #: Where: a field of the page, ``dom`` or ``dns``.
    method: str
    version: str | None
    #: Percent, as the pattern says.
    confidence: int
    evidence: str


@dataclass(frozen=True)
class TechnologyHit:
    """One technology seen on one page (or in one domain's DNS), with the trace it was seen by."""

    technology: str
    category: str | None
    vendor: str | None
    version: str | None
    #: The field of the surest trace, or ``implied``.
    method: str
    confidence: float
    evidence: str


def version_of(pattern: Pattern, match: re.Match[str]) -> str | None:
    """The version that a match tells; None where it tells none.

    A template's ``\\1?a:b`` gives a where group 1 took part in the match and b where it did not.
    """
    if pattern.version is None:
        found = next((g for g in match.groups() if g), None) if match.re.groups else None
    else:
        found = pattern.version
        for number in range(1, min(match.re.groups, 9) + 1):
            group = match.group(number) or ""
            ternary = re.search(rf"\\{number}\?([^:]*):(.*)$", found)
            if ternary is not None:
                chosen = ternary.group(1) if group else ternary.group(2)
                found = found.replace(ternary.group(), chosen)
            found = found.replace(f"\\{number}", group)
        found = re.sub(r"\\\d", "", found)
    found = (found or "").strip().strip(".")
    return found[:40] or None


def resolve(
    traces: Iterable[Trace], technologies: Mapping[str, Technology]
) -> dict[str, TechnologyHit]:
    """Technologies that a page's traces show, with what they exclude, need and imply.

    Confidence is that of the surest kind of trace, times the patterns' percents added up to at most
    one. What is implied and has no trace of its own bears the implying one's confidence times the
    stated percent.
    """
    seen: dict[str, list[Trace]] = {}
    for trace in traces:
        seen.setdefault(trace.technology, []).append(trace)
    excluded = {name for owner in seen for name in technologies[owner].excludes}
    hits = {
        name: _hit(technologies[name], found)
        for name, found in seen.items()
        if name not in excluded
    }
    waiting = {n for n in hits if technologies[n].requires or technologies[n].requires_categories}
    there = {n: hit for n, hit in hits.items() if n not in waiting}
    _imply(there, technologies)
    while ready := [n for n in waiting if _satisfied(technologies[n], there, technologies)]:
        for name in ready:
            there[name] = hits[name]
            waiting.discard(name)
        _imply(there, technologies)
    return there


def _hit(technology: Technology, traces: list[Trace]) -> TechnologyHit:
    share = min(100, sum(trace.confidence for trace in traces)) / 100
    best = max(traces, key=lambda t: (CERTAINTY[t.method], t.confidence, t.version is not None))
    # Of several versions the longest says most ("3.7.1" rather than "3").
    told = [t for t in traces if t.version is not None]
    shown = max(told, key=lambda t: (len(t.version or ""), t.version)) if told else best
    return TechnologyHit(
        technology.name,
        technology.category,
        technology.vendor,
        shown.version,
        best.method,
        round(CERTAINTY[best.method] * share, 4),
        (shown.evidence or best.evidence)[:200],
    )


def _satisfied(
    technology: Technology, there: Mapping[str, TechnologyHit], all_: Mapping[str, Technology]
) -> bool:
    if any(name in there for name in technology.requires):
        return True
    wanted = set(technology.requires_categories)
    return bool(wanted) and any(wanted & set(all_[n].categories) for n in there if n in all_)


def _imply(there: dict[str, TechnologyHit], technologies: Mapping[str, Technology]) -> None:
    queue = list(there)
    while queue:
        owner = queue.pop()
        for name, percent in technologies[owner].implies:
            implied = technologies.get(name)
            if implied is None or name in there:
                continue
            there[name] = TechnologyHit(
                implied.name,
                implied.category,
                implied.vendor,
                None,
                "implied",
                round(there[owner].confidence * percent / 100, 4),
                f"implied by {owner}",
            )
            queue.append(name)
