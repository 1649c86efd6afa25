"""What is read from CRM exports and APIs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from detection.records.base import Detection


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
