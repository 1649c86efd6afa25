"""What shows technologies: scanned pages, DNS records, and vendors' profiles of domains."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from detection.errors import UnreadableError
from detection.readers.lake_row import (
    ENVELOPE_WITH_BODY,
    MAX_DOCUMENT,
    Row,
    payload_of,
    required_text,
    shared_columns,
    text_or_none,
)
from detection.readers.reader import Reader
from detection.records import DETECTIONS, Detection

TECHNOLOGY_VERSION = "2"
#: Version of reading DNS records.
DNS_VERSION = "1"
#: Version of reading vendors' profiles.
PROFILE_VERSION = "1"


def read_technology_row(row: Row) -> Iterator[Detection]:
    """One scanned page as the technologies seen on it; an error page gives none."""
    from detection.fingerprints import default_engine

    payload = payload_of(row)
    domain = required_text(payload, "domain")
    status = payload.get("status")
    if isinstance(status, int) and status >= 400:
        return
    headers = payload.get("headers")
    body = row.get("body") or b""
    if len(body) > MAX_DOCUMENT:
        raise UnreadableError("too_large", f"{len(body)} bytes, at most {MAX_DOCUMENT} are read")
    url = text_or_none(payload.get("url")) or row.get("source_url") or f"https://{domain}/"
    engine = default_engine()
    version = TECHNOLOGY_VERSION + engine.edition
    found = engine.detect(body, headers if isinstance(headers, Mapping) else {}, url)
    for ordinal, hit in enumerate(found):
        yield DETECTIONS["technology_detections"](
            **shared_columns(row, "fingerprints", version, ordinal, hit.confidence, hit.evidence),
            domain=domain,
            page_url=url,
            scanned_at=row["fetched_at"],
            technology=hit.technology,
            category=hit.category,
            vendor=hit.vendor,
            version=hit.version,
            method="website",
        )


def read_dns_row(row: Row) -> Iterator[Detection]:
    """One domain's DNS records as the technologies that they show."""
    from detection.dns_records import read_dns
    from detection.fingerprints import default_engine
    from detection.mail_providers import default_providers

    payload = payload_of(row)
    domain = required_text(payload, "domain")
    records = payload.get("records")
    aliases = payload.get("aliases")
    if not isinstance(records, Mapping) or not isinstance(aliases, Mapping):
        raise UnreadableError("missing_field", "the payload needs 'records' and 'aliases'")
    texts = {kind: [str(text) for text in found] for kind, found in records.items()}
    texts["CNAME"] = [str(text) for found in aliases.values() for text in found]
    engine = default_engine()
    found = read_dns(texts, engine, default_providers())
    for ordinal, hit in enumerate(found):
        yield DETECTIONS["technology_detections"](
            **shared_columns(
                row, "dns", DNS_VERSION + engine.edition, ordinal, hit.confidence, hit.evidence
            ),
            domain=domain,
            page_url=f"dns:{domain}",
            scanned_at=row["fetched_at"],
            technology=hit.technology,
            category=hit.category,
            vendor=hit.vendor,
            version=hit.version,
            method="dns",
        )


def read_profile_row(row: Row) -> Iterator[Detection]:
    """One domain's BuiltWith profile as the technologies that it calls live."""
    from detection.technology_profiles import read_builtwith

    payload = payload_of(row)
    domain = required_text(payload, "Lookup")
    for ordinal, listed in enumerate(read_builtwith(payload)):
        yield DETECTIONS["technology_detections"](
            **shared_columns(
                row, "profiles", PROFILE_VERSION, ordinal, listed.confidence, listed.evidence
            ),
            domain=domain,
            page_url=row.get("source_url") or f"https://{domain}/",
            scanned_at=row["fetched_at"],
            technology=listed.technology,
            category=listed.category,
            vendor=listed.vendor,
            version=None,
            method="api",
        )


#: How each source that shows technologies is read.
TECHNOLOGY_READS: dict[str, Callable[[Row], Iterator[Detection]]] = {
    "company_site": read_technology_row,
    "dns": read_dns_row,
    "builtwith": read_profile_row,
}


def read_any_technology_row(row: Row) -> Iterator[Detection]:
    """Whatever shows technologies: a page, a domain's records, or a vendor's profile of it."""
    return TECHNOLOGY_READS[row["source"]](row)


READER = Reader(
    table="technology_detections",
    streams=(("company_site", "pages"), ("dns", "records"), ("builtwith", "profiles")),
    record=DETECTIONS["technology_detections"],
    name="fingerprints",
    version=TECHNOLOGY_VERSION,
    read=read_any_technology_row,
    columns=ENVELOPE_WITH_BODY,
)
