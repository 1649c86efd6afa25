"""DNS and BuiltWith: what is asked, what is stored, and what a failing server may not do."""

from __future__ import annotations

import json
import socketserver
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset
import pytest

from detection.readers import READERS, read_rows
from resources.config_errors import ConfigurationError
from resources.sources.connectors.builtwith import parse
from resources.sources.connectors.dns import nameserver
from tests.contract.sources.vendor import Asked, Reply

LONG = (
    "v=spf1 include:_spf.google.com " + " ".join(f"ip4:192.0.2.{n}" for n in range(120)) + " ~all"
)


def _on_one_port(
    datagram: type[socketserver.BaseRequestHandler], stream: type[socketserver.BaseRequestHandler]
) -> tuple[socketserver.ThreadingUDPServer, socketserver.ThreadingTCPServer]:
    """A UDP and a TCP server on one port.

    The system hands out free ports a protocol at a time: the port that it gave to one may be held
    by another test's connection for the other, so another one is asked for.
    """
    for _ in range(50):
        udp = socketserver.ThreadingUDPServer(("127.0.0.1", 0), datagram)
        try:
            return udp, socketserver.ThreadingTCPServer(udp.server_address, stream)
        except OSError:
            udp.server_close()
    raise RuntimeError("no port of 50 was free for both UDP and TCP")


