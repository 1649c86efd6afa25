"""Files that lie in the seller's shared folders: requests, quotations, minutes, and other paper.

Made of the deals' truth after the correspondence, each deal with draws of its own, so that mails,
calls and CRM rows are the same with and without them. The same correspondence gives the same bytes.
"""

from __future__ import annotations

import email
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from html import escape
from io import BytesIO
from random import Random

from sandbox.correspondence.casting import OWN_NAME, OWN_PEOPLE, PRODUCTS
from sandbox.correspondence.dealing import seller_address
from sandbox.correspondence.records import (
    Correspondence,
    DealTruth,
    Facts,
    RawDocument,
    SourceTruth,
)

GOOGLE_DOCUMENT = "application/vnd.google-apps.document"
GOOGLE_SHEET = "application/vnd.google-apps.spreadsheet"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
#: Ending and media type of each format; Google's own have no ending.
FORMATS = {
    "google": ("", GOOGLE_DOCUMENT),
    "sheet": ("", GOOGLE_SHEET),
    "text": (".txt", "text/plain"),
    "html": (".html", "text/html"),
    "markdown": (".md", "text/markdown"),
    "csv": (".csv", "text/csv"),
    "word": (".docx", WORD),
}
#: Files that are about no deal, for so many deals one of each kind.
DEALS_A_DISTRACTOR = 4
_STATED = ("quantity", "unit_price", "currency", "product", "part_number", "reference")


@dataclass
class Paperwork:
    """Files and their truth."""

    files: list[RawDocument] = field(default_factory=list)
    sources: list[SourceTruth] = field(default_factory=list)


def paperwork_of(told: Correspondence, seed: int) -> Paperwork:
    """Files about the deals of a correspondence, and some about none."""
    made = Paperwork()
    sent = _sent(told)
    for number, deal in enumerate(told.deals):
        random = Random(f"{seed}/paper/{deal.deal_id}")
        opened = sent[deal.source_ids[0]]
        if random.random() < 0.5:
            _request(deal, random, opened + timedelta(hours=2), made)
        if deal.stage in ("quoting", "po_in_progress", "won", "lost") and random.random() < 0.5:
            _quotation(deal, random, opened + timedelta(days=3), made)
        if random.random() < 0.4:
            _minutes(deal, random, opened + timedelta(days=2), made, as_notes=number % 2 == 0)
        if random.random() < 0.2:
            _drawing(deal, random, opened + timedelta(days=1), made)
    for number, deal in enumerate(told.deals[::DEALS_A_DISTRACTOR]):
        _others(number, Random(f"{seed}/paper/other/{number}"), sent[deal.source_ids[0]], made)
    return made


def _sent(told: Correspondence) -> dict[str, datetime]:
    found = {}
    for mail in told.mails:
        head = email.message_from_bytes(mail.data.partition(b"\r\n\r\n")[0] + b"\r\n\r\n")
        found[mail.source_id] = parsedate_to_datetime(head["Date"]).replace(tzinfo=None)
    return found


def _request(deal: DealTruth, random: Random, at: datetime, into: Paperwork) -> None:
    """The customer's form, filed by one of us."""
    facts = deal.facts
    said = Facts(quantity=facts.quantity, product=facts.product, part_number=facts.part_number,
                 reference=facts.reference, delivery_date=facts.delivery_date)  # fmt: skip
    lines = [
        f"Request for Quotation {facts.reference}",
        f"From: {deal.company}",
        f"To: {OWN_NAME}",
        f"Date: {at:%d %B %Y}",
        f"Contact: purchasing@{deal.party}",
        f"Please quote the {facts.product}, part number {facts.part_number}.",
        f"Quantity: {_range(facts.quantity)} pieces",
    ]
    if facts.delivery_date:
        lines.append(f"Delivery date: {facts.delivery_date:%d %B %Y}")
    kind = random.choice(["google", "text", "html", "markdown", "word"])
    name = f"{deal.company} {facts.part_number} request"
    _add(into, f"{deal.deal_id}-rfq", name, kind, _rendered(lines, [], kind), at, random,
         SourceTruth("", "document", deal.deal_id, None, said, "rfq", deal.party))  # fmt: skip


def _quotation(deal: DealTruth, random: Random, at: datetime, into: Paperwork) -> None:
    """Our offer, with the item in a table."""
    facts = deal.facts
    said = replace(Facts(), **{name: getattr(facts, name) for name in _STATED})
    lines = [
        f"Quotation for {facts.reference}",
        f"Customer: {deal.company}",
        f"From: {OWN_NAME}",
        f"Date: {at:%Y-%m-%d}",
    ]
    quantity, price = facts.quantity or (0, 0), facts.unit_price or (0, 0)
    table = [
        ["Part number", "Description", "Quantity", f"Unit price ({facts.currency})"],
        [str(facts.part_number), str(facts.product), f"{quantity[1]:.0f}", f"{price[1]:.2f}"],
    ]
    kind = random.choice(["csv", "sheet", "markdown", "word"])
    _add(into, f"{deal.deal_id}-quotation", f"{deal.company} {facts.part_number} quotation", kind,
         _rendered(lines, table, kind), at, random,
         SourceTruth("", "document", deal.deal_id, None,
                     replace(said, quantity=(quantity[1], quantity[1]),
                             unit_price=(price[1], price[1])), "quoting", deal.party))  # fmt: skip


