"""Technologies that a domain's DNS records show.

Mail exchangers name who takes or filters the mail; an SPF record names who may send it; tokens in
text records were asked for by a service to prove that the domain is the customer's. A token often
outlives the contract, and an SPF entry may, so both make less sure than the exchanger.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from detection.fingerprints import FingerprintEngine, TechnologyHit
from detection.mail_providers import MailProvider, MailProviders

#: How sure a trace makes us, by type of record; SPF entries are told apart from other texts.
CERTAINTY = {"MX": 0.95, "NS": 0.9, "CNAME": 0.9, "SPF": 0.8, "TXT": 0.7}
#: Addresses and names that an SPF record refers to.
_SPF_NAME = re.compile(r"(?:^|\s)[+?~-]?(?:include:|redirect=|exists:|a:|mx:)([^\s;]+)", re.I)


def read_dns(
    records: Mapping[str, Iterable[str]], engine: FingerprintEngine, providers: MailProviders
) -> list[TechnologyHit]:
    """Technologies of one domain, each once with its surest trace, in alphabetical order.

    ``records``: type to texts, as in ``FingerprintEngine.detect_dns``; MX texts begin with the
    preference.
    """
    found: dict[str, TechnologyHit] = {}
    listed = [_sure(hit) for hit in engine.detect_dns(records)]
    for hit in (*_mail(records, engine, providers), *listed):
        known = found.get(hit.technology)
        if known is None or hit.confidence > known.confidence:
            found[hit.technology] = hit
    return sorted(found.values(), key=lambda hit: (hit.technology.casefold(), hit.technology))


def _sure(hit: TechnologyHit) -> TechnologyHit:
    """A listed trace with the certainty of its type of record (the first word of its evidence)."""
    if hit.method != "dns":
        return hit
    return replace(hit, confidence=CERTAINTY.get(hit.evidence.partition(" ")[0], hit.confidence))


def _mail(
    records: Mapping[str, Iterable[str]], engine: FingerprintEngine, providers: MailProviders
) -> Iterator[TechnologyHit]:
    for text in records.get("MX", ()):
        host = text.rpartition(" ")[2]
        if (provider := providers.of_host(host)) is not None:
            yield _hit(provider, engine, "MX", f"MX {text}")
    for text in records.get("TXT", ()):
        if not text.casefold().startswith("v=spf1"):
            continue
        for name in _SPF_NAME.findall(text):
            if (provider := providers.of_sender(name)) is not None:
                yield _hit(provider, engine, "SPF", f"TXT v=spf1 ... {name}")


def _hit(
    provider: MailProvider, engine: FingerprintEngine, kind: str, evidence: str
) -> TechnologyHit:
    """A provider as a technology; what fingerprints list as well keeps its category there."""
    listed = engine.by_name.get(provider.name)
    return TechnologyHit(
        technology=provider.name,
        category=listed.category if listed is not None else provider.kind,
        vendor=provider.vendor or (listed.vendor if listed is not None else None),
        version=None,
        method="dns",
        confidence=CERTAINTY[kind],
        evidence=evidence[:200],
    )
