"""8-K: headings of every era, mentions that are none, and hostile pages."""

from __future__ import annotations

import time
from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detection.documents import decode, document_text, html_to_text
from detection.errors import UnreadableError
from detection.filings.form_8k import read_8k

MODERN = """<html><head><title>Item 5.02</title></head><body>
<p>FORM 8-K</p><p>Check the box if this satisfies Rule 13e-4(c)</p>
<table><tr><td><b>Item&nbsp;5.02</b></td><td>Departure of Directors or Certain Officers</td></tr>
</table><p>On May 4, 2026 the board met. The release is furnished under
Item 2.02 of Form 8-K and not filed.</p>
<div>ITEM 9.01. FINANCIAL STATEMENTS AND EXHIBITS</div><p>(d) Exhibits</p>
<p>SIGNATURES</p><p>Item 7.01 Regulation FD is not meant here: see Item 7.01 above</p>
</body></html>"""

LEGACY = """<DOCUMENT>
<TYPE>8-K
<TEXT>
<PAGE>
FORM 8-K   CURRENT REPORT

     ITEM 5.  OTHER EVENTS.

The company settled. As described in
Item 3 of the annual report, nothing changed.

ITEM 7.  FINANCIAL STATEMENTS AND EXHIBITS
<TABLE>
<S> <C>
99   Press release
</TABLE>
                         SIGNATURES
</TEXT>
</DOCUMENT>
<DOCUMENT>
<TYPE>EX-99
<TEXT>
ITEM 2. ACQUISITION OR DISPOSITION OF ASSETS
</TEXT>
</DOCUMENT>
"""


def test_modern_headings_in_html() -> None:
    filing = read_8k(MODERN)
    assert filing.codes[:2] == ("5.02", "9.01")
    assert "2.02" not in filing.codes
    assert not filing.is_legacy
    assert "the board met" in (filing.text_of("5.02") or "")
    assert filing.items[0].title.startswith("Departure of Directors")


def test_legacy_headings_in_text_and_no_exhibit() -> None:
    filing = read_8k(LEGACY.encode())
    assert filing.codes == ("5", "7")
    assert filing.is_legacy
    assert (filing.text_of("5") or "").startswith("OTHER EVENTS")


@pytest.mark.parametrize(
    ("heading", "codes"),
    [
        ("Item 1.01 Entry into a Material Definitive Agreement.", ("1.01",)),
        ("ITEM 2.02: Results of Operations and Financial Condition", ("2.02",)),
        ("Item 8.01", ("8.01",)),
        ("Item 8 . 01. Other Events", ("8.01",)),
        ("Items 2.02 and 7.01 Results of Operations; Regulation FD Disclosure", ("2.02", "7.01")),
        ("Items 1.01(a) and 5.02(e) Agreement; Compensatory Arrangements", ("1.01", "5.02")),
        ("Item 1.05 Material Cybersecurity Incidents", ("1.05",)),
        ("Section 5 - Corporate Governance Item 5.03 Amendments to Bylaws", ("5.03",)),
        ("Item 5.02 of this report is not amended", ()),
        ("see Item 5.02 Departure of Directors", ()),
        ("Item 99.99 Something", ()),
    ],
)
def test_headings_and_mentions(heading: str, codes: tuple[str, ...]) -> None:
    assert read_8k(f"Form 8-K\n{heading}\nSome text follows here.\n").codes == codes


def test_the_filing_date_decides_between_numberings() -> None:
    text = "Item 5. Other Events\nx\nItem 2.02 Results of Operations\ny"
    assert read_8k(text, date(2003, 1, 2)).codes == ("5",)
    assert read_8k(text, date(2010, 1, 2)).codes == ("2.02",)


def test_an_empty_document_is_unreadable() -> None:
    with pytest.raises(UnreadableError, match="empty_document"):
        read_8k(b"<html><body>&nbsp;</body></html>")


def test_encodings() -> None:
    assert decode("Zürich".encode()) == "Zürich"
    assert decode("Zürich “a”".encode("cp1252")) == "Zürich “a”"
    assert decode("Zürich".encode("utf-16")) == "Zürich"
    assert decode(b'<meta charset="iso-8859-2">\xb9') == '<meta charset="iso-8859-2">š'


def test_scripts_comments_and_hidden_facts_are_not_text() -> None:
    markup = "<p>a</p><script>Item 5.02</script><!-- b --><ix:header>c</ix:header><p>d &amp; e"
    assert html_to_text(markup) == "a\nd & e"


@pytest.mark.parametrize(
    "page",
    [
        "<div>" * 500_000,
        "<" * 3_000_000,
        "<!--" * 700_000,
        "<p>Item 5.02 " * 300_000,
        "<a " + "x='y' " * 500_000,
        "Item 5.02 " * 300_000,
        "\n" * 3_000_000,
    ],
    ids=["nested", "angles", "comments", "items", "attributes", "mentions", "newlines"],
)
def test_hostile_pages_cost_no_more_than_their_length(page: str) -> None:
    start = time.process_time()
    with suppress(UnreadableError):
        read_8k("<html><body>" + page)
    assert time.process_time() - start < 8


@given(st.binary(max_size=400))
@settings(max_examples=150, deadline=None)
def test_any_bytes_give_text(content: bytes) -> None:
    assert isinstance(document_text(content), str)


@given(st.text(alphabet=st.sampled_from("Item 5.02\n<>/&;9.01ABC()"), max_size=200))
@settings(max_examples=200, deadline=None)
def test_any_text_gives_items_or_unreadable(text: str) -> None:
    try:
        codes = read_8k(text).codes
    except UnreadableError:
        return
    assert len(set(codes)) == len(codes)
