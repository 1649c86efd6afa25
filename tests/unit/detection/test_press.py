"""Press: each family's language, its negatives, and what is no event at all."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detection.press import body_text, content_fingerprint, read_press

PUBLISHED = datetime(2026, 5, 20, 9, tzinfo=UTC)


def one(title: str, body: str = ""):
    found = read_press(title, body, None, PUBLISHED)
    assert len(found) == 1, found
    return found[0]


def test_a_release_of_a_round_is_read_whole() -> None:
    event = one(
        "Fenmark Robotics raises $25M Series B to scale automation",
        "<p>AUSTIN, Texas, May 19, 2026 -- Fenmark Robotics, a maker of warehouse robots, today "
        "announced it has raised $25 million in Series B funding led by Oxbow Ventures, with "
        "participation from Cedar Capital and Plover Partners. The round values the company at "
        "$240 million and brings total funding to $61 million.</p>"
        "<p>Learn more at https://www.fenmarkrobotics.com.</p><p>About Fenmark Robotics</p>"
        "<p>Globex acquires everything.</p>",
    )
    assert event.signal_type == "funding_round"
    assert event.company_name == "Fenmark Robotics"
    assert event.company_domain == "fenmarkrobotics.com"
    assert (event.amount, event.currency, event.round_type) == (25_000_000, "USD", "series_b")
    assert event.lead_investor == "Oxbow Ventures"
    assert event.investors == ("Oxbow Ventures", "Cedar Capital", "Plover Partners")
    assert (event.status, event.polarity) == ("done", "positive")
    assert event.occurred_on == date(2026, 5, 20)


@pytest.mark.parametrize(
    ("title", "company", "amount", "currency", "round_type"),
    [
        ("Nordvane hits $5.5B valuation with $240M raise", "Nordvane", 240e6, "USD", None),
        ("London-based fintech Quillpay secures £12m seed round", "Quillpay", 12e6, "GBP", "seed"),
        ("Fenmark lands €4.5 million pre-seed", "Fenmark", 4.5e6, "EUR", "pre_seed"),
        ("Oxbow Ventures leads $20M Series A in Nordvane", "Nordvane", 20e6, "USD", "series_a"),
        ("Fenmark obtains $30 million credit facility", "Fenmark", 30e6, "USD", "debt"),
        ("Series C for Fenmark: $90 million from Oxbow", "Fenmark", 90e6, "USD", "series_c"),
    ],
)
def test_rounds(title: str, company: str, amount: float, currency: str, round_type: str) -> None:
    event = one(title)
    assert event.signal_type == "funding_round"
    assert (event.company_name, event.amount, event.currency) == (company, amount, currency)
    assert event.round_type == round_type


@pytest.mark.parametrize(
    ("title", "company"),
    [
        ("Nordvane in talks to raise $100 million", "Nordvane"),
        ("Nordvane is in early discussions with several investors about raising $40M", "Nordvane"),
        ("Nordvane plans to raise up to €30 million, people familiar said", "Nordvane"),
        ("Oxbow Ventures in talks over $30M Series B for Nordvane", "Nordvane"),
    ],
)
def test_a_rumoured_round_is_planned(title: str, company: str) -> None:
    event = one(title)
    assert (event.signal_type, event.company_name) == ("funding_round", company)
    assert event.status == "planned"


@pytest.mark.parametrize(
    ("title", "status"),
    [
        ("Globex has held early discussions about buying Fenmark", "planned"),
        ("Globex agrees to buy Fenmark", "planned"),
        ("Globex completes acquisition of Fenmark", "done"),
        ("Globex acquires Fenmark, which will move to Oslo", "done"),
    ],
)
def test_an_acquisition_is_planned_until_it_is_made(title: str, status: str) -> None:
    event = one(title)
    assert (event.company_name, event.counterparty_name) == ("Globex", "Fenmark")
    assert event.status == status


@pytest.mark.parametrize(
    ("title", "amount"),
    [
        ("Fenmark taken over by Globex for $30 million", 30e6),
        ("Fenmark has been bought by Globex", None),
        ("Fenmark to be acquired by Globex at $24 per share", None),
    ],
)
def test_the_bought_company_is_named_first_in_the_passive(title: str, amount: float | None) -> None:
    event = one(title)
    assert (event.signal_type, event.signal_subtype) == ("acquisition", "acquired")
    assert (event.company_name, event.counterparty_name) == ("Fenmark", "Globex")
    assert event.amount == amount


def test_a_legal_form_with_points_ends_the_name() -> None:
    event = one("Fenmark has been bought by Globex Components B.V. Customers keep their contracts.")
    assert event.counterparty_name == "Globex Components B.V"


@pytest.mark.parametrize(
    ("sentence", "companies"),
    [
        (
            "Fenmark intends to establish a presence in Oslo and to hire 80 people there.",
            {"Fenmark"},
        ),
        ("Cologne software firm Fenmark has picked up $6.8m in a seed round.", {"Fenmark"}),
        ("Cologne developer tooling firm Fenmark has picked up $6.8m.", {"Fenmark"}),
        ("San Francisco-based Fenmark raises $12M Series A", {"Fenmark"}),
        ("Founded in Oslo, it was acquired by Globex.", set()),
        ("London acquires Globex", set()),
    ],
)
def test_a_place_is_no_company(sentence: str, companies: set[str]) -> None:
    names = {event.company_name for event in read_press(sentence, "", None, PUBLISHED)}
    assert names == companies


def test_one_company_with_an_ampersand_is_one_partner() -> None:
    event = one("Brook & Sons teams up with Globex")
    assert (event.company_name, event.counterparty_name) == ("Brook & Sons", "Globex")


@pytest.mark.parametrize(
    ("title", "company", "person", "position", "change_type"),
    [
        ("Fenmark Appoints Ana Quill as Chief Financial Officer", "Fenmark", "Ana Quill",
         "Chief Financial Officer", "new_hire"),
        ("Ana Quill joins Fenmark as VP of Engineering", "Fenmark", "Ana Quill",
         "VP of Engineering", "new_hire"),
        ("Fenmark promotes Ana Quill to COO", "Fenmark", "Ana Quill", "COO", "promotion"),
        ("Fenmark elevates Ana Quill to COO", "Fenmark", "Ana Quill", "COO", "promotion"),
        ("Fenmark CEO Tom Ashby steps down", "Fenmark", "Tom Ashby", "CEO", "departure"),
        ("Fenmark Names Former Globex Executive Ana J. Quill Chief Revenue Officer", "Fenmark",
         "Ana J. Quill", "Chief Revenue Officer", "new_hire"),
    ],
)  # fmt: skip
def test_executives(title: str, company: str, person: str, position: str, change_type: str) -> None:
    event = one(title)
    assert event.signal_type == "executive_change"
    assert (event.company_name, event.person_name) == (company, person)
    assert (event.position, event.change_type) == (position, change_type)


@pytest.mark.parametrize(
    ("title", "subtype", "polarity", "status", "city", "country"),
    [
        ("Fenmark opens new office in Berlin", "new_office", "positive", "done", "Berlin",
         "Germany"),
        ("Fenmark to open Austin headquarters", "new_office", "positive", "planned", "Austin",
         "United States"),
        ("Fenmark expands into Germany", "new_market", "positive", "done", None, "Germany"),
        ("Fenmark to close its Madrid office by year end", "closure", "negative", "planned",
         "Madrid", "Spain"),
        ("Fenmark to hire 50 people in Toronto", "headcount_growth", "positive", "planned",
         "Toronto", "Canada"),
    ],
)  # fmt: skip
def test_expansion(
    title: str, subtype: str, polarity: str, status: str, city: str | None, country: str
) -> None:
    event = one(title)
    assert (event.signal_type, event.signal_subtype) == ("expansion", subtype)
    assert (event.company_name, event.polarity, event.status) == ("Fenmark", polarity, status)
    assert (event.city, event.country) == (city, country)


@pytest.mark.parametrize(
    ("title", "sentence", "status"),
    [
        ("Fenmark to shut Oslo site", "Fenmark has shut its Oslo location.", "done"),
        ("Fenmark to shut Oslo site", "Fenmark will close its office in Oslo.", "planned"),
        ("Fenmark opens Oslo office", "Fenmark plans to open an office in Oslo.", "planned"),
        ("Fenmark inaugurates new plant in Oslo", "Fenmark inaugurated a plant in Oslo.", "done"),
        ("Fenmark to add 30 jobs", "Fenmark has increased its workforce by 30 people.", "done"),
    ],
)
def test_the_first_full_sentence_says_whether_it_has_happened(
    title: str, sentence: str, status: str
) -> None:
    assert one(title, sentence).status == status


def test_a_new_office_in_a_new_market_is_one_event() -> None:
    event = one("Fenmark expands to Oslo", "Fenmark has opened a new office in Oslo, Norway.")
    assert (event.signal_subtype, event.city) == ("new_office", "Oslo")


@pytest.mark.parametrize(
    ("title", "kind", "company", "other"),
    [
        ("Globex acquires data startup Fenmark for $30 million", "acquisition", "Globex",
         "Fenmark"),
        ("Fenmark acquired by Globex Corp", "acquisition", "Fenmark", "Globex Corp"),
        ("Fenmark partners with Globex to automate fulfilment", "partnership", "Fenmark",
         "Globex"),
        ("Fenmark and Globex announce strategic partnership", "partnership", "Fenmark", "Globex"),
        ("Fenmark launches analytics platform for retailers", "product_launch", "Fenmark", None),
    ],
)  # fmt: skip
def test_deals_and_launches(title: str, kind: str, company: str, other: str | None) -> None:
    event = one(title)
    assert (event.signal_type, event.company_name) == (kind, company)
    assert event.counterparty_name == other


@pytest.mark.parametrize(
    ("title", "product"),
    [
        ("Fenmark launches Relay Studio", "Relay Studio"),
        ("Fenmark introduces Compass for Teams for identity protection", "Compass for Teams"),
        ("Fenmark unveils its next-generation Harbor 2, a platform for pilots", "Harbor 2"),
        ("Fenmark announces general availability of Orbit.", "Orbit"),
        ("Fenmark launches analytics platform for retailers", None),
        ("Fenmark releases new version of its API", None),
    ],
)
def test_a_launch_names_its_product(title: str, product: str | None) -> None:
    assert one(title).product_name == product


@pytest.mark.parametrize(
    "title",
    [
        "Five trends shaping logistics in 2026",
        "Fenmark raises full-year guidance after strong quarter",
        "Cedar Capital closes $300M fund to back climate startups",
        "Is Fenmark about to raise a Series C?",
        "Fenmark shares fall 4% after earnings",
        "Charity run raises $50,000 for hospital",
        "Fenmark wins award for best workplace",
        "Fenmark denies plans to acquire Globex",
        "Fenmark acquires customers in Germany",
        "",
    ],
)
def test_noise_gives_no_event(title: str) -> None:
    assert read_press(title, "", None, PUBLISHED) == []


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("RETRACTED: Fenmark raises $5 million in seed funding", ""),
        ("Withdrawn: Fenmark names Ana Quill CEO", "Fenmark has named Ana Quill CEO."),
        ("Fenmark opens office in Oslo", "This article has been withdrawn. Fenmark opens nothing."),
        ("About Fenmark", "We have retracted this report. Fenmark has acquired Globex, it said."),
    ],
)
def test_a_report_taken_back_gives_no_event(title: str, body: str) -> None:
    assert read_press(title, body, None, PUBLISHED) == []


def test_a_withdrawal_further_down_is_of_something_else() -> None:
    body = "Fenmark has raised $5 million in seed funding. " + "The money goes into sales. " * 12
    body += "An article about its rival has been withdrawn."
    [event] = read_press("Fenmark raises $5 million", body, None, PUBLISHED)
    assert event.amount == 5e6


def test_a_fingerprint_knows_copies_of_one_release() -> None:
    first = content_fingerprint("Fenmark raises $5M", "Fenmark, of Austin, raised money.")
    copy = content_fingerprint("FENMARK raises  $5M", "Fenmark of Austin raised money")
    other = content_fingerprint("Fenmark raises $6M", "Fenmark, of Austin, raised money.")
    assert first == copy != other


@given(st.text(max_size=120), st.text(max_size=300))
@settings(max_examples=150, deadline=None)
def test_any_text_is_read_without_a_fault(title: str, body: str) -> None:
    for event in read_press(title, body, None, PUBLISHED):
        assert event.company_name
        assert 0 < event.confidence <= 1


_TELLING = """Fenmark raises $5M Series A led by Oxbow, and appoints Ana Quill as CEO in Berlin
office to close acquires Globex . launches opens partners with 50 jobs The company"""
_WORDS = st.sampled_from(_TELLING.split())


@given(st.lists(_WORDS, max_size=40))
@settings(max_examples=200, deadline=None)
def test_any_order_of_press_words_is_read_without_a_fault(words: list[str]) -> None:
    read_press(" ".join(words[:12]), " ".join(words), None, PUBLISHED)


def test_a_feeds_notice_of_rights_is_no_part_of_the_news():
    summary = (
        "<p>Aldine raised $4 million.</p>\n<p>© 2026 Outlet. All rights reserved. For use.</p>"
    )
    assert body_text(summary, None) == "Aldine raised $4 million."
    assert body_text("<p>The © 2019 film tax credit pays.</p>", None) == (
        "The © 2019 film tax credit pays."
    )


@pytest.mark.parametrize(
    ("title", "interim", "effective", "status"),
    [
        ("Fenmark appoints Ida Larkin as interim CFO, effective 1 March", True, (2026, 3, 1),
         "planned"),
        ("Ida Larkin, the CFO of Fenmark, will step down on March 31.", False, (2026, 3, 31),
         "planned"),
        ("Ida Larkin is stepping down as CFO of Fenmark, effective at the end of the month.", False,
         (2026, 2, 28), "planned"),
        ("Fenmark said its CFO, Ida Larkin, will depart, effective immediately.", False,
         (2026, 2, 15), "done"),
        ("Fenmark names Ida Larkin CFO, replacing interim finance chief Bo Lund", False, None,
         "done"),
        ("Fenmark named Ida Larkin acting CFO on 3 February", True, None, "done"),
    ],
)  # fmt: skip
def test_interim_positions_and_days_of_effect(
    title: str, interim: bool, effective: tuple[int, int, int] | None, status: str
) -> None:
    (event,) = read_press(title, published_at=datetime(2026, 2, 15, tzinfo=UTC))
    assert event.person_name == "Ida Larkin"
    assert event.is_interim is interim
    assert event.effective_on == (date(*effective) if effective else None)
    assert event.status == status


def test_each_change_of_a_sentence_has_its_own_day_of_effect() -> None:
    told = (
        "Fenmark CEO Ida Larkin will retire on June 30, 2026 and Bo Lund will become CEO on "
        "1 July 2026"
    )
    events = read_press(told, published_at=datetime(2026, 2, 15, tzinfo=UTC))
    assert {(e.person_name, e.effective_on, e.occurred_on) for e in events} == {
        ("Ida Larkin", date(2026, 6, 30), None),
        ("Bo Lund", date(2026, 7, 1), None),
    }


def test_the_text_completes_what_its_headline_leaves_out() -> None:
    (event,) = read_press(
        "Fenmark names Ida Larkin CFO",
        "Fenmark has named Ida Larkin its interim CFO, effective March 1, 2026.",
        published_at=datetime(2026, 2, 15, tzinfo=UTC),
    )
    assert (event.is_interim, event.effective_on, event.status) == (
        True,
        date(2026, 3, 1),
        "planned",
    )
