"""Technologies of companies' domains from the BuiltWith Domain API (v22), 16 domains a request.

The answer: ``{"Results": [{"Result": {"Lookup", "Meta", "Paths"}}], "Errors": [...]}``; a result's
body may also stand beside ``Lookup``. People (names, mail addresses,
telephones) are not asked for (``NOPII``) and struck out should they come all the same.
https://api.builtwith.com/domain-api
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from resources.http import BadResponseError, decode_json, encode_json
from resources.lake import Record
from resources.sources.connectors.base import Context, Emission, Failed, Rejected, stated_time
from resources.sources.connectors.company_site import is_public_domain

#: Domains that one request may name.
MAX_LOOKUPS = 16
#: Fields of ``Meta`` that are about people.
PERSONAL = frozenset({"Names", "Emails", "Telephones", "Social"})


def parse(
    payload: bytes, *, fetched_at: datetime, source_url: str = "file:", pages: str | None = None
) -> list[Record | Rejected]:
    """Profiles of one answer; one without its domain is rejected.

    Raises ``BadResponseError`` for an answer without ``Results``, quoting the vendor's own error.
    """
    decoded = decode_json(payload, "builtwith", source_url)
    results = decoded.get("Results") if isinstance(decoded, dict) else None
    errors = decoded.get("Errors") if isinstance(decoded, dict) else None
    told = "; ".join(
        str(error.get("Message") or error.get("Code")) for error in errors or () if error
    )
    if not isinstance(results, list) or (not results and told):
        raise BadResponseError(
            "builtwith", source_url, told or "the answer has no list 'Results'", excerpt=payload
        )
    answer: list[Record | Rejected] = []
    for position, item in enumerate(results):
        profile = read_profile(item)
        domain = profile.get("Lookup")
        if not isinstance(domain, str) or not isinstance(profile.get("Paths"), list):
            answer.append(
                Rejected(
                    "builtwith",
                    "profiles",
                    f"#{position}",
                    "missing_field",
                    f"result {position} has no 'Lookup' or no list 'Paths'",
                    excerpt=encode_json(item),
                )
            )
            continue
        domain = domain.lower()
        answer.append(
            Record(
                source="builtwith",
                stream="profiles",
                record_id=domain,
                observed_at=_last_detected(profile, fetched_at),
                fetched_at=fetched_at,
                source_url=f"{pages}/{domain}" if pages else source_url,
                payload=encode_json(profile),
            )
        )
    return answer


def read_profile(item: Any) -> dict[str, Any]:
    """A result with its body beside ``Lookup``, whichever way it came, without people."""
    if not isinstance(item, Mapping):
        return {}
    inner = item.get("Result")
    found = {**item, **inner} if isinstance(inner, Mapping) else dict(item)
    found.pop("Result", None)
    if isinstance(meta := found.get("Meta"), Mapping):
        found["Meta"] = {name: value for name, value in meta.items() if name not in PERSONAL}
    return found


def _last_detected(profile: Mapping[str, Any], fetched_at: datetime) -> datetime:
    """When BuiltWith last saw anything of the domain."""
    times = [
        technology.get("LastDetected")
        for path in profile["Paths"]
        if isinstance(path, Mapping)
        for technology in path.get("Technologies") or ()
        if isinstance(technology, Mapping)
    ]
    known = [time for time in times if isinstance(time, int | float)]
    return stated_time(max(known), fetched_at) if known else fetched_at


def fetch(context: Context) -> Iterator[Emission]:
    """Profiles of every target with a domain that was not looked up lately.

    Look-ups cost credits: a domain is asked for again after ``again_after_days`` (a month).
    """
    domains = sorted({t.domain for t in context.targets if t.domain and is_public_domain(t.domain)})
    recent = _asked_lately(context, float(context.option("again_after_days", 30)))
    missing = [domain for domain in domains if domain not in recent]
    size = min(MAX_LOOKUPS, int(context.option("lookups", MAX_LOOKUPS)))
    groups = [missing[start : start + size] for start in range(0, len(missing), size)]

    def ask(group: list[str]) -> Iterator[Emission]:
        asked = {"LOOKUP": ",".join(group), "NOPII": "yes", "HIDETEXT": "yes"}
        answer = context.session.get(f"{context.urls['api']}/api.json?{urlencode(asked)}")
        found = parse(
            answer.content,
            fetched_at=context.fetched_at,
            source_url=answer.url,
            pages=context.urls.get("pages"),
        )
        yield from found
        told = {item.record_id for item in found}
        for domain in group:
            if domain not in told:
                yield Failed(domain, "BuiltWith's answer says nothing of it")

    yield from context.each(groups, ", ".join, ask, "profiles", list)


def _asked_lately(context: Context, days: float) -> set[str]:
    rows = context.lake.read(context.source, "profiles", columns=["record_id", "fetched_at"])
    return {
        row["record_id"]
        for row in rows.to_pylist()
        if 0
        <= (context.fetched_at - row["fetched_at"].astimezone(UTC)).total_seconds()
        < days * 86_400
    }
