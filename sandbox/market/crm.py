"""What the seller's own CRM knows: when accounts were made, contacts and activities."""

from __future__ import annotations

from dataclasses import dataclass

from sandbox.market.companies import CRM, PEOPLE, Company, plain
from sandbox.market.draws import Draws
from sandbox.market.events import POSITIONS, person


@dataclass(slots=True)
class Contact:
    """One person in the CRM."""

    contact_id: str
    first: str
    last: str
    title: str
    email: str
    phone: str
    linkedin: str
    created: int
    activities: tuple[int, ...]


def crm_since(seed: int, company: Company, days: int) -> int | None:
    """Day the account was made: with the first opportunity at the latest, or never."""
    d = Draws(seed, company.index, CRM)
    since = d.integer(-700, int(days * 0.9)) if company.wants_account else None
    first = min((o.opened for o in company.opportunities), default=None)
    if first is None:
        return since
    return first - d.integer(0, 40) if since is None else min(since, first)


def activities(seed: int, company: Company, horizon: int) -> list[int]:
    """Days on which somebody touched the account; denser while a need is worked on."""
    d = Draws(seed, company.index, CRM, 1)
    since = company.crm_since or 0
    found = d.days(1.2, max(since, -400), horizon)
    for opportunity in company.opportunities:
        found += d.days(20, opportunity.opened, min(opportunity.closed, horizon))
    return sorted({since, *found})


def contacts(seed: int, company: Company, horizon: int) -> list[Contact]:
    """People the CRM knows at the company; each field may be missing."""
    if company.crm_since is None:
        return []
    d = Draws(seed, company.index, PEOPLE)
    count = d.integer(1, 4) + (2 if company.opportunities else 0)
    made = []
    for number in range(count):
        name = person(d).split()
        first, last = name[0], name[-1]
        title = d.pick(POSITIONS)[0] if d.chance(0.45) else d.pick(
            ("Sales Operations Manager", "IT Director", "Marketing Manager", "Procurement Lead",
             "Data Analyst", "Office Manager", "Director of Engineering", "Account Manager")
        )  # fmt: skip
        created = company.crm_since + (0 if number == 0 else int(d.exponential(90)))
        made.append(
            Contact(
                contact_id=f"003{company.index:07d}{number:02d}",
                first=first,
                last=last,
                title=title,
                email=f"{plain(first)}.{plain(last)}@{company.domain}" if d.chance(0.78) else "",
                phone=f"{company.place.phone} 555 01{d.integer(0, 99):02d}"
                if d.chance(0.5)
                else "",
                linkedin=f"https://www.linkedin.example/in/{plain(first)}-{plain(last)}-{company.index}"
                if d.chance(0.55)
                else "",
                created=created,
                activities=tuple(d.days(1.5, created, horizon)),
            )
        )
    return made
