"""Opportunities given back to a CRM: import files and the bodies of its API, nothing is sent.

Each opportunity carries its id as external id, so that the same import twice is one record. What
the CRM has already is updated by its own id, which also tells it the external id; everything else
is upserted by the external id. Only opportunities whose fields have changed since the export
before are given; the order is that of ids.

Shapes: Salesforce's sObject Collections (at most 200 records; upsert by external id, update by
``id``); HubSpot's CRM v3 batches of deals (at most 100 inputs; upsert by ``idProperty``, update).
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

Row = Mapping[str, Any]
Crm = Literal["salesforce", "hubspot"]
CRMS: tuple[Crm, ...] = ("salesforce", "hubspot")
STAGES = ("research_concept", "rfq", "quoting", "po_in_progress", "won", "lost")
#: Most records that one request of the API takes.
BATCH = {"salesforce": 200, "hubspot": 100}
#: Our field to the header of the import file; the API's names are in ``API_NAMES``.
CSV_HEADERS: Mapping[Crm, Mapping[str, str]] = {
    "salesforce": {
        "crm_id": "Opportunity ID", "external_id": "{external_id}", "name": "Opportunity Name",
        "account": "Account Name", "stage": "Stage", "amount": "Amount",
        "currency": "Opportunity Currency", "close_date": "Close Date",
        "quantity": "Total Opportunity Quantity", "next_step": "Next Step",
        "description": "Description",
    },
    "hubspot": {
        "crm_id": "Record ID", "external_id": "{external_id}", "name": "Deal Name",
        "account": "Company Domain Name", "pipeline": "Pipeline", "stage": "Deal Stage",
        "amount": "Amount", "currency": "Currency", "close_date": "Close Date",
        "priority": "Priority", "next_step": "Next Step", "description": "Deal Description",
    },
}  # fmt: skip
API_NAMES: Mapping[Crm, Mapping[str, str]] = {
    "salesforce": {
        "name": "Name", "stage": "StageName", "amount": "Amount", "currency": "CurrencyIsoCode",
        "close_date": "CloseDate", "quantity": "TotalOpportunityQuantity",
        "next_step": "NextStep", "description": "Description",
    },
    "hubspot": {
        "name": "dealname", "pipeline": "pipeline", "stage": "dealstage", "amount": "amount",
        "currency": "deal_currency_code", "close_date": "closedate", "priority": "hs_priority",
        "next_step": "hs_next_step", "description": "description",
    },
}  # fmt: skip
#: Characters that the CRMs take in a field.
_LONGEST = {"name": 120, "next_step": 255, "description": 30_000}
_SPREADSHEET = ("=", "+", "-", "@", "\t", "\r")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class CrmTarget(_Strict):
    """How one CRM is set up."""

    #: Field that holds our id; it must be unique there.
    external_id: Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]*$")]
    #: Sources (config/sources.yaml) whose rows are this CRM's: their ids are its own.
    sources: tuple[str, ...] = ()
    #: Stage of ours to the CRM's.
    stages: dict[str, str]
    #: HubSpot's pipeline.
    pipeline: str | None = None
    #: The CRM's currency. Amounts in others are given where it has several (Salesforce refuses the
    #: field otherwise); else the description tells them.
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")] = "USD"
    has_currencies: bool = False
    #: Days from the last source to the close date, where neither a decision nor a delivery is
    #: dated; Salesforce takes no opportunity without one.
    close_after_days: int = Field(default=90, ge=1)

    @field_validator("stages")
    @classmethod
    def _all(cls, stages: dict[str, str]) -> dict[str, str]:
        if missing := [stage for stage in STAGES if not stages.get(stage)]:
            raise ValueError(
                f"says nothing for {missing[0]}; all of {', '.join(STAGES)} are needed"
            )
        if unknown := sorted(set(stages) - set(STAGES)):
            raise ValueError(f"no stage {unknown[0]!r}; there are {', '.join(STAGES)}")
        return stages


class CrmExportConfig(_Strict):
    """What ``config/crm_export.yaml`` says."""

    salesforce: CrmTarget
    hubspot: CrmTarget

    def target(self, crm: Crm) -> CrmTarget:
        """The settings of one CRM."""
        return self.salesforce if crm == "salesforce" else self.hubspot


@dataclass(frozen=True)
class Record:
    """One opportunity as a CRM is told of it."""

    external_id: str
    #: The CRM's own id, where it has the opportunity already.
    crm_id: str | None
    account: str | None
    #: Values by our names of the fields; None is left out, so that nothing is wiped.
    values: Mapping[str, Any]

    @property
    def fingerprint(self) -> str:
        """Hash of everything that is told."""
        said = [self.external_id, self.crm_id, self.account, dict(self.values)]
        return hashlib.sha256(json.dumps(said, sort_keys=True, default=str).encode()).hexdigest()


def records_of(rows: Iterable[Row], crm: Crm, target: CrmTarget) -> list[Record]:
    """Published opportunities as records of a CRM, by external id."""
    return sorted((_record(row, crm, target) for row in rows), key=lambda r: r.external_id)


def not_deleted(rows: Iterable[Row], target: CrmTarget) -> tuple[list[Row], list[str]]:
    """Opportunities that the CRM may be told, and the ids of those that it has deleted.

    Where its people took a deal out, no import makes it again, unless a reviewer has spoken of it
    since. One with another row that stands in the CRM is told as ever.
    """
    told, deleted = [], []
    for row in rows:
        gone = [
            datetime.fromisoformat(one["told_at"])
            for one in json.loads(row["crm_withdrawn"])
            if one["source"] in target.sources
        ]
        reviewed = row["reviewed_at"]
        if reviewed is not None and reviewed.tzinfo is None:
            reviewed = reviewed.replace(tzinfo=UTC)
        is_wanted = gone and reviewed is not None and reviewed > max(gone)
        if gone and not is_wanted and _known_as(row, target) is None:
            deleted.append(row["opportunity_id"])
        else:
            told.append(row)
    return told, sorted(deleted)


def changed(records: Sequence[Record], exported: Mapping[str, str]) -> list[Record]:
    """Records that differ from what ``exported`` (fingerprint by external id) says was given."""
    return [r for r in records if exported.get(r.external_id) != r.fingerprint]


def import_file(records: Sequence[Record], crm: Crm, target: CrmTarget) -> str:
    """The CSV file that the CRM's import takes: UTF-8, one record a line.

    Text that a spreadsheet would run as a formula is led by an apostrophe.
    """
    headers = dict(CSV_HEADERS[crm])
    if not target.has_currencies:
        headers.pop("currency")
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(name.format(external_id=target.external_id) for name in headers.values())
    for record in records:
        values = {
            "crm_id": record.crm_id,
            "external_id": record.external_id,
            "account": record.account,
            **record.values,
        }
        writer.writerow(_cell(values.get(name)) for name in headers)
    return out.getvalue()


def requests_of(
    records: Sequence[Record], crm: Crm, target: CrmTarget
) -> list[tuple[str, dict[str, Any]]]:
    """The bodies of the API's requests in order, each with the method and path that it is for."""
    known = [r for r in records if r.crm_id]
    new = [r for r in records if not r.crm_id]
    build = _salesforce if crm == "salesforce" else _hubspot
    found = []
    for kind, some in (("update", known), ("upsert", new)):
        for start in range(0, len(some), BATCH[crm]):
            found.append(build(kind, some[start : start + BATCH[crm]], target))
    return found


