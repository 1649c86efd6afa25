"""A hundred sentences in odd words, English and German, written before the rules were looked at.

At first 0.50 of them were read. General rules (numbers, days and units as German says them, amounts
in other clothes) were then written for sixty; of the other forty, which no rule was written for,
0.48 were read before and 0.75 after. Those that still are not are kept, so that it is known.
"""

from __future__ import annotations

from datetime import date

import pytest

from detection.correspondence.rfq.german_numbers import german_numbers
from detection.correspondence.rfq.records import RfqSignal
from detection.correspondence.rfq.signals import find_signals
from detection.correspondence.rfq.vocabulary import Vocabulary
from detection.sentences import split_sentences

#: A Wednesday.
WRITTEN = date(2026, 3, 11)
WORDS = Vocabulary(
    own_names=("Ours",),
    products={"LED driver": (), "enclosure": ("housing",), "wiring harness": ("harness",)},
)
#: Kind of signal to sentences and what must be among what is read.
READ: dict[str, list[tuple[str, object]]] = {
    "quantity": [
        ("We'd be looking at a couple of thousand housings to start with.", (2000, 2000)),
        ("Our annual appetite is about 18k pieces.", (18000, 18000)),
        ("Put us down for eight hundred units.", (800, 800)),
        ("Figure on 3,500 pcs for the first build.", (3500, 3500)),
        ("The pilot run is a modest 75 pieces.", (75, 75)),
        ("A first lot of 250, then 2,000 a month.", (250, 250)),
        ("Volume: somewhere north of 5,000 units.", (5000, 5000)),
        ("Three reels of 2,500 each, so 7,500 pieces total.", (7500, 7500)),
        ("Quantities as follows: 400 now and another 400 in autumn.", (400, 400)),
        ("Wir rechnen mit etwa anderthalb tausend Gehäusen.", (1500, 1500)),
        ("Abnahme: zunächst 350 Stk., später mehr.", (350, 350)),
        ("Pro Jahr brauchen wir an die 12 Tsd. Teile.", (12000, 12000)),
        ("Zwischen drei- und viertausend Stück wären denkbar.", (3000, 4000)),
        ("Half a million pieces per annum once it ramps.", (500000, 500000)),
        ("No more than 600 units in the first batch.", (600, 600)),
        ("Count: 1 200 pcs", (1200, 1200)),
        ("Looking for fifteen hundred housings.", (1500, 1500)),
        ("Der Bedarf liegt bei gut zweitausend Stück im Jahr.", (2000, 2000)),
        ("Es geht um eine Losgröße von 5.000.", (5000, 5000)),
        ("Die Nullserie umfasst 80 Stück.", (80, 80)),
    ],
    "minimum_quantity": [
        ("Unter 500 Stück lohnt es sich für uns nicht.", (500, 500)),
        ("Smallest lot we make is 300.", (300, 300)),
        ("Wir fertigen erst ab 1.000 Stück.", (1000, 1000)),
    ],
    "unit_price": [
        ("We'd have to land at 7.90 EUR a unit or below.", (7.9, 7.9, "EUR")),
        ("Twelve fifty apiece is what the board will swallow.", (12.5, 12.5)),
        ("GBP 19.75/unit ex VAT", (19.75, 19.75, "GBP")),
        ("price tag of CHF 1'250 per set", (1250, 1250, "CHF")),
        ("It should not cost more than 80 cents a pop.", (0.8, 0.8)),
        ("Mehr als 3,80 € das Stück ist nicht drin.", (3.8, 3.8, "EUR")),
        ("Wir müssten bei 11 Euro 90 je Stück landen.", (11.9, 11.9, "EUR")),
        ("Schmerzgrenze sind 65 Cent pro Teil.", (0.65, 0.65)),
        ("Stückpreis bitte nicht über 14,-- EUR.", (14, 14, "EUR")),
        ("Anything above USD 3.10 per piece kills the case.", (3.1, 3.1, "USD")),
        ("They currently pay a shade under 15 dollars per housing.", (15, 15, "USD")),
        ("Can you sharpen the pencil to $2.35 ea?", (2.35, 2.35, "USD")),
        ("Our ceiling is six euros forty per unit.", (6.4, 6.4, "EUR")),
    ],
    "total_price": [
        ("All in we're talking 48 grand.", (48000, 48000)),
        ("Das Gesamtvolumen beläuft sich auf rund 75 TEUR.", (75000, 75000, "EUR")),
        ("The whole package comes to € 96,400.", (96400, 96400, "EUR")),
        ("Für alles zusammen haben wir 120.000 Euro eingeplant.", (120000, 120000, "EUR")),
    ],
    "delivery_date": [
        ("The goods have to be on our dock by 22 May.", date(2026, 5, 22)),
        ("Parts need to hit the line in week 19.", date(2026, 5, 8)),
        (
            "Our line starts up on April 20th, so material must be in-house before then.",
            date(2026, 4, 20),
        ),
        ("Please have the first batch with us a month from today.", date(2026, 4, 11)),
        ("Shipment no later than 30/06/2026.", date(2026, 6, 30)),
        ("Die Ware muss spätestens am 8. Mai bei uns im Haus sein.", date(2026, 5, 8)),
        ("Liefertermin wäre der 15. Juni.", date(2026, 6, 15)),
        ("Zum Monatsende müssen die Muster da sein.", date(2026, 3, 31)),
        ("Needed on site: 05-Jun-2026.", date(2026, 6, 5)),
        ("Anlieferung bitte in der 21. Kalenderwoche.", date(2026, 5, 22)),
        ("Wir brauchen die Teile bis Ende nächsten Monats.", date(2026, 4, 30)),
    ],
    "quote_due": [
        ("Bids close 27 March at noon.", date(2026, 3, 27)),
        ("Kindly revert with your best offer by the 20th.", date(2026, 3, 20)),
        ("Ihr Angebot sollte uns bis kommenden Dienstag vorliegen.", date(2026, 3, 17)),
        ("Wir erwarten Ihre Preise bis übermorgen.", date(2026, 3, 13)),
        ("We'd need your numbers on our desk by Thursday.", date(2026, 3, 12)),
        ("Pricing back to me before Tuesday, please.", date(2026, 3, 17)),
        ("Abgabeschluss ist der 31.03.2026.", date(2026, 3, 31)),
    ],
    "decision_date": [
        ("The board gets together on 15 April to pick the supplier.", date(2026, 4, 15)),
        ("Die Vergabe erfolgt am 24. April.", date(2026, 4, 24)),
        ("We'll make up our minds on 2 April.", date(2026, 4, 2)),
        ("Entschieden wird in drei Wochen.", date(2026, 4, 1)),
    ],
    "lead_time": [
        ("From order to dock it takes us nine weeks.", (63, 63)),
        ("You'd wait about ten working days.", (14, 14)),
        ("Expect the parts 45 days after receipt of order.", (45, 45)),
        ("Delivery within a month and a half of the PO.", (45, 45)),
        ("Die Wiederbeschaffungszeit beträgt 8 bis 10 Wochen.", (56, 70)),
        ("Nach Auftragseingang liefern wir binnen 20 Tagen.", (20, 20)),
    ],
    "payment_terms": [
        ("Payment: sixty days end of month.", "net 60"),
        ("Our accounts department pays thirty days after invoice date.", "net 30"),
        ("Wir zahlen 60 Tage nach Rechnungseingang.", "net 60"),
        ("Die Hälfte bei Bestellung, der Rest bei Lieferung.", "down payment"),
        ("Bezahlung per Vorkasse.", "prepayment"),
        ("Terms are strictly cash in advance.", "prepayment"),
        ("We settle invoices after 45 days.", "net 45"),
        ("Half up front, half on delivery.", "down payment"),
        ("30% deposit with order, balance before shipping.", "down payment"),
        ("Zahlbar innerhalb von 14 Tagen mit 2 % Skonto.", "net 14"),
    ],
    "delivery_terms": [
        ("We collect from your gate, so quote EXW.", "EXW"),
        ("Please price it free carrier Hamburg.", "FCA"),
        ("Lieferung frei Haus.", "DAP"),
        ("Die Preise gelten ab Werk, unverpackt.", "EXW"),
        ("Free on board Shanghai, please.", "FOB"),
        ("Prices should be delivered duty paid to Lyon.", "DDP"),
    ],
    "margin": [
        ("Da bleiben uns 12 Prozent hängen.", (12, 12)),
        ("We'd make 17% on it.", (17, 17)),
    ],
    "competitor": [
        ("Norvexa is also in the running.", "Norvexa"),
        ("Auch Haldrin Technik wurde angefragt.", "Haldrin Technik"),
    ],
    "cost_upside": [
        ("That knocks 40 cents off every unit.", (0.4, 0.4)),
        ("Damit sparen wir 15.000 Euro im Jahr.", (15000, 15000, "EUR")),
    ],
}
#: Of the forty that no rule was written for: not read today.
MISSED: dict[str, list[str]] = {
    "quantity": [
        "That makes twelve dozen brackets in all.",
        "We'd burn through roughly 40 thousand connectors a year.",
    ],
    "total_price": [
        "We've got around a quarter million euros set aside for this.",
    ],
    "unit_price": [
        "1.180 EUR je 100 Stück",
    ],
    "delivery_date": [
        "We can't have them any later than the end of June.",
        "Want it here the Monday after next.",
    ],
    "decision_date": [
        "Award is planned for the first of May.",
    ],
    "lead_time": [
        "Turnaround is a fortnight.",
        "Vom Auftrag bis zur Auslieferung vergehen fünf Wochen.",
        "Production needs six weeks once we have the order.",
    ],
}

