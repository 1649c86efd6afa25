"""The rows that readers produce: one dataclass per detection table, the single definition of it.

Arrow schemas are derived from the annotations (``arrow_schema``), the Parquet files follow those,
and dbt's ``sources.yml`` documents the same columns (a test compares the two). Dates are calendar
days, times are UTC, money is in the row's ``currency`` units, and ``None`` always means "not
stated", never a guess.
"""

from __future__ import annotations

import dataclasses
import hashlib
import types
import typing
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True, kw_only=True)
class Detection:
    """Where a row was read, by what, and how sure the reader is; common to every detection."""

    #: Stable id: hash of the lake record, its content and the row's ordinal within it.
    detection_id: str
    source: str
    stream: str
    record_id: str
    payload_sha256: str
    source_url: str | None
    #: When the source published the record (UTC).
    observed_at: datetime
    #: When the platform first fetched this content (UTC).
    fetched_at: datetime
    reader: str
    reader_version: str
    #: The reader's own certainty, 0 to 1.
    confidence: float
    #: The sentence, element or field the row rests on.
    evidence: str | None


@dataclass(frozen=True, kw_only=True)
class FormDOffering(Detection):
    """One SEC Form D notice (original or amendment). Amounts are US dollars."""

    cik: str
    issuer_name: str
    entity_type: str | None
    jurisdiction: str | None
    year_of_incorporation: int | None
    city: str | None
    state_or_country: str | None
    industry_group: str | None
    is_pooled_fund: bool
    is_amendment: bool
    #: Accession number of the notice that an amendment changes.
    previous_accession_number: str | None
    accession_number: str
    filed_on: date
    first_sale_on: date | None
    #: None when the filer says "Indefinite" (see ``is_indefinite``) or gives nothing.
    total_offering_amount: float | None
    is_indefinite: bool
    total_amount_sold: float | None
    total_remaining: float | None
    investor_count: int | None
    minimum_investment: float | None
    is_equity: bool
    is_debt: bool
    #: JSON list of {"name", "relationships": [...]}.
    related_persons: str


@dataclass(frozen=True, kw_only=True)
class FilingItem(Detection):
    """One item of one 8-K filing."""

    cik: str
    company_name: str
    accession_number: str
    filed_on: date
    #: Like "5.02"; before 23 August 2004 the legacy number, like "5".
    item_code: str
    item_title: str | None
    text_excerpt: str | None


@dataclass(frozen=True, kw_only=True)
class FilingEvent(Detection):
    """One agreement, acquisition or financing that an item of an 8-K tells."""

    cik: str
    company_name: str
    accession_number: str
    filed_on: date
    item_code: str
    #: acquisition, partnership, funding_round, expansion or regulatory_filing.
    signal_type: str
    signal_subtype: str
    #: planned or done.
    status: str
    #: positive or negative.
    polarity: str
    #: Day the item states for the event.
    occurred_on: date | None
    #: The other company: bought, buyer, partner, lender or landlord.
    counterparty_name: str | None
    amount: float | None
    currency: str | None
    round_type: str | None
    city: str | None
    country: str | None
    square_feet: int | None


@dataclass(frozen=True, kw_only=True)
class ExecutiveChange(Detection):
    """One person entering, leaving or changing a position, as an 8-K item 5.02 tells it."""

    cik: str | None
    company_name: str
    person_name: str
    position: str
    #: c_suite, vp, director, manager; None when the title says none of these.
    level: str | None
    department: str | None
    #: new_hire, promotion, departure, reorganization.
    change_type: str
    #: incoming or outgoing.
    direction: str
    announced_on: date
    effective_on: date | None
    is_interim: bool
    is_board_only: bool
    #: Who held the position before (of who comes) and holds it after (of who goes).
    predecessor_name: str | None
    successor_name: str | None
    #: JSON list of earlier employers of who comes.
    earlier_companies: str


@dataclass(frozen=True, kw_only=True)
class LeadershipEntry(Detection):
    """One person whom one reading of a company's leadership page shows."""

    domain: str
    page_url: str
    read_at: datetime
    person_name: str
    position: str
    #: c_suite, vp, director, manager; None for a seat on the board.
    level: str | None
    department: str | None
    is_interim: bool
    is_board_only: bool