def _record(row: Row, crm: Crm, target: CrmTarget) -> Record:
    closes = row["decision_on"] or row["close_on"] or row["delivery_on"]
    is_assumed = closes is None and crm == "salesforce"
    if is_assumed:
        closes = row["last_touched_at"].date() + timedelta(days=target.close_after_days)
    is_told = target.has_currencies or row["currency"] == target.currency
    values = {
        "name": row["title"][: _LONGEST["name"]],
        "pipeline": target.pipeline if crm == "hubspot" else None,
        "stage": target.stages[row["stage"]],
        "amount": row["value"] if is_told else None,
        "currency": row["currency"] if target.has_currencies else None,
        "close_date": closes,
        "quantity": row["unit_high"] if crm == "salesforce" else None,
        "priority": row["priority"] if crm == "hubspot" else None,
        "next_step": (row["next_step_text"] or "")[: _LONGEST["next_step"]] or None,
        "description": _description(row, is_told, is_assumed)[: _LONGEST["description"]],
    }
    account = row["customer_name"] if crm == "salesforce" else row["customer_domain"]
    return Record(
        row["opportunity_id"],
        _known_as(row, target),
        account,
        {name: value for name, value in values.items() if value is not None},
    )


def _known_as(row: Row, target: CrmTarget) -> str | None:
    """The CRM's own id: a deal may stand in several CRMs, whose ids are each one's own."""
    known = row["crm_records"] or ()
    return next((one["record_id"] for one in known if one["source"] in target.sources), None)


