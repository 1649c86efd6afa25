"""RFQ signals of invented sentences: values, places, and what is no signal."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from detection.correspondence.rfq.numbers import find_numbers
from detection.correspondence.rfq.records import KINDS, RfqSignal
from detection.correspondence.rfq.relevance import judge
from detection.correspondence.rfq.signals import find_signals
from detection.correspondence.rfq.vocabulary import Vocabulary, VocabularyError, read_vocabulary

MONDAY = date(2026, 3, 2)
TRADE = Vocabulary(
    own_domains=frozenset({"ours.example"}),
    products={"LED driver": ("driver module",), "enclosure": ("housing",), "harness": ()},
    competitors=("Norlux",),
    part_numbers=(r"\bBF-\d{4}\b",),
    other_subjects=("forklift",),
)


def read(text: str) -> list[RfqSignal]:
    return find_signals(text, MONDAY, TRADE)


def only(text: str, kind: str) -> RfqSignal:
    (signal,) = [s for s in read(text) if s.kind == kind]
    return signal


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("two and a half thousand", 2500),
        ("half a million", 500_000),
        ("a hundred and fifty", 150),
        ("twelve hundred", 1200),
        ("three quarters of a million", 750_000),
        ("one point two five million", 1_250_000),
        ("a couple of thousand", 2000),
        ("twenty-five hundred", 2500),
        ("a million and a half", 1_500_000),
        ("a dozen", 12),
        ("five thousand two hundred", 5200),
        ("2 and a half thousand", 2500),
        ("2.5k", 2500),
        ("1,5M", 1_500_000),
        ("12'500", 12_500),
        ("1.250.000", 1_250_000),
        ("3 500", 3500),
        ("forty-two", 42),
    ],
)
def test_numbers_written_and_said(said: str, value: float) -> None:
    (number,) = find_numbers(f"We need {said} of them")
    assert number.value == value


def test_numbers_that_stand_beside_each_other_stay_apart() -> None:
    assert [n.value for n in find_numbers("between ten and twelve, or five six")] == [10, 12, 5, 6]
    assert [n.value for n in find_numbers("AB-1234 and v2.1/7")] == []


@pytest.mark.parametrize(
    ("text", "low", "high", "unit"),
    [
        ("We need two and a half thousand units.", 2500, 2500, "unit"),
        ("5 to 10 thousand housings", 5000, 10_000, "unit"),
        ("Between 2,000 and 3,000 pcs", 2000, 3000, "piece"),
        ("10-15k pieces a year", 10_000, 15_000, "piece"),
        ("qty: 1.250", 1250, 1250, "unit"),
        ("an annual volume of roughly 20k", 20_000, 20_000, "unit"),
        ("1.5M pieces", 1_500_000, 1_500_000, "piece"),
        ("800 black LED drivers", 800, 800, "unit"),
        ("three hundred and fifty sets", 350, 350, "set"),
    ],
)
def test_quantities(text: str, low: float, high: float, unit: str) -> None:
    signal = only(text, "quantity")
    assert (signal.low, signal.high, signal.unit) == (low, high, unit)


@pytest.mark.parametrize(
    "text",
    ["30 pages and 5 people", "in 2026", "at 12 V and 40 W", "Version 2.1", "three suppliers"],
)
def test_no_quantities(text: str) -> None:
    assert [s for s in read(text) if s.kind == "quantity"] == []


@pytest.mark.parametrize(
    ("text", "kind", "low", "high", "currency"),
    [
        ("target price EUR 4,20 per piece", "unit_price", 4.2, 4.2, "EUR"),
        ("3.85-4.10 EUR/unit", "unit_price", 3.85, 4.1, "EUR"),
        ("EUR 4.20 to 4.60 each", "unit_price", 4.2, 4.6, "EUR"),
        ("between ten and twelve dollars a unit", "unit_price", 10, 12, "USD"),
        ("four euros twenty cents a piece", "unit_price", 4.2, 4.2, "EUR"),
        ("unit price 0,125 €", "unit_price", 0.125, 0.125, "EUR"),
        ("price $ 1'250.00 per set", "unit_price", 1250, 1250, "USD"),
        ("total contract value USD 1.2M", "total_price", 1.2e6, 1.2e6, "USD"),
        ("a budget of £40k", "total_price", 40_000, 40_000, "GBP"),
        ("forty thousand euros in total", "total_price", 40_000, 40_000, "EUR"),
        ("That would save $0.35 per unit", "cost_upside", 0.35, 0.35, "USD"),
        ("a margin of 22 to 25 percent", "margin", 22, 25, None),
        ("cost down of 8%", "cost_upside", 8, 8, None),
    ],
)
def test_prices_and_margins(
    text: str, kind: str, low: float, high: float, currency: str | None
) -> None:
    signal = only(text, kind)
    assert (signal.low, signal.high, signal.currency) == (low, high, currency)


@pytest.mark.parametrize(
    ("text", "kind", "low"),
    [
        ("We would take 500 of them.", "quantity", 500),
        ("Demand sits at 1.200 a year.", "quantity", 1200),
        ("First batch: 350 off.", "quantity", 350),
        ("Each one comes out at EUR 4.20.", "unit_price", 4.2),
        ("USD 4.20 is what we can do per part.", "unit_price", 4.2),
        ("We settle invoices after 45 days.", "payment_terms", 45),
        ("Count on 6 weeks until dispatch.", "lead_time", 42),
        ("It takes us six weeks to make them.", "lead_time", 42),
    ],
)
def test_the_same_in_other_words(text: str, kind: str, low: float) -> None:
    assert only(text, kind).low == low


def test_lines_that_a_mail_program_broke_are_read_as_one() -> None:
    text = (
        "We would kindly ask you to let us know what you charge us for 2,500\nunits and "
        "for delivery, which has to reach our warehouse by the 12th of\nMay 2026 at last, as "
        "agreed with you\n"
        "Total: 3 EUR"
    )
    assert only(text, "quantity").low == 2500
    assert only(text, "delivery_date").day == date(2026, 5, 12)
    assert only(text, "total_price").sentence == "Total: 3 EUR"


def test_terms_lead_times_names_and_references() -> None:
    found = read(
        "Our offer Q-2291 for BF-2040: lead time 6-8 weeks ARO, MOQ 500, net sixty, EXW. "
        "You are up against Norlux and we currently buy from Helio Works. RFQ no. 4711."
    )
    assert {(s.kind, s.value) for s in found if s.value} == {
        ("stage_cue", "quoting"),
        ("stage_cue", "rfq"),
        ("reference", "QUOTE 2291"),
        ("reference", "RFQ 4711"),
        ("part_number", "BF-2040"),
        ("payment_terms", "net 60"),
        ("delivery_terms", "EXW"),
        ("competitor", "Norlux"),
        ("competitor", "Helio Works"),
    }
    assert [
        (s.kind, s.low, s.high) for s in found if s.kind in ("lead_time", "minimum_quantity")
    ] == [
        ("lead_time", 42, 56),
        ("minimum_quantity", 500, 500),
    ]


@pytest.mark.parametrize(
    ("text", "kind", "day"),
    [
        ("We need them by 15.09.2026.", "delivery_date", date(2026, 9, 15)),
        ("Delivery in KW 34 please.", "delivery_date", date(2026, 8, 21)),
        ("Please let us have your quote by Friday.", "quote_due", date(2026, 3, 6)),
        ("The board will decide in two weeks.", "decision_date", date(2026, 3, 16)),
    ],
)
def test_days_and_what_they_are_for(text: str, kind: str, day: date) -> None:
    assert only(text, kind).day == day


def test_a_day_of_nothing_and_a_day_gone_by_are_left_out() -> None:
    kinds = {s.kind for s in read("See you on Friday. Delivered on 1 February 2026.")}
    assert kinds.isdisjoint({"delivery_date", "quote_due", "decision_date"})
    assert find_signals("We need them by Friday.", None, TRADE) == []


@pytest.mark.parametrize(
    ("text", "stage"),
    [
        ("This is a feasibility study so far", "research_concept"),
        ("Could you send us your best price?", "rfq"),
        ("We are pleased to offer as follows", "quoting"),
        ("The PO is with finance", "po_in_progress"),
        ("The contract has been signed", "won"),
        ("We decided to go with another supplier", "lost"),
    ],
)
def test_stage_cues(text: str, stage: str) -> None:
    assert stage in {s.value for s in read(text) if s.kind == "stage_cue"}


def test_every_signal_knows_its_words_and_sentence() -> None:
    text = "Hello.\n\nPlease quote 400 units, DAP.  Thanks, and 3 EUR each is fine."
    found = read(text)
    assert {s.kind for s in found} == {"stage_cue", "quantity", "delivery_terms", "unit_price"}
    for signal in found:
        assert signal.kind in KINDS
        assert text[signal.start : signal.end] == signal.text
        assert text[signal.sentence_start :].startswith(signal.sentence)


def verdict(text: str, sender: str, *to: str, bulk: bool = False) -> tuple[bool, str]:
    got = judge(text, read(text), sender, to, TRADE, bulk)
    return got.is_business, got.reason


def test_what_is_business() -> None:
    asks = "Please quote 400 LED drivers, delivery in KW 34."
    assert verdict(asks, "ann@buyer.example", "sales@ours.example") == (True, "asked")
    offer = "Our quotation: LED driver at 4.20 EUR each, 400 pieces."
    assert verdict(offer, "sales@ours.example", "ann@buyer.example") == (True, "offered")
    order = "Attached our purchase order, we are placing the order for 400 housings."
    assert verdict(order, "ann@buyer.example", "sales@ours.example") == (True, "ordered")


@pytest.mark.parametrize(
    ("text", "sender", "reason"),
    [
        ("RFQ for office cleaning: 3 offers, 400 units.", "a@b.example", "other_subject"),
        ("We need a quotation for a forklift, 2 units.", "a@b.example", "other_subject"),
        ("RFQ news. Unsubscribe here. Register now for our webinar.", "a@b.example", "bulk"),
        ("Please quote 400 LED drivers.", "a@ours.example", "internal"),
        ("Our offer: 20 office plants at 30 EUR each.", "a@b.example", "purchase"),
        ("Please quote 400 kg of sugar by Friday.", "a@b.example", "nothing_of_ours"),
        ("Could you quote the kitchen of our house, 3 EUR each.", "a@b.example", "personal"),
        ("The LED driver works well, thanks.", "a@b.example", "nothing_asked"),
    ],
)
def test_what_is_none(text: str, sender: str, reason: str) -> None:
    assert verdict(text, sender, "c@ours.example") == (False, reason)


def test_the_shipped_vocabulary_is_valid() -> None:
    file = Path(__file__).parents[4] / "config" / "vocabulary.yaml"
    vocabulary = read_vocabulary(file.read_text("utf-8"), file.name)
    assert vocabulary.product_of("die-cast housings") == "enclosure"
    assert vocabulary.own_domains


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("prodcts: {}", "v.yaml: unknown field prodcts"),
        ("products: [a]", "v.yaml: products: expected names"),
        ("units: 3", "v.yaml: units: expected a list"),
        ("part_numbers: ['(']", "v.yaml: part_numbers: '\\('"),
        ("products: {a: [x], b: [X]}", "stands for both 'a' and 'b'"),
        ("- a", "v.yaml: expected fields"),
        ("a: [", "v.yaml: no YAML"),
    ],
)
def test_a_vocabulary_that_cannot_be_used_says_why(text: str, message: str) -> None:
    with pytest.raises(VocabularyError, match=message):
        read_vocabulary(text, "v.yaml")
