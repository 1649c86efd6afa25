"""Lists about people: boards, contacts, profiles."""

from __future__ import annotations

from datetime import timedelta

from sandbox.exports.common import LISTED, as_csv, draws_of, site_of, some, told_events, us_date
from sandbox.market import Market
from sandbox.market.companies import Company, plain
from sandbox.market.crm import Contact
from sandbox.market.draws import number
from sandbox.market.events import Event
from sandbox.market.staff import ACCOUNTS

#: Companies, behind the accounts, of whose leaders there is a whole list.
WHOLE = 60


def listed_roles(market: Market, day: int) -> list[tuple[Company, Event]]:
    """Changes of executives that the list of boards has."""
    return some(market, "boardex", told_events(market, day, "executive_change"), 0.4)


def boardex(market: Market, day: int) -> dict[str, bytes]:
    """Roles that began or ended, days as eight digits."""
    rows = [
        {
            "DirectorName": e.details["person"],
            "DirectorID": 80000 + row,
            "CompanyName": c.legal_name,
            "CompanyWebsite": site_of(c),
            "RoleName": e.details["title"],
            "NED": "No",
            "DateStartRole": f"{market.date(e.day):%Y%m%d}" if e.subtype != "departure" else "N",
            "DateEndRole": f"{market.date(e.day):%Y%m%d}" if e.subtype == "departure" else "C",
        }
        for row, (c, e) in enumerate(listed_roles(market, day))
    ]
    return {"boardex_roles": as_csv(rows)}


def _contacts(market: Market, name: str, day: int) -> list[tuple[Company, Contact]]:
    known = [
        (company, contact)
        for company in market.companies[:400]
        for contact in market.contacts(company)
        if contact.created <= day
    ]
    return some(market, name, known, 0.2)


def linkedin_sales_navigator(market: Market, day: int) -> dict[str, bytes]:
    """A list of leads."""
    rows = [
        {
            "First Name": p.first,
            "Last Name": p.last,
            "Title": p.title,
            "Company Name": c.name,
            "Company Website": c.domain,
            "LinkedIn URL": p.linkedin,
            "Country": c.place.country,
            "Started On": "",
        }
        for c, p in _contacts(market, "linkedin_sales_navigator", day)
    ]
    return {"leads": as_csv(rows)}


def zoominfo(market: Market, day: int) -> dict[str, bytes]:
    """Contacts with what reaches them, nearly all of the accounts; some addresses are none.

    A second file names everybody who leads some companies.
    """
    draws = draws_of(market, "zoominfo_faults")
    rows = [
        {
            "ZoomInfo Contact ID": 700000 + row,
            "Last Name": p.last,
            "First Name": p.first,
            "Job Title": p.title,
            "Direct Phone Number": p.phone,
            "Email Address": "n/a at present" if draws.chance(0.05) else p.email,
            "LinkedIn Contact Profile URL": p.linkedin,
            "Person City": c.place.city,
            "Country": c.place.country,
            "Company Name": c.name,
            "Website": c.domain,
            "Last Updated Date": us_date(market, day - 9),
        }
        for row, (c, p) in enumerate(_contacts(market, "zoominfo", day))
    ]
    rows += [
        {
            "ZoomInfo Contact ID": 710000 + 100 * c.index + row,
            "Last Name": p.name.split()[-1],
            "First Name": " ".join(p.name.split()[:-1]),
            "Job Title": p.title,
            "Direct Phone Number": p.phone if draws.chance(0.4) else "",
            "Email Address": p.email if draws.chance(0.8) else "",
            "LinkedIn Contact Profile URL": p.linkedin if draws.chance(0.7) else "",
            "Person City": c.place.city,
            "Country": c.place.country,
            "Company Name": c.name,
            "Website": c.domain,
            "Last Updated Date": us_date(market, day - draws.integer(3, 90)),
        }
        for c in market.companies[:ACCOUNTS]
        for row, p in enumerate(market.staff(c))
        if draws.chance(LISTED)
    ]
    whole = [
        {
            "ZoomInfo Contact ID": 720_000_000 + number(f"zoominfo|{c.domain}|{x.person}") % 10**8,
            "Last Name": x.person.split()[-1],
            "First Name": " ".join(x.person.split()[:-1]),
            "Job Title": x.title,
            "Direct Phone Number": "",
            "Email Address": "",
            "LinkedIn Contact Profile URL": "",
            "Person City": c.place.city,
            "Country": c.place.country,
            "Company Name": c.name,
            "Website": c.domain,
            "Last Updated Date": us_date(market, day - 2),
        }
        for c in whole_accounts(market)
        for x in market.leaders(c)
        if x.shown(day)
    ]
    return {"zoominfo_contacts": as_csv(rows), "zoominfo_whole_lists": as_csv(whole)}


def whole_accounts(market: Market) -> list[Company]:
    """Companies of which somebody exports everybody who leads them."""
    return market.companies[ACCOUNTS : ACCOUNTS + WHOLE]


def pasted_profile(market: Market, day: int) -> dict[str, bytes]:
    """Pages of two people who changed their position, copied as text."""
    moved = [
        (c, e)
        for c, e in told_events(market, day, "executive_change")
        if e.subtype == "new_hire" and e.day < day - 31
    ]
    files = {}
    for c, e in moved[:2]:
        name, started = e.details["person"], market.date(e.day)
        files[plain(name)] = "\n".join(
            (name, f"{e.details['title']} at {c.name}", f"{c.place.city}, {c.place.country}",
             "500+ connections", "Experience", e.details["title"], f"{c.name} · Full-time",
             f"{started:%b %Y} - Present", "Account Director", "Northfold Trading · Full-time",
             f"Jan {started.year - 5} - {started - timedelta(days=32):%b %Y}", "Education"),
        ).encode()  # fmt: skip
    return files
