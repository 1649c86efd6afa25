"""Sentences that state one fact each, as customers and sellers write and say them."""

from __future__ import annotations

from random import Random

from sandbox.correspondence import saying
from sandbox.correspondence.casting import PRODUCTS
from sandbox.correspondence.records import Facts

_ASKING = (
    "Could you please quote the {product} for us?",
    "We would like to request a quotation for your {product}.",
    "Please send us your best price for the {product} described below.",
    "We are looking for a supplier of the {product} and need a quote.",
    "This is a request for quotation for the {product}.",
)
_OFFERING = (
    "Thank you for your request; please find our quotation for the {product} below.",
    "We are pleased to offer the {product} as follows.",
    "Here is our revised offer for the {product}.",
)
_THINKING = (
    "We are exploring a new design at an early stage and came across your {product}.",
    "This is still a feasibility study, but the {product} looks promising.",
    "For a concept study we are evaluating options around the {product}.",
)
_ORDERING = (
    "We accept your quotation for the {product}; the purchase order is being prepared.",
    "The PO for the {product} is with finance for approval.",
    "We are preparing the purchase order for the {product}.",
)
_WINNING = (
    "Good news: the order has been awarded to you, the contract has been signed.",
    "We confirm receipt of your purchase order for the {product}.",
)
_LOSING = (
    "We have decided to go with another supplier for the {product}.",
    "Unfortunately the project was cancelled, so we will not be moving forward.",
)
OPENINGS = {
    "research_concept": _THINKING,
    "rfq": _ASKING,
    "quoting": _OFFERING,
    "po_in_progress": _ORDERING,
    "won": _WINNING,
    "lost": _LOSING,
}
_QUANTITY = (
    "We need {x} units.",
    "The quantity would be {x} pieces.",
    "Quantity: {x} pcs",
    "Volume is {x} units per year.",
    "It is about {x} pieces in the first year.",
)
_QUANTITY_SAID = (
    "We would be talking about {x} units.",
    "So the volume is {x} pieces.",
    "I think we need {x} units for the first year.",
)
_TARGET = (
    "Our target price is {x} per unit.",
    "Target price: {x} each.",
    "We hope for {x} a piece.",
)
_OFFERED = ("Unit price: {x} per piece.", "We can offer {x} per unit.", "The price is {x} each.")
_DELIVERY = (
    "We need delivery by {x}.",
    "Parts are required on site by {x}.",
    "Delivery date: {x}.",
    "The goods have to arrive no later than {x}.",
)
_QUOTE_DUE = ("Please let us have your quote by {x}.", "Offers are due by {x}.",
              "We expect your quotation by {x}.")  # fmt: skip
_LEAD = ("Lead time is {x} weeks ARO.", "Our lead time would be {x} weeks.",
         "We can deliver within {x} weeks.")  # fmt: skip
_PAYMENT = ("Payment terms: net {x}.", "Payment within {x} days.", "Our terms are {x} days net.")
_TERMS = ("Delivery terms {x}.", "Prices are to be {x}.", "Incoterm: {x}")
_PART = ("Part number: {x}", "It is P/N {x}.", "The item number is {x}.")
_RIVAL = (
    "We are also talking to {x}.",
    "You are up against {x}.",
    "We currently buy these from {x}.",
)
_MARGIN = ("At that price we would have a margin of {x}.", "Our gross margin would be {x}.")
_REFERENCE = ("Our reference is {x}.", "Please state {x} in your answer.", "Ref: {x}")


def opening(stage: str, product: str, random: Random) -> str:
    """The sentence that tells how far the deal is."""
    word = random.choice(PRODUCTS[product][1])
    return random.choice(OPENINGS[stage]).format(product=word)


def sentences(facts: Facts, by_us: bool, random: Random, spoken: bool) -> list[str]:
    """One sentence a fact, in an order that readers must not rely on."""
    lines: list[str] = []

    def add(forms: tuple[str, ...], words: str) -> None:
        lines.append(random.choice(forms).format(x=words))

    if facts.quantity:
        low, high = (int(end) for end in facts.quantity)
        add(_QUANTITY_SAID if spoken else _QUANTITY, saying.counts(low, high, random, spoken))
    if facts.unit_price and facts.currency:
        words = saying.prices(*facts.unit_price, facts.currency, random, spoken)
        add(_OFFERED if by_us else _TARGET, words)
    if facts.delivery_date:
        add(_DELIVERY, saying.day(facts.delivery_date, random, spoken))
    if facts.quote_due:
        add(_QUOTE_DUE, saying.day(facts.quote_due, random, spoken))
    if facts.lead_time_days:
        low, high = (days // 7 for days in facts.lead_time_days)
        say = saying.in_words if spoken else str
        joint = " to " if spoken else random.choice(["-", " to "])
        add(_LEAD, say(low) if low == high else f"{say(low)}{joint}{say(high)}")
    if facts.payment_days:
        days = facts.payment_days
        add(_PAYMENT, saying.in_words(days) if spoken and days % 10 == 0 else str(days))
    if facts.delivery_terms:
        add(_TERMS, facts.delivery_terms)
    if facts.part_number:
        add(_PART, facts.part_number)
    if facts.competitor:
        add(_RIVAL, facts.competitor)
    if facts.margin:
        low, high = facts.margin
        sign = " percent" if spoken else random.choice(["%", " %", " percent"])
        add(_MARGIN, f"{low:g}{sign}" if low == high else f"{low:g} to {high:g}{sign}")
    if facts.reference:
        add(_REFERENCE, facts.reference)
    random.shuffle(lines)
    return lines
