"""Companies' DNS records: who takes their mail, what their text records vouch for, who serves them.

Asked of the declared name server (``system``: the machine's own). A company is stored when all its
questions were answered: a part of the answer would look as if the rest had been taken down.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from pyrate_limiter import Limiter, Rate

from resources.config_errors import ConfigurationError
from resources.http import SourceError, TransientError, encode_json
from resources.lake import Record
from resources.sources.connectors.base import Context, Emission, Rejected
from resources.sources.connectors.company_site import is_public_domain

if TYPE_CHECKING:
    from dns.resolver import Resolver

#: What is asked of the domain itself, and of names below it.
TYPES = ("MX", "TXT", "NS")
#: EDNS option for local use (RFC 6891) in which a declaration's extra headers travel.
LOCAL_OPTION = 65001
#: Records and characters kept of one answer: a name with more of them serves another end.
MAX_RECORDS, MAX_TEXT = 200, 2_000


def nameserver(address: str, port_offset: int = 0) -> tuple[str, int] | None:
    """Host and port of a name server's address; None for ``system``, the machine's own.

    ``9.9.9.9``, ``udp://9.9.9.9:53`` and any URL with a host are understood; ``port_offset`` is
    added to a stated port. Raises ``ConfigurationError`` for anything else.
    """
    if address == "system":
        return None
    parts = urlsplit(address if "://" in address else f"udp://{address}")
    try:
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    if not host:
        raise ConfigurationError(
            f"source 'dns': {address!r} is no name server; write 'system', an address, or "
            "udp://address:port"
        )
    return host, 53 if port is None else port + port_offset


def resolver_of(context: Context) -> Resolver:
    """The resolver that the declaration asks for."""
    import dns.edns
    import dns.resolver

    declared = context.declaration
    where = nameserver(context.urls["resolver"], int(context.option("port_offset", 0)))
    resolver = dns.resolver.Resolver(configure=where is None)
    if where is not None:
        import socket

        host, resolver.port = where
        resolver.nameservers = [socket.gethostbyname(host)]
    resolver.timeout = declared.read_seconds
    resolver.lifetime = declared.retry.total_seconds
    options = [
        dns.edns.GenericOption(LOCAL_OPTION, f"{name}: {value}".encode())
        for name, value in declared.extra_headers(context.day).items()
    ]
    resolver.use_edns(0, 0, 1232, options)
    return resolver


def fetch(context: Context) -> Iterator[Emission]:
    """The records of every target with a domain, each once a day."""
    domains = sorted({t.domain for t in context.targets if t.domain})
    stored = context.lake.read(context.source, "records", [context.day], ["record_id"])
    read = set(stored.column("record_id").to_pylist())
    resolver = resolver_of(context)
    limit = context.declaration.rate_limit
    limiter = Limiter(Rate(limit.requests, max(1, round(limit.per_seconds * 1000))))
    names = [str(name) for name in context.option("aliases", ["www"])]

    def ask(domain: str) -> Iterator[Emission]:
        yield _records(context, resolver, limiter, domain, names)

    missing = [domain for domain in domains if domain not in read]
    yield from context.each(missing, str, ask, "records", lambda domain: [domain])


def _records(
    context: Context, resolver: Resolver, limiter: Limiter, domain: str, names: list[str]
) -> Emission:
    if not is_public_domain(domain):
        return Rejected(
            context.source,
            "records",
            domain,
            "not_a_domain",
            f"{domain!r} is no public domain name; correct it in the list of companies",
        )
    records: dict[str, Any] = {}
    exists = True
    for kind in TYPES:
        found = _ask(context, resolver, limiter, domain, kind)
        if found is None:
            exists = False
            break
        records[kind] = found
    aliases = {}
    for name in names if exists else ():
        if found := _ask(context, resolver, limiter, f"{name}.{domain}", "CNAME"):
            aliases[name] = found
    return record_of(domain, records, aliases, exists, context.fetched_at)


def record_of(
    domain: str,
    records: dict[str, list[str]],
    aliases: dict[str, list[str]],
    exists: bool,
    fetched_at: datetime,
) -> Record:
    """One domain's answers as a record; ``aliases`` are targets of names below the domain."""
    payload = {
        "domain": domain,
        "status": "ok" if exists else "nxdomain",
        "records": records,
        "aliases": aliases,
    }
    return Record(
        source="dns",
        stream="records",
        record_id=domain,
        observed_at=fetched_at,
        fetched_at=fetched_at,
        source_url=f"dns:{domain}",
        payload=encode_json(payload),
    )


def _ask(
    context: Context, resolver: Resolver, limiter: Limiter, name: str, kind: str
) -> list[str] | None:
    """Texts of one question's answer, sorted; None when there is no such name.

    Raises ``SourceError`` when the name server fails: that says nothing of the name.
    """
    import dns.exception
    import dns.resolver

    limiter.try_acquire("dns")
    context.session.statistics.add(requests=1)
    try:
        # A truncated answer is asked for again over TCP by the resolver itself.
        answer = resolver.resolve(f"{name}.", kind, raise_on_no_answer=False, search=False)
    except dns.resolver.NXDOMAIN:
        return None
    except (dns.resolver.NoNameservers, dns.resolver.LifetimeTimeout, OSError) as error:
        raise TransientError(context.source, f"dns:{name}", f"{kind}: {error}") from error
    except dns.exception.DNSException as error:
        raise SourceError(context.source, f"dns:{name}", f"{kind}: {error}") from error
    found = {_text(record, kind)[:MAX_TEXT] for record in answer.rrset or ()}
    return sorted(found)[:MAX_RECORDS]


def _text(record: Any, kind: str) -> str:
    """A record as people write it: names without their last dot, the strings of a text joined."""
    if kind == "TXT":
        return b"".join(record.strings).decode("utf-8", "replace")
    if kind == "MX":
        return f"{record.preference} {record.exchange.to_text().rstrip('.').lower()}"
    return record.target.to_text().rstrip(".").lower()