@dataclass(frozen=True, kw_only=True)
class EmployeeMove(Detection):
    """One arrival, promotion or departure that a person's list of positions tells."""

    company_name: str
    company_domain: str | None
    person_name: str
    position: str
    #: c_suite, vp or director.
    level: str
    department: str | None
    #: new_hire, promotion, departure, reorganization.
    change_type: str
    #: incoming or outgoing.
    direction: str
    #: First day of the month or year stated.
    changed_on: date
    #: month or year.
    date_precision: str
    is_interim: bool
    is_board_only: bool
    #: JSON list of earlier employers of who comes, the latest first.
    earlier_companies: str


@dataclass(frozen=True, kw_only=True)
class PressEvent(Detection):
    """One event that a sentence of a press or news item tells about one company."""

    outlet: str
    title: str
    published_at: datetime
    company_name: str
    #: Domain named in the item as the company's own, when there is one.
    company_domain: str | None
    #: The project's signal types (see docs/architecture.md).
    signal_type: str
    signal_subtype: str | None
    occurred_on: date | None
    #: planned or done.
    status: str
    #: positive or negative.
    polarity: str
    amount: float | None
    currency: str | None
    round_type: str | None
    #: JSON list of names.
    investors: str
    lead_investor: str | None
    person_name: str | None
    position: str | None
    level: str | None
    department: str | None
    change_type: str | None
    city: str | None
    country: str | None
    headcount: int | None
    #: The other company: acquired, acquirer or partner.
    counterparty_name: str | None
    #: What is launched, by name.
    product_name: str | None = None
    #: Of a change of executives: whether the position is held for the interim.
    is_interim: bool | None = None
    #: Day from which a change of executives, a takeover or a site's opening or closing holds, where
    #: the words tell it; the last day of a month, quarter, half or year.
    effective_on: date | None = None
    #: day, month, quarter, half or year.
    effective_precision: str | None = None
    sentence: str
    #: Hash of the item's normalised text: equal for copies to the letter.
    content_fingerprint: str
    #: The release that the item prints: equal for near copies too. As read it is the item's own
    #: fingerprint; the day's items are then compared with each other and with earlier days'.
    release_id: str | None
    #: MinHash of the item's lead, by which near copies are found.
    release_sketch: bytes | None


@dataclass(frozen=True, kw_only=True)
class TechnologyDetection(Detection):
    """One technology seen on one page scan."""

    domain: str
    page_url: str
    scanned_at: datetime
    technology: str
    category: str | None
    vendor: str | None
    version: str | None
    #: website, dns, job_posting, api, news.
    method: str


@dataclass(frozen=True, kw_only=True)
class CompanyRename(Detection):
    """One change of a company's name that a sentence of an article tells."""

    published_at: datetime
    old_name: str
    new_name: str
    #: planned or done.
    status: str


@dataclass(frozen=True, kw_only=True)
class JobTitle(Detection):
    """Level and department of one distinct job title; ``record_id`` is the title's own hash."""

    title: str
    level: str | None
    department: str | None