def _minutes(
    deal: DealTruth, random: Random, at: datetime, into: Paperwork, as_notes: bool
) -> None:
    """What somebody wrote down of a meeting, or what Meet put into a document."""
    facts, us = deal.facts, random.choice(OWN_PEOPLE)
    buyer = f"purchasing@{deal.party}"
    said = Facts(product=facts.product, part_number=facts.part_number)
    name = f"{at:%Y-%m-%d %H-%M} {facts.product} {facts.part_number}"
    if as_notes:
        lines = [
            f"Meeting notes: {facts.product}",
            "Attendees",
            f"- {us} ({seller_address(us)[1]})",
            f"- Purchasing ({buyer})",
            "Pricing",
            f"They asked us to quote the {facts.product}, part number {facts.part_number}.",
            "Decisions",
            "- We will send a quotation.",
            "Action items",
            f"- {us}: send the quotation for {facts.part_number}",
        ]
        name += " notes"
    else:
        lines = [
            f"{facts.product} - Transcript",
            "Attendees",
            f"{us} ({seller_address(us)[1]}), Purchasing ({buyer})",
            "Transcript",
            "00:00:00",
            f"{us}: Thanks for joining today.",
            f"Purchasing: Could you quote the {facts.product}, part number {facts.part_number}?",
            "00:01:00",
            f"{us}: I will send the quotation next week.",
        ]
        name += " - Transcript"
    truth = SourceTruth("", "minutes", deal.deal_id, None, said, "rfq", deal.party)
    data = _rendered(lines, [], "google")
    _add(into, f"{deal.deal_id}-minutes", name, "google", data, at, random, truth)


def _drawing(deal: DealTruth, random: Random, at: datetime, into: Paperwork) -> None:
    """A file that holds no text that anybody reads."""
    data = f"%PDF-1.4\n% drawing of {deal.facts.part_number}\n%%EOF\n".encode()
    into.files.append(
        RawDocument(f"{deal.deal_id}-drawing", f"Drawing {deal.facts.part_number}.pdf",
                    "application/pdf", data, at, _keeper(random))
    )  # fmt: skip
    into.sources.append(
        SourceTruth(f"{deal.deal_id}-drawing", "document", None, "drawing", Facts())
    )


def _others(number: int, random: Random, at: datetime, into: Paperwork) -> None:
    """A price list, a template, and a private list: about no deal, however much they price."""
    prices = [["Part number", "Description", "Minimum order", "Unit price (EUR)"]] + [
        [f"{letters}-{random.randrange(1000, 9999)}", product, "100",
         f"{random.uniform(2, 90):.2f}"]
        for product, (letters, _) in PRODUCTS.items()
    ]  # fmt: skip
    papers = {
        "price_list": ("csv", [f"{OWN_NAME} price list"], prices),
        "template": ("word", ["Quotation for ...", "Customer:", f"From: {OWN_NAME}",
                              "We are pleased to offer the following: quantity, unit price."], []),
        "private": ("google", ["Summer party", "Quote for the barbecue: EUR 450 for 30 people",
                               "Who brings the dinner plates?"], []),
    }  # fmt: skip
    for what, (kind, lines, table) in papers.items():
        _add(into, f"paper-{what}-{number}", f"{what.replace('_', ' ').title()} {number}", kind,
             _rendered(lines, table, kind), at, random,
             SourceTruth("", "document", None, what, Facts()))  # fmt: skip


def _add(
    into: Paperwork,
    source_id: str,
    name: str,
    kind: str,
    data: bytes,
    at: datetime,
    random: Random,
    truth: SourceTruth,
) -> None:
    ending, media_type = FORMATS[kind]
    into.files.append(
        RawDocument(source_id, f"{name}{ending}", media_type, data, at, _keeper(random))
    )
    into.sources.append(replace(truth, source_id=source_id))


def _keeper(random: Random) -> tuple[str, str]:
    return seller_address(random.choice(OWN_PEOPLE))


def _range(ends: tuple[float, float] | None) -> str:
    low, high = ends or (0, 0)
    return f"{low:.0f}" if low == high else f"{low:.0f} to {high:.0f}"


def _rendered(lines: Sequence[str], table: Sequence[Sequence[str]], kind: str) -> bytes:
    """Lines and a table in one format, as programs write it."""
    if kind == "word":
        return _word(lines, table)
    if kind in ("csv", "sheet"):
        rows = [",".join(f'"{cell}"' for cell in re.split(r": ", line, maxsplit=1))
                for line in lines]  # fmt: skip
        return "\r\n".join([*rows, *(",".join(row) for row in table)]).encode("utf-8-sig")
    if kind == "html":
        said = "".join(f"<p>{escape(line)}</p>" for line in lines)
        return f"<!DOCTYPE html><html><body>{said}</body></html>".encode()
    if kind == "markdown":
        rows = [f"| {' | '.join(row)} |" for row in table]
        if rows:
            rows.insert(1, "|" + " --- |" * len(table[0]))
        return "\n\n".join([f"# {lines[0]}", *lines[1:], "\n".join(rows)]).encode()
    return "\r\n".join(lines).encode("utf-8-sig" if kind == "google" else "utf-8")


def _word(lines: Sequence[str], table: Sequence[Sequence[str]]) -> bytes:
    paragraph = "<w:p><w:r><w:t>{}</w:t></w:r></w:p>".format
    body = "".join(paragraph(escape(line)) for line in lines)
    rows = "".join(
        "<w:tr>" + "".join(f"<w:tc>{paragraph(escape(cell))}</w:tc>" for cell in row) + "</w:tr>"
        for row in table
    )
    body += f"<w:tbl>{rows}</w:tbl>" if rows else ""
    document = (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        f"<w:body>{body}</w:body></w:document>"
    )
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as package:
        # Members bear a day of their own, not that of writing: the bytes are the same each time.
        for name, text in (("[Content_Types].xml", "<Types/>"), ("word/document.xml", document)):
            package.writestr(zipfile.ZipInfo(name), text)
    return packed.getvalue()