#: What only looks like it.
NOT_SAID = [
    ("quantity", "Das Jahrhundert der Tausende ist vorbei."),
    ("quantity", "Wir haben drei Fragen und zwei Kollegen kommen mit."),
    ("quantity", "Guten Morgen, in acht Minuten rufe ich an."),
    ("unit_price", "The spare parts list has 80 entries per page."),
    ("cost_upside", "The spare parts cost EUR 4.20."),
    ("lead_time", "We have been waiting for your reply for three weeks."),
    ("delivery_date", "Am 8. Mai ist bei ihm Feiertag."),
    ("quote_due", "Bitte zahlen Sie bis 31.03.2026."),
    ("margin", "Die Belegschaft wuchs um 12 Prozent."),
    ("competitor", "Auch Anna ist dabei."),
    ("competitor", "Toyota is bidding farewell to diesel."),
    ("minimum_quantity", "Below 500 metres it rains."),
    ("price", "The grand opening has 48 guests."),
]


def _read(text: str, kind: str) -> list[RfqSignal]:
    return [s for s in find_signals(text, WRITTEN, WORDS) if s.kind == kind]


def _is_said(signal: RfqSignal, expected: object) -> bool:
    if isinstance(expected, date):
        return signal.day == expected
    if isinstance(expected, tuple):
        return (signal.low, signal.high, signal.currency)[: len(expected)] == expected
    return signal.value == expected


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [(kind, text, expected) for kind, cases in READ.items() for text, expected in cases],
)
def test_odd_words_are_read(kind: str, text: str, expected: object) -> None:
    found = _read(text, kind)
    assert any(_is_said(signal, expected) for signal in found), found
    assert all(text[s.start : s.end] == s.text for s in found)


