"""Documents of every format as text, what they say of a deal, and those that are meetings."""

from __future__ import annotations

import time
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO

import openpyxl
import pytest

from detection.correspondence.documents.formats import DocumentText, read_text
from detection.correspondence.documents.head import read_head
from detection.correspondence.documents.limits import DocumentRefusedError
from detection.correspondence.documents.notes import (
    attendees_of_notes,
    find_notes,
    steps_of_notes,
)
from detection.correspondence.documents.reading import Document, read_as_meeting, read_document
from detection.correspondence.rfq.vocabulary import Vocabulary
from detection.correspondence.transcripts.speech_text import read_speech
from detection.errors import UnreadableError
from detection.readers.documents import file_name

WORDS = Vocabulary(
    own_domains=frozenset({"ours.example"}),
    own_names=("Ours",),
    products={"LED driver": ("driver",)},
)
CHANGED = datetime(2026, 3, 3, 9, tzinfo=UTC)
RFQ = """Request for Quotation RFQ 4711
From: Kestrel Ltd, Purchasing
To: Ours
Date: 2 March 2026
Contact: ann@kestrel.example

We need 400 pieces of the LED driver LD-2210, delivery by 15 April 2026.
"""
NOTES = """# Call with Kestrel, notes

**Attendees:** Ann Lee (Kestrel) <ann@kestrel.example>, Bo Sand
## Pricing
They want the LED driver at 4.20 EUR each for 400 pieces and asked for a quote.
## Decisions
- Go with the standard housing.
## Action items
- [ ] Bo: send the quote by Friday
- Check the lead time (Ann Lee)
- none
"""
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def word(body: str, members: int = 0, part: str = "word/document.xml") -> bytes:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr(part, body)
        for number in range(members):
            package.writestr(f"../../m{number}", "")
    return packed.getvalue()


def document(text: str, **changes: object) -> Document:
    told = Document("d1", "Paper", DocumentText("text", text), CHANGED, None)
    return replace(told, **changes)


@pytest.mark.parametrize(
    ("body", "media_type", "name", "kind", "holds"),
    [
        (b"\xef\xbb\xbfQty 5\r\npieces", "text/plain", "a.txt", "text", "Qty 5\npieces"),
        ("Menge 5 Stück".encode("utf-16"), None, "a", "text", "Menge 5 Stück"),
        (b"<p>Qty&nbsp;5</p><script>x()</script>", None, "a.HTM", "html", "Qty 5"),
        (b"<!DOCTYPE html><p>hi</p>", "application/octet-stream", "", "html", "hi"),
        (
            b"<table><tr><th>Part<th>Qty<th>Unit price (EUR)"
            b"<tr><td>LD-1000<td>500<td>4.20</table>",
            "text/html", "", "html",
            "Part\tQty\tUnit price (EUR)\n"
            "Part: LD-1000; Quantity: 500 pieces; Unit price: EUR 4.20 per piece",
        ),
        (
            b"Customer,Kestrel Ltd\nPart;no,Qty,Price,Currency,Unit\nLD-1,\"1,250\",4,GBP,reel\n",
            "text/csv", "", "csv",
            "Customer: Kestrel Ltd\n"
            "Part;no: LD-1; Quantity: 1,250 reel; Unit price: GBP 4 per reel",
        ),
        (b"a\tb\n1\t2\n", None, "x.tsv", "csv", "a: b\n1: 2"),
        (b"| Part | Qty | Total USD |\n|---|:-:|--|\n| **LD-1** | 5 | 20 |\n\n## Next\n", None,
         "q.md", "markdown", "Part: LD-1; Quantity: 5 pieces; Total: USD 20\n\nNext"),
        (
            word(f"<w:document {W}><w:body><w:p><w:r><w:t>Qty</w:t><w:tab/><w:t>5</w:t></w:r></w:p>"
                 "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>Part</w:t></w:r></w:p></w:tc>"
                 "<w:tc><w:p><w:r><w:t>Menge</w:t></w:r></w:p></w:tc>"
                 "<w:tc><w:p><w:r><w:t>Preis</w:t></w:r></w:p></w:tc></w:tr>"
                 "<w:tr><w:tc><w:p><w:r><w:t>LD-1</w:t></w:r></w:p></w:tc>"
                 "<w:tc><w:p><w:r><w:t>7</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
                 "</w:body></w:document>"),
            None, "q.docx", "word", "Qty\t5\nPart: LD-1; Quantity: 7 pieces",
        ),
    ],
)  # fmt: skip
def test_each_format_becomes_lines(body, media_type, name, kind, holds) -> None:
    found = read_text(body, media_type, name)
    assert (found.format, found.not_read, found.is_cut) == (kind, None, False)
    assert found.text == holds