@dataclass(frozen=True, kw_only=True)
class JobPosting(Detection):
    """What one version of a job posting says. Lists are JSON texts."""

    title: str
    #: c_suite, vp, director, manager; None when the title says none of these.
    level: str | None
    #: Stage of a career: management, director, lead, senior, junior; None when it says none.
    seniority: str | None
    #: From the title, else from the vendor's department, else by likeness to known titles; None
    #: when none of these says one we know.
    department: str | None
    #: As the vendor states it.
    stated_department: str | None
    #: The employer as the posting states it; None where the board is the employer's own.
    company_name: str | None
    #: First place.
    city: str | None
    region: str | None
    country: str | None
    #: JSON list of {"city", "region", "country"}: all places, the first one included.
    places: str
    #: remote, hybrid, on_site.
    remote_option: str | None
    #: full_time, part_time, contract, temporary, internship.
    employment_type: str | None
    salary_min: float | None
    salary_max: float | None
    salary_currency: str | None
    #: hour, day, week, month, year.
    salary_period: str | None
    #: field (stated by the vendor) or text (read from the words).
    salary_source: str | None
    #: JSON lists of names.
    required_skills: str
    preferred_skills: str
    #: JSON list of {"name", "category", "requirement"}: required, preferred or mentioned.
    technologies: str
    #: JSON list of {"name", "requirement"}.
    certifications: str
    years_min: int | None
    years_max: int | None
    #: vocational, bachelor, master, doctorate: the least that is accepted.
    degree: str | None
    opened_on: date | None
    changed_at: datetime | None
    #: Last day of applying, where the vendor states one.
    closes_on: date | None
    #: Placed by an agency for a client.
    is_recruiter: bool
    #: Hash of the description's words: equal for copies of one text.
    text_fingerprint: str | None
    #: JSON object: the words or field that each reading rests on.
    field_evidence: str


@dataclass(frozen=True, kw_only=True)
class CorrespondenceMessage(Detection):
    """What one mail says of business, and what joins it to a conversation. Lists are JSON texts.

    A mail within a mail has a row of its own, with the author, time and words of its own.
    ``confidence`` is the verdict's; ``evidence`` the first sentence that something is read from.
    """

    #: Message-ID without angle brackets; a hash of the content where it has none.
    message_id: str
    #: ``mail``; of a mail within it ``forward-1``, ``forward-2`` ..., or ``quoted-1``.
    part: str
    sent_at: datetime | None
    subject: str
    #: A deal of ours, and why or why not: a reason of rfq.relevance.
    is_business: bool
    verdict: str
    #: The customer: mail domain, or the address at a provider for everybody.
    party: str | None
    #: Written by one of us.
    is_ours: bool
    #: JSON list of {"name", "address", "side"}: sender first; customer, vendor or other.
    people: str
    #: JSON list of {"kind", "low", "high", "unit", "currency", "value", "day", "is_inferred",
    #: "confidence", "sentence", "start", "end"}; empty for mails that are no business.
    statements: str
    #: JSON list of {"text", "owner", "owner_is_inferred", "due_on", "due_is_inferred"}.
    steps: str
    gmail_thread_id: str | None
    #: JSON list of the ids that it answers or continues, oldest first.
    named_ids: str
    #: Letters, attachments and bytes: of two readings of one Message-ID the fullest holds.
    text_length: int
    attachment_count: int
    #: JSON list of {"name", "media_type", "size", "sha256", "is_inline"}; no name where the mail is
    #: no business; empty for a mail within a mail, whose files are listed with the mail.
    attachments: str
    size: int
    content_sha256: str
    #: JSON list of what was wrong with the mail; short stable names.
    defects: str


@dataclass(frozen=True, kw_only=True)
class CorrespondenceMeeting(Detection):
    """What one meeting's transcript or chat says of business. Lists are JSON texts."""

    meeting_id: str
    #: transcript, chat or notes.
    part: str
    #: zoom, teams, plain, chat, json, text or notes.
    layout: str
    topic: str | None
    started_at: datetime | None
    #: A deal of ours, and why or why not: a reason of rfq.relevance.
    is_business: bool
    verdict: str
    #: The customer: mail domain, or the address at a provider for everybody.
    party: str | None
    #: A company that a speaker's label names.
    company: str | None
    utterance_count: int
    #: JSON list of {"name", "address", "side"}.
    people: str
    #: JSON list as in correspondence_messages, with "at_ms", milliseconds from the start.
    statements: str
    #: JSON list as in correspondence_messages.
    steps: str
    #: JSON list of {"number", "kind", "first_cue", "last_cue", "start_ms", "end_ms", "start",
    #: "end", "speaker_count", "sentence"}: stretches by subject; no sentence where it is no
    #: business.
    sections: str
    #: JSON list of {"line", "reason"}: what of the file could not be read.
    faults: str


