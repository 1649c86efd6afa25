"""Items 1.01, 2.01, 2.03, 3.02 and their legacy numbers in invented words."""

from __future__ import annotations

from datetime import date

import pytest

from detection.filings.agreements import kind_of, only_refers
from detection.filings.events import read_filing_events
from detection.filings.parties import counterparty_after, is_registrant, named_parties
from detection.filings.text import is_hard_wrapped, item_sentences

FILED = date(2026, 5, 8)
COMPANY = "FENMARK SYSTEMS INC"


def only(code: str, text: str):
    found = read_filing_events(code, text, FILED, COMPANY)
    assert len(found) == 1, found
    return found[0]


def test_a_merger_agreed_is_a_planned_acquisition_of_the_other_party() -> None:
    event = only(
        "1.01",
        "Entry into a Material Definitive Agreement.\nOn May 4, 2026, Fenmark Systems Inc. (the "
        "“Company”) entered into an Agreement and Plan of Merger (the “Merger Agreement”) by and "
        "among the Company, Heron Acquisition Corp., a wholly owned subsidiary of the Company, "
        "Orbvane Corporation, a Delaware corporation (“Orbvane”), and Third Harbor Bank, N.A., as "
        "escrow agent, pursuant to which Heron Acquisition Corp. will merge with and into Orbvane. "
        "The aggregate consideration is approximately $82.5 million in cash.",
    )
    assert (event.signal_type, event.signal_subtype) == ("acquisition", "acquirer")
    assert (event.status, event.polarity) == ("planned", "positive")
    assert event.counterparty_name == "Orbvane"
    assert (event.amount, event.currency) == (82_500_000, "USD")
    assert event.occurred_on == date(2026, 5, 4)
    assert event.sentence.startswith("On May 4, 2026, Fenmark")


def test_being_bought_and_selling_a_part_are_told_apart_from_buying() -> None:
    bought = only(
        "1.01",
        "On May 4, 2026, Fenmark Systems Inc. entered into a merger agreement with Tallgrass "
        "Holdings, Inc. (“Parent”) and Tallgrass Merger Sub, Inc., a wholly owned subsidiary of "
        "Parent, under which Merger Sub will merge with and into the Company, with the Company "
        "surviving as a wholly owned subsidiary of Parent.",
    )
    assert (bought.signal_subtype, bought.counterparty_name) == (
        "acquired",
        "Tallgrass Holdings, Inc",
    )
    sold = only(
        "2.01",
        "On May 4, 2026, the Company sold its Pump Division to Larkspur Industries, Inc. for $45.0 "
        "million in cash.",
    )
    assert (sold.signal_subtype, sold.polarity, sold.status) == ("divestiture", "negative", "done")
    assert (sold.counterparty_name, sold.amount) == ("Larkspur Industries, Inc", 45_000_000)


def test_one_item_may_tell_two_acquisitions_and_names_the_bought_not_the_seller() -> None:
    found = read_filing_events(
        "2.01",
        "On May 1, 2026, Fenmark Systems Inc. acquired from Brook Holdings all of the outstanding "
        "shares of Juniper Works Ltd. for $12.0 million. Also on May 1, 2026, the Company "
        "completed "
        "its acquisition of all of the outstanding capital stock of Sable Labs, Inc. pursuant to a "
        "Stock Purchase Agreement. The Company acquired substantially all assets of Juniper Works.",
        FILED,
        COMPANY,
    )
    assert [(e.counterparty_name, e.amount) for e in found] == [
        ("Juniper Works Ltd", 12_000_000),
        ("Sable Labs, Inc", None),
    ]


def test_a_completion_without_a_name_takes_the_agreement_s() -> None:
    event = only(
        "2",
        "ACQUISITION OR DISPOSITION OF ASSETS.\nOn March 6, 2026, the registrant announced that it "
        "had entered into\na definitive merger agreement with Q.R. Stone & Company. The merger "
        "was\ncompleted on May 1, 2026. Stone is a privately held maker of scales for\nshops and "
        "farms with some three hundred people at work in two plants.",
    )
    assert (event.counterparty_name, event.status) == ("Q.R. Stone & Company", "done")


def test_credit_and_notes_are_debt_with_their_sum() -> None:
    loan = only(
        "1.01",
        "On May 4, 2026, the Company entered into a Credit Agreement with Third Harbor Bank, N.A. "
        "The agreement provides for a $25.0 million term loan and a $10.0 million revolving credit "
        "facility.",
    )
    assert (loan.signal_type, loan.round_type, loan.amount) == ("funding_round", "debt", 25_000_000)
    assert loan.counterparty_name == "Third Harbor Bank, N.A"
    notes = only(
        "2.03",
        "On May 4, 2026, the Company issued $300 million aggregate principal amount of 5.25% "
        "senior "
        "notes due 2031 under an indenture with Third Harbor Bank, National Association, as "
        "trustee.",
    )
    assert (notes.round_type, notes.amount) == ("debt", 300_000_000)


def test_changed_terms_bring_no_money() -> None:
    event = only(
        "1.01",
        "On May 4, 2026, the Company amended its credit agreement with Third Harbor Bank to extend "
        "the maturity of the facility by three years.",
    )
    assert (event.signal_type, event.signal_subtype) == (
        "regulatory_filing",
        "credit_terms_changed",
    )


