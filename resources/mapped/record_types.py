"""The record types a mapping can make: their fields, what each needs, and where they are stored.

A record type is the contract between a mapping in YAML and the staging model of the same name
(``stg_mapped__<plural>``): a new export of a known type needs a mapping and nothing else. Dates are
calendar days, times are UTC, money is in the row's ``currency`` unless the name ends in ``_usd``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "text", "date", "timestamp", "number", "integer", "money", "boolean", "list", "domain", "url",
    "email",
]  # fmt: skip

#: Prefix of the lake streams that hold mapped records, of whatever source.
STREAM_PREFIX = "mapped_"


@dataclass(frozen=True)
class RecordType:
    """One shape of record.

    ``fields`` are kinds by name. Of each group in ``needs`` a record must have at least one field.
    ``keys`` name a record when a mapping does not say: the first group of fields that are all
    there; the last group counts whichever of its fields are there.
    """

    name: str
    plural: str
    description: str
    fields: dict[str, Kind]
    needs: tuple[tuple[str, ...], ...]
    keys: tuple[tuple[str, ...], ...]

    @property
    def stream(self) -> str:
        """Name of the lake stream that holds records of this type."""
        return f"{STREAM_PREFIX}{self.plural}"


_COMPANY: dict[str, Kind] = {"company_name": "text", "company_domain": "domain", "cik": "text"}
#: What every record may say: where it can be seen, the words it rests on, how sure the source is
#: (0 to 1), and when the source last changed it.
_COMMON: dict[str, Kind] = {
    "source_url": "url",
    "evidence": "text",
    "confidence": "number",
    "updated_at": "timestamp",
}
_ANY_COMPANY = ("company_name", "company_domain", "cik")


def _record(
    name: str,
    plural: str,
    description: str,
    fields: dict[str, Kind],
    needs: tuple[tuple[str, ...], ...],
    *keys: tuple[str, ...],
) -> RecordType:
    return RecordType(name, plural, description, {**_COMPANY, **fields, **_COMMON}, needs, keys)


RECORD_TYPES: dict[str, RecordType] = {
    record.name: record
    for record in (
        _record(
            "funding_round",
            "funding_rounds",
            "Money a company raised, one record per round.",
            {
                "announced_on": "date",
                "closed_on": "date",
                "round_type": "text",
                "round_name": "text",
                "amount": "money",
                "currency": "text",
                "amount_usd": "money",
                "valuation_usd": "money",
                "investors": "list",
                "lead_investor": "text",
                "status": "text",
            },
            (_ANY_COMPANY, ("announced_on", "closed_on")),
            ("company_domain", "company_name", "announced_on", "closed_on", "round_type"),
        ),
        _record(
            "executive_change",
            "executive_changes",
            "A person who enters, leaves or changes a position, one record per person and change.",
            {
                "person_name": "text",
                "job_title": "text",
                "change_type": "text",
                "announced_on": "date",
                "effective_on": "date",
                "is_interim": "boolean",
                "is_board_only": "boolean",
                "previous_company": "text",
                "previous_title": "text",
                "linkedin_url": "url",
            },
            (_ANY_COMPANY, ("person_name",), ("job_title",), ("announced_on", "effective_on")),
            ("company_domain", "company_name", "person_name", "change_type", "announced_on"),
        ),
        _record(
            "person",
            "people",
            "A person and the position held at a company, one record per person and position.",
            {
                "full_name": "text",
                "job_title": "text",
                "email": "email",
                "phone": "text",
                "linkedin_url": "url",
                "city": "text",
                "country": "text",
                "started_on": "date",
                "ended_on": "date",
                "date_precision": "text",
                "is_current": "boolean",
                # Day of a list that names everybody of the company; set by a mapping's ``whole``.
                "listed_on": "date",
                "previous_company": "text",
                "previous_title": "text",
            },
            (_ANY_COMPANY, ("full_name",)),
            ("linkedin_url",),
            ("email",),
            ("full_name", "company_domain", "company_name"),
        ),
        _record(
            "job_posting",
            "job_postings",
            "An advertised position, one record per posting.",
            {
                "title": "text",
                "department": "text",
                "location": "text",
                "country": "text",
                "remote_option": "text",
                "salary": "text",
                "employment_type": "text",
                "posted_on": "date",
                "closed_on": "date",
                "description": "text",
            },
            (_ANY_COMPANY, ("title",)),
            ("source_url",),
            ("company_domain", "company_name", "title", "location", "posted_on"),
        ),
        _record(
            "technology",
            "technologies",
            "A technology a company uses or used, one record per company and technology.",
            {
                "technology": "text",
                "category": "text",
                "vendor": "text",
                "version": "text",
                "first_seen_on": "date",
                "last_seen_on": "date",
                "removed_on": "date",
                "intensity": "number",
            },
            (_ANY_COMPANY, ("technology",)),
            ("company_domain", "company_name", "technology"),
        ),
        _record(
            "expansion",
            "expansions",
            "A place a company opens, enlarges or closes, one record per permit, lease or notice.",
            {
                "expansion_type": "text",
                "polarity": "text",
                "status": "text",
                "announced_on": "date",
                "effective_on": "date",
                "address": "text",
                "city": "text",
                "region": "text",
                "country": "text",
                "floor_area_sqft": "number",
                "headcount": "integer",
                "amount": "money",
                "currency": "text",
                "description": "text",
            },
            (_ANY_COMPANY, ("announced_on", "effective_on"), ("city", "region", "country")),
            ("company_domain", "company_name", "expansion_type", "address", "city", "announced_on"),
        ),
        _record(
            "social_post",
            "social_posts",
            "A post by or about a company, one record per post.",
            {
                "author_name": "text",
                "network": "text",
                "text": "text",
                "posted_at": "timestamp",
                "reactions": "integer",
            },
            (("text",), ("posted_at",)),
            ("source_url",),
            ("author_name", "posted_at"),
        ),
        _record(
            "company_relation",
            "company_relations",
            "A company and the one it belongs to, one record per pair.",
            {"parent_name": "text", "parent_domain": "domain", "since": "date"},
            (_ANY_COMPANY, ("parent_name", "parent_domain")),
            ("company_domain", "company_name", "parent_domain", "parent_name"),
        ),
        RecordType(
            "profile_change",
            "profile_changes",
            "A notification that a vendor's profile changed, one per profile, change and day.",
            {
                "subject": "text",
                "profile_id": "text",
                "change_type": "text",
                "changed_fields": "list",
                "merged_into": "text",
                "received_on": "date",
                **_COMMON,
            },
            (("subject",), ("profile_id",), ("change_type",)),
            (("subject", "profile_id", "change_type", "received_on"),),
        ),
        _record(
            "earnings_call",
            "earnings_calls",
            "A call on a company's results with its transcript, one record per call.",
            {
                "ticker": "text",
                "fiscal_year": "integer",
                "fiscal_quarter": "integer",
                "held_on": "date",
                "title": "text",
                "transcript": "text",
            },
            (_ANY_COMPANY, ("held_on",), ("transcript",)),
            ("company_domain", "company_name", "cik", "held_on"),
        ),
        _record(
            "intent_event",
            "intent_events",
            "Research by a company that a third party saw, one record per company, topic and day.",
            {
                "intent_type": "text",
                "topic": "text",
                "category": "text",
                "score": "number",
                "visits": "integer",
                "occurred_on": "date",
                "city": "text",
                "country": "text",
            },
            (_ANY_COMPANY, ("occurred_on",), ("topic", "category", "intent_type")),
            ("company_domain", "company_name", "intent_type", "topic", "category", "occurred_on"),
        ),
        _record(
            "engagement_event",
            "engagement_events",
            "Something a person did with us (first party), one record per event.",
            {
                "event_type": "text",
                "occurred_at": "timestamp",
                "crm_account_id": "text",
                "person_name": "text",
                "person_email": "email",
                "channel": "text",
                "page_url": "url",
                "content_title": "text",
                "campaign": "text",
            },
            (
                (*_ANY_COMPANY, "crm_account_id", "person_email"),
                ("event_type",),
                ("occurred_at",),
            ),
            ("event_type", "occurred_at", "person_email", "company_domain", "page_url"),
        ),
    )
}

#: Values that a field of a closed set may take, by record type and field.
CLOSED_SETS: dict[tuple[str, str], frozenset[str]] = {
    ("profile_change", "subject"): frozenset({"employee", "company"}),
    ("profile_change", "change_type"): frozenset({"added", "updated", "deleted", "merged"}),
    ("funding_round", "status"): frozenset({"done", "planned"}),
    ("expansion", "status"): frozenset({"done", "planned"}),
    ("expansion", "polarity"): frozenset({"positive", "negative"}),
    ("expansion", "expansion_type"): frozenset({"new_office", "new_market", "closure"}),
    ("executive_change", "change_type"): frozenset(
        {"new_hire", "promotion", "departure", "reorganization"}
    ),
    ("engagement_event", "event_type"): frozenset(
        {
            "pricing_visit", "page_visit", "content_download", "form_submitted", "demo_request",
            "email_reply", "email_click", "connection_accepted", "message_reply", "event_attended",
            "meeting_booked",
        }
    ),
}  # fmt: skip
