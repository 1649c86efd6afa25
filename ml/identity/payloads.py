"""Company records of the lake as linkage takes them: one mapping a stream.

The warehouse's staging models read the same payloads; only what likeness needs is read here, and
keys are left in the form in which the warehouse compares them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import pyarrow as pa

from ml.identity.records import RECORD_SCHEMA

_HOST = re.compile(r"^(?:https?://)?(?:www\.)?([a-z0-9-]+(?:\.[a-z0-9-]+)+)")


def _company_list(told: Mapping[str, Any], record_id: str) -> dict[str, Any]:
    return {
        "name": told.get("name"),
        "domain": _domain(told.get("domain")),
        "cik": _cik(told.get("cik")),
        "city": told.get("city"),
    }


def _account(told: Mapping[str, Any], record_id: str) -> dict[str, Any]:
    return {
        "name": told.get("Account Name"),
        "domain": _domain(told.get("Website")),
        "phone": told.get("Phone"),
        "city": told.get("Billing City"),
    }


def _filer(told: Mapping[str, Any], record_id: str) -> dict[str, Any]:
    addresses = told.get("addresses")
    business = (addresses.get("business") if isinstance(addresses, dict) else None) or {}
    return {
        "name": told.get("name"),
        "domain": _domain(told.get("website")),
        "cik": _cik(record_id),
        "address": business.get("street1"),
        "postcode": business.get("zipCode"),
        "phone": told.get("phone"),
        "city": business.get("city"),
    }


#: (source, stream) to what reads its payload. The streams that may anchor a company.
STREAMS: dict[tuple[str, str], Callable[[Mapping[str, Any], str], dict[str, Any]]] = {
    ("company_list", "companies"): _company_list,
    ("crm", "accounts"): _account,
    ("sec_edgar", "companies"): _filer,
}


def company_records(rows: Iterable[Mapping[str, Any]], shared_domains: frozenset[str]) -> pa.Table:
    """Lake rows (``source, stream, record_id, payload``) as ``RECORD_SCHEMA``, in their order.

    Rows of other streams and payloads that are no JSON object are left out; a domain that many
    companies share is not told.
    """
    found = []
    for row in rows:
        read = STREAMS.get((row["source"], row["stream"]))
        try:
            told = json.loads(row["payload"]) if read and row["payload"] else None
        except ValueError:
            continue
        if not read or not isinstance(told, dict):
            continue
        record = {
            key: str(value).strip() or None
            for key, value in read(told, row["record_id"]).items()
            if value is not None
        }
        if record.get("domain") in shared_domains:
            del record["domain"]
        found.append({"record_key": f"{row['source']}|{row['record_id']}", **record})
    return pa.Table.from_pylist(found, schema=RECORD_SCHEMA)


def _domain(value: Any) -> str | None:
    match = _HOST.match(str(value).strip().lower()) if value else None
    return match.group(1) if match else None


def _cik(value: Any) -> str | None:
    digits = str(value or "").strip().lstrip("0")
    return digits.zfill(10) if digits.isdigit() and len(digits) <= 10 else None
