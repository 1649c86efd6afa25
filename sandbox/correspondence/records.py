"""What the generator gives: raw sources as a system would hold them, and the truth about them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

STAGES = ("research_concept", "rfq", "quoting", "po_in_progress", "won", "lost")


@dataclass(frozen=True)
class RawMail:
    """One mail as it lies in a mailbox."""

    source_id: str
    data: bytes


@dataclass(frozen=True)
class RawCall:
    """One recorded call: its transcript, and what the calendar knows."""

    source_id: str
    vtt: str
    started_at: datetime
    topic: str
    #: (name, address) of everyone invited.
    attendees: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class RawDocument:
    """One file of a shared folder: bytes, and what the folder knows of it."""

    source_id: str
    name: str
    media_type: str
    data: bytes
    #: When it was last changed (UTC, without a zone).
    changed_at: datetime
    #: Name and address of the one who keeps it.
    owner: tuple[str, str]


@dataclass(frozen=True)
class Facts:
    """What is stated of a deal; ranges have two ends, None is not stated."""

    quantity: tuple[float, float] | None = None
    unit_price: tuple[float, float] | None = None
    currency: str | None = None
    delivery_date: date | None = None
    quote_due: date | None = None
    lead_time_days: tuple[int, int] | None = None
    payment_days: int | None = None
    delivery_terms: str | None = None
    product: str | None = None
    part_number: str | None = None
    competitor: str | None = None
    margin: tuple[float, float] | None = None
    reference: str | None = None


@dataclass(frozen=True)
class SourceTruth:
    """One source: the deal it belongs to (None for a distractor) and what it states."""

    source_id: str
    #: ``mail``, ``call``, ``crm``; of a folder's files ``document`` or ``minutes``.
    kind: str
    deal_id: str | None
    #: What kind of distractor; None for a deal's source.
    distractor: str | None = None
    facts: Facts = Facts()
    stage: str | None = None
    party: str | None = None


@dataclass(frozen=True)
class DealTruth:
    """One deal as it stands after all its sources."""

    deal_id: str
    #: The customer's mail domain.
    party: str
    company: str
    stage: str
    facts: Facts
    source_ids: tuple[str, ...]


@dataclass
class Correspondence:
    """Everything generated."""

    mails: list[RawMail] = field(default_factory=list)
    calls: list[RawCall] = field(default_factory=list)
    #: Rows as a CRM's report has them.
    crm: list[dict[str, str]] = field(default_factory=list)
    sources: list[SourceTruth] = field(default_factory=list)
    deals: list[DealTruth] = field(default_factory=list)
    #: What mails that nobody kept say, by the mail that quotes them.
    quoted: list[SourceTruth] = field(default_factory=list)
