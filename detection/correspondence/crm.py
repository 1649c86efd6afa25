"""Rows of a CRM's report or export, whatever its headers are called.

Headers of Salesforce and HubSpot reports and their near kin are known; a user's own are given as
``mapping`` (field to header). What a row does not say is None; what it says and cannot be read is
None with the field's name in ``faults``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import lru_cache

from detection.dates import find_dates
from detection.errors import UnreadableError
from detection.money import currency_of_word, find_money, parse_number

#: Field to the headers it is known by, in letters only.
HEADERS: Mapping[str, tuple[str, ...]] = {
    "record_id": ("opportunityid", "dealid", "recordid", "id", "hsobjectid", "casesafeid"),
    "name": ("opportunityname", "dealname", "name", "title"),
    "account_id": ("accountid", "companyid", "associatedcompanyid"),
    "account": ("accountname", "associatedcompany", "company", "companyname", "account"),
    "website": ("website", "domain", "companydomainname", "accountwebsite", "companydomain"),
    "contact_email": ("contactemail", "email", "primarycontactemail"),
    "contact_name": ("contactname", "primarycontact", "primarycontactname"),
    "contact_first_name": ("contactfirstname",),
    "contact_last_name": ("contactlastname",),
    "owner": ("owner", "opportunityowner", "dealowner", "hubspotownerid", "ownername"),
    "other_id": (
        "hssalesforceopportunityid",
        "salesforceopportunityid",
        "salesforceid",
        "hubspotdealid",
        "hubspotid",
        "dealidc",
        "hubspotdealidc",
    ),
    "stage": ("stage", "stagename", "dealstage"),
    "amount": ("amount", "dealamount", "amountinhomecurrency", "totalamount"),
    "currency": ("currency", "currencyisocode", "dealcurrencycode", "amountcurrency"),
    "product": ("product", "productname", "products", "lineitem"),
    "part_number": ("partnumber", "sku", "productcode"),
    "quantity": ("quantity", "totalopportunityquantity", "qty"),
    "unit_price": ("unitprice", "salesprice", "listprice"),
    "reference": ("reference", "rfqnumber", "customerreference", "ponumber"),
    "next_step": ("nextstep", "hsnextstep"),
    "close_date": ("closedate", "expectedclosedate"),
    "created_at": ("createddate", "createdate", "createdat"),
    "modified_at": ("lastmodified", "lastmodifieddate", "hslastmodifieddate", "modifiedat"),
    "is_withdrawn": ("isdeleted", "deleted", "archived", "isarchived"),
}
_YES = frozenset({"true", "yes", "1"})
#: Words of a stage's name to our stages, the first that is found.
_STAGES = (
    ("won", re.compile(r"closed ?won|^won$|gewonnen", re.I)),
    ("lost", re.compile(r"closed ?lost|^lost$|verloren|disqualified", re.I)),
    ("po_in_progress", re.compile(r"negotiation|contract|purchase|verbal|commit|po\b", re.I)),
    ("quoting", re.compile(r"proposal|quot|presentation|price|decisionmaker", re.I)),
    ("rfq", re.compile(r"needs|request|rfq|rfp|value prop|perception|appointment", re.I)),
    ("research_concept", re.compile(r"prospect|qualif|discovery|research|concept|lead", re.I)),
)


@dataclass(frozen=True, kw_only=True)
class CrmRow:
    """One opportunity as the CRM has it."""

    record_id: str
    name: str | None
    #: The account's id in the CRM.
    account_id: str | None
    account: str | None
    #: Domain of the account's website, or of the contact's address.
    domain: str | None
    contact_email: str | None
    contact_name: str | None
    owner: str | None
    #: Its id in another CRM, where this one knows it.
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
    #: Deleted or archived in the CRM.
    is_withdrawn: bool
    #: Fields whose words could not be read.
    faults: tuple[str, ...]


def read_crm_row(
    row: Mapping[str, object],
    mapping: Mapping[str, str] | None = None,
    record_id: str | None = None,
) -> CrmRow:
    """A row by its headers; ``mapping`` names headers of the user's own.

    What an API nests ("Account": {"Name": ...}, HubSpot's "properties") is read like the header
    "Account Name". ``record_id`` names a row that has no id; raises ``UnreadableError`` where
    neither is given.
    """
    values = _values(dict(_flat(row)), mapping or {})
    if record_id:
        values.setdefault("record_id", record_id)
    if not values.get("record_id"):
        raise UnreadableError(
            "crm_row", "no id; give its header as record_id in the mapping of headers"
        )
    faults: list[str] = []
    email = values.get("contact_email")
    return CrmRow(
        record_id=values["record_id"],
        name=values.get("name"),
        account_id=values.get("account_id"),
        account=values.get("account"),
        domain=_domain(values.get("website"))
        or (email.rpartition("@")[2].lower() if email else None),
        contact_email=email.lower() if email else None,
        contact_name=_contact_name(values),
        owner=values.get("owner"),
        other_id=values.get("other_id"),
        stage=stage_of_name(values.get("stage")),
        stage_name=values.get("stage"),
        amount=_number(values, "amount", faults),
        currency=_currency(values),
        product=values.get("product"),
        part_number=values.get("part_number"),
        quantity=_number(values, "quantity", faults),
        unit_price=_number(values, "unit_price", faults),
        reference=values.get("reference"),
        next_step=values.get("next_step"),
        close_on=_day(values, "close_date", faults),
        created_at=_moment(values, "created_at", faults),
        modified_at=_moment(values, "modified_at", faults),
        is_withdrawn=values.get("is_withdrawn", "").lower() in _YES,
        faults=tuple(faults),
    )


def read_account(row: Mapping[str, object]) -> tuple[str | None, str | None]:
    """Name and domain of an account's row, by the same headers."""
    values = _values(dict(_flat(row)), {})
    return values.get("account") or values.get("name"), _domain(values.get("website"))


def stage_of_name(name: str | None) -> str | None:
    """Our stage for a CRM's stage.

    >>> stage_of_name("Proposal/Price Quote")
    'quoting'
    """
    return next((s for s, words in _STAGES if name and words.search(name)), None)


def _values(row: Mapping[str, object], mapping: Mapping[str, str]) -> dict[str, str]:
    plain = {_letters(str(name)): value for name, value in row.items()}
    found = {}
    for field, headers in HEADERS.items():
        named = (row.get(mapping[field]),) if field in mapping else ()
        for value in (*named, *(plain.get(h) for h in headers)):
            text = " ".join(str(value).split()) if value is not None else ""
            if text:
                found[field] = text
                break
    return found


@lru_cache(maxsize=4096)
def _letters(header: str) -> str:
    """A header in letters and figures only; a report repeats its headers in every row."""
    return re.sub(r"[\W_]+", "", header.lower())


def _flat(row: Mapping[str, object], above: str = "") -> Iterator[tuple[str, object]]:
    for name, value in row.items():
        if not isinstance(value, Mapping):
            yield f"{above}{name}", value
        elif above.count(" ") < 4:
            yield from _flat(value, above if name == "properties" else f"{above}{name} ")


def _domain(website: str | None) -> str | None:
    if not website:
        return None
    host = re.sub(r"^[a-z]+://", "", website.lower()).split("/")[0].split(":")[0]
    return host.removeprefix("www.") or None


def _contact_name(values: Mapping[str, str]) -> str | None:
    """The contact's name, whole or in two parts."""
    parts = (values.get("contact_first_name"), values.get("contact_last_name"))
    return values.get("contact_name") or " ".join(p for p in parts if p) or None


def _currency(values: Mapping[str, str]) -> str | None:
    if "currency" in values:
        return currency_of_word(values["currency"])
    money = find_money(values.get("amount", ""))
    return money[0].currency if money else None


def _number(values: Mapping[str, str], field: str, faults: list[str]) -> float | None:
    if field not in values:
        return None
    money = find_money(values[field])
    number = money[0].amount if money else parse_number(values[field])
    if number is None:
        faults.append(field)
    return number


def _day(values: Mapping[str, str], field: str, faults: list[str]) -> date | None:
    if field not in values:
        return None
    try:
        return date.fromisoformat(values[field][:10])
    except ValueError:
        found = find_dates(values[field])
    if not found:
        faults.append(field)
        return None
    return found[0].day


def _moment(values: Mapping[str, str], field: str, faults: list[str]) -> datetime | None:
    """A time with its zone in UTC; a day alone is its first moment."""
    text = values.get(field)
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        day = _day(values, field, faults)
        return datetime.combine(day, time.min, UTC) if day else None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
