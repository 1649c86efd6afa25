"""SEC EDGAR: a company's submissions index, then its Form D notices and 8-K reports.

https://www.sec.gov/search-filings/edgar-application-programming-interfaces
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from resources.http import (
    BadResponseError,
    PermanentError,
    RefusedError,
    SourceError,
    TransientError,
    decode_json,
    encode_json,
)
from resources.lake import Record
from resources.sources.connectors.base import (
    Context,
    Cursor,
    Emission,
    Failed,
    Rejected,
    Target,
    parse_time,
    stated_time,
)

#: Forms that are fetched, by the stream they belong to.
FORMS = {"D": "form_d", "D/A": "form_d", "8-K": "form_8k", "8-K/A": "form_8k"}

#: Columns of the index that say what a filing is.
COLUMNS = ("accessionNumber", "filingDate", "acceptanceDateTime", "form", "primaryDocument")

#: A document that cannot be read is asked for again in this many further runs.
DOCUMENT_ATTEMPTS = 5

#: Parts that EDGAR's schema asks of every Form D and that are read from it
#: (EDGAR Form D XML Technical Specification, eFormDCommon).
FORM_D_PARTS = ("primaryIssuer", "offeringData", "offeringSalesAmounts")

#: What an 8-K of any year says of itself, once marks and blanks are taken out.
_NAMES_ITSELF = re.compile(rb"8-?k|securitiesandexchangecommission|item\d")
_BETWEEN_WORDS = re.compile(rb"<[^>]*>|&nbsp;|&#160;|\xc2?\xa0|\s")

#: EDGAR lists a rendered page for XML forms; the XML itself lies one folder up.
_RENDERED = re.compile(r"^xsl[^/]*/")


@dataclass(frozen=True, slots=True)
class Filing:
    """One row of a submissions index, in the source's words."""

    cik: str
    company_name: str
    form: str
    accession_number: str
    filing_date: str
    acceptance_time: str
    primary_document: str
    items: str

    @property
    def stream(self) -> str | None:
        """Stream the filing belongs to; None when its form is not fetched."""
        return FORMS.get(self.form)

    def payload(self) -> str:
        """The lake's payload: what the index says of the filing."""
        values = {
            "cik": self.cik,
            "companyName": self.company_name,
            "form": self.form,
            "accessionNumber": self.accession_number,
            "filingDate": self.filing_date,
            "acceptanceDateTime": self.acceptance_time,
            "primaryDocument": self.primary_document,
        }
        if self.stream == "form_8k":
            values["items"] = self.items
        return encode_json(values)

    def path(self) -> str:
        """Path of the document itself below the archives' base URL."""
        folder = f"Archives/edgar/data/{int(self.cik)}/{self.accession_number.replace('-', '')}"
        document = _RENDERED.sub("", self.primary_document) or f"{self.accession_number}.txt"
        return f"{folder}/{document}"


@dataclass(frozen=True, slots=True)
class Submissions:
    """A submissions index: the company as JSON text, its recent filings, its older index files."""

    cik: str
    name: str
    company: str
    filings: list[Filing]
    files: list[Mapping[str, Any]]


def parse_submissions(payload: bytes, *, source_url: str = "file:") -> Submissions:
    """Read ``CIK##########.json``. Raises ``BadResponseError`` naming the missing field."""
    decoded = decode_json(payload, "sec_edgar", source_url)
    try:
        cik = f"{int(decoded['cik']):010d}"
        name = str(decoded["name"])
        filings = decoded["filings"]
        recent, files = filings["recent"], filings.get("files") or []
    except (KeyError, TypeError, ValueError) as error:
        raise BadResponseError(
            "sec_edgar",
            source_url,
            f"submissions index lacks {error}: the shape has changed",
            excerpt=payload,
        ) from None
    company = {key: value for key, value in decoded.items() if key != "filings"}
    return Submissions(
        cik=cik,
        name=name,
        company=encode_json(company),
        filings=_filings(recent, cik, name, source_url, payload),
        files=files,
    )


def parse_index_file(payload: bytes, cik: str, name: str, *, source_url: str) -> list[Filing]:
    """Read a paging file ``CIK##########-submissions-###.json`` of older filings."""
    decoded = decode_json(payload, "sec_edgar", source_url)
    return _filings(decoded, cik, name, source_url, payload)


