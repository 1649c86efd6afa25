"""Technologies in DNS records: mail services, senders, tokens, name servers and aliases."""

from __future__ import annotations

import pytest

from detection.dns_records import CERTAINTY, read_dns
from detection.fingerprints import FingerprintEngine, default_engine, own_technologies
from detection.mail_providers import own_providers


def found(records: dict[str, list[str]]) -> dict[str, tuple[str | None, float, str]]:
    hits = read_dns(records, default_engine(), own_providers())
    assert all(hit.method == "dns" for hit in hits)
    return {hit.technology: (hit.category, hit.confidence, hit.evidence) for hit in hits}


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        ({"MX": ["10 mx0a-001.pphosted.com"]},
         {"Proofpoint": ("Email security", 0.95, "MX 10 mx0a-001.pphosted.com")}),
        ({"TXT": ["v=spf1 include:servers.mcsv.net ip4:192.0.2.1 -all"]},
         {"Mailchimp": ("Marketing automation", 0.8, "TXT v=spf1 ... servers.mcsv.net")}),
        ({"TXT": ["V=SPF1 redirect=_spf.mailgun.org"]},
         {"Mailgun": ("Email sending", 0.8, "TXT v=spf1 ... _spf.mailgun.org")}),
        ({"TXT": ["include:servers.mcsv.net"]}, {}),
        ({"TXT": ["my atlassian-domain-verification=x"]}, {}),
        ({"NS": ["ns-12.awsdns-34.net", "ns-2.awsdns-1.com"]},
         {"Amazon Route 53": ("DNS hosting", 0.9, "NS ns-12.awsdns-34.net")}),
        ({"CNAME": ["d111111abcdef8.cloudfront.net"]},
         {"Amazon CloudFront": ("CDN", 0.9, "CNAME d111111abcdef8.cloudfront.net")}),
        ({"CNAME": ["cloudfront.net.acme.example"]}, {}),
        ({"MX": ["10 mail.acme.example"], "NS": ["ns1.acme.example"], "SOA": ["x"]}, {}),
        ({}, {}),
    ],
)  # fmt: skip
def test_each_type_of_record(records, expected) -> None:
    assert found(records) == expected


def test_the_surest_record_counts() -> None:
    records = {
        "TXT": ["MS=ms12345678", "v=spf1 include:spf.protection.outlook.com -all"],
        "MX": ["0 acme-example.mail.protection.outlook.com"],
    }
    assert found(records)["Microsoft 365"][1] == CERTAINTY["MX"]
    assert found({"TXT": records["TXT"]})["Microsoft 365"][1] == CERTAINTY["SPF"]
    assert found({"TXT": records["TXT"][:1]})["Microsoft 365"][1] == CERTAINTY["TXT"]


def test_patterns_of_records_do_not_depend_on_the_engine() -> None:
    plain = FingerprintEngine(own_technologies(), use_hyperscan=False)
    records = {"TXT": ["slack-domain-verification=ab"], "NS": ["ada.ns.cloudflare.com"]}
    assert read_dns(records, plain, own_providers()) == read_dns(
        records, default_engine(), own_providers()
    )