@pytest.mark.parametrize(("kind", "text"), NOT_SAID)
def test_what_only_looks_like_it_is_left_out(kind: str, text: str) -> None:
    assert _read(text, kind) == []


@pytest.mark.xfail(reason="a wording that is not read yet", strict=True)
@pytest.mark.parametrize(
    ("kind", "text"), [(kind, text) for kind, texts in MISSED.items() for text in texts]
)
def test_what_is_still_missed(kind: str, text: str) -> None:
    assert _read(text, kind)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("fünfundzwanzigtausend und dreihundertfünfzig", [25_000, 350]),
        ("zweieinhalbtausend, zwölfhundert, ein halbes Dutzend", [2_500, 1_200, 6]),
        ("eine halbe Million oder zwei Millionen", [500_000, 2_000_000]),
        ("zwischen drei- und viertausend", [3_000, 4_000]),
        ("einzig, fleißig, Zehntausende, Hundertschaft", []),
    ],
)
def test_german_numbers(text: str, values: list[float]) -> None:
    assert [value for value, *_ in german_numbers(text)] == values


def test_a_german_day_ends_no_sentence() -> None:
    text = "Lieferung am 8. Mai oder in der 21. Kalenderwoche. Es waren 8. Danach kam nichts."
    assert split_sentences(text) == [
        "Lieferung am 8. Mai oder in der 21. Kalenderwoche.",
        "Es waren 8.",
        "Danach kam nichts.",
    ]