def test_a_workbook_is_read_as_its_sheets_show_it() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (
        ["Quotation", "Q-77"],
        ["Customer", "Kestrel Ltd"],
        ["Date", datetime(2026, 3, 2)],
        [],
        ["Part number", "Qty", "Unit price", "Margin"],
        ["LD-2210", 1_250, 4.2, 0.22],
    ):
        sheet.append(row)
    sheet["C6"].number_format, sheet["D6"].number_format = '#,##0.00 "€"', "0%"
    book.create_sheet("Notes")["B7"] = "Delivery\nwithin 6 weeks"
    packed = BytesIO()
    book.save(packed)
    found = read_text(packed.getvalue(), None, "q.xlsx")
    assert (found.format, found.not_read) == ("excel", None)
    assert found.text.split("\n") == [
        "Quotation: Q-77", "Customer: Kestrel Ltd", "Date: 2026-03-02",
        "Part number: LD-2210; Quantity: 1250 pieces; Unit price: EUR 4.2 per piece; Margin: 22%",
        "Delivery within 6 weeks",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"%PDF-1.7 ...", "pdf"),
        (b"{\\rtf1 hello}", "rtf"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "office"),
        (b"MZ\0\0\x03", "binary"),
        (b'{"a": 1}', "json"),
        (word("x", part="ppt/presentation.xml"), "archive"),
    ],
)
def test_what_is_not_read_says_why_and_what_to_do(body: bytes, kind: str) -> None:
    found = read_text(body, None, "x.json" if kind == "json" else "x.txt")
    assert (found.format, found.text) == (kind, "")
    assert len(found.not_read) > 20


def patched(package: bytes, local: int, central: int, value: int) -> bytes:
    """A package of one member with a byte changed in both of the member's headers."""
    changed = bytearray(package)
    changed[local] = changed[package.index(b"PK\x01\x02") + central] = value
    return bytes(changed)


def test_a_password_and_a_packing_nobody_knows_are_told_apart() -> None:
    packed = word(f"<w:document {W}><w:t>Offer</w:t></w:document>")
    for body, rule, said in (
        (patched(packed, 6, 8, 0x1), "locked_office_file", "password"),
        (patched(packed, 8, 10, 97), "broken_office_file", "cannot be unpacked"),
    ):
        with pytest.raises(UnreadableError, match=said) as error:
            read_text(body, None, "offer.docx")
        assert error.value.rule == rule


def test_hostile_files_cost_bounded_time_and_are_refused_with_a_rule() -> None:
    bomb = f"<w:document {W}><w:t>{'0' * 9_000_000}</w:t></w:document>"
    entity = '<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>'
    nested = f"<w:document {W}>" + "<w:tbl>" * 5_000
    refused = {
        word(bomb): "document_too_large",
        word("x", members=2_001): "too_many_members",
        word(nested): "broken_office_file",
        word("x" * 9_000_000, part="xl/workbook.xml"): "document_too_large",
        word("<a/>", part="xl/workbook.xml"): "broken_office_file",
        b"PK\x03\x04 no package": "broken_office_file",
        b"a" * (16 * 1024 * 1024 + 1): "document_too_large",
    }
    for body, rule in refused.items():
        with pytest.raises(UnreadableError) as error:
            read_text(body, None, "x.docx")
        assert error.value.rule == rule
    assert issubclass(DocumentRefusedError, UnreadableError)
    assert "root" not in read_text(word(entity), None, "x.docx").text
    started = time.perf_counter()
    for body, media_type in (
        (b"<table>" * 300_000, "text/html"),
        (b'"' * 2_000_000, "text/csv"),
        (b"**|-" * 400_000, "text/markdown"),
        (b"To: a@a" * 300_000, "text/plain"),
    ):
        found = read_text(body, media_type)
        assert found.is_cut
        read_document(document(found.text, content=found), WORDS)
    assert time.perf_counter() - started < 15
    assert file_name("../../etc\\cron.d/ru\u202en\x00.txt") == "run.txt"


def test_the_head_names_customer_writer_day_and_kind() -> None:
    head = read_head(RFQ, WORDS)
    assert (head.company, head.is_ours) == ("Kestrel Ltd", False)
    assert head.written_on == date(2026, 3, 2)
    assert head.addresses == ("ann@kestrel.example",)
    assert (head.heading.stage, head.heading.start) == ("rfq", 0)
    ours = read_head(
        "Paper\n## Quotation\nPrepared for:\nKestrel, Inc. - Dallas\nFrom: Ours", WORDS
    )
    assert (ours.company, ours.is_ours, ours.heading.stage) == ("Kestrel, Inc", True, "quoting")
    assert RFQ.splitlines()[0] == head.heading.line
    assert read_head("Offer him a driver.", WORDS).heading is None
    bare = read_head("Some thoughts about a quotation", WORDS)
    assert (bare.company, bare.is_ours, bare.heading, bare.addresses) == (None, None, None, ())