def _filings(columns: Any, cik: str, name: str, source_url: str, payload: bytes) -> list[Filing]:
    """Rows of the index, which EDGAR writes column by column."""
    lacking = [c for c in COLUMNS if not isinstance(columns, dict) or c not in columns]
    if lacking:
        raise BadResponseError(
            "sec_edgar", source_url, f"filings index lacks columns {lacking}", excerpt=payload
        )
    accession = columns["accessionNumber"]
    items = columns.get("items") or [""] * len(accession)
    picked = [columns[column] for column in COLUMNS] + [items]
    if len({len(column) for column in picked}) > 1:
        raise BadResponseError(
            "sec_edgar",
            source_url,
            f"columns of the filings index differ in length: {[len(c) for c in picked]}",
            excerpt=payload,
        )
    return [
        Filing(cik, name, form, number, filed, accepted, document, listed or "")
        for number, filed, accepted, form, document, listed in zip(*picked, strict=True)
    ]


def company_record(found: Submissions, *, fetched_at: datetime, source_url: str) -> Record:
    """The company as EDGAR describes it."""
    return Record(
        source="sec_edgar",
        stream="companies",
        record_id=found.cik,
        observed_at=fetched_at,
        fetched_at=fetched_at,
        source_url=source_url,
        payload=found.company,
    )


def filing_record(
    filing: Filing,
    body: bytes,
    *,
    fetched_at: datetime,
    source_url: str,
    media_type: str = "",
) -> Record | Rejected:
    """A filing with its document; one that is not what its form promises is rejected."""
    stream = filing.stream
    assert stream is not None, filing.form
    if problem := _form_d_problem(body) if stream == "form_d" else _form_8k_problem(body):
        rule, reason = problem
        return Rejected(
            "sec_edgar",
            stream,
            filing.accession_number,
            rule,
            f"{filing.form} {filing.accession_number} of CIK {filing.cik}: {reason} [{source_url}]",
            excerpt=body[:2000],
        )
    if stream == "form_d":
        media_type = "application/xml"
    return Record(
        source="sec_edgar",
        stream=stream,
        record_id=filing.accession_number,
        observed_at=stated_time(filing.acceptance_time or filing.filing_date, fetched_at),
        fetched_at=fetched_at,
        source_url=source_url,
        payload=filing.payload(),
        body=body,
        media_type=media_type or "text/html",
    )


def _form_d_problem(body: bytes) -> tuple[str, str] | None:
    """Rule and reason why a document is no Form D that can be kept; None when it is one."""
    if not body.strip():
        return "empty_document", "document is empty"
    if b"edgarSubmission" not in body[:8192]:
        return "not_form_d_xml", "document is not Form D XML: no <edgarSubmission> element"
    if looks_cut(body):
        return "not_form_d_xml", "Form D XML breaks off: <edgarSubmission> is not closed"
    if lacking := [name for name in FORM_D_PARTS if f"<{name}>".encode() not in body]:
        return "not_form_d_xml", f"Form D XML lacks {lacking}: the shape has changed"
    return None


def _form_8k_problem(body: bytes) -> tuple[str, str] | None:
    """Rule and reason why a document is no 8-K that can be kept; None when it is one.

    A document is fetched once and kept for good: a page of maintenance that a server sends with
    status 200 must not stand for it.
    """
    if not body.strip():
        return "empty_document", "document is empty"
    # Most say it at the start; the whole of a long document is looked through only for the rest.
    if not any(_names_itself(part) for part in (body[:65536], body)):
        return "not_form_8k", (
            "document is no 8-K: it names neither the form, nor the Commission, nor an item"
        )
    return None


def _names_itself(text: bytes) -> bool:
    return bool(_NAMES_ITSELF.search(_BETWEEN_WORDS.sub(b"", text.lower())))


def looks_cut(body: bytes) -> bool:
    """Whether an HTML or Form D document is begun and not ended, as when an answer breaks off."""
    head, tail = body[:8192].lower(), body[-4096:].lower()
    return any(
        b"<" + name in head and b"</" + name not in tail for name in (b"html", b"edgarsubmission")
    )


def fetch(context: Context) -> Iterator[Emission]:
    """Companies with a CIK: their index, and every filing the lake does not hold yet."""
    targets = sorted(
        {t.cik: t for t in context.targets if t.cik}.values(), key=lambda t: str(t.cik)
    )
    stored = frozenset(context.versions("form_d")) | frozenset(context.versions("form_8k"))
    context.versions("companies")  # read once, before the threads ask for it

    def ask(target: Target) -> Iterator[Emission]:
        return _company(context, str(target.cik), stored)

    yield from context.each(
        targets, lambda t: f"CIK {t.cik} ({t.name})", ask, "companies", lambda t: [str(t.cik)]
    )


