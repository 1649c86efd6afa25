"""Mail that is no opportunity, however much it speaks of quotes, prices and quantities."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from random import Random

from sandbox.correspondence import rendering, saying
from sandbox.correspondence.casting import OWN_PEOPLE, PRODUCTS, Customer
from sandbox.correspondence.dealing import seller_address
from sandbox.correspondence.records import Correspondence, RawMail, SourceTruth

Letter = tuple[str, str]  # subject and body


def _newsletter(random: Random) -> Letter:
    product = random.choice(list(PRODUCTS))
    n, p = (
        saying.count(random.choice([500, 2500]), random, False),
        saying.price(9.9, "EUR", random, False),
    )
    return f"This week in lighting: {product} prices", (
        f"Market news: {product} prices fell to {p} each for {n} units.\n"
        "How to write an RFQ that gets answered. Register now for our webinar.\n"
        "You receive this newsletter as a reader. Unsubscribe here."
    )


def _internal(random: Random) -> Letter:
    product = random.choice(list(PRODUCTS))
    n = saying.count(random.choice([300, 1500, 4500]), random, False)
    return f"{product} stock", (
        f"We have {n} pieces of the {product} in the warehouse. Please quote nobody below list "
        "price, and do not forget the RFQ review on Monday."
    )


def _personal(random: Random) -> Letter:
    price = saying.price(random.choice([450.0, 1200.0]), "EUR", random, False)
    return random.choice(["Kitchen", "Weekend plans"]), (
        f"Did you get the quote for the kitchen? They asked {price} for three pieces. "
        "Dinner at eight, the kids say hello."
    )


def _other_rfq(random: Random) -> Letter:
    subject = random.choice(["office cleaning", "catering", "company cars", "travel insurance",
                             "marketing services", "office furniture"])  # fmt: skip
    n = saying.count(random.choice([20, 120, 400]), random, False)
    due = saying.day(date(2026, 5, 4) + timedelta(days=random.randrange(200)), random, False)
    return f"RFQ for {subject}", (
        f"Our facilities team runs an RFQ for {subject}, about {n} units. Offers are due by {due}. "
        "Do you know somebody who could quote?"
    )


def _their_offer(random: Random) -> Letter:
    goods = random.choice(["pallets", "cartons", "resin", "copper wire", "toner", "safety shoes"])
    n, p = (
        saying.count(random.choice([500, 1000]), random, False),
        saying.price(2.4, "EUR", random, False),
    )
    return f"Our quotation: {goods}", (
        f"We are pleased to offer {goods} as follows. Quantity: {n} pcs. "
        f"Unit price: {p} per piece. Payment terms: net 30. Delivery terms DAP."
    )


def _talk_of_rfqs(random: Random) -> Letter:
    return "RFQ process", (
        "In our RFQ process training we look at how a request for quotation is written and "
        f"{saying.in_words(random.randrange(3, 9))} suppliers answered. The template is attached."
    )


def _support(random: Random) -> Letter:
    product = random.choice(list(PRODUCTS))
    n = random.randrange(2, 9)
    return f"{product}: question", (
        f"{n} of the {product}s we got last month flicker at low load. Which setting is right? "
        "No hurry."
    )


def _invoice(random: Random) -> Letter:
    product = random.choice(list(PRODUCTS))
    total = saying.price(random.choice([1250.0, 18_400.0]), "EUR", random, False)
    return "Invoice", (
        f"Please find attached the remittance for your invoice {random.randrange(10_000, 99_999)} "
        f"({product}), total {total}, paid today."
    )


def _unknown_goods(random: Random) -> Letter:
    goods = random.choice(["sugar", "wheat", "tinned tomatoes", "roses", "T-shirts"])
    n = saying.count(random.choice([1000, 5000, 20_000]), random, False)
    return f"Enquiry {goods}", (
        f"Please quote {n} kg of {goods}. We need delivery by "
        f"{saying.day(date(2026, 9, 1), random, False)}."
    )


#: Kind to its letter and who writes: a customer, one of us, or a stranger.
KINDS: dict[str, tuple[Callable[[Random], Letter], str]] = {
    "newsletter": (_newsletter, "stranger"),
    "internal": (_internal, "us"),
    "personal": (_personal, "stranger"),
    "other_rfq": (_other_rfq, "customer"),
    "their_offer": (_their_offer, "stranger"),
    "talk_of_rfqs": (_talk_of_rfqs, "customer"),
    "support": (_support, "customer"),
    "invoice": (_invoice, "customer"),
    "unknown_goods": (_unknown_goods, "stranger"),
}


def add_distractor(
    index: int, customers: list[Customer], start: date, random: Random, into: Correspondence
) -> None:
    """Append one mail that belongs to no deal."""
    kind = random.choice(list(KINDS))
    write, by = KINDS[kind]
    subject, text = write(random)
    us = seller_address(random.choice(OWN_PEOPLE))
    if by == "us":
        sender = seller_address(random.choice([p for p in OWN_PEOPLE if p != us[0]]))
    elif by == "customer":
        sender = random.choice(random.choice(customers).people)
    else:
        name = random.choice(["Rolf Tamm", "Lena Voss", "Sid Orme"])
        sender = (name, f"{name.split()[0].lower()}@{kind.replace('_', '-')}{index % 37}.example")
    sent_at = datetime.combine(start, datetime.min.time()) + timedelta(
        days=random.randrange(360), minutes=random.randrange(1440)
    )
    source_id = f"other-{index:05d}@{sender[1].partition('@')[2]}"
    headers = {"List-Unsubscribe": "<mailto:off@news.example>"}
    body = rendering.letter(text, [], sender[0], us[0], random)
    data = rendering.mail(
        source_id, sender, [us], sent_at, subject, body, random,
        headers=headers if kind == "newsletter" and random.random() < 0.5 else None,
    )  # fmt: skip
    into.mails.append(RawMail(source_id, data))
    into.sources.append(SourceTruth(source_id, "mail", None, kind))