class NameServer:
    """A name server over UDP and TCP on one port that answers what a test tells it to."""

    def __init__(self) -> None:
        self.zone: dict[tuple[str, str], list[str]] = {}
        self.failing: set[str] = set()
        self.asked: list[tuple[str, str, str]] = []
        self.options: list[bytes] = []
        server = self

        class Datagram(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                data, socket = self.request
                socket.sendto(server.answer(data, "udp"), self.client_address)

        class Stream(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                size = int.from_bytes(self.rfile.read(2), "big")
                answer = server.answer(self.rfile.read(size), "tcp")
                self.wfile.write(len(answer).to_bytes(2, "big") + answer)

        self.udp, self.tcp = _on_one_port(Datagram, Stream)
        self.port = self.udp.server_address[1]
        for one in (self.udp, self.tcp):
            one.daemon_threads = True
            threading.Thread(target=one.serve_forever, args=(0.01,), daemon=True).start()

    def answer(self, wire: bytes, way: str) -> bytes:
        asked = dns.message.from_wire(wire)
        question = asked.question[0]
        name = question.name.to_text(omit_final_dot=True)
        kind = dns.rdatatype.to_text(question.rdtype)
        self.asked.append((name, kind, way))
        self.options += [option.to_wire() for option in asked.options]
        answer = dns.message.make_response(asked)
        if name in self.failing:
            answer.set_rcode(dns.rcode.SERVFAIL)
        elif found := self.zone.get((name, kind)):
            answer.answer.append(dns.rrset.from_text(question.name, 5, "IN", kind, *found))
        elif not any(known == name for known, _ in self.zone):
            answer.set_rcode(dns.rcode.NXDOMAIN)
        if way == "udp" and len(answer.to_wire(max_size=65_535)) > 1232:
            answer.answer.clear()
            answer.flags |= dns.flags.TC
        return answer.to_wire(max_size=65_535)

    def close(self) -> None:
        for one in (self.udp, self.tcp):
            one.shutdown()
            one.server_close()


@pytest.fixture
def names() -> Iterator[NameServer]:
    server = NameServer()
    yield server
    server.close()


@pytest.fixture
def asking(listed, names):
    """The listed companies, with the name server as the declaration's resolver."""
    listed.changes["dns"] = {
        "base_urls": {"resolver": f"udp://127.0.0.1:{names.port}"},
        "options": {"port_offset": 0, "aliases": ["www"]},
        "read_seconds": 0.5,
        "retry": {"attempts": 1, "total_seconds": 1},
    }
    names.zone = {
        ("borealis.com", "MX"): ["10 alt1.aspmx.l.google.com.", "1 ASPMX.L.GOOGLE.COM."],
        ("borealis.com", "TXT"): [
            '"v=spf1 include:_spf.google" ".com ~all"', '"slack-domain-verification=x1"'
        ],
        ("borealis.com", "NS"): ["ada.ns.cloudflare.com."],
        ("www.borealis.com", "CNAME"): ["cname.vercel-dns.com."],
        ("quillmark.io", "TXT"): [
            " ".join(f'"{LONG[start : start + 250]}"' for start in range(0, len(LONG), 250))
        ],
        ("tinderbox.com", "NS"): ["ns1.tinderbox.com."],
    }  # fmt: skip
    return listed


def payloads(market) -> dict[str, dict]:
    return {r["record_id"]: json.loads(r["payload"]) for r in market.rows("dns", "records")}


def test_all_records_of_a_domain_are_one_record(asking, names) -> None:
    report = asking.ingest("dns")
    assert (report.status, report.new_rows) == ("ok", {"records": 4})
    found = payloads(asking)
    assert found["borealis.com"] == {
        "domain": "borealis.com",
        "status": "ok",
        "records": {
            "MX": ["1 aspmx.l.google.com", "10 alt1.aspmx.l.google.com"],
            "TXT": ["slack-domain-verification=x1", "v=spf1 include:_spf.google.com ~all"],
            "NS": ["ada.ns.cloudflare.com"],
        },
        "aliases": {"www": ["cname.vercel-dns.com"]},
    }
    assert found["tinderbox.com"]["records"] == {"MX": [], "TXT": [], "NS": ["ns1.tinderbox.com"]}
    assert found["umbra.dev"]["status"] == "nxdomain"
    assert report.requests == len({(name, kind) for name, kind, _ in names.asked})
    # Asked once a day; the sandbox's day travels along.
    assert asking.ingest("dns").requests == 0
    assert set(names.options) == {b"X-Sandbox-Date: 2026-06-15"}


def test_an_answer_too_long_for_a_datagram_comes_over_tcp(asking, names) -> None:
    asking.ingest("dns")
    assert payloads(asking)["quillmark.io"]["records"]["TXT"] == [LONG]
    ways = [way for name, kind, way in names.asked if (name, kind) == ("quillmark.io", "TXT")]
    assert ways == ["udp", "tcp"]


def test_a_failing_name_server_stores_nothing_of_that_domain(asking, names) -> None:
    names.failing = {"www.borealis.com"}
    report = asking.ingest("dns")
    assert (report.status, report.failed_targets) == ("partial", 1)
    assert "borealis.com" in (report.error or "")
    assert set(payloads(asking)) == {"quillmark.io", "tinderbox.com", "umbra.dev"}
    # What failed is asked for again by the next run of the day.
    names.failing = set()
    assert asking.ingest("dns").new_rows == {"records": 1}


def test_records_become_technologies_with_the_record_as_evidence(asking) -> None:
    asking.ingest("dns")
    rows = [r for r in asking.rows("dns", "records") if r["record_id"] == "borealis.com"]
    found = {
        d.technology: (d.method, d.confidence, d.evidence)
        for d in read_rows(READERS["technology_detections"], rows).rows
    }
    assert found == {
        "Cloudflare": ("dns", 0.9, "NS ada.ns.cloudflare.com"),
        "Google Workspace": ("dns", 0.95, "MX 1 aspmx.l.google.com"),
        "Slack": ("dns", 0.7, "TXT slack-domain-verification=x1"),
        "Vercel": ("dns", 0.9, "CNAME cname.vercel-dns.com"),
    }


@pytest.mark.parametrize(
    ("address", "offset", "expected"),
    [
        ("system", 0, None),
        ("9.9.9.9", 0, ("9.9.9.9", 53)),
        ("udp://9.9.9.9:5353", 0, ("9.9.9.9", 5353)),
        ("http://127.0.0.1:8990", 1, ("127.0.0.1", 8991)),
        ("[2620:fe::fe]:53", 0, ("2620:fe::fe", 53)),
    ],
)
def test_name_servers_as_people_write_them(address, offset, expected) -> None:
    assert nameserver(address, offset) == expected


def test_a_bad_name_server_is_named() -> None:
    with pytest.raises(ConfigurationError, match="'udp://' is no name server"):
        nameserver("udp://")


TECHNOLOGIES = [
    {"Name": "Google Analytics 4", "Tag": "analytics", "Categories": [{"Category": "Analytics"}],
     "FirstDetected": 1704067200000, "LastDetected": 1780272000000, "Live": True},
    {"Name": "Obscure Pixel", "Tag": "ads", "FirstDetected": 1704067200000, "Live": True},
    {"Name": "Marketo", "Categories": [], "Live": False},
]  # fmt: skip


def profile(domain: str) -> dict:
    return {
        "Result": {
            "Lookup": domain,
            "Meta": {
                "CompanyName": "Borealis",
                "Emails": ["x@borealis.com"],
                "Names": ["A Person"],
            },
            "Paths": [{"Domain": domain, "Technologies": TECHNOLOGIES}],
        }
    }


def test_builtwith_asks_for_many_domains_at_once_and_not_again_for_a_month(listed) -> None:
    lookups: list[dict[str, str]] = []

    def answer(asked: Asked) -> Reply:
        assert asked.headers["Authorization"].startswith("API 00000000-")
        lookups.append(asked.query)
        found = [profile(d) for d in asked.query["LOOKUP"].split(",") if d != "umbra.dev"]
        return Reply(json.dumps({"Results": found, "Errors": []}).encode())

    listed.vendor.on("/builtwith/v22/api.json", answer)
    report = listed.ingest("builtwith")
    assert (report.status, report.new_rows) == ("partial", {"profiles": 3})
    assert lookups == [
        {"LOOKUP": "borealis.com,quillmark.io,tinderbox.com,umbra.dev", "NOPII": "yes",
         "HIDETEXT": "yes"}
    ]  # fmt: skip
    assert "umbra.dev" in (report.error or "")
    row = listed.rows("builtwith", "profiles")[0]
    assert row["source_url"].endswith("/builtwith/borealis.com")
    assert row["observed_at"] == datetime(2026, 6, 1, tzinfo=UTC)
    assert "Person" not in row["payload"]
    assert "@" not in row["payload"]
    lookups.clear()
    listed.ingest("builtwith")
    assert [asked["LOOKUP"] for asked in lookups] == ["umbra.dev"]
    lookups.clear()
    listed.now = datetime(2026, 7, 20, 10, tzinfo=UTC)
    listed.ingest("builtwith", date(2026, 7, 20))
    assert lookups[0]["LOOKUP"].startswith("borealis.com,")


def test_a_profile_is_read_as_its_live_technologies(listed) -> None:
    listed.vendor.on(
        "/builtwith/v22/api.json",
        lambda asked: Reply(json.dumps({"Results": [profile("borealis.com")]}).encode()),
    )
    listed.ingest("builtwith")
    found = read_rows(READERS["technology_detections"], listed.rows("builtwith", "profiles")).rows
    assert [(d.technology, d.category, d.vendor, d.method, d.evidence) for d in found] == [
        ("Google Analytics", "Analytics", "Google", "api",
         "Google Analytics 4 listed, first detected 2024-01-01, last detected 2026-06-01"),
        ("Obscure Pixel", "ads", None, "api", "Obscure Pixel listed, first detected 2024-01-01"),
    ]  # fmt: skip


def test_builtwiths_own_error_is_quoted(listed) -> None:
    body = {"Results": [], "Errors": [{"Code": -2, "Message": "Key is invalid"}]}
    listed.vendor.on("/builtwith/v22/api.json", json.dumps(body).encode())
    report = listed.ingest("builtwith")
    assert report.status == "failed"
    assert "Key is invalid" in (report.error or "")


def test_both_shapes_of_a_result_and_one_without_domain() -> None:
    flat = {"Lookup": "a.example", "Paths": []}
    payload = json.dumps({"Results": [flat, {"Result": {"Paths": []}}]}).encode()
    found = parse(payload, fetched_at=datetime(2026, 6, 15, tzinfo=UTC))
    assert [getattr(item, "rule", item.record_id) for item in found] == [
        "a.example",
        "missing_field",
    ]
