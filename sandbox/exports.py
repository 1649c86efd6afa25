"""What people of the market's seller export by hand, as files in the vendors' own columns.

The vendors have no interface that a program may ask; somebody downloads a list now and then and
drops it into a folder. Each list tells a part of what truly happened, some of it wrongly formed,
and the seller's own tools list what people of the companies did with them. Written by
``python -m sandbox serve --drops FOLDER`` for the last day of the history.
"""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from sandbox.market import Market
from sandbox.market.companies import Company, plain
from sandbox.market.crm import Contact
from sandbox.market.draws import Draws
from sandbox.market.events import STAGE_LABELS, Event, person
from sandbox.market.staff import ACCOUNTS, Employee

#: Stream of random numbers of this module, far from those of the market's subjects.
EXPORTS = 301
#: Days that an export looks back.
BACK = 90
#: Rows of one list, and transcripts of calls.
MOST_ROWS = 40
MOST_CALLS = 12
#: Share of an account's staff that a list of it names.
LISTED = 0.85

Row = dict[str, Any]


def _draws(market: Market, name: str) -> Draws:
    return Draws.of(f"{EXPORTS}|{market.config.seed}|{name}")


def _events(market: Market, day: int, kind: str) -> list[tuple[Company, Event]]:
    """Events of one type in the days before, newest first."""
    found = [
        (company, event)
        for company in market.companies
        for event in company.events
        if event.type == kind and day - BACK < event.day <= day
    ]
    return sorted(found, key=lambda pair: (-pair[1].day, pair[1].event_id))


def _some(market: Market, name: str, listed: Sequence[Any], share: float) -> list[Any]:
    draws = _draws(market, name)
    return [item for item in listed if draws.chance(share)][:MOST_ROWS]


def _site(company: Company) -> str:
    return f"https://www.{company.domain}"


