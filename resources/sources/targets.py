"""Whom to ask about: companies of the user's list and the CRM, as the lake last knew them."""

from __future__ import annotations

import re
from datetime import datetime
from functools import lru_cache
from urllib.parse import urlsplit

import orjson

from resources.lake import Lake
from resources.sources.connectors.base import Target


def load_targets(lake: Lake, until: datetime | None = None) -> list[Target]:
    """Companies of ``company_list/companies``, then accounts of ``crm/accounts`` not among them.

    ``until`` (UTC) leaves out what was fetched later. Companies are the same when their domain is.
    Ordered by name and domain.
    """
    targets: list[Target] = []
    domains: set[str] = set()
    for row in _latest(lake, "company_list", "companies", until):
        domain = clean_domain(row.get("domain"))
        if domain is not None and domain in domains:
            continue
        targets.append(
            Target(
                name=(row.get("name") or "").strip(),
                domain=domain,
                cik=clean_cik(row.get("cik")),
                job_board=clean_job_board(row.get("job_board")),
            )
        )
        domains |= {domain} - {None}  # type: ignore[arg-type]
    for row in _latest(lake, "crm", "accounts", until):
        domain = clean_domain(row.get("Website"))
        if domain is not None and domain not in domains:
            domains.add(domain)
            targets.append(Target(name=(row.get("Account Name") or "").strip(), domain=domain))
    return sorted(targets, key=lambda t: (t.name.casefold(), t.domain or "", t.cik or ""))


def _latest(lake: Lake, source: str, stream: str, until: datetime | None) -> list[dict[str, str]]:
    table = lake.read(source, stream, columns=["record_id", "fetched_at", "payload"])
    latest: dict[str, tuple[datetime, str]] = {}
    for row in table.to_pylist():
        if until is not None and row["fetched_at"] > until:
            continue
        seen = latest.get(row["record_id"])
        if seen is None or row["fetched_at"] >= seen[0]:
            latest[row["record_id"]] = (row["fetched_at"], row["payload"])
    return [orjson.loads(payload) for _, payload in latest.values()]


@lru_cache(maxsize=100_000)
def clean_domain(text: str | None) -> str | None:
    """Host name of a website or domain as people write it; None when there is none.

    >>> clean_domain("https://www.Acme-Robotics.com/about")
    'acme-robotics.com'
    """
    text = (text or "").strip().casefold()
    if not text:
        return None
    try:
        host = urlsplit(text if "://" in text else f"//{text}").hostname or ""
    except ValueError:
        return None
    host = re.sub(r"^www\d?\.", "", host.rstrip("."))
    try:
        host = host.encode("idna").decode()
    except UnicodeError:
        return None
    return host if "." in host else None


def clean_cik(text: str | None) -> str | None:
    """A CIK as ten digits; None when there is none."""
    digits = re.sub(r"^(?:cik)?0*", "", (text or "").strip().casefold())
    return digits.zfill(10) if digits.isdigit() and len(digits) <= 10 else None


def clean_job_board(text: str | None) -> str | None:
    """``vendor:token`` of a job board; None when there is none."""
    vendor, separator, token = (text or "").strip().partition(":")
    return f"{vendor.strip().casefold()}:{token.strip()}" if separator and token.strip() else None
