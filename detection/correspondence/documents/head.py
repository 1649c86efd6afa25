"""What a document's beginning says of itself: whose it is, to whom it goes, its day, its kind."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from detection.correspondence.documents.limits import DEFAULT_LIMITS, DocumentLimits
from detection.correspondence.rfq.vocabulary import Vocabulary
from detection.dates import find_dates

_CUSTOMER = (
    r"customer(?:\ name)?|client|buyer|prepared\ for|quot(?:e|ation)\ (?:for|to)|offer\ (?:for|to)"
    r"|account|bill(?:ed)?\ to|sold\ to|ship\ to|kunde|an|to|company|requested\ by|requester"
)
_WRITER = (
    r"from|supplier|vendor|seller|prepared\ by|issued\ by|quoted\ by|offered\ by|lieferant|von"
)
_DAY = r"date|issued(?:\ on)?|date\ of\ issue|(?:quot(?:e|ation)|offer|rfq|order)\ date|datum"
_LABEL = re.compile(
    rf"^[-*•\s]{{0,8}}(?:(?P<customer>{_CUSTOMER})|(?P<writer>{_WRITER})|(?P<day>{_DAY}))"
    r"\s{0,5}:\s{0,20}(?P<value>.*)$",
    re.I | re.X,
)
#: What follows the company's name on its line.
_NAME_ENDS = re.compile(
    r"\s*(?:[<(;|\t]|,(?!\s*(?:inc|llc|ltd|corp|co|gmbh|s\.?a|lp)\b)|\s-\s).*$", re.I | re.S
)
_ADDRESS = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64}@(?:[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?\.){1,5}[a-z]{2,24}\b", re.I
)
#: Kinds by the words that a document's heading begins with, to the stage that it tells of.
_KINDS = (
    ("rfq", re.compile(
        r"(?:request\ for\ (?:quot(?:e|ation)|proposal)|rf[qp]|enquiry|inquiry|anfrage)\b",
        re.I | re.X)),
    ("won", re.compile(r"(?:order\ (?:confirmation|acknowledge?ment)|auftragsbestätigung)\b",
                       re.I | re.X)),
    ("po_in_progress", re.compile(r"(?:purchase\ order|bestellung)\b", re.I | re.X)),
    ("quoting", re.compile(
        r"(?:(?:revised\ |budgetary\ |commercial\ |our\ )?(?:quotation|quote|offer|proposal)"
        r"|angebot)\b", re.I | re.X)),
)  # fmt: skip
#: Lines at the beginning that may be the heading, and characters that one has at most.
_HEADING_LINES, _HEADING_CHARS = 5, 100
#: What ends a sentence, which is no heading: "Offer him the job."
_SENTENCE_ENDS = (".", "!", "?", ",")


@dataclass(frozen=True)
class Heading:
    """The line by which a document says what it is."""

    #: A stage of ``rfq.records.STAGES``.
    stage: str
    line: str
    start: int
    end: int


@dataclass(frozen=True)
class Head:
    """What stands at a document's beginning; None and empty where it says nothing."""

    #: The company that is not us, as the labels name it.
    company: str | None
    #: Whether the label of the writer names us; None where there is none.
    is_ours: bool | None
    written_on: date | None
    heading: Heading | None
    #: Addresses of the whole text, in lower case, each once, in order.
    addresses: tuple[str, ...]


def read_head(text: str, vocabulary: Vocabulary, limits: DocumentLimits = DEFAULT_LIMITS) -> Head:
    """The head of a text."""
    customer = writer = None
    day: date | None = None
    for kind, value in _labelled(text, limits):
        if kind == "day":
            days = find_dates(value)
            day = day or (days[0].day if days else None)
        elif kind == "customer":
            customer = customer or value
        else:
            writer = writer or value
    is_ours = None if writer is None else _names_us(writer, vocabulary)
    named = [v for v in (customer, writer) if v and not _names_us(v, vocabulary)]
    company = _company(named[0], limits) if named else None
    found = dict.fromkeys(m.group().lower() for m in _ADDRESS.finditer(text))
    return Head(company, is_ours, day, _heading(text), tuple(found)[:1_000])


def _labelled(text: str, limits: DocumentLimits) -> Iterator[tuple[str, str]]:
    lines = [line[:500] for line in text.split("\n", limits.head_lines)[: limits.head_lines]]
    for number, line in enumerate(lines):
        match = _LABEL.match(line)
        if match is None:
            continue
        value = match["value"].strip()
        if not value and number + 1 < len(lines) and not _LABEL.match(lines[number + 1]):
            value = lines[number + 1].strip()
        if value and match.lastgroup:
            kind = next(k for k in ("customer", "writer", "day") if match[k])
            yield kind, value


def _names_us(value: str, vocabulary: Vocabulary) -> bool:
    low = value.casefold()
    if any(re.search(rf"\b{re.escape(n.casefold())}\b", low) for n in vocabulary.own_names):
        return True
    return any(f"@{domain}" in low for domain in vocabulary.own_domains)


def _company(value: str, limits: DocumentLimits) -> str | None:
    name = _NAME_ENDS.sub("", value).strip(" .,")
    is_name = 2 <= len(name) <= limits.name_chars and "@" not in name and len(name.split()) <= 8
    return name if is_name else None


def _heading(text: str) -> Heading | None:
    position = 0
    for line in text.split("\n", _HEADING_LINES)[:_HEADING_LINES]:
        start = position + len(line) - len(line.lstrip(" #*-"))
        said = line.strip(" #*-")
        position += len(line) + 1
        if len(said) > _HEADING_CHARS or said.endswith(_SENTENCE_ENDS):
            continue
        for stage, pattern in _KINDS:
            match = pattern.match(said)
            if match and not said.startswith(_SENTENCE_ENDS, match.end()):
                return Heading(stage, said, start, start + match.end())
    return None
