from __future__ import annotations

import contextlib
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resources.http import BadResponseError, decode_json, encode_json, redact_url
from resources.http.transport import proxies_of
from resources.lake import Lake, Record
from resources.sources.connectors.base import parse_time, stated_time
from resources.sources.connectors.company_site import is_public_domain
from resources.sources.connectors.csv_files import decode, parse_rows
from resources.sources.targets import clean_cik, clean_domain, clean_job_board, load_targets

NOW = datetime(2026, 6, 15, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2026-07-14T18:35:00-04:00", datetime(2026, 7, 14, 22, 35, tzinfo=UTC)),
        ("2026-06-01T12:00:00.000Z", datetime(2026, 6, 1, 12, tzinfo=UTC)),
        ("2026-06-01", datetime(2026, 6, 1, tzinfo=UTC)),
        (1767225600000, datetime(2026, 1, 1, tzinfo=UTC)),
        ("3201-01-01", None),
        ("1201-01-01", None),
        ("soon", None),
        ("", None),
        (None, None),
        (True, None),
        (10**30, None),
        ([1], None),
    ],
)
def test_times_as_sources_write_them(value, expected):
    assert parse_time(value) == expected


def test_a_time_that_has_not_come_is_no_stated_time():
    assert stated_time("2027-01-01", NOW) == NOW
    assert stated_time("2025-01-01", NOW) == datetime(2025, 1, 1, tzinfo=UTC)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=8,
    )
)
def test_what_json_says_is_kept(value):
    text = json.dumps(value)
    assert json.loads(encode_json(decode_json(text.encode(), "s", "u"))) == value


def test_lone_surrogates_are_replaced_and_great_numbers_kept():
    value = decode_json(b'{"a": "x\\ud800y"}', "s", "u")
    assert value == {"a": "x�y"}
    encode_json(value).encode()
    assert encode_json({"n": 2**70}) == '{"n":1180591620717411303424}'


@pytest.mark.parametrize("content", [b"NaN", b'{"a": Infinity}', b"\xff\xfe", b"{", b"[1,]"])
def test_what_is_no_json_is_refused(content):
    with pytest.raises(BadResponseError, match=r"not JSON: .* at line 1 column"):
        decode_json(content, "s", "u")


def test_addresses_in_messages_bear_no_secret():
    url = "https://me:pw@x.com/a?q=1&user_key=abc&access_token=d#f"
    assert redact_url(url) == "https://x.com/a?q=1&user_key=***&access_token=***#f"
    assert redact_url("https://x.com/keys/1") == "https://x.com/keys/1"


@pytest.mark.parametrize(
    ("text", "domain"),
    [
        ("https://www.Acme.com/about", "acme.com"),
        ("acme.co.uk", "acme.co.uk"),
        ("WWW2.acme.com:8080", "acme.com"),
        ("https://bücher.example", "xn--bcher-kva.example"),
        ("n/a", None),
        ("", None),
        (None, None),
        ("http://[broken", None),
        ("localhost", None),
    ],
)
def test_domains_as_people_write_them(text, domain):
    assert clean_domain(text) == domain


def test_ciks_and_boards_as_people_write_them():
    assert clean_cik("CIK0000320193") == clean_cik("320193") == "0000320193"
    assert clean_cik("") is clean_cik("abc") is clean_cik("12345678901") is None
    assert clean_job_board("Greenhouse: acme ") == "greenhouse:acme"
    assert clean_job_board("acme") is clean_job_board("lever:") is None


@pytest.mark.parametrize(
    ("domain", "public"),
    [
        ("acme.com", True),
        ("a-b.co.uk", True),
        ("xn--bcher-kva.example", True),
        ("127.0.0.1", False),
        ("localhost", False),
        ("intranet.local", False),
        ("acme.com/x", False),
        ("acme..com", False),
        ("-a.com", False),
    ],
)
def test_only_public_names_are_visited(domain, public):
    assert is_public_domain(domain) is public


def rows(content: bytes) -> list:
    return parse_rows(
        content,
        source="crm",
        stream="accounts",
        required=("Id",),
        identify=lambda row: row["Id"] or None,
        fetched_at=NOW,
        source_url="a.csv",
    )


def test_csv_keeps_quotes_newlines_marks_and_order():
    found = rows(b'\xef\xbb\xbfId,Text\r\n1,"a ""b"",\nc"\r\n\r\n2,\r\n')
    assert [json.loads(r.payload) for r in found] == [
        {"Id": "1", "Text": 'a "b",\nc'},
        {"Id": "2", "Text": ""},
    ]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "file is empty"),
        (b"Name\nx\n", "column 'Id' is missing; the file has Name"),
        (b"<html>\n", "it is an HTML page"),
        (b"Id,A,A\n1,2,3\n", "column 'A' stands twice"),
    ],
)
def test_csv_that_means_nothing_is_refused_with_its_name(content, said):
    with pytest.raises(BadResponseError, match=r"\[a\.csv\]") as caught:
        rows(content)
    assert said in str(caught.value)


@given(st.binary(max_size=300))
def test_csv_reading_survives_anything(content):
    with contextlib.suppress(BadResponseError):
        rows(b"Id,B\n" + content)


def test_csv_encodings():
    assert decode("Zürich".encode("cp1252")) == decode("Zürich".encode()) == "Zürich"
    assert decode("Zürich".encode("utf-16")) == "Zürich"


def lake_row(source: str, stream: str, identifier: str, at: datetime, **row: str) -> Record:
    return Record(source, stream, identifier, at, at, None, json.dumps(row))


def test_targets_are_the_list_and_the_accounts_not_on_it(tmp_path):
    lake = Lake(str(tmp_path))
    early = datetime(2026, 1, 1, tzinfo=UTC)
    for at, board in ((early, "lever:old"), (NOW, "lever:new")):
        row = lake_row(
            "company_list", "companies", "a", at, name="Acme", domain="acme.com", job_board=board
        )
        lake.write("company_list", "companies", at.date(), [row])
    accounts = [
        lake_row(
            "crm", "accounts", "1", NOW, **{"Account Name": "ACME", "Website": "www.acme.com"}
        ),
        lake_row("crm", "accounts", "2", NOW, **{"Account Name": "Umbra", "Website": "umbra.dev"}),
        lake_row("crm", "accounts", "3", NOW, **{"Account Name": "None", "Website": ""}),
    ]
    lake.write("crm", "accounts", NOW.date(), accounts)
    targets = load_targets(lake)
    assert [(t.name, t.domain, t.job_board) for t in targets] == [
        ("Acme", "acme.com", "lever:new"),
        ("Umbra", "umbra.dev", None),
    ]
    assert [t.job_board for t in load_targets(lake, until=early)] == ["lever:old"]


@pytest.mark.parametrize(
    ("urls", "proxies"),
    [
        (["http://127.0.0.1:1/x", "http://localhost:1"], {}),
        (["https://inside.example"], {}),
        (["https://outside.example"], {"http": "http://proxy:1", "https": "http://proxy:2"}),
        (["/a/folder"], {}),
    ],
)
def test_proxies_are_for_the_world_only(monkeypatch, urls, proxies):
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("HTTP_PROXY", "http://proxy:1")
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy:2")
    monkeypatch.setenv("NO_PROXY", "inside.example")
    assert proxies_of(urls) == proxies