def _csv(rows: Iterable[Row], delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    listed = list(rows)
    if not listed:
        return b""
    out = io.StringIO()
    writer = csv.DictWriter(out, list(listed[0]), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(listed)
    return out.getvalue().encode(encoding, "replace")


def _us(market: Market, day: int) -> str:
    return market.date(day).strftime("%m/%d/%Y")


# --- funding -----------------------------------------------------------------------------------


def pitchbook(market: Market, day: int) -> dict[str, bytes]:
    """Deals as a search downloads them: sums in millions of US dollars."""
    rows = [
        {
            "Deal ID": f"{100000 + c.index}-{e.day}T",
            "Companies": c.name,
            "Company Website": _site(c),
            "Deal Date": market.date(e.day).strftime("%d-%b-%Y"),
            "Deal Size": f"{e.details['amount_usd'] / 1e6:.2f}",
            "Deal Type": "Debt - General" if e.subtype == "debt_financing" else "Later Stage VC",
            "Series": STAGE_LABELS[e.subtype] if e.subtype.startswith("series") else "",
            "Deal Status": "Completed",
            "Investors": ", ".join(e.details["investors"]),
            "Lead/Sole Investors": e.details["lead_investor"],
            "Deal Synopsis": f"{c.name} raised money from {e.details['lead_investor']}.",
        }
        for c, e in _some(market, "pitchbook", _events(market, day, "funding_round"), 0.5)
    ]
    return {"deals": _csv(rows)}


def cb_insights(market: Market, day: int) -> dict[str, bytes]:
    """Deals again, by another vendor, a few days off and divided by semicolons."""
    draws = _draws(market, "cb_insights_days")
    rows = [
        {
            "Companies": c.name,
            "Company URL": _site(c),
            "Date": _us(market, min(day, e.day + draws.integer(0, 3))),
            "Round": "Line of Credit"
            if e.subtype == "debt_financing"
            else STAGE_LABELS[e.subtype].title(),
            "Amount": f"{e.details['amount_usd'] / 1e6:.1f}",
            "Investors": ", ".join(e.details["investors"]),
            "Country": c.place.country,
            "CBI Link": f"https://cbi.example/d/{c.index}-{e.day}",
        }
        for c, e in _some(market, "cb_insights", _events(market, day, "funding_round"), 0.4)
    ]
    return {"cbi_deals": _csv(rows, ";")}


# --- people ------------------------------------------------------------------------------------


def boardex(market: Market, day: int) -> dict[str, bytes]:
    """Roles that began or ended, days as eight digits."""
    rows = [
        {
            "DirectorName": e.details["person"],
            "DirectorID": 80000 + number,
            "CompanyName": c.legal_name,
            "CompanyWebsite": _site(c),
            "RoleName": e.details["title"],
            "NED": "No",
            "DateStartRole": f"{market.date(e.day):%Y%m%d}" if e.subtype != "departure" else "N",
            "DateEndRole": f"{market.date(e.day):%Y%m%d}" if e.subtype == "departure" else "C",
        }
        for number, (c, e) in enumerate(
            _some(market, "boardex", _events(market, day, "executive_change"), 0.4)
        )
    ]
    return {"boardex_roles": _csv(rows)}


def _contacts(market: Market, name: str, day: int) -> list[tuple[Company, Contact]]:
    known = [
        (company, contact)
        for company in market.companies[:400]
        for contact in market.contacts(company)
        if contact.created <= day
    ]
    return _some(market, name, known, 0.2)


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
    return {"leads": _csv(rows)}


def zoominfo(market: Market, day: int) -> dict[str, bytes]:
    """Contacts with what reaches them, nearly all of the accounts; some addresses are none."""
    draws = _draws(market, "zoominfo_faults")
    rows = [
        {
            "ZoomInfo Contact ID": 700000 + number,
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
            "Last Updated Date": _us(market, day - 9),
        }
        for number, (c, p) in enumerate(_contacts(market, "zoominfo", day))
    ]
    rows += [
        {
            "ZoomInfo Contact ID": 710000 + 100 * c.index + number,
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
            "Last Updated Date": _us(market, day - draws.integer(3, 90)),
        }
        for c in market.companies[:ACCOUNTS]
        for number, p in enumerate(market.staff(c))
        if draws.chance(LISTED)
    ]
    return {"zoominfo_contacts": _csv(rows)}


def pasted_profile(market: Market, day: int) -> dict[str, bytes]:
    """Pages of two people who changed their position, copied as text."""
    moved = [
        (c, e)
        for c, e in _events(market, day, "executive_change")
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


# --- jobs --------------------------------------------------------------------------------------


def _open(market: Market, name: str, day: int) -> list[tuple[Company, Any]]:
    found = [
        (company, posting)
        for company in market.companies[:600]
        for posting in market.postings(company)
        if posting.opened <= day < posting.closed
    ]
    return _some(market, name, found, 0.15)


def _posting(market: Market, name: str, day: int, columns: dict[str, str]) -> list[Row]:
    rows = []
    for company, posting in _open(market, name, day):
        told = {
            "title": posting.title_on(day),
            "company": company.name,
            "site": _site(company),
            "place": f"{posting.city}, {posting.country}",
            "posted": market.date(posting.opened).isoformat(),
            "salary": f"{posting.salary[0]:,} - {posting.salary[1]:,}" if posting.salary else "",
            "type": "Full-time",
            "url": f"https://{name}.example/{company.index}/{posting.key}",
        }
        rows.append({theirs: told[ours] for theirs, ours in columns.items()})
    return rows


def linkedin_jobs(market: Market, day: int) -> dict[str, bytes]:
    """Postings as a search lists them, many of them on the companies' own boards too."""
    columns = {"Title": "title", "Company Name": "company", "Location": "place",
               "Employment Type": "type", "Posted At": "posted", "Job URL": "url"}  # fmt: skip
    return {"linkedin_jobs": _csv(_posting(market, "linkedin_jobs", day, columns))}


def indeed(market: Market, day: int) -> dict[str, bytes]:
    """The same as JSON; one posting names nobody."""
    columns = {"positionName": "title", "company": "company", "location": "place",
               "jobType": "type", "postingDateParsed": "posted", "url": "url"}  # fmt: skip
    rows = _posting(market, "indeed", day, columns)
    rows.append({"positionName": "Night Porter", "company": "", "url": "https://indeed.example/0"})
    return {"indeed.json": json.dumps(rows, ensure_ascii=False).encode()}


def glassdoor(market: Market, day: int) -> dict[str, bytes]:
    """Postings with the employer's rating below its name, as such tables come."""
    columns = {"Job Title": "title", "Salary Estimate": "salary", "Company Name": "company",
               "Location": "place", "Listing Date": "posted", "Job URL": "url"}  # fmt: skip
    rows = _posting(market, "glassdoor", day, columns)
    return {"glassdoor": _csv({**r, "Company Name": f"{r['Company Name']}\n3.9"} for r in rows)}


def dice(market: Market, day: int) -> dict[str, bytes]:
    """Postings of technical positions."""
    columns = {
        "title": "title",
        "companyName": "company",
        "location": "place",
        "employmentType": "type",
        "postedDate": "posted",
        "detailsPageUrl": "url",
    }
    data = {"data": _posting(market, "dice", day, columns)}
    return {"dice.json": json.dumps(data, ensure_ascii=False).encode()}


# --- technology --------------------------------------------------------------------------------


def _stacks(market: Market, name: str, day: int) -> list[tuple[Company, Any]]:
    found = [
        (company, usage)
        for company in market.companies[:300]
        for usage in market.stack(company)
        if 0 < usage.first <= day and usage.last is None
    ]
    return _some(market, name, found, 0.1)


def hg_insights(market: Market, day: int) -> dict[str, bytes]:
    """Products with intensity and the days they were verified."""
    rows = [
        {
            "Company Name": c.name,
            "URL": c.domain,
            "Product Name": u.technology.name,
            "Product Category": u.technology.category,
            "Intensity": 5 + (c.index % 60),
            "Date First Verified": market.date(u.first).isoformat(),
            "Date Last Verified": market.date(day - 5).isoformat(),
        }
        for c, u in _stacks(market, "hg_insights", day)
    ]
    return {"hg_products": _csv(rows)}


def datanyze(market: Market, day: int) -> dict[str, bytes]:
    """Changes of technologies."""
    rows = [
        {
            "Domain": c.domain,
            "Company": c.name,
            "Technology": u.technology.name,
            "Category": u.technology.category,
            "Change": "Added",
            "Date": _us(market, u.first),
        }
        for c, u in _stacks(market, "datanyze", day)
    ]
    return {"technology_changes": _csv(rows)}


def g2(market: Market, day: int) -> dict[str, bytes]:
    """Who read about the seller's products: companies with a need more often than others."""
    draws = _draws(market, "g2")
    rows = []
    for company in market.companies[:800]:
        if draws.chance(0.25 if market.is_in_market(company, day) else 0.01):
            rows.append(
                {
                    "Company Name": company.name,
                    "Company Domain": company.domain,
                    "Day": market.date(day - draws.integer(1, 20)).isoformat(),
                    "Signal Type": draws.pick(("Pricing", "Comparisons", "Product Profile")),
                    "Product": "Example Suite",
                    "Category": "CRM Software",
                    "Page Views": draws.integer(1, 9),
                    "Visitor Country": company.place.country,
                }
            )
    return {"buyer_intent": _csv(rows[:MOST_ROWS])}


# --- places, posts, first-party events ---------------------------------------------------------


def public_records(market: Market, day: int) -> dict[str, bytes]:
    """Leases that were signed, and closures that were announced."""
    leases, notices = [], []
    for company, event in _some(market, "records", _events(market, day, "expansion"), 0.5):
        place = event.details
        if event.polarity == "negative":
            notices.append(
                {"Company": company.legal_name, "Notice Date": _us(market, event.day),
                 "Effective Date": _us(market, event.day + 60),
                 "No. Of Employees": place["headcount"], "Layoff/Closure": "Closure Permanent",
                 "City": place["city"], "State": ""}
            )  # fmt: skip
        elif event.subtype in ("new_office", "facility_opening"):
            leases.append(
                {"Tenant Name": company.legal_name, "Tenant Website": _site(company),
                 "Property Address": f"{1 + company.index % 90} Market Street",
                 "City": place["city"], "State": "", "Country": place["country"],
                 "Sign Date": _us(market, event.day), "Start Date": _us(market, event.day + 90),
                 "SF Leased": f"{place['headcount'] * 150:,}"}
            )  # fmt: skip
    return {"office_leases": _csv(leases), "warn_notices": _csv(notices)}


def social_posts(market: Market, day: int) -> dict[str, bytes]:
    """Companies telling of their own rounds, and of nothing in particular."""
    rounds = _some(market, "social", _events(market, day, "funding_round"), 0.3)
    lines = [
        {
            "author": {"name": c.name, "website": _site(c), "company": c.name},
            "network": "LinkedIn",
            "text": f"{c.name} has raised ${e.details['amount_usd'] / 1e6:.1f} million in "
            f"{STAGE_LABELS[e.subtype]} funding led by {e.details['lead_investor']}.",
            "created_at": market.time(e.day, 34_000).isoformat(),
            "url": f"https://social.example/p/{c.index}-{e.day}",
        }
        for c, e in rounds
        if e.subtype.startswith("series")
    ]
    lines += [
        {
            "author": {"name": c.name, "website": _site(c), "company": c.name},
            "network": "LinkedIn",
            "text": "Come and see us at the fair next week, we look forward to talking to you!",
            "created_at": market.time(day - 4, 30_000).isoformat(),
            "url": f"https://social.example/p/{c.index}-fair",
        }
        for c in market.companies[3:60:11]
    ]
    return {
        "posts.jsonl": "\n".join(json.dumps(line, ensure_ascii=False) for line in lines).encode()
    }


def earnings_calls(market: Market, day: int) -> dict[str, bytes]:
    """Calls of companies that opened or closed a place lately, told by those who lead them."""
    draws = _draws(market, "earnings_calls")
    calls = []
    for c, e in _some(market, "calls", _events(market, day, "expansion"), 0.15)[:MOST_CALLS]:
        chief, finance, city = person(draws), person(draws), e.details["city"]
        if e.polarity == "negative":
            news = f"In the quarter we closed our office in {city}."
        else:
            news = f"In the quarter we opened a new office in {city}."
        held = market.date(min(day, e.day + draws.integer(3, 20)))
        told = (
            f"Operator: Good day and welcome to the earnings call of {c.name}.",
            f"{chief} -- Chief Executive Officer",
            f"Thank you all for joining. {news} Demand was in line with what we had expected.",
            f"{finance} -- Chief Financial Officer",
            "Revenue grew. We are going to hire "
            f"{10 * draws.integer(1, 9)} engineers over the next twelve months.",
            f"{person(draws)} -- Northfold Research -- Analyst",
            "Will you cut costs next year?",
            f"{finance}: We do not give guidance on that.",
        )
        calls.append(
            {"symbol": c.name[:4].upper(), "companyName": c.name, "website": _site(c),
             "quarter": (held.month + 2) // 3, "year": held.year, "date": f"{held} 16:00:00",
             "content": "\n".join(told), "url": f"https://calls.example/{c.index}-{held}"}
        )  # fmt: skip
    return {"calls.json": json.dumps(calls, ensure_ascii=False).encode()} if calls else {}


#: What champions do with the seller, and what anybody else may do.
DEALINGS = ("Email Reply", "Demo Requested", "Meeting Booked", "Whitepaper Download")
GLANCES = ("Page View", "Page View", "Pricing Page Visited", "Email Clicked", "Whitepaper Download")


def engagement(market: Market, day: int) -> dict[str, bytes]:
    """What people did with the seller: those of companies with a need far more often.

    At the accounts champions deal with the seller; others look, and a few download something.
    """
    draws = _draws(market, "engagement")
    kinds = ("Pricing Page Visited", "Whitepaper Download", "Email Reply", "Connection Accepted",
             "Demo Requested", "Page View")  # fmt: skip
    rows = []
    for company in market.companies:
        if not draws.chance(0.3 if market.is_in_market(company, day) else 0.006):
            continue
        for _ in range(draws.integer(1, 3)):
            name = person(draws)
            mail = f"{plain(name.split()[0])}@{company.domain}"
            rows.append(_act(market, day, draws, company, name, mail, draws.pick(kinds)))
    del rows[3 * MOST_ROWS :]
    acted = _draws(market, "engagement of accounts")
    for company in market.companies[:ACCOUNTS]:
        for employee in market.staff(company):
            for kind in _acts(acted, employee):
                known = (employee.name, employee.email)
                rows.append(_act(market, day, acted, company, *known, kind))
    return {"engagement": _csv(rows)}


def _acts(draws: Draws, employee: Employee) -> list[str]:
    """What one of an account's staff did lately."""
    if employee.part == "champion":
        return [draws.pick(DEALINGS) for _ in range(draws.integer(1, 3))]
    is_curious = draws.chance(0.12 if employee.part else 0.02)
    return [draws.pick(GLANCES)] if is_curious else []


def _act(
    market: Market, day: int, draws: Draws, company: Company, name: str, mail: str, kind: str
) -> Row:
    moment = market.time(day - draws.integer(1, 30), draws.integer(25_000, 70_000))
    return {
        "Event Type": kind,
        "Timestamp": moment.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "Company": company.name,
        "Company Domain": company.domain,
        "Contact Name": name,
        "Email": mail,
        "Channel": "website",
        "Page URL": "",
        "Content": "Guide to forecasting" if draws.chance(0.4) else "",
    }


#: One list of files for each drop that the seller's people keep.
VENDORS: dict[str, Callable[[Market, int], dict[str, bytes]]] = {
    made.__name__: made
    for made in (
        pitchbook, cb_insights, boardex, linkedin_sales_navigator, zoominfo, pasted_profile,
        linkedin_jobs, indeed, glassdoor, dice, hg_insights, datanyze, g2, public_records,
        social_posts, earnings_calls, engagement,
    )
}  # fmt: skip


def exports(market: Market, day: int) -> dict[str, bytes]:
    """All files by their path below the folder of drops, dated by the day they were exported."""
    dated = market.date(day).isoformat()
    files = {}
    for vendor, made in VENDORS.items():
        for name, content in made(market, day).items():
            if not content:
                continue
            stem, _, ending = name.partition(".")
            ending = ending or ("txt" if vendor == "pasted_profile" else "csv")
            files[f"{vendor}/{stem}_{dated}.{ending}"] = content
    return files


def write_exports(market: Market, day: int, folder: Path) -> int:
    """Write the day's files; those that are there already stay as they are. Returns how many."""
    written = 0
    for name, content in exports(market, day).items():
        path = folder / name
        if path.exists():
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f".{path.name}.part")
        draft.write_bytes(content)
        os.replace(draft, path)
        # Exported this morning: what was written a moment ago would wait for the next run.
        moment = path.stat().st_mtime - 60
        os.utime(path, (moment, moment))
        written += 1
    return written