def test_own_shares_sold_are_equity_and_shares_given_for_a_company_are_not() -> None:
    sold = only(
        "3.02",
        "On May 4, 2026, the Company sold 1,200,000 shares of its Series B preferred stock to "
        "Cobalt Partners LP for aggregate gross proceeds of $12.0 million.",
    )
    assert (sold.round_type, sold.amount) == ("post_ipo_equity", 12_000_000)
    assert sold.counterparty_name == "Cobalt Partners LP"
    given = (
        "In connection with the merger the Company will issue shares to the former holders of "
        "Orbvane."
    )
    assert read_filing_events("3.02", given, FILED, COMPANY) == []


def test_new_space_is_an_expansion_and_the_same_space_is_not() -> None:
    new = only(
        "1.01",
        "On May 4, 2026, the Company entered into a lease with Harbor Point Properties LLC for "
        "approximately 82,000 square feet of office space in Austin, Texas, which will serve as "
        "its "
        "new headquarters.",
    )
    assert (new.signal_type, new.signal_subtype, new.status) == (
        "expansion",
        "new_office",
        "planned",
    )
    assert (new.city, new.square_feet) == ("Austin", 82_000)
    assert new.counterparty_name == "Harbor Point Properties LLC"
    same = only("1.01", "The Company signed an amended lease for its headquarters on May 4, 2026.")
    assert (same.signal_type, same.signal_subtype) == ("regulatory_filing", "lease_changed")


@pytest.mark.parametrize(
    ("text", "subtype", "other"),
    [
        (
            "On May 4, 2026, the Company entered into a Collaboration Agreement with Bellweather "
            "Labs GmbH (“Bellweather”) to develop sensors.",
            "collaboration",
            "Bellweather Labs GmbH",
        ),
        (
            "On May 4, 2026, the Company and Ridge Energy plc entered into a license agreement "
            "with Ridge Energy plc under which the Company may use certain patents.",
            "license",
            "Ridge Energy plc",
        ),
        (
            "On May 4, 2026, the Company formed a joint venture with Osprey Motors AG, owned 50% "
            "by "
            "each party.",
            "joint_venture",
            "Osprey Motors AG",
        ),
    ],
)
def test_partners_are_named(text: str, subtype: str, other: str) -> None:
    event = only("1.01", text)
    assert (event.signal_type, event.signal_subtype) == ("partnership", subtype)
    assert event.counterparty_name == other


def test_a_partner_without_a_name_is_a_filing_only() -> None:
    event = only(
        "1.01",
        "On May 4, 2026, the Company entered into a supply agreement with a long-standing "
        "customer. The agreement has a term of three years.",
    )
    assert (event.signal_type, event.signal_subtype) == ("regulatory_filing", "supply_agreement")
    assert event.counterparty_name is None


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("1.01", "On May 4, 2026, the Company entered into an employment agreement with A. Quill."),
        ("1.01", "The information set forth in Item 2.03 is incorporated by reference herein."),
        ("1.01", "See Item 5.02 below, which is incorporated by reference into this Item 1.01."),
        ("5.02", "The Board appointed Ana Quill as Chief Financial Officer of the Company."),
        ("5", "On May 4, 2026, the board declared a quarterly dividend of two cents per share."),
        ("2.03", "The information described under Item 1.01 is incorporated here by reference."),
        ("1.01", "Entry into a Material Definitive Agreement"),
    ],
)
def test_pay_references_and_other_items_give_none(code: str, text: str) -> None:
    assert read_filing_events(code, text, FILED, COMPANY) == []


def test_lines_broken_by_width_are_joined_and_those_of_a_page_are_not() -> None:
    typed = (
        "ITEM TITLE OF THE FORM\nOn May 4, 2026 the company signed an agreement with a bank that\n"
        "lends it money for three years at a rate which is set every\nquarter of a year anew."
    )
    assert is_hard_wrapped(typed)
    assert len(item_sentences(typed)) == 1
    page = (
        "Retirement of Ms. Osei\nOn May 4, 2026, Ms. Osei told the board that she will retire, and "
        "the board thanked her for her long service to the company and its people.\nNew position\n"
        "The board will search for a successor."
    )
    assert item_sentences(page)[0].startswith("On May 4")
    assert item_sentences(page)[1] == "New position"


def test_registrants_vehicles_and_agents_are_no_counterparties() -> None:
    assert is_registrant("Fenmark", COMPANY)
    assert is_registrant("the Company", None)
    assert not is_registrant("Fenwick", COMPANY)
    text = (
        " by and among Fenmark, Heron Merger Sub, Inc., Third Bank, N.A., as escrow agent, and "
        "Orbvane Corp."
    )
    assert [p.name for p in named_parties(text, COMPANY) if not p.is_agent] == ["Orbvane Corp"]
    found = counterparty_after("entered into it" + text, 0, COMPANY)
    assert found is not None
    assert found.name == "Orbvane Corp"


def test_kinds_are_told_by_content() -> None:
    assert kind_of("an underwriting agreement to sell $250 million of notes due 2032") == "debt"
    assert kind_of("an underwriting agreement to sell 5,000,000 shares") == "equity"
    assert kind_of("nothing of that sort") is None
    assert only_refers("See Item 5.02 of this report.")
    assert not only_refers("The Company bought a mill.")
