"""Sentences that state one fact each, as customers and sellers write and say them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

from sandbox.correspondence import saying
from sandbox.correspondence.casting import PRODUCTS
from sandbox.correspondence.records import Facts


@dataclass(frozen=True)
class Wording:
    """One way of writing: sentences for each fact, with ``{x}`` or ``{product}`` in them."""

    openings: Mapping[str, tuple[str, ...]]
    quantity: tuple[str, ...]
    quantity_said: tuple[str, ...]
    target: tuple[str, ...]
    offered: tuple[str, ...]
    delivery: tuple[str, ...]
    quote_due: tuple[str, ...]
    lead: tuple[str, ...]
    payment: tuple[str, ...]
    terms: tuple[str, ...]
    part: tuple[str, ...]
    rival: tuple[str, ...]
    margin: tuple[str, ...]
    reference: tuple[str, ...]


#: Two wordings that the readers were written beside.
USUAL = Wording(
    openings={
        "rfq": (
            "Could you please quote the {product} for us?",
            "We would like to request a quotation for your {product}.",
            "Please send us your best price for the {product} described below.",
            "We are looking for a supplier of the {product} and need a quote.",
            "This is a request for quotation for the {product}.",
        ),
        "quoting": (
            "Thank you for your request; please find our quotation for the {product} below.",
            "We are pleased to offer the {product} as follows.",
            "Here is our revised offer for the {product}.",
        ),
        "research_concept": (
            "We are exploring a new design at an early stage and came across your {product}.",
            "This is still a feasibility study, but the {product} looks promising.",
            "For a concept study we are evaluating options around the {product}.",
        ),
        "po_in_progress": (
            "We accept your quotation for the {product}; the purchase order is being prepared.",
            "The PO for the {product} is with finance for approval.",
            "We are preparing the purchase order for the {product}.",
        ),
        "won": (
            "Good news: the order has been awarded to you, the contract has been signed.",
            "We confirm receipt of your purchase order for the {product}.",
        ),
        "lost": (
            "We have decided to go with another supplier for the {product}.",
            "Unfortunately the project was cancelled, so we will not be moving forward.",
        ),
    },
    quantity=(
        "We need {x} units.",
        "The quantity would be {x} pieces.",
        "Quantity: {x} pcs",
        "Volume is {x} units per year.",
        "It is about {x} pieces in the first year.",
    ),
    quantity_said=(
        "We would be talking about {x} units.",
        "So the volume is {x} pieces.",
        "I think we need {x} units for the first year.",
    ),
    target=(
        "Our target price is {x} per unit.",
        "Target price: {x} each.",
        "We hope for {x} a piece.",
    ),
    offered=("Unit price: {x} per piece.", "We can offer {x} per unit.", "The price is {x} each."),
    delivery=(
        "We need delivery by {x}.",
        "Parts are required on site by {x}.",
        "Delivery date: {x}.",
        "The goods have to arrive no later than {x}.",
    ),
    quote_due=(
        "Please let us have your quote by {x}.",
        "Offers are due by {x}.",
        "We expect your quotation by {x}.",
    ),
    lead=(
        "Lead time is {x} weeks ARO.",
        "Our lead time would be {x} weeks.",
        "We can deliver within {x} weeks.",
    ),
    payment=("Payment terms: net {x}.", "Payment within {x} days.", "Our terms are {x} days net."),
    terms=("Delivery terms {x}.", "Prices are to be {x}.", "Incoterm: {x}"),
    part=("Part number: {x}", "It is P/N {x}.", "The item number is {x}."),
    rival=(
        "We are also talking to {x}.",
        "You are up against {x}.",
        "We currently buy these from {x}.",
    ),
    margin=("At that price we would have a margin of {x}.", "Our gross margin would be {x}."),
    reference=("Our reference is {x}.", "Please state {x} in your answer.", "Ref: {x}"),
)
OTHER = Wording(
    openings={
        "rfq": (
            "Would your team be in a position to supply the {product}, and at what cost?",
            "We would appreciate a commercial proposal on the {product}.",
            "What would you charge us for the {product}?",
        ),
        "quoting": (
            "As discussed, you will find the commercials for the {product} here.",
            "Happy to put forward the following for the {product}.",
            "Attached is our proposal covering the {product}.",
        ),
        "research_concept": (
            "Our engineers are toying with an idea that might use your {product}.",
            "At this point it is pure research, yet the {product} caught our eye.",
        ),
        "po_in_progress": (
            "Management gave the green light for the {product}; paperwork follows shortly.",
            "The order for the {product} is going through our approval workflow.",
        ),
        "won": (
            "You have the business for the {product}, congratulations.",
            "Many thanks for the order of the {product}, which we hereby confirm.",
        ),
        "lost": (
            "After long discussion we opted for a competing bid on the {product}.",
            "The {product} programme is on hold for good, so there is nothing to order.",
        ),
    },
    quantity=(
        "Annual call-off is around {x} pieces.",
        "First batch: {x} off.",
        "We would take {x} of them.",
        "Demand sits at {x} a year.",
    ),
    quantity_said=("Call it {x} a year.", "We would take {x} of them.", "Roughly {x} parts."),
    target=(
        "Budget-wise we must land at {x} apiece.",
        "Anything north of {x} per part will not fly.",
    ),
    offered=("Each one comes out at {x}.", "{x} is what we can do per part."),
    delivery=(
        "Goods should hit our dock on {x}.",
        "Start of production is {x}, so parts must be in house then.",
    ),
    quote_due=("We close the round on {x}.", "Kindly revert with your numbers by {x}."),
    lead=("Allow {x} weeks from order.", "Count on {x} weeks until dispatch."),
    payment=("We settle invoices after {x} days.", "{x} days end of month."),
    terms=("Shipment {x}, please.", "Basis {x}."),
    part=("See drawing {x}.", "Our item {x}."),
    rival=("{x} has already given us a figure.", "The other bidder is {x}."),
    margin=("That leaves {x} of margin.", "We would keep {x} gross."),
    reference=("All under {x}.", "Kindly mention {x}."),
)


#: A wording that no reader was looked at with, to see how far they carry: do not read by it.
UNSEEN = Wording(
    openings={
        "rfq": (
            "I am writing on behalf of our sourcing team about the {product}: what are your terms?",
            "Tell us what the {product} would set us back.",
            "Our buyers invite you to bid on the {product}.",
        ),
        "quoting": (
            "Below you see our numbers on the {product}.",
            "Please consider this our formal bid for the {product}.",
            "We have worked out a price for the {product}.",
        ),
        "research_concept": (
            "We are only getting to know the field, and the {product} came up.",
            "Nothing is decided yet; we look around for something like your {product}.",
        ),
        "po_in_progress": (
            "Your bid on the {product} convinced us, and purchasing will send the papers.",
            "The signature round for the {product} order has started.",
        ),
        "won": (
            "It is official: you are our supplier for the {product}.",
            "We thank you for entrusting us with the {product} and start production.",
        ),
        "lost": (
            "Sadly somebody else will deliver the {product}.",
            "Our board dropped the plans around the {product}.",
        ),
    },
    quantity=(
        "Our plant consumes {x} pcs each year.",
        "Plan with {x} units, please.",
        "{x} pieces would cover the launch.",
        "We are after a lot of {x}.",
    ),
    quantity_said=("We burn through {x} a year.", "Think of {x} units.", "It is {x} all told."),
    target=("We cannot go beyond {x} for one.", "Purchasing allows {x} for every unit."),
    offered=("One piece costs {x}.", "We would invoice {x} per item."),
    delivery=("Everything must be with us by {x}.", "The line starts on {x}, not a day later."),
    quote_due=("Bids reach us until {x}.", "We look forward to your paper before {x}."),
    lead=("It takes us {x} weeks to make them.", "From drawing release it is {x} weeks."),
    payment=("Our house standard is {x} days.", "You get your money within {x} days."),
    terms=("Please calculate {x}.", "{x} applies."),
    part=("This concerns {x}.", "Internally it is called {x}."),
    rival=("{x} is in the race too.", "So far {x} made them for us."),
    margin=("The margin works out at {x}.", "{x} remain as contribution."),
    reference=("File under {x}.", "{x} is the number to use."),
)


def opening(stage: str, product: str, random: Random, words: Wording = USUAL) -> str:
    """The sentence that tells how far the deal is."""
    word = random.choice(PRODUCTS[product][1])
    return random.choice(words.openings[stage]).format(product=word)


def sentences(
    facts: Facts, by_us: bool, random: Random, spoken: bool, words: Wording = USUAL
) -> list[str]:
    """One sentence a fact, in an order that readers must not rely on."""
    lines: list[str] = []

    def add(forms: tuple[str, ...], said: str) -> None:
        lines.append(random.choice(forms).format(x=said))

    if facts.quantity:
        low, high = (int(end) for end in facts.quantity)
        add(
            words.quantity_said if spoken else words.quantity,
            saying.counts(low, high, random, spoken),
        )
    if facts.unit_price and facts.currency:
        said = saying.prices(*facts.unit_price, facts.currency, random, spoken)
        add(words.offered if by_us else words.target, said)
    if facts.delivery_date:
        add(words.delivery, saying.day(facts.delivery_date, random, spoken))
    if facts.quote_due:
        add(words.quote_due, saying.day(facts.quote_due, random, spoken))
    if facts.lead_time_days:
        low, high = (days // 7 for days in facts.lead_time_days)
        say = saying.in_words if spoken else str
        joint = " to " if spoken else random.choice(["-", " to "])
        add(words.lead, say(low) if low == high else f"{say(low)}{joint}{say(high)}")
    if facts.payment_days:
        days = facts.payment_days
        add(words.payment, saying.in_words(days) if spoken and days % 10 == 0 else str(days))
    if facts.delivery_terms:
        add(words.terms, facts.delivery_terms)
    if facts.part_number:
        add(words.part, facts.part_number)
    if facts.competitor:
        add(words.rival, facts.competitor)
    if facts.margin:
        low, high = facts.margin
        sign = " percent" if spoken else random.choice(["%", " %", " percent"])
        add(words.margin, f"{low:g}{sign}" if low == high else f"{low:g} to {high:g}{sign}")
    if facts.reference:
        add(words.reference, facts.reference)
    random.shuffle(lines)
    return lines
