"""Who works at the accounts that the seller has lists of, and what part each takes in buying.

Beside leaders and the CRM's contacts an account has staff of its own. What part somebody takes is
drawn by the person's title and the size of the company, so that a title tells of a part without
proving it: some chief officers take none, some clerk decides. Champions are drawn among those who
are concerned, mostly where there is a need; by what they do with the seller they can be known
(``sandbox.exports.engagement``).
"""

from __future__ import annotations

from dataclasses import dataclass

from sandbox.market.companies import Company, plain
from sandbox.market.draws import Draws
from sandbox.market.events import person

#: Companies, from the first, of whose staff the seller has lists.
ACCOUNTS = 120
#: Staff of an account beside its leaders and contacts, at least and at most.
FEWEST, MOST = 8, 20

#: What somebody of a title may be in a purchase of the market's seller: the chance to decide, to be
#: heard and to hold it up; else the person takes no part.
PARTS: dict[str, tuple[float, float, float]] = {
    "Chief Executive Officer": (0.45, 0.25, 0.05),
    "Chief Financial Officer": (0.30, 0.35, 0.20),
    "Chief Revenue Officer": (0.80, 0.15, 0.00),
    "Chief Technology Officer": (0.15, 0.45, 0.10),
    "Chief Marketing Officer": (0.60, 0.30, 0.00),
    "Chief Operating Officer": (0.30, 0.40, 0.05),
    "Chief Information Officer": (0.50, 0.25, 0.15),
    "Chief People Officer": (0.03, 0.17, 0.05),
    "Chief Information Security Officer": (0.03, 0.17, 0.60),
    "Vice President of Sales": (0.60, 0.35, 0.00),
    "Vice President of Marketing": (0.40, 0.50, 0.00),
    "Vice President of Engineering": (0.05, 0.35, 0.10),
    "Vice President of Revenue Operations": (0.50, 0.45, 0.00),
    "Head of Data": (0.25, 0.60, 0.00),
    "Director of Sales Operations": (0.20, 0.70, 0.00),
    "Sales Operations Manager": (0.03, 0.77, 0.00),
    "Marketing Operations Manager": (0.02, 0.75, 0.00),
    "Demand Generation Manager": (0.02, 0.65, 0.00),
    "Marketing Manager": (0.02, 0.50, 0.00),
    "Account Manager": (0.00, 0.40, 0.00),
    "Customer Success Manager": (0.00, 0.45, 0.00),
    "Account Executive": (0.00, 0.30, 0.00),
    "IT Director": (0.20, 0.50, 0.10),
    "Director of Engineering": (0.03, 0.25, 0.07),
    "Data Analyst": (0.00, 0.35, 0.00),
    "Procurement Lead": (0.02, 0.13, 0.75),
    "Procurement Manager": (0.02, 0.13, 0.75),
    "General Counsel": (0.02, 0.10, 0.60),
    "Privacy Counsel": (0.00, 0.10, 0.50),
    "Controller": (0.05, 0.30, 0.20),
    "Product Manager": (0.01, 0.20, 0.00),
    "Software Engineer": (0.00, 0.05, 0.00),
    "Recruiter": (0.00, 0.03, 0.00),
    "Office Manager": (0.01, 0.05, 0.01),
    "Accountant": (0.00, 0.08, 0.02),
    "Warehouse Supervisor": (0.00, 0.02, 0.00),
}
#: Titles that staff beside the leaders may have.
TITLES = tuple(list(PARTS)[14:])
#: Who leads a company of fewer people than this decides more, of more people less.
SMALL, LARGE = 100, 1000


@dataclass(frozen=True, slots=True)
class Employee:
    """One person at an account. ``part`` None: takes none in the purchase."""

    name: str
    title: str
    email: str
    phone: str
    linkedin: str
    part: str | None


def staff(market, company: Company) -> list[Employee]:
    """Everybody at an account today, leaders first; nobody at other companies."""
    return everybody(market, company) if company.index < ACCOUNTS else []


def everybody(market, company: Company) -> list[Employee]:
    """Everybody at a company today, leaders first: whom vendors of people may know."""
    today = market.config.today
    d = Draws.of(f"staff|{market.config.seed}|{company.domain}")
    people = [
        (listing.person, listing.title.removeprefix("Interim "))
        for listing in market.leaders(company)
        if listing.shown(today)
    ]
    people += [
        (f"{contact.first} {contact.last}", contact.title)
        for contact in market.contacts(company)
        if contact.created <= today
    ]
    count = min(d.integer(FEWEST, MOST), max(0, company.employees - len(people)))
    people += [(person(d), d.pick(TITLES)) for _ in range(count)]
    named = list({name: (name, title) for name, title in people}.values())
    parts = [_part(d, title, company.employees) for _, title in named]
    concerned = [
        at
        for at, ((_, title), part) in enumerate(zip(named, parts, strict=True))
        if part == "stakeholder" and not title.startswith("Chief")
    ]
    # Hardly anybody argues for what the company does not need.
    needed = d.integer(1, 2) if market.is_in_market(company, today) else int(d.chance(0.3))
    for at in d.sample(concerned, needed):
        parts[at] = "champion"
    return [_employee(company, *who, part) for who, part in zip(named, parts, strict=True)]


def _part(d: Draws, title: str, employees: int) -> str | None:
    decides, is_heard, holds_up = PARTS.get(title, (0.02, 0.18, 0.02))
    if title == "Chief Executive Officer":
        decides = 0.9 if employees < SMALL else 0.1 if employees >= LARGE else decides
    at = d.u()
    if at < decides:
        return "decision_maker"
    if at < decides + is_heard:
        return "stakeholder"
    return "blocker" if at < decides + is_heard + holds_up else None


def _employee(company: Company, name: str, title: str, part: str | None) -> Employee:
    first, last = name.split(maxsplit=1)[0], name.rsplit(maxsplit=1)[-1]
    slug = f"{plain(first)}-{plain(last)}-{company.index}"
    return Employee(
        name, title, f"{plain(first)}.{plain(last)}@{company.domain}",
        f"{company.place.phone} 555 03{len(slug) % 100:02d}",
        f"https://www.linkedin.example/in/{slug}", part,
    )  # fmt: skip
