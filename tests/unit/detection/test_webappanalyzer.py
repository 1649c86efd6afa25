"""The webappanalyzer format on an invented set: every field, tags, and what follows from what."""

from __future__ import annotations

import pytest

from detection.errors import UnreadableError
from detection.fingerprints import (
    FingerprintEngine,
    load_technologies,
    load_webappanalyzer,
    merge_technologies,
)
from detection.fingerprints.literals import required_literals, selector_literals
from detection.fingerprints.technologies import Pattern, version_of
from detection.fingerprints.webappanalyzer import parse_pattern

CATEGORIES = {"1": {"name": "CMS"}, "6": {"name": "Ecommerce"}, "9": {"name": "Widgets"}}
SET = {
    "Quillpress": {
        "cats": [1],
        "meta": {"generator": ["^Quillpress ([\\d.]+)\\;version:\\1"]},
        "implies": ["Penhp\\;confidence:50", "Nibdb"],
    },
    "Penhp": {"cats": [9], "headers": {"X-Powered-By": "^Penhp"}},
    "Nibdb": {"cats": [9]},
    "Cartwheel": {
        "cats": [6], "scriptSrc": ["cartwheel(?:-([\\d.]+))?\\.js\\;version:\\1?v\\1:none"],
    },
    "Cartwheel Pay": {"cats": [9], "html": "data-cw-pay", "requires": "Cartwheel"},
    "Shipnote": {"cats": [9], "text": ["\\bShipnote\\b"], "requiresCategory": [6]},
    "Oldwheel": {"cats": [6], "cookies": {"wheel_sid": ""}},
    "Newwheel": {"cats": [6], "cookies": {"new_*": ""}, "excludes": ["Oldwheel"]},
    "Half": {"cats": [9], "html": ["half-one\\;confidence:25", "half-two\\;confidence:50"]},
    "Inline": {"cats": [9], "scripts": ["boot\\.inline\\("], "css": ["\\.inline-box"]},
    "Boxed": {"cats": [9], "dom": ["div[data-boxed='yes'] > a", "#boxed-root"]},
    "Attributed": {
        "cats": [9],
        "dom": {"link[href*='attr-cdn']": {"attributes": {"href": "v([\\d.]+)/\\;version:\\1"}}},
    },
    "Spoken": {"cats": [9], "dom": {"p.by": {"text": "Made with Spoken"}}},
    "Styled": {"cats": [9], "dom": {"style": {"text": "--styled-gap"}}},
    "Addressed": {"cats": [9], "url": "^https://[^/]+\\.addressed\\.example"},
    "Named": {"cats": [9], "dns": {"TXT": ["named-verification="], "SRV": ["x"]}},
    "Unseen": {"cats": [9], "js": {"unseen.v": ""}, "xhr": "unseen", "certIssuer": "Unseen"},
    "Grouped": {"cats": [9], "html": ["(?<major>\\d)-grouped[^]end"]},
    "Broken": {"cats": [9], "html": ["(", "whole-broken"]},
    "Looking": {"cats": [9], "scriptSrc": ["(?<!not-)looking\\.js(?!.+except)"]},
}  # fmt: skip


@pytest.fixture(scope="module", params=[True, False], ids=["hyperscan", "re"])
def engine(request) -> FingerprintEngine:
    loaded = load_webappanalyzer(SET, CATEGORIES)
    return FingerprintEngine(loaded.technologies, use_hyperscan=request.param)


@pytest.mark.parametrize(
    ("page", "headers", "expected"),
    [
        ("<meta name=Generator content='Quillpress 4.2'>", {},
         {"Quillpress": "4.2", "Penhp": None, "Nibdb": None}),
        ("<script src='/js/cartwheel-2.1.js'></script>", {}, {"Cartwheel": "v2.1"}),
        ("<script src='/js/cartwheel.js'></script>", {}, {"Cartwheel": "none"}),
        ("<i data-cw-pay></i>", {}, {}),
        ("<i data-cw-pay></i><script src=cartwheel.js></script>", {},
         {"Cartwheel": "none", "Cartwheel Pay": None}),
        ("<p>We ship by SHIPNOTE</p>", {}, {}),
        ("<p>We ship by SHIPNOTE</p>", {"Set-Cookie": "wheel_sid=1"},
         {"Oldwheel": None, "Shipnote": None}),
        ("", {"Set-Cookie": ["wheel_sid=1", "new_abc=1"]}, {"Newwheel": None}),
        ("<script>boot.inline()</script>", {}, {"Inline": None}),
        ("<style>.inline-box{}</style>", {}, {"Inline": None}),
        ("<p>boot.inline()</p>", {}, {}),
        ("<div data-boxed=yes><a>x</a></div>", {}, {"Boxed": None}),
        ("<div data-boxed=yes><b><a>x</a></b></div>", {}, {}),
        ("<link href='https://attr-cdn.example/v3.4/a.css'>", {}, {"Attributed": "3.4"}),
        ("<link href='https:&#x2F;&#x2F;attr-cdn.example/v3.4/a.css'>", {}, {"Attributed": "3.4"}),
        ("<p class=by>Made <b>with</b> Spoken</p>", {}, {"Spoken": None}),
        ("<style>a{--styled-gap:1}</style>", {}, {"Styled": None}),
        ("<p>7-grouped\nend</p>", {}, {"Grouped": None}),
        ("whole-broken", {}, {"Broken": None}),
        ("<script src=/looking.js></script>", {}, {"Looking": None}),
        ("<script src=/not-looking.js></script>", {}, {}),
        ("<script src=/looking.js?an=except></script>", {}, {}),
        ("<script src=/looking.js></script><script src=/except.js></script>", {},
         {"Looking": None}),
        ("", {"X-Powered-By": "Penhp/1"}, {"Penhp": None}),
    ],
)  # fmt: skip
def test_fields_tags_and_conditions(engine, page: str, headers: dict, expected: dict) -> None:
    assert {h.technology: h.version for h in engine.detect(page.encode(), headers)} == expected


