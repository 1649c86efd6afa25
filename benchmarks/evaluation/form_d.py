"""``sec.form_d.field_accuracy``: share of Form D fields equal to an independent recount.

The recount reads the tags with regular expressions, nothing of the reader's XML path. The baseline
is the standard library's XML parser on the file as it lies there.
"""

from __future__ import annotations

import dataclasses
import json
import re
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from benchmarks.evaluation.measure import FETCHED_AT, Evaluation, Metric, Miss, Stopwatch, rows
from detection.readers import READERS, read_rows
from resources.lake import Record
from resources.sources.connectors.sec_edgar import Filing, filing_record

METRIC = "sec.form_d.field_accuracy"
FOLDER = "sec/form_d"


def evaluate(data: Path) -> Evaluation:
    """Read every file of ``sec/form_d`` and compare it field by field."""
    result = Evaluation()
    files = sorted(p for p in (data / FOLDER).glob("*") if p.suffix in (".xml", ".nc", ".txt"))
    if not files:
        result.skipped.append(f"{FOLDER}: no .xml, .nc or .txt file")
        return result
    watch = Stopwatch()
    equal = total = baseline_equal = 0
    for path in files:
        body = path.read_bytes()
        record = as_record(path.stem, body)
        found: dict[str, Any] = {}
        if isinstance(record, Record):
            read = read_rows(READERS["form_d_offerings"], rows([record]))
            if read.rows:
                found = dataclasses.asdict(read.rows[0])
        expected = recount(body)
        naive = _baseline(body)
        for name, value in expected.items():
            total += 1
            baseline_equal += naive.get(name) == value
            if found.get(name) == value:
                equal += 1
            else:
                result.misses.append(
                    Miss(METRIC, f"{path.name} {name}", str(value), str(found.get(name)))
                )
    result.metrics.append(
        Metric(
            METRIC,
            equal / total,
            total,
            baseline_equal / total,
            watch.seconds(),
            "standard XML parser on the file as it is",
        )
    )
    return result


def as_record(name: str, body: bytes) -> Any:
    """A Form D file as the connector would store it."""
    found = re.search(rb"<ACCESSION-NUMBER>([\d-]+)|ACCESSION NUMBER:\s*([\d-]+)", body[:4000])
    accession = (found.group(1) or found.group(2)).decode() if found else name
    filed = re.search(rb"<FILING-DATE>(\d{4})(\d\d)(\d\d)", body[:4000])
    filing = Filing(
        cik="",
        company_name="",
        form="D",
        accession_number=accession,
        filing_date="-".join(g.decode() for g in filed.groups()) if filed else "",
        acceptance_time="",
        primary_document="primary_doc.xml",
        items="",
    )
    return filing_record(filing, body, fetched_at=FETCHED_AT, source_url="file:")


def recount(body: bytes) -> dict[str, Any]:
    """The fields as regular expressions find them in the text."""
    text = body.decode("utf-8", "replace")
    issuer = _between(text, "primaryIssuer")
    offering = _between(text, "offeringData")
    address = _between(issuer, "issuerAddress")
    total = _tag(offering, "totalOfferingAmount")
    incorporated = _tag(_between(issuer, "yearOfInc"), "value")
    filed = re.search(r"<FILING-DATE>(\d{4})(\d\d)(\d\d)", text)
    first_sale = _tag(_between(offering, "dateOfFirstSale"), "value")
    pooled = (
        _tag(offering, "industryGroupType") == "Pooled Investment Fund"
        or _tag(offering, "isPooledInvestmentFundType") == "true"
    )
    found: dict[str, Any] = {
        "cik": _tag(issuer, "cik"),
        "issuer_name": _tag(issuer, "entityName"),
        "entity_type": _tag(issuer, "entityType"),
        "jurisdiction": _tag(issuer, "jurisdictionOfInc"),
        "year_of_incorporation": int(incorporated) if incorporated else None,
        "city": _tag(address, "city"),
        "state_or_country": _tag(address, "stateOrCountry"),
        "industry_group": _tag(offering, "industryGroupType"),
        "is_pooled_fund": pooled,
        "is_amendment": _tag(offering, "isAmendment") == "true",
        "first_sale_on": date.fromisoformat(first_sale) if first_sale else None,
        "total_offering_amount": None if total in (None, "Indefinite") else float(total or 0),
        "is_indefinite": total == "Indefinite",
        "total_amount_sold": _number(_tag(offering, "totalAmountSold")),
        "total_remaining": _number(_tag(offering, "totalRemaining")),
        "investor_count": _whole(_tag(offering, "totalNumberAlreadyInvested")),
        "minimum_investment": _number(_tag(offering, "minimumInvestmentAccepted")),
        "is_equity": _tag(offering, "isEquityType") == "true",
        "is_debt": _tag(offering, "isDebtType") == "true",
        "related_persons": _persons(text),
    }
    if filed:
        found["filed_on"] = date(*map(int, filed.groups()))
    accession = re.search(r"<ACCESSION-NUMBER>([\d-]+)", text)
    if accession:
        found["accession_number"] = accession.group(1)
    return found


def _between(text: str, tag: str) -> str:
    found = re.search(rf"<{tag}>(.*?)</{tag}>", text, re.S)
    return found.group(1) if found else ""


def _tag(text: str, tag: str) -> str | None:
    found = re.search(rf"<{tag}>([^<]*)</{tag}>", text)
    return (unescape(found.group(1)).strip() or None) if found else None


def _number(text: str | None) -> float | None:
    return float(text) if text and re.fullmatch(r"-?\d+(\.\d+)?", text) else None


def _whole(text: str | None) -> int | None:
    return int(text) if text else None


def _persons(text: str) -> str:
    persons = []
    for block in re.findall(r"<relatedPersonInfo>(.*?)</relatedPersonInfo>", text, re.S):
        parts = [_tag(block, tag) for tag in ("firstName", "middleName", "lastName")]
        name = " ".join(p for p in parts if p and p.lower() not in ("n/a", "none", "-", "na", "."))
        relationships = [
            unescape(r).strip() for r in re.findall(r"<relationship>([^<]*)</relationship>", block)
        ]
        persons.append({"name": name, "relationships": relationships})
    return json.dumps(persons, ensure_ascii=False)


def _baseline(body: bytes) -> dict[str, Any]:
    try:
        root = ElementTree.fromstring(body)
    except ElementTree.ParseError:
        return {}
    text = {e.tag: (e.text or "").strip() for e in root.iter()}
    return {
        "cik": text.get("cik"),
        "issuer_name": text.get("entityName"),
        "entity_type": text.get("entityType"),
        "jurisdiction": text.get("jurisdictionOfInc"),
        "city": text.get("city"),
        "state_or_country": text.get("stateOrCountry"),
        "industry_group": text.get("industryGroupType"),
        "is_amendment": text.get("isAmendment") == "true",
        "total_offering_amount": _number(text.get("totalOfferingAmount")),
        "total_amount_sold": _number(text.get("totalAmountSold")),
        "total_remaining": _number(text.get("totalRemaining")),
        "minimum_investment": _number(text.get("minimumInvestmentAccepted")),
        "is_equity": text.get("isEquityType") == "true",
        "is_debt": text.get("isDebtType") == "true",
    }
