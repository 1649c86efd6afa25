"""The people of a company as they truly are, and which vendor knows what of them.

People are the CRM's contacts and the executives of the company's events. Whether a vendor knows a
person or company is drawn from names, so that asking again gives the same answer.
"""

from __future__ import annotations

from dataclasses import dataclass

from sandbox.market.companies import Company, plain
from sandbox.market.draws import number


@dataclass(frozen=True, slots=True)
class Profile:
    """One person at a company, with true ways to reach them."""

    first: str
    last: str
    title: str
    email: str
    phone: str
    linkedin: str
    #: Day number from which they are there.
    since: int


def profiles(market, company: Company) -> list[Profile]:
    """Everybody at a company whom some source names; a name stands for one person."""
    found: dict[str, Profile] = {}

    def add(first: str, last: str, title: str, since: int) -> None:
        key = f"{first} {last}"
        if key in found:
            return
        slug = f"{plain(first)}-{plain(last)}-{company.index}"
        line = number(f"line|{company.domain}|{key}") % 100
        found[key] = Profile(
            first, last, title, f"{plain(first)}.{plain(last)}@{company.domain}",
            f"{company.place.phone} 555 02{line:02d}", f"https://www.linkedin.example/in/{slug}",
            since,
        )  # fmt: skip

    for contact in market.contacts(company):
        add(contact.first, contact.last, contact.title, contact.created)
    for event in company.events:
        if event.type == "executive_change" and event.subtype != "departure":
            words = str(event.details["person"]).split()
            add(words[0], words[-1], str(event.details["title"]), event.day)
    return list(found.values())


def colleagues(market, company: Company) -> list[Profile]:
    """Everybody at a company: whom some source names first, then the rest of its staff."""
    named = profiles(market, company)
    names = {f"{p.first} {p.last}" for p in named}
    rest = [
        Profile(words[0], words[-1], e.title, e.email, e.phone, e.linkedin, -1)
        for e in market.everybody(company)
        if e.name not in names and len(words := e.name.split()) > 1
    ]
    return named + rest


def gone(market, company: Company, day: int, within: int) -> set[str]:
    """Names of leaders who left in the last days, whom a vendor may list for a while."""
    return {
        listing.person
        for listing in market.leaders(company)
        if listing.last is not None and day - within < listing.last <= day
    }


def knows(vendor: str, subject: str, thousandths: int) -> bool:
    """Whether a vendor has something, for a share of all subjects in thousandths."""
    return number(f"knows|{vendor}|{subject}") % 1000 < thousandths
