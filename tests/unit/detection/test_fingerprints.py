"""Fingerprints: traces of every kind, versions, both engines, and hostile pages."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detection.errors import UnreadableError
from detection.fingerprints import FingerprintEngine, default_engine, load_technologies

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


def test_the_own_list_is_large_and_complete() -> None:
    technologies = default_engine().technologies
    assert len(technologies) >= 120
    assert len({t.name for t in technologies}) == len(technologies)
    assert all(t.category and t.vendor for t in technologies)
    assert all(t.urls or t.html or t.headers or t.cookies or t.meta for t in technologies)


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
