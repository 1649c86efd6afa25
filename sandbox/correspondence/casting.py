"""Who and what the correspondence is about: invented companies, people, products and deals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from random import Random

from sandbox.correspondence.records import STAGES, Facts

OWN_DOMAIN, OWN_NAME = "brightforge.example", "Brightforge"
OWN_PEOPLE = ("Mira Holt", "Jonas Pell", "Tara Quist")
#: Product to its part numbers' letters and other words; the trade of ``config/vocabulary.yaml``.
PRODUCTS = {
    "LED driver": ("LD", ("LED driver", "driver module")),
    "enclosure": ("EN", ("enclosure", "housing", "die-cast housing")),
    "wiring harness": ("WH", ("wiring harness", "cable harness")),
    "heat sink": ("HS", ("heat sink", "heatsink")),
    "control board": ("CB", ("control board", "controller board")),
    "light engine": ("LE", ("light engine", "LED engine")),
}
COMPETITORS = ("Norlux", "Teravolt", "Quantel Lighting")
_FIRST = [
    "Ada",
    "Bram",
    "Cleo",
    "Dario",
    "Edda",
    "Farid",
    "Gwen",
    "Hugo",
    "Ines",
    "Jarek",
    "Kaja",
    "Liam",
    "Mona",
    "Nils",
    "Olga",
    "Pavel",
    "Rhea",
    "Sven",
    "Tilda",
    "Umar",
    "Vera",
    "Willem",
    "Yara",
    "Zeno",
]
_LAST = [
    "Abbot",
    "Brandt",
    "Castel",
    "Dorn",
    "Eklund",
    "Faber",
    "Grieve",
    "Hallam",
    "Ivers",
    "Jansen",
    "Kerr",
    "Lindqvist",
    "Marlow",
    "Novak",
    "Ostrow",
    "Pryce",
    "Quill",
    "Rasmus",
    "Stroud",
    "Tanaka",
    "Ulrich",
    "Vance",
    "Weller",
    "Yates",
]
_STEMS = [
    "Alder",
    "Basalt",
    "Cobalt",
    "Drift",
    "Ember",
    "Fathom",
    "Granite",
    "Harbour",
    "Iris",
    "Juniper",
    "Kestrel",
    "Lumen",
    "Meadow",
    "Northgate",
    "Orchard",
    "Pinnacle",
    "Quarry",
    "Ridge",
    "Sable",
    "Tundra",
    "Umber",
    "Vantage",
    "Willow",
    "Zephyr",
]
_TRADES = "Lighting Mobility Automation Robotics Marine Medical Rail Instruments".split()  # noqa: SIM905
_FORMS = "GmbH Ltd Inc BV AB".split()  # noqa: SIM905


@dataclass(frozen=True)
class Customer:
    """An invented company with two people who write."""

    company: str
    domain: str
    people: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Deal:
    """What a deal is in truth; what is said of it is drawn from this."""

    deal_id: str
    customer: Customer
    contact: tuple[str, str]
    seller: str
    opened_at: datetime
    stage: str
    #: As first asked, and as it stands in the end.
    asked: Facts
    final: Facts


def customers(number: int, random: Random) -> list[Customer]:
    """Companies with distinct names."""
    names = [f"{stem} {trade}" for stem in _STEMS for trade in _TRADES]
    drawn = random.sample(names, min(number, len(names)))
    drawn += [f"{n} {i}" for i, n in enumerate(random.choices(names, k=number - len(drawn)), 2)]
    found = []
    for name in drawn:
        domain = name.lower().replace(" ", "-") + ".example"
        people = []
        for first in random.sample(_FIRST, 2):
            last = random.choice(_LAST)
            people.append((f"{first} {last}", f"{first}.{last}@{domain}".lower()))
        found.append(Customer(f"{name} {random.choice(_FORMS)}", domain, tuple(people)))
    return found


def deals(number: int, random: Random, start: date, known: Sequence[Customer] = ()) -> list[Deal]:
    """Deals over about a year; every fourth customer has two, now and then of one product.

    ``known`` are the customers, where they are not to be invented.
    """
    cast: list[Deal] = []
    for customer in known or customers(number, random):
        if len(cast) >= number:
            break
        first = _deal(len(cast), customer, random, start, None)
        cast.append(first)
        if random.random() < 0.25 and len(cast) < number:
            # The same product again, another part: what only part, reference and number tell apart.
            same = first.final.product if random.random() < 0.3 else None
            cast.append(_deal(len(cast), customer, random, start, same, first.asked.product))
    return cast


def _deal(
    index: int,
    customer: Customer,
    random: Random,
    start: date,
    product: str | None,
    other_than: str | None = None,
) -> Deal:
    if product is None:
        product = random.choice([p for p in PRODUCTS if p != other_than])
    opened = datetime.combine(start, datetime.min.time()) + timedelta(
        days=random.randrange(330), hours=random.randrange(7, 17), minutes=random.randrange(60)
    )
    low = random.choice([200, 350, 500, 800, 1200, 1500, 2500, 3000, 4500, 6000, 8000, 12_000])
    high = low if random.random() < 0.65 else random.choice([low * 2, low + 1000, low * 3])
    target = round(
        random.choice([1.2, 2.4, 3.8, 4.5, 7.9, 12.0, 18.5, 26.0]) * random.uniform(0.9, 1.1), 2
    )
    weeks = random.choice([4, 6, 8, 10])
    asked = Facts(
        quantity=(low, high),
        unit_price=(target, target) if random.random() < 0.8 else (target, round(target * 1.1, 2)),
        currency=random.choice(["EUR", "EUR", "USD", "GBP"]),
        delivery_date=opened.date() + timedelta(days=random.randrange(70, 160)),
        quote_due=opened.date() + timedelta(days=random.randrange(7, 20)),
        lead_time_days=(weeks * 7, weeks * 7 if random.random() < 0.5 else (weeks + 2) * 7),
        payment_days=random.choice([14, 30, 45, 60, 90]),
        delivery_terms=random.choice(["EXW", "DAP", "DDP", "FCA", "FOB", "CIF"]),
        product=product,
        part_number=f"{PRODUCTS[product][0]}-{random.randrange(1000, 9999)}"
        + random.choice(["", "", "-A", "-B2"]),
        competitor=random.choice([None, None, *COMPETITORS]),
        margin=random.choice([None, (18.0, 18.0), (22.0, 25.0), (30.0, 30.0)]),
        reference=f"RFQ {random.randrange(1000, 99_999)}",
    )
    offered = round(target * random.uniform(1.02, 1.15), 2)
    final = replace(asked, unit_price=(offered, offered))
    if random.random() < 0.3:
        changed = random.choice([low + 500, low * 2, max(100, low - 100)])
        final = replace(final, quantity=(changed, changed))
    stage = random.choices(STAGES, weights=[2, 4, 5, 3, 3, 2])[0]
    if stage in ("research_concept", "rfq"):
        final = asked
    return Deal(
        f"deal-{index:05d}", customer, random.choice(customer.people), random.choice(OWN_PEOPLE),
        opened, stage, asked, final,
    )  # fmt: skip
