"""Lists about companies: rounds, deals, permits, posts, calls."""

from __future__ import annotations

import json

from sandbox.exports.common import MOST_CALLS, as_csv, draws_of, site_of, some, told_events, us_date
from sandbox.market import Market
from sandbox.market.companies import Company
from sandbox.market.events import STAGE_LABELS, Event, person

#: Names of deal types where they are not those of a venture round.
PITCHBOOK_TYPES = {
    "debt_financing": "Debt - General", "grant": "Grant", "ipo": "IPO", "bridge": "Bridge",
}  # fmt: skip


def _cb_insights_round(event: Event) -> str:
    if event.subtype == "debt_financing":
        return "Line of Credit"
    if event.subtype == "ipo":
        return "IPO"
    label = STAGE_LABELS[event.subtype].title()
    return f"{label} - II" if event.details.get("kind") == "extension" else label


#: Companies with an event that a list tells.
Listed = list[tuple[Company, Event]]


def listed_rounds(market: Market, vendor: str, day: int) -> Listed:
    """Closed rounds that a vendor's list has: half of them PitchBook's, fewer CB Insights'."""
    share = {"pitchbook": 0.5, "cb_insights": 0.4}[vendor]
    listed = some(market, vendor, told_events(market, day, "funding_round"), share)
    return [(c, e) for c, e in listed if e.status == "done"]


def listed_places(market: Market, day: int) -> Listed:
    """Places of which an office keeps a record: leases of what opens, notices of what closes."""
    listed = some(market, "records", told_events(market, day, "expansion"), 0.5)
    return [
        (c, e)
        for c, e in listed
        if e.polarity == "negative" or e.subtype in ("new_office", "facility_opening")
    ]


def posted_rounds(market: Market, day: int) -> Listed:
    """Rounds of which the company posts."""
    listed = some(market, "social", told_events(market, day, "funding_round"), 0.3)
    return [(c, e) for c, e in listed if e.subtype.startswith("series")]


def called_places(market: Market, day: int) -> Listed:
    """Places opened or closed of which an earnings call tells."""
    return some(market, "calls", told_events(market, day, "expansion"), 0.15)[:MOST_CALLS]


def pitchbook(market: Market, day: int) -> dict[str, bytes]:
    """Deals as a search downloads them: sums in millions of US dollars."""
    rows = [
        {
            "Deal ID": f"{100000 + c.index}-{e.day}T",
            "Companies": c.name,
            "Company Website": site_of(c),
            "Deal Date": market.date(e.day).strftime("%d-%b-%Y"),
            "Deal Size": f"{e.details['amount_usd'] / 1e6:.2f}",
            "Deal Type": PITCHBOOK_TYPES.get(e.subtype, "Later Stage VC"),
            "Series": STAGE_LABELS[e.subtype] if e.subtype.startswith("series") else "",
            "Deal Status": "Completed",
            "Investors": ", ".join(e.details["investors"]),
            "Lead/Sole Investors": e.details["lead_investor"],
            "Deal Synopsis": f"{c.name} raised money"
            + (f" from {e.details['lead_investor']}." if e.details["investors"] else "."),
        }
        for c, e in listed_rounds(market, "pitchbook", day)
    ]
    return {"deals": as_csv(rows)}


def cb_insights(market: Market, day: int) -> dict[str, bytes]:
    """Deals again, by another vendor, a few days off and divided by semicolons."""
    draws = draws_of(market, "cb_insights_days")
    rows = [
        {
            "Companies": c.name,
            "Company URL": site_of(c),
            "Date": us_date(market, min(day, e.day + draws.integer(0, 3))),
            "Round": _cb_insights_round(e),
            "Amount": f"{e.details['amount_usd'] / 1e6:.1f}",
            "Investors": ", ".join(e.details["investors"]),
            "Country": c.place.country,
            "CBI Link": f"https://cbi.example/d/{c.index}-{e.day}",
        }
        for c, e in listed_rounds(market, "cb_insights", day)
    ]
    return {"cbi_deals": as_csv(rows, ";")}


def _effect(market: Market, event: Event, usual: int) -> str:
    """The day of effect: the event's own, else some days after it is told."""
    day = event.details.get("effect") or market.date(event.day + usual)
    return day.strftime("%m/%d/%Y")


def public_records(market: Market, day: int) -> dict[str, bytes]:
    """Leases that were signed, and closures that were announced."""
    leases, notices = [], []
    for company, event in listed_places(market, day):
        place = event.details
        if event.polarity == "negative":
            notices.append(
                {"Company": company.legal_name, "Notice Date": us_date(market, event.day),
                 "Effective Date": _effect(market, event, 60),
                 "No. Of Employees": place["headcount"], "Layoff/Closure": "Closure Permanent",
                 "City": place["city"], "State": ""}
            )  # fmt: skip
        else:
            leases.append(
                {"Tenant Name": company.legal_name, "Tenant Website": site_of(company),
                 "Property Address": f"{1 + company.index % 90} Market Street",
                 "City": place["city"], "State": "", "Country": place["country"],
                 "Sign Date": us_date(market, event.day),
                 "Start Date": _effect(market, event, 90),
                 "SF Leased": f"{place['headcount'] * 150:,}"}
            )  # fmt: skip
    return {"office_leases": as_csv(leases), "warn_notices": as_csv(notices)}


def social_posts(market: Market, day: int) -> dict[str, bytes]:
    """Companies telling of their own rounds, and of nothing in particular."""
    lines = [
        {
            "author": {"name": c.name, "website": site_of(c), "company": c.name},
            "network": "LinkedIn",
            "text": f"{c.name} has raised ${e.details['amount_usd'] / 1e6:.1f} million in "
            f"{STAGE_LABELS[e.subtype]} funding led by {e.details['lead_investor']}.",
            "created_at": market.time(e.day, 34_000).isoformat(),
            "url": f"https://social.example/p/{c.index}-{e.day}",
        }
        for c, e in posted_rounds(market, day)
    ]
    lines += [
        {
            "author": {"name": c.name, "website": site_of(c), "company": c.name},
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
    draws = draws_of(market, "earnings_calls")
    calls = []
    for c, e in called_places(market, day):
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
            {"symbol": c.name[:4].upper(), "companyName": c.name, "website": site_of(c),
             "quarter": (held.month + 2) // 3, "year": held.year, "date": f"{held} 16:00:00",
             "content": "\n".join(told), "url": f"https://calls.example/{c.index}-{held}"}
        )  # fmt: skip
    return {"calls.json": json.dumps(calls, ensure_ascii=False).encode()} if calls else {}
