"""Mail providers by host name: longest ending, senders of SPF records, and a user's map."""

from __future__ import annotations

import pytest

from detection.errors import UnreadableError
from detection.mail_providers import load_providers, own_providers


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("aspmx.l.google.com.", "Google Workspace"),
        ("ALT1.ASPMX.L.GOOGLE.COM", "Google Workspace"),
        ("acme-example.mail.protection.outlook.com", "Microsoft 365"),
        ("mx1.hc1234-56.iphmx.com", "Cisco Secure Email"),
        ("mx0a-00112233.pphosted.com", "Proofpoint"),
        ("eu-smtp-inbound-1.mimecast.com", "Mimecast"),
        ("mx.mail.acme.example", None),
        ("notgoogle.com", None),
        ("", None),
    ],
)
def test_a_host_belongs_to_the_longest_ending(host: str, name: str | None) -> None:
    found = own_providers().of_host(host)
    assert (found.name if found else None) == name


def test_senders_are_found_by_what_an_spf_record_includes() -> None:
    providers = own_providers()
    assert providers.of_sender("servers.mcsv.net").name == "Mailchimp"
    assert providers.of_sender("spf.protection.outlook.com").kind == "Mailboxes"
    assert providers.of_sender("_spf.acme.example") is None


def test_a_users_map_is_laid_over_our_own() -> None:
    text = "base_reverse_dns,name,type\nacme.example,Acme,ISP\nmail.acme.example,Acme Mail,\n"
    providers = own_providers().with_map(text + "\nzoho.com,Zoho (ours),SaaS\n")
    assert providers.of_host("mx.acme.example").name == "Acme"
    assert providers.of_host("a.b.mail.acme.example").name == "Acme Mail"
    assert providers.of_host("a.b.mail.acme.example").kind == "Email"
    assert providers.of_host("mx.zoho.com").name == "Zoho (ours)"
    assert providers.of_host("aspmx.l.google.com").name == "Google Workspace"


@pytest.mark.parametrize(
    ("text", "problem"),
    [("", "needs the columns"), ("a,b\nx.example\n", "line 2"), ("a,b\n,Name\n", "line 2")],
)
def test_a_faulty_map_names_the_line(text: str, problem: str) -> None:
    with pytest.raises(UnreadableError, match=problem):
        own_providers().with_map(text)


def test_a_name_listed_for_two_providers_is_refused() -> None:
    entries = {
        "Mailboxes": [{"name": "A", "mx": ["x.example"]}, {"name": "B", "mx": ["x.example"]}]
    }
    with pytest.raises(UnreadableError, match=r"x\.example is listed twice"):
        load_providers(entries)