def test_a_request_is_read_with_places_and_the_day_that_it_bears() -> None:
    told = document(RFQ, owners=(("Bo Sand", "bo@ours.example"),))
    reading = read_document(told, WORDS)
    assert (reading.verdict.reason, reading.party) == ("asked", "kestrel.example")
    assert (reading.company, reading.is_ours) == ("Kestrel Ltd", False)
    assert reading.occurred_at == datetime(2026, 3, 2, tzinfo=UTC)
    said = {s.kind: s for s in reading.statements}
    assert (said["quantity"].low, said["part_number"].value) == (400.0, "LD-2210")
    assert said["delivery_date"].day == date(2026, 4, 15)
    place = slice(said["part_number"].start, said["part_number"].end)
    assert told.text[place] == "LD-2210"
    assert [p.side for p in reading.people] == ["vendor", "customer"]


def test_documents_without_a_customer_or_with_many_name_no_party() -> None:
    listed = RFQ.replace("From: Kestrel Ltd, Purchasing\n", "") + "cc: eve@heron.example"
    reading = read_document(document(listed), WORDS)
    assert (reading.party, reading.company) == (None, None)
    inside = "Price list\nLED driver LD-2210: 400 pieces at 4 EUR each. Mail bo@ours.example"
    found = read_document(document(inside), WORDS)
    assert (found.verdict.reason, found.statements) == ("internal", ())
    copies = {read_document(document(RFQ, document_id=i), WORDS).content_sha256 for i in "ab"}
    assert len(copies) == 1


def test_notes_give_people_and_tasks_with_owner_and_day() -> None:
    notes = find_notes(NOTES)
    people = attendees_of_notes(notes)
    assert [(p.name, p.affiliation, p.email) for p in people] == [
        ("Ann Lee", "Kestrel", "ann@kestrel.example"), ("Bo Sand", None, None),
    ]  # fmt: skip
    assert [line.text for line in notes.lines("decisions")] == ["- Go with the standard housing."]
    first = notes.lines("action_items")[0]
    assert NOTES[first.start :].startswith(first.text)
    steps = steps_of_notes(notes, people, date(2026, 3, 3))
    assert [(s.owner, s.due_on) for s in steps] == [
        ("Bo Sand", date(2026, 3, 6)), ("Ann Lee", None),
    ]  # fmt: skip
    assert find_notes(RFQ) is None
    assert find_notes("Pricing\n4 EUR\nMargins\n5%") is None


def test_a_document_that_is_a_meeting_is_read_as_one() -> None:
    found = read_as_meeting(document(NOTES), WORDS)
    assert (found.part, found.reading.party, found.reading.company) == (
        "notes", "kestrel.example", "Kestrel",
    )  # fmt: skip
    assert found.reading.verdict.is_business
    assert [s.owner for s in found.reading.steps] == ["Bo Sand", "Ann Lee"]
    assert found.reading.occurred_at == CHANGED
    speech = (
        "Kestrel - Transcript\nAttendees\nAnn Lee, Bo Sand\nTranscript\n00:00:00\nAnn Lee: Hello.\n"
        "Bo Sand: Hi.\n00:05:00\nAnn Lee: Please quote 400 LED drivers.\n"
        "Bo Sand: I will send the quote by Friday.\nMeeting ended after 00:30:12\n"
    )
    said = read_as_meeting(document(speech), WORDS)
    assert (said.part, said.layout, said.utterance_count) == ("transcript", "text", 4)
    quantity = next(s for s in said.reading.statements if s.kind == "quantity")
    assert (quantity.low, quantity.at_ms) == (400.0, 300_000)
    assert read_as_meeting(document(RFQ), WORDS) is None


def test_lines_with_colons_alone_are_no_transcript() -> None:
    assert read_speech("Name: Ann\nQty: 5\nPrice: 4\nDay: 3\n") == ()
    stamped = read_speech("[00:01] Ann: yes\n[00:02] Bo: no\n[01:00:03] Ann: well\n")
    assert [(u.start_ms, u.speaker, u.text) for u in stamped] == [
        (1_000, "Ann", "yes"), (2_000, "Bo", "no"), (3_603_000, "Ann", "well"),
    ]  # fmt: skip
