"""SEC Form D (notice of an exempt offering): XML or full submission to one typed notice.

Field meanings follow the SEC's Form D XML technical specification; amounts are US dollars. What the
filer leaves out is None, and "Indefinite" is a flag, never a number.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from lxml import etree

from detection.documents import decode, is_submission, parse_submission
from detection.errors import UnreadableError

#: A Form D is a few kB; one hundred times the largest seen is a fault, not a notice.
MAX_BYTES = 20_000_000

_START = re.compile(rb"<\?xml\b|<(?:[A-Za-z0-9_]+:)?edgarSubmission\b")
_END = re.compile(rb"</(?:[A-Za-z0-9_]+:)?edgarSubmission\s*>")
_AMOUNT = re.compile(r"-?\d+(?:\.\d+)?\Z")
_PLACEHOLDER = {"", "none", "n/a", "na", "-", "--", ".", "not applicable"}
POOLED_FUND = "Pooled Investment Fund"


@dataclass(frozen=True)
class RelatedPerson:
    """An executive officer, director or promoter of the issuer."""

    first_name: str | None
    middle_name: str | None
    last_name: str | None
    relationships: tuple[str, ...]
    clarification: str | None
    city: str | None
    state_or_country: str | None

    @property
    def name(self) -> str:
        """First, middle and last name joined, without placeholders such as "N/A"."""
        parts = (self.first_name, self.middle_name, self.last_name)
        return " ".join(p for p in parts if p and p.casefold() not in _PLACEHOLDER)


@dataclass(frozen=True)
class FormD:
    """One Form D notice."""

    submission_type: str
    is_test: bool
    cik: str
    issuer_name: str
    co_issuers: tuple[tuple[str, str], ...]
    previous_names: tuple[str, ...]
    entity_type: str | None
    jurisdiction: str | None
    year_of_incorporation: int | None
    over_five_years_old: bool
    yet_to_be_formed: bool
    street: str | None
    city: str | None
    state_or_country: str | None
    zip_code: str | None
    phone: str | None
    industry_group: str | None
    investment_fund_type: str | None
    revenue_range: str | None
    net_asset_value_range: str | None
    exemptions: tuple[str, ...]
    is_amendment: bool
    previous_accession_number: str | None
    first_sale_on: date | None
    first_sale_yet_to_occur: bool
    more_than_one_year: bool | None
    is_equity: bool
    is_debt: bool
    is_option: bool
    is_pooled_fund_interest: bool
    is_business_combination: bool
    minimum_investment: float | None
    total_offering_amount: float | None
    is_indefinite: bool
    total_amount_sold: float | None
    total_remaining: float | None
    has_non_accredited_investors: bool | None
    investor_count: int | None
    sales_commissions: float | None
    finders_fees: float | None
    proceeds_to_insiders: float | None
    related_persons: tuple[RelatedPerson, ...]
    signed_on: date | None
    #: From the submission's header; None when only the XML was given.
    accession_number: str | None
    filed_on: date | None

    @property
    def is_pooled_fund(self) -> bool:
        """A fund raising for investment: by its industry group or by the interests it sells."""
        return self.industry_group == POOLED_FUND or self.is_pooled_fund_interest


def read_form_d(content: bytes) -> FormD:
    """The notice in ``content``: raw XML (bytes around it allowed) or a full SGML submission.

    Raises UnreadableError with rule ``not_form_d``, ``too_large``, ``forbidden_doctype``,
    ``malformed_xml`` or ``missing_field``.
    """
    if len(content) > MAX_BYTES:
        raise UnreadableError("too_large", f"{len(content)} bytes; a Form D has a few thousand")
    root = _parse(_cut_xml(content))
    header = None
    if b"<SUBMISSION>" in content[:400] or b"<SEC-DOCUMENT>" in content[:4000]:
        text = decode(content)
        header = parse_submission(text) if is_submission(text) else None
    return _notice(
        root,
        accession_number=header.accession_number if header else None,
        filed_on=header.filed_on if header else None,
    )


def _cut_xml(content: bytes) -> bytes:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        content = content.decode("utf-16", "replace").encode()
        content = re.sub(rb"<\?xml[^>]*\?>", b"", content, count=1)
    found = _START.search(content)
    if found is None or b"edgarSubmission" not in content:
        shown = content[:60].decode("ascii", "replace").strip()
        raise UnreadableError("not_form_d", f"no edgarSubmission element; it begins {shown!r}")
    end = None
    for end in _END.finditer(content, found.start()):  # noqa: B007 - the last one is wanted
        pass
    return content[found.start() : end.end() if end else len(content)]


def _parse(xml: bytes) -> etree._Element:
    if b"<!DOCTYPE" in xml or b"<!ENTITY" in xml:
        raise UnreadableError("forbidden_doctype", "EDGAR's XML never declares a document type")
    # No entities, no network, no DTD: a filing is data and may fetch or expand nothing.
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        root = etree.fromstring(xml, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableError("malformed_xml", str(error)) from error
    for element in root.iter(etree.Element):
        if isinstance(element.tag, str) and element.tag.startswith("{"):
            element.tag = element.tag.rsplit("}", 1)[1]
    if root.tag != "edgarSubmission":
        raise UnreadableError("not_form_d", f"the root element is {root.tag!r}")
    return root


def _notice(root: etree._Element, accession_number: str | None, filed_on: date | None) -> FormD:
    issuer = root.find("primaryIssuer")
    offering = root.find("offeringData")
    if issuer is None or offering is None:
        raise UnreadableError("missing_field", "no primaryIssuer or no offeringData element")
    cik = _text(issuer, "cik")
    name = _text(issuer, "entityName")
    if not cik or not cik.isascii() or not cik.isdigit() or len(cik) > 10 or not name:
        raise UnreadableError("missing_field", "the primary issuer has no CIK or no name")
    total = _text(offering, "offeringSalesAmounts/totalOfferingAmount")
    previous = [
        value.text.strip()
        for path in ("issuerPreviousNameList", "edgarPreviousNameList")
        for value in issuer.iterfind(f"{path}/*")
        if value.text and value.text.strip().casefold() not in _PLACEHOLDER
    ]
    return FormD(
        submission_type=_text(root, "submissionType") or "D",
        is_test=(_text(root, "testOrLive") or "LIVE").upper() == "TEST",
        cik=cik.zfill(10),
        issuer_name=name,
        co_issuers=tuple(
            ((_text(other, "cik") or "").zfill(10), _text(other, "entityName") or "")
            for other in root.iterfind("issuerList/issuer")
        ),
        previous_names=tuple(previous),
        entity_type=_text(issuer, "entityType"),
        jurisdiction=_text(issuer, "jurisdictionOfInc"),
        year_of_incorporation=_integer(_text(issuer, "yearOfInc/value")),
        over_five_years_old=_flag(issuer, "yearOfInc/overFiveYears") or False,
        yet_to_be_formed=_flag(issuer, "yearOfInc/yetToBeFormed") or False,
        street=_joined(issuer, "issuerAddress/street1", "issuerAddress/street2"),
        city=_text(issuer, "issuerAddress/city"),
        state_or_country=_text(issuer, "issuerAddress/stateOrCountry"),
        zip_code=_text(issuer, "issuerAddress/zipCode"),
        phone=_text(issuer, "issuerPhoneNumber"),
        industry_group=_text(offering, "industryGroup/industryGroupType"),
        investment_fund_type=_text(offering, "industryGroup/investmentFundInfo/investmentFundType"),
        revenue_range=_text(offering, "issuerSize/revenueRange"),
        net_asset_value_range=_text(offering, "issuerSize/aggregateNetAssetValueRange"),
        exemptions=_texts(offering, "federalExemptionsExclusions/item"),
        is_amendment=_flag(offering, "typeOfFiling/newOrAmendment/isAmendment") or False,
        previous_accession_number=_text(
            offering, "typeOfFiling/newOrAmendment/previousAccessionNumber"
        ),
        first_sale_on=_day(_text(offering, "typeOfFiling/dateOfFirstSale/value")),
        first_sale_yet_to_occur=_flag(offering, "typeOfFiling/dateOfFirstSale/yetToOccur") or False,
        more_than_one_year=_flag(offering, "durationOfOffering/moreThanOneYear"),
        is_equity=_flag(offering, "typesOfSecuritiesOffered/isEquityType") or False,
        is_debt=_flag(offering, "typesOfSecuritiesOffered/isDebtType") or False,
        is_option=_flag(offering, "typesOfSecuritiesOffered/isOptionToAcquireType") or False,
        is_pooled_fund_interest=_flag(
            offering, "typesOfSecuritiesOffered/isPooledInvestmentFundType"
        )
        or False,
        is_business_combination=_flag(
            offering, "businessCombinationTransaction/isBusinessCombinationTransaction"
        )
        or False,
        minimum_investment=_amount(_text(offering, "minimumInvestmentAccepted")),
        total_offering_amount=_amount(total),
        is_indefinite=(total or "").casefold() == "indefinite",
        total_amount_sold=_amount(_text(offering, "offeringSalesAmounts/totalAmountSold")),
        total_remaining=_amount(_text(offering, "offeringSalesAmounts/totalRemaining")),
        has_non_accredited_investors=_flag(offering, "investors/hasNonAccreditedInvestors"),
        investor_count=_integer(_text(offering, "investors/totalNumberAlreadyInvested")),
        sales_commissions=_amount(
            _text(offering, "salesCommissionsFindersFees/salesCommissions/dollarAmount")
        ),
        finders_fees=_amount(
            _text(offering, "salesCommissionsFindersFees/findersFees/dollarAmount")
        ),
        proceeds_to_insiders=_amount(
            _text(offering, "useOfProceeds/grossProceedsUsed/dollarAmount")
        ),
        related_persons=tuple(
            _person(person) for person in root.iterfind("relatedPersonsList/relatedPersonInfo")
        ),
        signed_on=_day(_text(offering, "signatureBlock/signature/signatureDate")),
        accession_number=accession_number,
        filed_on=filed_on,
    )


def _person(element: etree._Element) -> RelatedPerson:
    return RelatedPerson(
        first_name=_text(element, "relatedPersonName/firstName"),
        middle_name=_text(element, "relatedPersonName/middleName"),
        last_name=_text(element, "relatedPersonName/lastName"),
        relationships=_texts(element, "relatedPersonRelationshipList/relationship"),
        clarification=_text(element, "relationshipClarification"),
        city=_text(element, "relatedPersonAddress/city"),
        state_or_country=_text(element, "relatedPersonAddress/stateOrCountry"),
    )


def _text(element: etree._Element, path: str) -> str | None:
    value = element.findtext(path)
    return (value.strip() or None) if value else None


def _texts(element: etree._Element, path: str) -> tuple[str, ...]:
    found = (item.text.strip() for item in element.iterfind(path) if item.text)
    return tuple(text for text in found if text)


def _joined(element: etree._Element, *paths: str) -> str | None:
    return ", ".join(filter(None, (_text(element, path) for path in paths))) or None


def _flag(element: etree._Element, path: str) -> bool | None:
    value = (_text(element, path) or "").casefold()
    return {"true": True, "1": True, "false": False, "0": False}.get(value)


def _amount(text: str | None) -> float | None:
    """Dollars; None for "Indefinite", for nothing and for what is no number."""
    cleaned = (text or "").replace(",", "").lstrip("$").strip()
    return float(cleaned) if _AMOUNT.match(cleaned) and len(cleaned) < 20 else None


def _integer(text: str | None) -> int | None:
    cleaned = (text or "").replace(",", "")
    return int(cleaned) if cleaned.isascii() and cleaned.isdigit() and len(cleaned) < 16 else None


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat((text or "")[:10])
    except ValueError:
        return None
