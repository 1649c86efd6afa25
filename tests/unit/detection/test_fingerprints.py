"""Fingerprints: traces of every kind, versions, both engines, and hostile pages."""

from __future__ import annotations

import re
import sys
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detection.errors import UnreadableError
from detection.fingerprints import FingerprintEngine, default_engine, load_technologies
from detection.fingerprints.multipattern import MultiPattern, without_lead
from detection.fingerprints.page import scannable

PAGE = b"""<!doctype html><html><head>
<meta content="WordPress 6.5.2" name="Generator">
<script src="https://code.jquery.com/jquery-3.7.1.min.js"></script>
<script async src='//js.hs-scripts.com/12345.js'></script>
<link rel="stylesheet" href="/wp-content/themes/x/style.css">
</head><body><app-root ng-version="17.3.0"></app-root></body></html>"""
HEADERS = {
    "SERVER": "nginx/1.25.3",
    "CF-RAY": "abc",
    "Set-Cookie": "_ga=GA1.2.3; Path=/, _mkto_trk=id:1; Path=/",
}


def found(body: bytes, headers: dict | None = None) -> dict[str, str | None]:
    return {h.technology: h.version for h in default_engine().detect(body, headers)}


def test_traces_of_every_kind_with_versions() -> None:
    assert found(PAGE, HEADERS) == {
        "Angular": "17.3.0",
        "Cloudflare": None,
        "Google Analytics": None,
        "HubSpot": None,
        "jQuery": "3.7.1",
        "Marketo": None,
        "Nginx": "1.25.3",
        "WordPress": "6.5.2",
    }


def test_each_hit_shows_its_trace() -> None:
    hits = {h.technology: h for h in default_engine().detect(PAGE, HEADERS)}
    assert hits["HubSpot"].category == "Marketing automation"
    assert "js.hs-scripts.com" in hits["HubSpot"].evidence
    assert hits["Nginx"].method == "headers"
    assert all(0 < h.confidence <= 1 and h.evidence for h in hits.values())


def test_plain_text_that_names_a_product_is_no_trace() -> None:
    assert found(b"<p>We love WordPress, HubSpot and jQuery-3.7.1.min.js</p>") == {}


def test_both_engines_agree() -> None:
    plain = FingerprintEngine(default_engine().technologies, use_hyperscan=False)
    assert plain.detect(PAGE, HEADERS) == default_engine().detect(PAGE, HEADERS)


@pytest.mark.parametrize(
    ("regex", "scanned"),
    [
        ('class="[^"]{0,200}\\bant-(?:btn|row)', "\\bant-(?:btn|row)"),
        ('class="[^"]{0,200}chakra-a|--chakra-', "chakra-a|--chakra-"),
        # What stands before says more than what follows, or nothing of length follows.
        (r"window\.features[^;]{0,20}false", r"window\.features[^;]{0,20}false"),
        ('class="[^"]{0,200}x-', 'class="[^"]{0,200}x-'),
        ("(?:a|b)[^;]{0,20}svelte-", "(?:a|b)[^;]{0,20}svelte-"),
    ],
)
def test_counted_repeats_at_the_start_are_left_to_the_second_look(regex: str, scanned: str) -> None:
    assert without_lead(regex) == scanned
    patterns = MultiPattern([regex])
    page = '<i class="ant-x svelte-z"><p class="a ant-row chakra-a x-">window.features;false</p>'
    hits = [match.group() for _, match in patterns.search(page)]
    expected = re.search(regex, page)
    assert hits == ([expected.group()] if expected else [])


def test_a_page_with_letters_beyond_ascii_keeps_its_places() -> None:
    text = "caf\u00e9 \u201cx\u201d \u212aelvin"
    assert scannable(text) == b"cafx ?x? kelvin"
    assert scannable(text + " \U0001f600\u4e2d") == b"cafx ?x? kelvin ?x"


def test_without_hyperscan_the_same_is_found(monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "hyperscan", None)
    bare = FingerprintEngine(default_engine().technologies)
    assert len(bare.refused) == sum(len(p) for t in bare.technologies for p in t.texts.values())
    assert bare.detect(PAGE, HEADERS) == default_engine().detect(PAGE, HEADERS)