@dataclass(frozen=True, kw_only=True)
class CorrespondenceDocument(Detection):
    """What one document beside mail and meetings says of business. Lists are JSON texts."""

    title: str
    #: text, html, csv, markdown, word, excel; of what is not read pdf, office, rtf, archive, json
    #: or binary.
    format: str
    #: Why it is not read, and what to do; None where it is read.
    not_read: str | None
    #: Whether more of it stands in the file than was read.
    is_cut: bool
    #: Day that it bears, else when the file was last changed (UTC).
    written_at: datetime | None
    #: A deal of ours, and why or why not: a reason of rfq.relevance, or not_read.
    is_business: bool
    verdict: str
    #: Written by one of us.
    is_ours: bool
    #: The customer: mail domain, or the address at a provider for everybody.
    party: str | None
    #: The customer as the document's labels name it.
    company: str | None
    text_length: int
    #: Hash of title and text, which copies share.
    content_sha256: str
    #: JSON list of {"name", "address", "side"}.
    people: str
    #: JSON list as in correspondence_messages; places count from the title, a line feed between.
    statements: str
    #: JSON list as in correspondence_messages; empty.
    steps: str


@dataclass(frozen=True, kw_only=True)
class CrmOpportunity(Detection):
    """One version of an opportunity as a CRM has it, whatever its headers are called."""

    name: str | None
    account_id: str | None
    account_name: str | None
    #: Domain of the account's website, or of the contact's address.
    domain: str | None
    contact_email: str | None
    contact_name: str | None
    owner: str | None
    #: The opportunity's id in another CRM, where this one knows it.
    other_id: str | None
    #: One of our stages; None for a name that tells none.
    stage: str | None
    stage_name: str | None
    amount: float | None
    currency: str | None
    product: str | None
    part_number: str | None
    quantity: float | None
    unit_price: float | None
    reference: str | None
    next_step: str | None
    close_on: date | None
    created_at: datetime | None
    modified_at: datetime | None
    #: Deleted or archived in the CRM; NULL in rows that were read before this was looked at.
    is_withdrawn: bool | None
    #: JSON list of the fields whose words could not be read.
    faults: str


@dataclass(frozen=True, kw_only=True)
class CrmAccount(Detection):
    """One version of an account as a CRM has it: what an opportunity's account id stands for."""

    name: str | None
    domain: str | None


#: Name of each detection table and the row type that defines it.
DETECTIONS: dict[str, type[Detection]] = {
    "form_d_offerings": FormDOffering,
    "filing_items": FilingItem,
    "filing_events": FilingEvent,
    "executive_changes": ExecutiveChange,
    "leadership_entries": LeadershipEntry,
    "employee_moves": EmployeeMove,
    "press_events": PressEvent,
    "company_renames": CompanyRename,
    "technology_detections": TechnologyDetection,
    "job_titles": JobTitle,
    "job_postings": JobPosting,
    "correspondence_messages": CorrespondenceMessage,
    "correspondence_meetings": CorrespondenceMeeting,
    "correspondence_documents": CorrespondenceDocument,
    "crm_opportunities": CrmOpportunity,
    "crm_accounts": CrmAccount,
}


def detection_id(payload_sha256: str, record_id: str, reader: str, ordinal: int) -> str:
    """Stable id of the ``ordinal``-th row that ``reader`` finds in one version of a record."""
    text = f"{reader}|{record_id}|{payload_sha256}|{ordinal}"
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


@cache
def arrow_schema(record: type) -> pa.Schema:
    """Arrow schema of a record type: its annotations in order, optional ones nullable."""
    import pyarrow as pa

    arrow = {
        str: pa.string(),
        int: pa.int64(),
        float: pa.float64(),
        bool: pa.bool_(),
        date: pa.date32(),
        datetime: pa.timestamp("us", tz="UTC"),
        bytes: pa.binary(),
    }
    hints = typing.get_type_hints(record)
    fields = []
    for field in dataclasses.fields(record):
        hint = hints[field.name]
        optional = isinstance(hint, types.UnionType) and type(None) in typing.get_args(hint)
        base = next(t for t in typing.get_args(hint) if t is not type(None)) if optional else hint
        fields.append(pa.field(field.name, arrow[base], nullable=optional))
    return pa.schema(fields)
