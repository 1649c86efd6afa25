"""The detection tables by name, and their Arrow schemas."""

from __future__ import annotations

import dataclasses
import types
import typing
from datetime import date, datetime
from functools import cache
from typing import TYPE_CHECKING

from detection.records.base import Detection
from detection.records.correspondence import (
    CorrespondenceDocument,
    CorrespondenceMeeting,
    CorrespondenceMessage,
)
from detection.records.crm import CrmAccount, CrmOpportunity
from detection.records.filings import FilingEvent, FilingItem, FormDOffering
from detection.records.people import EmployeeMove, ExecutiveChange, JobTitle, LeadershipEntry
from detection.records.postings import JobPosting
from detection.records.press import CompanyRename, PressEvent
from detection.records.technologies import TechnologyDetection

if TYPE_CHECKING:
    import pyarrow as pa

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
