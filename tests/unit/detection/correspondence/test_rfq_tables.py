"""Tables in the text of mails: what each row says, and columns that are no lines of a request."""

from __future__ import annotations

from datetime import date

import pytest

from detection.correspondence.mail.html_text import html_to_text
from detection.correspondence.mail.message import read_message
from detection.correspondence.rfq.signals import find_signals
from detection.correspondence.rfq.vocabulary import Vocabulary
from sandbox.correspondence.order_tables import table_distractors, table_mails

WRITTEN = date(2026, 3, 2)
WORDS = Vocabulary(products={"LED driver": (), "heat sink": ("Kühlkörper",)})
NUMBERS = ("quantity", "unit_price", "total_price")


def rows_of(text: str) -> list[list[object]]:
    """By row (its sentence): names, then numbers with their currency."""
    found: dict[str, list[object]] = {}
    for signal in find_signals(text, WRITTEN, WORDS):
        if signal.kind in ("product", "part_number", *NUMBERS, "delivery_date"):
            said = signal.value or signal.day or (signal.low, signal.currency)
            found.setdefault(signal.sentence, []).append(said)
            assert text[signal.start : signal.end] == signal.text
    return list(found.values())


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (  # a target instead of a price, a sum below
            "Part Number     Description        Qty    Target (USD)\n"
            "LD-4410         40 W LED driver    1,500         4.20\n"
            "LD-4420         60 W LED driver      500         5.75\n"
            "                                   Sum       9,175.00",
            [["LD-4410", "LED driver", (1500.0, None), (4.2, "USD")],
             ["LD-4420", "LED driver", (500.0, None), (5.75, "USD")]],
        ),
        (  # bars without a border, no rule
            "Item | Qty | Price\nLED driver | 500 | $4.20\nheat sink | 1,000 | $1.15",
            [["LED driver", (500.0, None), (4.2, "USD")],
             ["heat sink", (1000.0, None), (1.15, "USD")]],
        ),
        (  # a scale: of what, the text says
            "Quantity     Unit price\n1,000        EUR 5.10\n10,000       EUR 4.20",
            [[(1000.0, None), (5.1, "EUR")], [(10000.0, None), (4.2, "EUR")]],
        ),
        (  # German, the currency above, three decimals that the next row explains
            "Alle Preise in CHF\n\nPos   Artikel     Bezeichnung   ME    Menge   Preis\n"
            "10    HG-1200     Gehäuse       Stk   1.250   4,125\n"
            "20    HS-3300     Kühlkörper    Stk     500  12,50",
            [["HG-1200", (1250.0, None), (4.125, "CHF")],
             ["HS-3300", "heat sink", (500.0, None), (12.5, "CHF")]],
        ),
        (  # French, tabs, a total that is reckoned from the row
            "Réf.\tDésignation\tQté\tP.U. EUR\tMontant\nLD-9001\tLED driver\t200\t3,10\t620,00",
            [["LD-9001", "LED driver", (200.0, None), (3.1, "EUR"), (620.0, "EUR")]],
        ),
        (  # no titles at all
            "LD-9001   LED driver       500   4.20 EUR\nHS-2002   heat sink      1,000   1.15 EUR",
            [["LD-9001", "LED driver", (500.0, None), (4.2, "EUR")],
             ["HS-2002", "heat sink", (1000.0, None), (1.15, "EUR")]],
        ),
        (  # goods of others beside ours have their own line, with days and an empty cell
            "Description            Qty      Unit Price      Delivery\n"
            "Widget bracket         200                      15 Sep 2026\n"
            "LED driver             500      4.20            30 Sep 2026",
            [["Widget bracket", (200.0, None), date(2026, 9, 15)],
             ["LED driver", (500.0, None), (4.2, None), date(2026, 9, 30)]],
        ),
    ],
)  # fmt: skip
def test_every_row_says_what_its_columns_say(text: str, rows: list[list[object]]) -> None:
    assert rows_of(text) == rows
    # With words around it, and in the bytes of a mail, the same.
    assert rows_of(f"Hello Mira,\n\nplease see below:\n\n{text}\n\nThank you.") == rows


@pytest.mark.parametrize(
    "text",
    [
        "Invoice     Date          Amount\n4711        02.03.2026    1,200.00",
        "Train     Dep.    Arr.\nICE 512   08:51   11:05\nRE 4711   11:20   12:15",
        "Part       2024    2025\nLD-9001     500     700\nHS-2002    1000    1200",
        "Material    Stock    Location\nLD-9001     500      A12\nHS-2002     1000     B7",
        "Question            2025    2026\nResponse time       4.25    4.40\nMood    4.55    4.70",
    ],
)
def test_other_columns_are_no_lines(text: str) -> None:
    kinds = {s.kind for s in find_signals(text, WRITTEN, WORDS)}
    assert kinds.isdisjoint(NUMBERS)


def test_rows_of_html_stand_in_one_line_and_layout_stays_as_it_was() -> None:
    table = (
        "<table><tr><td><p>Part</p></td><td><p>Qty</p></td><td><p>Price (EUR)</p></td></tr>"
        "<tr><td><p>LD-9001</p></td><td><p>500</p></td><td><p>4.20</p></td></tr></table>"
    )
    text = html_to_text(f"<p>Hello,</p>{table}<p>Thanks</p>")
    assert text.split("\n") == [
        "Hello,", "", "Part\tQty\tPrice (EUR)", "LD-9001\t500\t4.20", "", "Thanks",
    ]  # fmt: skip
    assert rows_of(text) == [["LD-9001", (500.0, None), (4.2, "EUR")]]
    layout = "<table><tr><td>One</td><td><p>Two</p><p>Three</p></td></tr></table>"
    assert html_to_text(layout) == "One\n\nTwo\n\nThree"
    quoted = (
        "<blockquote><table><tr><td>LD-1</td><td>500</td><td>4.20</td></tr></table></blockquote>"
    )
    assert html_to_text(quoted) == "> LD-1\t500\t4.20"


def test_a_table_above_a_signature_is_no_part_of_it() -> None:
    table, columns = table_mails(7, 1)[0], table_distractors(7, 9)
    message = read_message(table.mail.data)
    assert all((line.part_number or "") in message.new_text for line in table.lines)
    signed = read_message(columns[2].data)
    assert "+49 711 5550 120" in signed.signature
