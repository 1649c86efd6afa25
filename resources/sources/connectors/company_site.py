"""Companies' own sites: the home page with its headers, if robots.txt allows it.

robots.txt is read as RFC 9309 says: a missing one allows all, one that cannot be reached forbids
all for now.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime

from protego import Protego

from resources.http import PRODUCT, Answer, encode_json
from resources.lake import Record
from resources.sources.connectors.base import Context, Emission, Rejected, Skipped, redact_url

#: Headers that change with every answer, or speak of the connection, and say nothing of the site.
VOLATILE_HEADERS = frozenset(
    {
        "age",
        "alt-svc",
        "cf-ray",
        "connection",
        "content-encoding",
        "content-length",
        "date",
        "expires",
        "keep-alive",
        "nel",
        "report-to",
        "retry-after",
        "server-timing",
        "transfer-encoding",
        "x-amz-cf-id",
        "x-amz-id-2",
        "x-amz-request-id",
        "x-cache-hits",
        "x-correlation-id",
        "x-github-request-id",
        "x-request-id",
        "x-runtime",
        "x-served-by",
        "x-timer",
        "x-trace-id",
        "x-vercel-id",
    }
)

#: Public host names: labels of letters, digits and hyphens, and a last one that is no number.
_DOMAIN = re.compile(
    r"^(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$"
)

#: Name under which robots.txt may address us.
AGENT = PRODUCT.split("/", maxsplit=1)[0]


def is_public_domain(domain: str) -> bool:
    """Whether a name may be a site on the internet: no address, no port, no single label."""
    return bool(_DOMAIN.match(domain)) and not domain.endswith(
        (".local", ".internal", ".localhost")
    )


def parse(
    body: bytes,
    domain: str,
    path: str,
    *,
    status: int,
    headers: Mapping[str, str],
    fetched_at: datetime,
    source_url: str = "file:",
    final_url: str | None = None,
) -> Record | Rejected:
    """One page as a record; an answer that is no page (an image, a PDF) is rejected."""
    media_type = headers.get("Content-Type", headers.get("content-type", ""))
    media_type = media_type.split(";")[0].strip().lower()
    if media_type and not any(kind in media_type for kind in ("html", "text/plain")):
        return Rejected(
            "company_site",
            "pages",
            f"{domain}{path}",
            "not_a_page",
            f"{domain}{path} is {media_type}, not HTML [{source_url}]",
            severity="warning",
        )
    payload = {
        "domain": domain,
        "url": final_url or f"https://{domain}{path}",
        "status": status,
        "headers": {
            name.lower(): _cookie_names(value) if name.lower() == "set-cookie" else value
            for name, value in sorted(headers.items(), key=lambda item: item[0].lower())
            if name.lower() not in VOLATILE_HEADERS
        },
    }
    return Record(
        source="company_site",
        stream="pages",
        record_id=f"{domain}{path}",
        observed_at=fetched_at,
        fetched_at=fetched_at,
        source_url=source_url,
        payload=encode_json(payload),
        body=body,
        media_type=media_type or "text/html",
    )


def _cookie_names(value: str) -> str:
    """Cookies by name only: the name tells the technology, the value would identify our visit."""
    first = r"(?:^|,\s*)([^=;,\s]+)="
    return "; ".join(f"{name}=" for name in re.findall(first, value))


def fetch(context: Context) -> Iterator[Emission]:
    """The declared paths of every target with a domain, each once a day.

    A site read earlier on the same day is not asked again: a second run, or one after a kill, asks
    only for what is missing.
    """
    domains = sorted({t.domain for t in context.targets if t.domain})
    paths = [str(path) for path in context.option("paths", ["/"])]
    stored = context.lake.read(context.source, "pages", [context.day], ["record_id"])
    read = set(stored.column("record_id").to_pylist())
    domains = [d for d in domains if not all(f"{d}{path}" in read for path in paths)]

    def ask(domain: str) -> Iterator[Emission]:
        return _site(context, domain, paths)

    yield from context.each(domains, str, ask, "pages", lambda domain: [domain])


def _site(context: Context, domain: str, paths: list[str]) -> Iterator[Emission]:
    if not is_public_domain(domain):
        yield Rejected(
            context.source,
            "pages",
            domain,
            "not_a_domain",
            f"{domain!r} is no public domain name; correct it in the list of companies",
        )
        return
    base = context.urls["site"].replace("{domain}", domain)
    robots = read_robots(context.session.get(f"{base}/robots.txt", accept_all=True))
    for path in paths:
        url = f"{base}{path}"
        if robots is not None and not robots.can_fetch(f"https://{domain}{path}", AGENT):
            yield Skipped(f"{domain}{path}", "robots.txt forbids it")
            continue
        # Asked for once a day and kept in the lake: a cache would only store it twice.
        answer = context.session.get(url, cache=False, accept_all=True)
        yield parse(
            answer.content,
            domain,
            path,
            status=answer.status,
            headers=answer.headers,
            fetched_at=context.fetched_at,
            source_url=answer.url,
            final_url=None if answer.url == redact_url(url) else answer.url,
        )


def read_robots(answer: Answer) -> Protego | None:
    """The site's rules; None when it has none (any 4xx, or a page where the file should be)."""
    if answer.status >= 400 or "html" in answer.media_type:
        return None
    text = answer.content[:500_000]
    utf16 = text.startswith((b"\xff\xfe", b"\xfe\xff"))
    return Protego.parse(text.decode("utf-16" if utf16 else "utf-8-sig", "replace"))
