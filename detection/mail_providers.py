"""Who handles a domain's mail, by the names of its mail exchangers.

Our own map is facts in ``data/mail_providers.yaml``; a user's map (domain, name, type) may be laid
over it. A host belongs to the longest listed name that it ends in, label by label.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from detection.errors import UnreadableError
from detection.packaged import read_yaml


@dataclass(frozen=True, slots=True)
class MailProvider:
    """A service that receives, filters or sends mail."""

    name: str
    #: Mailboxes, Email security, Email sending, Web hosting, or what the user's map says.
    kind: str
    vendor: str | None = None


class MailProviders:
    """A map from host names to providers."""

    def __init__(
        self,
        hosts: Mapping[str, MailProvider],
        senders: Mapping[str, MailProvider] | None = None,
    ) -> None:
        self.hosts = dict(hosts)
        self.senders = dict(senders or {})

    def of_host(self, host: str) -> MailProvider | None:
        """Provider of a mail exchanger; None when the map knows none of the name's endings."""
        return _longest(self.hosts, host)

    def of_sender(self, host: str) -> MailProvider | None:
        """Provider named by an SPF record's ``include``; None when the map knows none."""
        return _longest(self.senders, host) or _longest(self.hosts, host)

    def with_map(self, text: str) -> MailProviders:
        """This map with a user's CSV laid over it; the user's word on a name counts.

        The first line names the columns; the first three are domain, provider and type. Raises
        ``UnreadableError`` naming the line that is none.
        """
        hosts = dict(self.hosts)
        reader = csv.reader(io.StringIO(text))
        head = next(reader, None)
        if head is None or len(head) < 2:
            raise UnreadableError("bad_mail_map", "the map needs the columns domain,name[,type]")
        for line in reader:
            if not any(cell.strip() for cell in line):
                continue
            if len(line) < 2 or not line[0].strip() or not line[1].strip():
                raise UnreadableError(
                    "bad_mail_map", f"line {reader.line_num}: needs a domain and a provider"
                )
            kind = line[2].strip() if len(line) > 2 and line[2].strip() else "Email"
            hosts[_clean(line[0])] = MailProvider(line[1].strip(), kind)
        return MailProviders(hosts, self.senders)


def _clean(host: str) -> str:
    return host.strip().strip(".").casefold()


def _longest(table: Mapping[str, MailProvider], host: str) -> MailProvider | None:
    name = _clean(host)
    while name:
        if (found := table.get(name)) is not None:
            return found
        name = name.partition(".")[2]
    return None


@cache
def own_providers() -> MailProviders:
    """The project's own map, read at the first use."""
    text = resources.files("detection.data").joinpath("mail_providers.yaml").read_text("utf-8")
    return load_providers(read_yaml(text))


def load_providers(document: Mapping[str, list[Mapping[str, Any]]]) -> MailProviders:
    """A map from a parsed list; raises ``UnreadableError`` for a name that is listed twice."""
    hosts: dict[str, MailProvider] = {}
    senders: dict[str, MailProvider] = {}
    for kind, entries in document.items():
        for entry in entries:
            provider = MailProvider(str(entry["name"]), str(kind), entry.get("vendor"))
            for table, names in ((hosts, entry.get("mx")), (senders, entry.get("spf"))):
                for name in names or ():
                    if table.setdefault(_clean(name), provider) != provider:
                        raise UnreadableError("bad_mail_map", f"{name} is listed twice")
    return MailProviders(hosts, senders)


_maker: Callable[[], MailProviders] | None = None
_made: MailProviders | None = None


def install_providers(maker: Callable[[], MailProviders] | None) -> None:
    """Have readers of this process use another map, made when first needed; None: our own."""
    global _maker, _made
    if maker != _maker:
        _maker, _made = maker, None


def default_providers() -> MailProviders:
    """The map that readers use."""
    global _made
    if _maker is None:
        return own_providers()
    if _made is None:
        _made = _maker()
    return _made