def test_the_page_address_counts(engine) -> None:
    hits = engine.detect(b"", {}, "https://shop.addressed.example/")
    assert [h.technology for h in hits] == ["Addressed"]


def test_confidence_adds_up_and_follows_implications(engine) -> None:
    hits = {
        h.technology: h
        for h in engine.detect(b"half-one half-two <meta name=generator content='Quillpress 1'>")
    }
    assert hits["Half"].confidence == pytest.approx(0.85 * 0.75)
    assert hits["Penhp"].method == "implied"
    assert hits["Penhp"].evidence == "implied by Quillpress"
    assert hits["Penhp"].confidence == pytest.approx(hits["Quillpress"].confidence / 2)


def test_what_no_page_shows_is_left_out_and_a_broken_pattern_is_named() -> None:
    loaded = load_webappanalyzer(SET, CATEGORIES)
    known = {t.name: t for t in loaded.technologies}
    assert not known["Unseen"].has_page_traces
    assert known["Named"].dns == {"TXT": (Pattern("named-verification=", ""),)}
    assert [text.split(":")[0] for text in loaded.unusable] == ["Broken"]
    with pytest.raises(UnreadableError, match="X: a technology is a JSON object"):
        load_webappanalyzer({"X": []}, {})


@pytest.mark.parametrize(
    ("template", "text", "version"),
    [
        ("\\1", "v3.2", "3.2"),
        ("\\1", "v", None),
        ("\\1?a:b", "v3.2", "a"),
        ("\\1?a:b", "v", "b"),
        ("\\1?:b", "v3.2", None),
        ("\\1?:b", "v", "b"),
        ("x\\1", "v3.2", "x3.2"),
        ("", "v3.2", None),
    ],
)
def test_version_templates(template: str, text: str, version: str | None) -> None:
    import re

    match = re.search(r"v([\d.]+)?", text)
    assert match is not None
    assert version_of(Pattern("", template), match) == version


def test_tags_of_a_pattern() -> None:
    assert parse_pattern("a\\.b\\;version:\\1\\;confidence:40") == Pattern("a\\.b", "\\1", 40)
    assert parse_pattern("\\;confidence:50") == Pattern("", "", 50)


def test_own_and_users_traces_are_joined_under_one_name() -> None:
    own = load_technologies(
        {"technologies": [{"name": "quillPress", "category": "Writing", "vendor": "Quill",
                           "urls": ["quill-cdn"]}]}
    )  # fmt: skip
    users = load_webappanalyzer(
        {**SET, "Theme": {"cats": [9], "html": "theme-x", "requires": "Quillpress"}}, CATEGORIES
    ).technologies
    engine = FingerprintEngine(merge_technologies(own, users))
    page = b"<i theme-x><link href=//quill-cdn/a.css><meta name=generator content='Quillpress 2'>"
    hits = {h.technology: h for h in engine.detect(page)}
    assert set(hits) == {"quillPress", "Penhp", "Nibdb", "Theme"}
    assert (hits["quillPress"].category, hits["quillPress"].version) == ("Writing", "2")


@pytest.mark.parametrize(
    ("regex", "expected"),
    [
        (r"jquery[.-]([\d.]+)\.js", {"jquery"}),
        (r"a{2,30}xyz", {"xyz"}),
        (r"(?:one|two)three?", {"thre"}),
        (r"alpha|beta", {"alpha", "beta"}),
        (r"alpha|b", None),
        (r"(?:abc)?de+f", {"de"}),
        (r"[^\]abc]+?(?!long-text)xy", {"xy"}),
        (r"\d+", None),
        (r"x\.y\/z", {"x.y/z"}),
    ],
)
def test_required_literals_are_never_more_than_needed(regex: str, expected: set | None) -> None:
    assert required_literals(regex) == expected


def test_texts_that_selectors_need() -> None:
    assert selector_literals("link[href*='cdn.x'], #root-a") == [{"<link", "cdn.x"}, {"root-a"}]
    assert selector_literals("body") is None
    assert selector_literals("a[href*='x&y-long']") == [{"y-long"}]
