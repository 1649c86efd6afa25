"""Mails whose lines stand in tables: columns parted by blanks, tabs or bars, or a table in HTML.

Beside the sentences and lists of ``order_lines``. Some are headed in English, German or French,
some not at all; numbers are written as each language writes them. ``table_distractors`` are mails
of the same people with columns that are no lines of a request.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from sandbox.correspondence import rendering
from sandbox.correspondence.order_lines import PRODUCTS, SELLER, LinesMail, LineTruth
from sandbox.correspondence.records import RawMail

_FIRST = datetime(2026, 2, 2, 9)
#: Titles of position, part, description, quantity, unit price, total and day by language.
_TITLES = {
    "en": (("Pos", "Line"), ("Part no.", "Item"), ("Description", "Product"), ("Qty", "Quantity"),
           ("Unit price", "Price/unit"), ("Total", "Amount"), ("Delivery date", "Need by")),
    "de": (("Pos.", "Nr."), ("Artikel-Nr.", "Teilenummer"), ("Bezeichnung", "Artikelbezeichnung"),
           ("Menge", "Stückzahl"), ("Einzelpreis", "Stückpreis"), ("Gesamtpreis", "Betrag"),
           ("Liefertermin", "Termin")),
    "fr": (("Ligne", "N°"), ("Référence", "Réf."), ("Désignation", "Produit"),
           ("Quantité", "Qté"), ("Prix unitaire", "P.U."), ("Montant", "Total HT"),
           ("Date de livraison", "Livraison")),
}  # fmt: skip
_OPENINGS = {
    "en": "Could you please quote the following?", "fr": "Please quote the table below:",
    "de": "Bitte bieten Sie uns an / please quote the following:",
}  # fmt: skip
_OFFER = "Please find our offer for your request below:"


@dataclass(frozen=True)
class _Row:
    one: str
    product: str
    part: str | None
    quantity: int
    price: float | None
    day: date


@dataclass(frozen=True)
class _Table:
    """Cells as text: titles (None where the table has none) and rows."""

    titles: tuple[str, ...] | None
    rows: tuple[tuple[str, ...], ...]
    #: Columns of numbers, which stand to the right.
    right: frozenset[int]


def table_mails(seed: int, count: int) -> list[LinesMail]:
    """So many mails of so many customers; one seed gives the same bytes."""
    random = Random(seed)
    return [_mail(number, random) for number in range(count)]


def _mail(number: int, random: Random) -> LinesMail:
    language = random.choice(sorted(_TITLES))
    currency = random.choice(["EUR", "USD", "GBP"]) if language == "en" else "EUR"
    has_prices = random.random() < 0.75
    rows = [
        _Row(
            one, product, f"{letters}-{random.randrange(1000, 9999)}",
            random.choice([50, 120, 400, 750, 1_500, 2_000, 12_500]),
            round(random.uniform(0.4, 90), 2) if has_prices else None,
            date(2026, 9, 1) + timedelta(days=random.randrange(60)),
        )
        for one, _, product, letters in random.sample(PRODUCTS, random.choice([2, 3, 4]))
    ]  # fmt: skip
    has_titles = not has_prices or random.random() < 0.75
    is_offer = has_prices and random.random() < 0.4
    table = _table(rows, language, currency, has_titles, random)
    draw = random.choice(_DRAWN)
    buyer = (f"Buyer {number}", f"buyer{number}@tables{number}.example")
    sender, to = (SELLER, buyer) if is_offer else (buyer, SELLER)
    opening = _OFFER if is_offer else _OPENINGS[language]
    ending = random.choice(["Delivery by 30 October 2026.", "Payment net 30.", "Thank you."])
    name = f"table{number}@tables.example"
    data = rendering.mail(
        name, sender, [to], _FIRST + timedelta(hours=number), "Our request",
        f"Hello,\n\n{opening}\n\n{draw(table)}\n\n{ending}\n\nBest regards\n{sender[0]}\n", random,
    ) if draw is not _html else rendering.html_mail(
        name, sender, [to], _FIRST + timedelta(hours=number), "Our request",
        f"<p>Hello,</p><p>{opening}</p>{_html(table, random.random() < 0.5)}<p>{ending}</p>"
        f"<p>Best regards<br>{sender[0]}</p>",
    )  # fmt: skip
    truth = tuple(
        LineTruth(
            row.product, row.part if table.titles is None or _has_part(table) else None,
            float(row.quantity), row.price, currency if row.price is not None else None,
        )
        for row in rows
    )  # fmt: skip
    return LinesMail(RawMail(name, data), truth)


def _has_part(table: _Table) -> bool:
    return any("-" in cell and cell[-4:].isdigit() and cell[:2].isupper() for cell in table.rows[0])


def _table(
    rows: Sequence[_Row], language: str, currency: str, has_titles: bool, random: Random
) -> _Table:
    """Some of the columns, numbers as the language writes them."""
    titles = [random.choice(names) for names in _TITLES[language]]
    has_prices = rows[0].price is not None
    wanted = [False, True, True, True, has_prices, has_prices and random.random() < 0.4,
              has_titles and random.random() < 0.3]  # fmt: skip
    wanted[0] = random.random() < 0.4
    wanted[1] = random.random() < 0.8 or not has_titles
    in_title = has_titles and random.random() < 0.6
    if in_title and has_prices:
        titles[4] += f" ({currency})" if random.random() < 0.5 else f" {currency}"
    comma = language != "en"
    cells = []
    for at, row in enumerate(rows, 1):
        money = "" if in_title else f" {currency}"
        price, total = row.price or 0.0, (row.price or 0.0) * row.quantity
        whole = f"{row.quantity:,}"
        told = [
            str(at if len(titles[0]) % 2 else 10 * at), row.part or "", row.one,
            whole.replace(",", ".") if comma else whole,
            _amount(price, comma) + money, _amount(total, comma) + money,
            f"{row.day:%d.%m.%Y}" if comma else f"{row.day:%d %b %Y}",
        ]  # fmt: skip
        cells.append(tuple(cell for cell, is_told in zip(told, wanted, strict=True) if is_told))
    shown = [n for n, is_told in enumerate(wanted) if is_told]
    right = frozenset(place for place, n in enumerate(shown) if n in (0, 3, 4, 5))
    return _Table(tuple(titles[n] for n in shown) if has_titles else None, tuple(cells), right)


def _amount(value: float, comma: bool) -> str:
    told = f"{value:,.2f}"
    return told.translate(str.maketrans(",.", ".,")) if comma else told


def _lines(table: _Table) -> list[tuple[str, ...]]:
    return [*([table.titles] if table.titles else []), *table.rows]


def _blanks(table: _Table) -> str:
    lines = _lines(table)
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "   ".join(
            cell.rjust(width) if n in table.right else cell.ljust(width)
            for n, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )


def _tabs(table: _Table) -> str:
    return "\n".join("\t".join(line) for line in _lines(table))


def _bars(table: _Table) -> str:
    lines = _lines(table)
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    rule = f"+{'+'.join('-' * (width + 2) for width in widths)}+"
    drawn = [
        f"| {' | '.join(c.ljust(w) for c, w in zip(line, widths, strict=True))} |" for line in lines
    ]
    return "\n".join([rule, drawn[0], rule, *drawn[1:], rule])


def _plain_bars(table: _Table) -> str:
    lines = [" | ".join(line) for line in _lines(table)]
    if table.titles:
        lines.insert(1, " | ".join("---" for _ in table.titles))
    return "\n".join(lines)


def _html(table: _Table, paragraphs: bool = False) -> str:
    mark = ("<p class=MsoNormal>", "</p>") if paragraphs else ("", "")
    rows = "".join(
        "<tr>" + "".join(f"<td>{mark[0]}{cell}{mark[1]}</td>" for cell in line) + "</tr>"
        for line in _lines(table)
    )
    return f"<table border=1>{rows}</table>"


_DRAWN: tuple[Callable[[_Table], str], ...] = (_blanks, _tabs, _bars, _plain_bars, _html)

#: Columns that are no lines of a request, each in a mail of somebody who deals with us.
_NO_LINES = (
    "Your trains on Monday:\n\nTrain     From        Dep.    To          Arr.    Track\n"
    "ICE 512   Stuttgart   08:51   Köln        11:05   16\nRE 4711   Köln        11:20   Aachen"
    "      12:15   7",
    "The log of last night's test:\n\n2026-03-02 10:15:01   INFO    board started      512\n"
    "2026-03-02 10:15:07   WARN    voltage low        11.90\n"
    "2026-03-02 10:16:44   ERROR   board lost         3",
    "Best regards\n\nAnn Lee        Purchasing       +49 711 5550 120\n"
    "Tom Berg       Engineering      +49 711 5550 144",
    "From:       Ann Lee\nSent:       2 March 2026 10:15\nTo:         Mira Holt\nSubject:    Visit",
    "The agenda:\n\n09:00   Welcome           Ann    30\n09:30   Tour of the plant   Tom    60\n"
    "10:30   Questions         all    45",
    "Who comes:\n\n| Name | Company | Arrives | Room |\n|---|---|---|---|\n"
    "| Ann Lee | Kestrel | 12.03.2026 | 114 |\n| Tom Berg | Kestrel | 13.03.2026 | 115 |",
    "Our opening hours:\n\nMonday\t8.00\t17.00\nTuesday\t8.00\t17.00\nFriday\t8.00\t14.30",
    "The results of the survey:\n\nQuestion            2024    2025    2026\n"
    "Response time       4.10    4.25    4.40\nFriendliness        4.60    4.55    4.70",
    "Hotel bill:\n\nDate         Room    Nights   Amount\n"
    "02.03.2026   114     2        240.00 EUR\n04.03.2026   115     1        120.00 EUR",
)


def table_distractors(seed: int, count: int) -> list[RawMail]:
    """Mails with columns that hold no line of a request."""
    random = Random(seed)
    found = []
    for number in range(count):
        buyer = (f"Guest {number}", f"guest{number}@columns{number}.example")
        opening = random.choice(
            ["as promised.", "see below, and thank you for the quote on the LED drivers.",
             "about our visit on Monday."]
        )  # fmt: skip
        name = f"columns{number}@columns.example"
        body = f"Hello Mira,\n\n{opening}\n\n{_NO_LINES[number % len(_NO_LINES)]}\n"
        at = _FIRST + timedelta(hours=number)
        found.append(
            RawMail(name, rendering.mail(name, buyer, [SELLER], at, "Monday", body, random))
        )
    return found