def _company(context: Context, cik: str, stored: frozenset[str]) -> Iterator[Emission]:
    url = f"{context.urls['data']}/submissions/CIK{cik}.json"
    answer = context.session.get(url)
    found = parse_submissions(answer.content, source_url=answer.url)
    company = company_record(found, fetched_at=context.fetched_at, source_url=answer.url)
    if context.is_new(company):
        yield company

    since, retries = _read_cursor(context, cik)
    filings = list(found.filings)
    for file in found.files:
        if str(file.get("filingTo", "9999")) >= since or retries:
            older_url = f"{context.urls['data']}/submissions/{file['name']}"
            older = context.session.get(older_url)
            filings += parse_index_file(older.content, found.cik, found.name, source_url=older.url)

    failures: dict[str, int] = {}
    newest = context.cursors.get(("form_8k", cik), "")
    newest = _cursor_value(newest).get("filed", "")
    for filing in filings:
        number = filing.accession_number
        if filing.stream is None or number in stored:
            continue
        if filing.filing_date < since and number not in retries:
            continue
        failed = False
        for item in _document(context, filing, asked_before=number in retries):
            failed = failed or isinstance(item, Failed | Rejected)
            yield item
        attempts = retries.get(number, 0) + 1
        if failed and attempts <= DOCUMENT_ATTEMPTS:
            failures[number] = attempts
    dates = [f.filing_date for f in filings if f.stream and parse_time(f.filing_date)]
    today = context.fetched_at.date().isoformat()
    newest = max([newest, *(d for d in dates if d <= today)], default="")
    value = {"filed": newest, "retry": failures} if failures else {"filed": newest}
    if newest or failures:
        yield Cursor("form_8k", cik, encode_json(value))


def _document(context: Context, filing: Filing, *, asked_before: bool) -> Iterator[Emission]:
    """One filing's document; its failure is its own.

    Old documents may lack their end for good, and an answer that broke off looks the same: a cut
    document is stored only when a later run (``asked_before``) finds it cut again.
    """
    url = f"{context.urls['archives']}/{filing.path()}"
    label = f"CIK {filing.cik} {filing.form} {filing.accession_number}"
    try:
        answer = context.session.get(url, cache=False)
        if looks_cut(answer.content):
            answer = context.session.get(url, cache=False)
    except (TransientError, RefusedError):
        # The source itself may be down: let the company fail, so that failures in a row are seen.
        raise
    except PermanentError as error:
        yield Failed(label, str(error))
        rule = "too_large" if "too large" in error.problem else "document_unavailable"
        yield Rejected(
            context.source,
            str(filing.stream),
            filing.accession_number,
            rule,
            str(error),
            excerpt=error.excerpt,
        )
        return
    except SourceError as error:
        yield Failed(label, str(error))
        return
    if looks_cut(answer.content) and not asked_before:
        yield Failed(label, f"document breaks off: the next run asks again [{answer.url}]")
        return
    record = filing_record(
        filing,
        answer.content,
        fetched_at=context.fetched_at,
        source_url=answer.url,
        media_type=answer.media_type,
    )
    if isinstance(record, Rejected):
        yield Failed(label, record.reason)
    yield record


def _read_cursor(context: Context, cik: str) -> tuple[str, dict[str, int]]:
    """Day from which filings are looked at, and documents that failed with their attempts.

    Without a cursor the whole history within ``history_days`` is looked at: what the lake holds is
    not fetched again, so a lost cursor costs an index and loses nothing.
    """
    history = context.fetched_at.date() - timedelta(
        days=float(context.option("history_days", 1095))
    )
    value = _cursor_value(context.cursors.get(("form_8k", cik), ""))
    try:
        filed = date.fromisoformat(str(value.get("filed", "")))
    except ValueError:
        return history.isoformat(), {}
    since = filed - timedelta(days=float(context.option("overlap_days", 5)))
    retries = value.get("retry")
    return max(since, history).isoformat(), retries if isinstance(retries, dict) else {}


def _cursor_value(text: str) -> dict[str, Any]:
    try:
        value = decode_json(text.encode(), "sec_edgar", "cursor") if text else {}
    except BadResponseError:
        return {}
    return value if isinstance(value, dict) else {}
