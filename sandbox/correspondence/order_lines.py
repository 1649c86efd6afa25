"""Mails that ask for, or offer, several products at once, each with its own quantity and price.

Beside the deals of ``dealing``, which are of one product each. The truth is what a careful reader
takes from the text: where a price may be of any line, it is of none.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from sandbox.correspondence import rendering
from sandbox.correspondence.casting import OWN_DOMAIN
from sandbox.correspondence.records import RawMail

#: Names as a mail says them, one and several, and the product that the shipped vocabulary knows.
PRODUCTS = (
    ("LED driver", "LED drivers", "LED driver", "LD"),
    ("control board", "control boards", "control board", "CB"),
    ("heat sink", "heat sinks", "heat sink", "HS"),
    ("cable harness", "cable harnesses", "wiring harness", "WH"),
    ("die-cast housing", "die-cast housings", "enclosure", "HG"),
    ("light engine", "light engines", "light engine", "LE"),
)
_FIRST = datetime(2026, 2, 2, 9)
SELLER = ("Mira Holt", f"mira.holt@{OWN_DOMAIN}")


@dataclass(frozen=True)
class LineTruth:
    """One line as the mail tells it; None is not told, or not told of this line alone."""

    product: str
    part_number: str | None
    quantity: float
    unit_price: float | None
    currency: str | None


@dataclass(frozen=True)
class LinesMail:
    """A mail with several lines, and what they are."""

    mail: RawMail
    lines: tuple[LineTruth, ...]


@dataclass(frozen=True)
class _Line:
    one: str
    several: str
    product: str
    part: str | None
    quantity: int
    price: float | None
    currency: str

    @property
    def named(self) -> str:
        return f"{self.several} {self.part}" if self.part else self.several

    @property
    def count(self) -> str:
        return f"{self.quantity:,}"

    def money(self, random: Random) -> str:
        amount = f"{self.price:.2f}"
        return random.choice([f"{self.currency} {amount}", f"{amount} {self.currency}"])


def lines_mails(seed: int, count: int, *, unseen: bool = False) -> list[LinesMail]:
    """So many mails of so many customers; one seed gives the same bytes.

    ``unseen`` ones are laid out as no reader was written beside.
    """
    random = Random(seed)
    return [_mail(number, random, _UNSEEN if unseen else _PRICED) for number in range(count)]


def _mail(number: int, random: Random, priced_layouts: Sequence[_Layout]) -> LinesMail:
    currency = random.choice(["EUR", "USD", "GBP"])
    has_prices = random.random() < 0.8
    lines = [
        _Line(
            one, several, product,
            f"{letters}-{random.randrange(1000, 9999)}" if random.random() < 0.6 else None,
            random.choice([50, 120, 400, 750, 1_500, 2_000, 12_500]),
            round(random.uniform(0.4, 90), 2) if has_prices else None, currency,
        )
        for one, several, product, letters in random.sample(PRODUCTS, random.choice([2, 2, 3, 4]))
    ]  # fmt: skip
    layout = random.choice(priced_layouts if has_prices else _UNPRICED)
    body, priced = layout(lines, random)
    buyer = (f"Buyer {number}", f"buyer{number}@lines{number}.example")
    is_offer = has_prices and random.random() < 0.4
    opening = "Our offer for your request:" if is_offer else "Could you please quote the following?"
    text = f"Hello,\n\n{opening}\n{body}\n\nDelivery by 15 September 2026.\n\nBest regards\n"
    sender, to = (SELLER, buyer) if is_offer else (buyer, SELLER)
    data = rendering.mail(
        f"lines{number}@lines.example", sender, [to], _FIRST + timedelta(hours=number),
        "Our request", f"{text}{sender[0]}\n", random,
    )  # fmt: skip
    truth = tuple(
        LineTruth(
            line.product, line.part, float(line.quantity), line.price if priced else None,
            line.currency if priced and line.price is not None else None,
        )
        for line in lines
    )  # fmt: skip
    return LinesMail(RawMail(f"lines{number}@lines.example", data), truth)


def _bullets(lines: Sequence[_Line], random: Random) -> tuple[str, bool]:
    mark = random.choice(["-", "*", "•"])
    unit = random.choice(["pcs", "pieces", "units"])
    return "\n".join(
        f"{mark} {line.count} {unit} {line.named} at {line.money(random)} each" for line in lines
    ), True


def _numbered(lines: Sequence[_Line], random: Random) -> tuple[str, bool]:
    return "\n".join(
        f"{at}) {line.one}{f' (P/N {line.part})' if line.part else ''}: {line.count} units,"
        f" target price {line.money(random)} per piece"
        for at, line in enumerate(lines, 1)
    ), True


def _prose(lines: Sequence[_Line], random: Random) -> tuple[str, bool]:
    said = [f"{line.count} {line.named} at {line.money(random)} per piece" for line in lines]
    return f"We talk of {', '.join(said[:-1])} and {said[-1]}.", True


def _blocks(lines: Sequence[_Line], random: Random) -> tuple[str, bool]:
    return "\n\n".join(
        f"Item {at}: {line.one}{f' {line.part}' if line.part else ''}\nQuantity: {line.count}\n"
        f"Unit price: {line.money(random)}"
        for at, line in enumerate(lines, 1)
    ), True


def _name_first(lines: Sequence[_Line], random: Random) -> tuple[str, bool]:
    mark = random.choice([":", " -", ","])
    return "\n".join(
        f"{line.named}{mark} {line.count} pcs, {line.money(random)} each" for line in lines
    ), True


def _sentences(lines: Sequence[_Line], random: Random) -> tuple[str, bool]:
    openers = ("We need", "In addition", "We also need", "And last")
    return " ".join(
        f"{openers[at]} {line.count} {line.named}. The price should be {line.money(random)} per"
        " unit."
        for at, line in enumerate(lines)
    ), True


def _prices_after(lines: Sequence[_Line], random: Random) -> tuple[str, bool]:
    said = [f"{line.count} {line.named}" for line in lines]
    prices = [f"{line.currency} {line.price:.2f} per piece" for line in lines]
    return (
        f"It is {', '.join(said[:-1])} and {said[-1]}, at {', '.join(prices[:-1])} and"
        f" {prices[-1]}."
    ), True


def _one_price(lines: Sequence[_Line], random: Random) -> tuple[str, bool]:
    said = [f"{line.count} {line.named}" for line in lines]
    money = lines[-1].money(random)
    tail = random.choice([f" at {money} per piece.", f". The target is {money} per piece."])
    return f"It is {', '.join(said[:-1])} and {said[-1]}{tail}", False


def _counts(lines: Sequence[_Line], random: Random) -> tuple[str, bool]:
    return "\n".join(f"- {line.count} x {line.named}" for line in lines), False


def _counts_in_prose(lines: Sequence[_Line], random: Random) -> tuple[str, bool]:
    said = [f"{line.count} {line.named}" for line in lines]
    return f"We need {', '.join(said[:-1])} and {said[-1]}.", False


def _in_brackets(lines: Sequence[_Line], random: Random) -> tuple[str, bool]:
    said = [
        f"the {line.one}{f' {line.part}' if line.part else ''} ({line.count} pcs, target"
        f" {line.money(random)} each)"
        for line in lines
    ]
    return f"It concerns {', '.join(said[:-1])} and {said[-1]}.", True


def _piped(lines: Sequence[_Line], random: Random) -> tuple[str, bool]:
    return "\n".join(
        f"Pos. {10 * at} | {line.named} | {line.count} pcs | {line.money(random)} / pc"
        for at, line in enumerate(lines, 1)
    ), True


def _price_first(lines: Sequence[_Line], random: Random) -> tuple[str, bool]:
    said = [f"{line.money(random)} per piece for {line.count} {line.named}" for line in lines]
    return f"We think of {', '.join(said[:-1])} and {said[-1]}.", True


def _conditional(lines: Sequence[_Line], random: Random) -> tuple[str, bool]:
    return " ".join(
        f"For the {line.named} we think of {line.money(random)} each if it is {line.count} pieces."
        for line in lines
    ), True


def _at_signs(lines: Sequence[_Line], random: Random) -> tuple[str, bool]:
    return "\n".join(
        f"{line.one}{f' {line.part}' if line.part else ''}, qty {line.quantity} @"
        f" {line.money(random)}"
        for line in lines
    ), True


_Layout = Callable[[Sequence[_Line], Random], tuple[str, bool]]
_PRICED: tuple[_Layout, ...] = (
    _bullets, _numbered, _prose, _blocks, _name_first, _sentences, _prices_after, _one_price,
)  # fmt: skip
#: Written after the readers, to measure by.
_UNSEEN: tuple[_Layout, ...] = (_in_brackets, _piped, _price_first, _conditional, _at_signs)
_UNPRICED: tuple[_Layout, ...] = (_counts, _counts_in_prose)