class Kept(dict):
    """A cache in memory that counts what was asked of it."""

    def put(self, key: str, value: bytes) -> None:
        self[key] = value


def test_compiled_databases_are_kept_and_used_again(monkeypatch) -> None:
    import hyperscan

    cache = Kept()
    first = FingerprintEngine(default_engine().technologies, cache=cache)
    assert cache

    def forbidden(*_: object) -> None:
        raise AssertionError("compiled although kept")

    monkeypatch.setattr("detection.fingerprints.multipattern._taken", forbidden)
    again = FingerprintEngine(default_engine().technologies, cache=cache)
    assert again.detect(PAGE, HEADERS) == first.detect(PAGE, HEADERS)
    assert hyperscan.__version__


def test_a_database_of_another_machine_is_made_anew() -> None:
    cache = Kept()
    FingerprintEngine(default_engine().technologies, cache=cache)
    for key in cache:
        cache[key] = b"\0\0\0\0not a database"
    assert FingerprintEngine(default_engine().technologies, cache=cache).detect(
        PAGE, HEADERS
    ) == default_engine().detect(PAGE, HEADERS)


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        (b"<!-- <script src='https://js.stripe.com/v3/'></script> -->", set()),
        (b"<!--[if IE]><script src='https://js.stripe.com/v3/'></script><![endif]-->", {"Stripe"}),
        (b"<script>var s=x();s.src='https://js.stripe.com/v3/';</script>", {"Stripe"}),
        ("<p>é ü 漢字</p><script src='https://js.stripe.com/v3/'>".encode(), {"Stripe"}),
        (b"<noscript><iframe src='https://www.googletagmanager.com/ns.html?id=GTM-AB12'>",
         {"Google Tag Manager"}),
        (b"<a href='https://js.stripe.com.evil.example/'>x</a>", {"Stripe"}),
    ],
    ids=["comment", "conditional", "loader", "other-letters", "noscript", "any-address"],
)  # fmt: skip
def test_where_an_address_counts(page: bytes, expected: set[str]) -> None:
    assert set(found(page)) == expected


def test_cookies_are_found_with_values_and_by_names_alone() -> None:
    raw = {
        "Set-Cookie": "a=1; Path=/; Expires=Wed, 21 Oct 2026 07:28:00 GMT, __stripe_mid=x; Path=/"
    }
    names = {"set-cookie": "a=; __stripe_mid=; _mkto_trk="}
    assert set(found(b"", raw)) == {"Stripe"}
    assert set(found(b"", names)) == {"Stripe", "Marketo"}


def test_the_own_list_is_large_and_complete() -> None:
    technologies = default_engine().technologies
    assert len(technologies) >= 300
    assert len({t.name for t in technologies}) == len(technologies)
    assert all(t.category and t.vendor for t in technologies)
    assert all(t.has_page_traces or t.dns for t in technologies)


@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        ({"category": "x"}, "no name"),
        ({"name": "A", "script": ["x"]}, "unknown field 'script'"),
        ({"name": "A", "urls": ["("]}, "A: pattern"),
    ],
)
def test_a_faulty_list_names_the_entry(entry: dict, problem: str) -> None:
    with pytest.raises(UnreadableError, match=problem.replace("(", "\\(")):
        load_technologies({"technologies": [entry]})


@pytest.mark.parametrize(
    "page",
    [
        b"<script " * 400_000,
        b"<div>" * 2_000_000,
        b"<meta name=" * 300_000,
        b'<a href="' + b"x" * 10_000_000,
    ],
    ids=["scripts", "nested", "metas", "one-address"],
)
def test_a_large_page_is_scanned_in_bounded_time(page: bytes) -> None:
    start = time.process_time()
    default_engine().detect(page)
    assert time.process_time() - start < 5


@given(st.binary(max_size=500), st.dictionaries(st.text(max_size=20), st.text(max_size=50)))
@settings(max_examples=100, deadline=None)
def test_any_page_is_scanned_without_a_fault(body: bytes, headers: dict[str, str]) -> None:
    default_engine().detect(body, headers)