def _description(row: Row, amount_is_told: bool, close_is_assumed: bool) -> str:
    """What the CRM has no field for, one line each."""
    unit = row["unit"] or "unit"
    lines = [
        f"Quantity: {_range(row['unit_low'], row['unit_high'])}" if row["unit_high"] else "",
        f"Price per {unit}: {_range(row['price_low'], row['price_high'])} {row['currency'] or ''}"
        if row["price_high"]
        else "",
        f"Worth: {row['value']:,.12g} {row['currency'] or ''}"
        if row["value"] and not amount_is_told
        else "",
        "The worth is quantity times price." if row["value_is_inferred"] else "",
        f"Delivery: {row['delivery_on'].isoformat()}" if row["delivery_on"] else "",
        f"Stage says: {row['stage_evidence']}" if row["stage_evidence"] else "",
        f"Sources: {row['mail_count']} mails, {row['call_count']} calls,"
        f" {row['crm_count']} CRM rows",
        "The close date is assumed." if close_is_assumed else "",
    ]
    return "\n".join(line.strip() for line in lines if line)


def _range(low: float | None, high: float | None) -> str:
    if low is None or low == high:
        return f"{high:,.12g}"
    return f"{low:,.12g} to {high:,.12g}"


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | float):
        return f"{value:.12g}"
    text = str(value)
    return f"'{text}" if text.startswith(_SPREADSHEET) else text


def _fields(record: Record, crm: Crm) -> dict[str, Any]:
    return {
        API_NAMES[crm][name]: value
        for name, value in record.values.items()
        if name in API_NAMES[crm]
    }


def _salesforce(
    kind: str, records: Sequence[Record], target: CrmTarget
) -> tuple[str, dict[str, Any]]:
    told = []
    for record in records:
        values = {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in _fields(record, "salesforce").items()
        }
        named = {"id": record.crm_id} if kind == "update" else {}
        told.append(
            {
                "attributes": {"type": "Opportunity"},
                **named,
                target.external_id: record.external_id,
                **values,
            }
        )
    path = "composite/sobjects"
    if kind == "upsert":
        path += f"/Opportunity/{target.external_id}"
    return f"PATCH {path}", {"allOrNone": False, "records": told}


def _hubspot(kind: str, records: Sequence[Record], target: CrmTarget) -> tuple[str, dict[str, Any]]:
    inputs = []
    for record in records:
        values = {name: _hubspot_value(v) for name, v in _fields(record, "hubspot").items()}
        properties = {target.external_id: record.external_id, **values}
        if kind == "update":
            inputs.append({"id": record.crm_id, "properties": properties})
        else:
            inputs.append(
                {
                    "idProperty": target.external_id,
                    "id": record.external_id,
                    "properties": properties,
                }
            )
    return f"POST crm/v3/objects/deals/batch/{kind}", {"inputs": inputs}


def _hubspot_value(value: Any) -> str:
    """HubSpot takes every property as text; days as the moment that begins them (UTC)."""
    if isinstance(value, date):
        moment = datetime.combine(value, time.min, UTC)
        return moment.isoformat().replace("+00:00", "Z")
    return _number(value) if isinstance(value, int | float) else str(value)


def _number(value: float) -> str:
    return f"{value:.12g}"
