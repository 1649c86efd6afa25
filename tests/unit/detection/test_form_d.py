"""Form D: every field of an invented notice, and what is no notice."""

from __future__ import annotations

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detection.errors import UnreadableError
from detection.filings.form_d import read_form_d

NOTICE = """<?xml version="1.0"?>
<edgarSubmission>
 <schemaVersion>X0708</schemaVersion><submissionType>D/A</submissionType><testOrLive>LIVE</testOrLive>
 <primaryIssuer><cik>0009999991</cik><entityName>Larkspur &amp; Fenn Robotics, Inc.</entityName>
  <issuerAddress><street1>1 Mill Lane</street1><city>AUSTIN</city>
   <stateOrCountry>TX</stateOrCountry><zipCode>78701</zipCode></issuerAddress>
  <jurisdictionOfInc>DELAWARE</jurisdictionOfInc><entityType>Corporation</entityType>
  <issuerPreviousNameList><previousName>None</previousName></issuerPreviousNameList>
  <yearOfInc><withinFiveYears>true</withinFiveYears><value>2022</value></yearOfInc></primaryIssuer>
 <relatedPersonsList>
  <relatedPersonInfo><relatedPersonName><firstName>Ana</firstName><middleName>B.</middleName>
   <lastName>Quill</lastName></relatedPersonName><relatedPersonRelationshipList>
   <relationship>Executive Officer</relationship><relationship>Director</relationship>
   </relatedPersonRelationshipList></relatedPersonInfo>
  <relatedPersonInfo><relatedPersonName><firstName>N/A</firstName>
   <lastName>Fenn Holdings LLC</lastName></relatedPersonName><relatedPersonRelationshipList>
   <relationship>Promoter</relationship></relatedPersonRelationshipList></relatedPersonInfo>
 </relatedPersonsList>
 <offeringData>
  <industryGroup><industryGroupType>Other Technology</industryGroupType></industryGroup>
  <issuerSize><revenueRange>Decline to Disclose</revenueRange></issuerSize>
  <federalExemptionsExclusions><item>06b</item></federalExemptionsExclusions>
  <typeOfFiling><newOrAmendment><isAmendment>true</isAmendment>
   <previousAccessionNumber>0000000000-25-000007</previousAccessionNumber></newOrAmendment>
   <dateOfFirstSale><value>2026-03-02</value></dateOfFirstSale></typeOfFiling>
  <typesOfSecuritiesOffered><isEquityType>true</isEquityType></typesOfSecuritiesOffered>
  <minimumInvestmentAccepted>0</minimumInvestmentAccepted>
  <offeringSalesAmounts><totalOfferingAmount>{total}</totalOfferingAmount>
   <totalAmountSold>4500000</totalAmountSold><totalRemaining>{remaining}</totalRemaining>
  </offeringSalesAmounts>
  <investors><totalNumberAlreadyInvested>12</totalNumberAlreadyInvested></investors>
 </offeringData>
</edgarSubmission>
"""


def notice(total: str = "6000000", remaining: str = "1500000") -> bytes:
    return NOTICE.format(total=total, remaining=remaining).encode()


def test_every_field_is_read() -> None:
    found = read_form_d(notice())
    assert found.cik == "0009999991"
    assert found.issuer_name == "Larkspur & Fenn Robotics, Inc."
    assert (found.city, found.state_or_country, found.zip_code) == ("AUSTIN", "TX", "78701")
    assert (found.jurisdiction, found.entity_type) == ("DELAWARE", "Corporation")
    assert found.year_of_incorporation == 2022
    assert found.industry_group == "Other Technology"
    assert found.is_amendment
    assert found.previous_accession_number == "0000000000-25-000007"
    assert found.first_sale_on == date(2026, 3, 2)
    assert found.total_offering_amount == 6_000_000
    assert found.total_amount_sold == 4_500_000
    assert found.total_remaining == 1_500_000
    assert found.minimum_investment == 0
    assert found.investor_count == 12
    assert found.is_equity
    assert not found.is_debt
    assert not found.is_pooled_fund
    assert not found.is_indefinite
    assert found.previous_names == ()
    assert [p.name for p in found.related_persons] == ["Ana B. Quill", "Fenn Holdings LLC"]
    assert found.related_persons[0].relationships == ("Executive Officer", "Director")


def test_indefinite_is_a_flag_and_never_a_number() -> None:
    found = read_form_d(notice("Indefinite", "Indefinite"))
    assert found.is_indefinite
    assert found.total_offering_amount is None
    assert found.total_remaining is None
    assert found.total_amount_sold == 4_500_000


@pytest.mark.parametrize("before", [b"\n", b"\xef\xbb\xbf", b"\r\n  garbage \x00"])
def test_bytes_before_the_declaration_do_no_harm(before: bytes) -> None:
    assert read_form_d(before + notice()) == read_form_d(notice())


def test_a_full_submission_gives_the_headers_facts() -> None:
    submission = (
        b"<SUBMISSION>\n<ACCESSION-NUMBER>0009999991-26-000001\n<TYPE>D\n"
        b"<FILING-DATE>20260311\n<DOCUMENT>\n<TYPE>D\n<FILENAME>primary_doc.xml\n<TEXT>\n<XML>\n"
        + notice()
        + b"</XML>\n</TEXT>\n</DOCUMENT>\n</SUBMISSION>\n"
    )
    found = read_form_d(submission)
    assert found.accession_number == "0009999991-26-000001"
    assert found.filed_on == date(2026, 3, 11)
    assert found.issuer_name == "Larkspur & Fenn Robotics, Inc."


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b"", "not_form_d"),
        (b"<html><body>Not found</body></html>", "not_form_d"),
        (notice()[:900], "malformed_xml"),
        (b'<?xml version="1.0"?><!DOCTYPE e [<!ENTITY a "b">]>' + notice(), "forbidden_doctype"),
        (b"<edgarSubmission></edgarSubmission>", "missing_field"),
        (notice().replace(b"0009999991", b"none"), "missing_field"),
    ],
)
def test_what_cannot_be_read_names_its_fault(content: bytes, rule: str) -> None:
    with pytest.raises(UnreadableError) as error:
        read_form_d(content)
    assert error.value.rule == rule


def test_an_entity_bomb_is_refused_at_once() -> None:
    layers = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 10))
    bomb = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "x">{layers}]>'.encode()
    with pytest.raises(UnreadableError, match="document type"):
        read_form_d(bomb + b"<edgarSubmission>&l9;</edgarSubmission>")


@given(st.binary(max_size=300), st.integers(0, 3000))
@settings(max_examples=150, deadline=None)
def test_mangled_notices_only_ever_raise_unreadable(noise: bytes, at: int) -> None:
    whole = notice()
    with suppress(UnreadableError):
        read_form_d(whole[:at] + noise + whole[at:])
