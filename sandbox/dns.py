"""The market's name server: companies' zones over UDP and TCP on one port of the loopback.

The day that is asked about comes in an EDNS option for local use, as the HTTP doors take it in a
header; without one it is today.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import date
from functools import lru_cache

import dns.exception
import dns.flags
import dns.message
import dns.opcode
import dns.rcode
import dns.rrset

from sandbox.market import Market
from sandbox.market.zones import zone

#: EDNS option that says the day: ``X-Sandbox-Date: 2026-01-31``.
LOCAL_OPTION = 65001
#: Seconds that answers may be kept; short, because days follow each other quickly here.
TTL = 5
#: Bytes of a datagram for clients that do not say what they take.
PLAIN_UDP = 512


class NameServer:
    """Answers questions about the market's domains."""

    def __init__(self, market: Market, today: Callable[[], date]) -> None:
        self.market = market
        self.today = today
        self.requests = 0
        # A domain's few questions come close together.
        self._zone = lru_cache(maxsize=256)(self._made_zone)

    def answer(self, wire: bytes, *, is_datagram: bool) -> bytes | None:
        """The answer to one message; None for what is no question."""
        self.requests += 1
        try:
            asked = dns.message.from_wire(wire)
        except dns.exception.DNSException:
            return None
        answer = dns.message.make_response(asked)
        answer.flags |= dns.flags.AA
        if asked.opcode() != dns.opcode.QUERY or len(asked.question) != 1:
            answer.set_rcode(dns.rcode.NOTIMP)
            return answer.to_wire()
        question = asked.question[0]
        try:
            day = self._day(asked)
        except ValueError:
            answer.set_rcode(dns.rcode.FORMERR)
            return answer.to_wire()
        name = question.name.to_text(omit_final_dot=True).lower()
        kind = dns.rdatatype.to_text(question.rdtype)
        records = self._records(name, kind, day)
        if records is None:
            answer.set_rcode(dns.rcode.NXDOMAIN)
        elif records:
            answer.answer.append(
                dns.rrset.from_text(question.name, TTL, "IN", kind, *map(_written(kind), records))
            )
        if not is_datagram:
            return answer.to_wire(max_size=65_535)
        limit = asked.payload if asked.edns >= 0 else PLAIN_UDP
        try:
            return answer.to_wire(max_size=limit)
        except dns.exception.TooBig:
            answer.answer.clear()
            answer.flags |= dns.flags.TC
            return answer.to_wire()

    def _day(self, asked: dns.message.Message) -> int:
        for option in asked.options:
            if option.otype == LOCAL_OPTION:
                text = option.to_wire().decode("ascii", "replace").rpartition(":")[2]
                return self.market.day_of(date.fromisoformat(text.strip()))
        return self.market.day_of(self.today())

    def _records(self, name: str, kind: str, day: int) -> list[str] | None:
        """Texts of the records; None when there is no such name."""
        below, domain = "", name
        company = self.market.by_domain.get(domain)
        if company is None:
            below, _, domain = name.partition(".")
            company = self.market.by_domain.get(domain)
        if company is None or below not in ("", "www"):
            return None
        return self._zone(domain, day).get((below, kind), [])

    def _made_zone(self, domain: str, day: int) -> dict[tuple[str, str], list[str]]:
        company = self.market.by_domain[domain]
        return zone(company, self.market.stack(company), day)


def _written(kind: str) -> Callable[[str], str]:
    """How a record's text is written in a zone file."""
    if kind == "TXT":
        return lambda text: " ".join(
            f'"{text[start : start + 250]}"' for start in range(0, len(text), 250)
        )
    return lambda text: f"{text}."


class _Datagrams(asyncio.DatagramProtocol):
    def __init__(self, server: NameServer) -> None:
        self.server = server

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way back."""
        self.transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """Answer one datagram."""
        if (answer := self.server.answer(data, is_datagram=True)) is not None:
            self.transport.sendto(answer, addr)


async def _stream(
    server: NameServer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    try:
        while size := int.from_bytes(await reader.readexactly(2), "big"):
            answer = server.answer(await reader.readexactly(size), is_datagram=False)
            if answer is None:
                break
            writer.write(len(answer).to_bytes(2, "big") + answer)
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    finally:
        writer.close()


async def listen(server: NameServer, port: int) -> Callable[[], None]:
    """Answer on ``port`` of the loopback until the returned function is called.

    Raises ``OSError`` when the port is taken.
    """
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(
        lambda: _Datagrams(server), local_addr=("127.0.0.1", port)
    )
    try:
        streams = await asyncio.start_server(
            lambda reader, writer: _stream(server, reader, writer), "127.0.0.1", port
        )
    except OSError:
        transport.close()
        raise

    def close() -> None:
        transport.close()
        streams.close()

    return close
