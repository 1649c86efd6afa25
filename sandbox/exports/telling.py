"""Which events, postings, technologies and visits the exports tell, for the truth tables."""

from __future__ import annotations

from sandbox.exports.common import Row
from sandbox.exports.companies import (
    called_places,
    listed_places,
    listed_rounds,
    posted_rounds,
)
from sandbox.exports.people import listed_roles
from sandbox.exports.postings import LISTS, open_postings
from sandbox.exports.technologies import listed_tools, visits
from sandbox.market import Market


def tellings(market: Market, day: int) -> list[Row]:
    """A row per event, posting, technology or visit that a vendor's list of a day tells."""
    listed = {
        "pitchbook": listed_rounds(market, "pitchbook", day),
        "cb_insights": listed_rounds(market, "cb_insights", day),
        "social_posts": posted_rounds(market, day),
        "public_records": listed_places(market, day),
        "earnings_calls": called_places(market, day),
        "boardex": listed_roles(market, day),
    }
    rows = [
        {
            "vendor": vendor,
            "domain": company.domain,
            "event_id": event.event_id,
            "type": event.type,
            "occurred_on": market.date(event.day),
            "person": event.details.get("person"),
            "city": event.details.get("city"),
            "title": None,
            "technology": None,
        }
        for vendor, pairs in listed.items()
        for company, event in pairs
    ]
    rows += [
        {
            "vendor": vendor,
            "domain": company.domain,
            "event_id": None,
            "type": "job_posting",
            "occurred_on": market.date(posting.opened),
            "person": None,
            "city": posting.city,
            "title": posting.title_on(day),
            "technology": None,
        }
        for vendor in LISTS
        for company, posting in open_postings(market, vendor, day)
    ]
    rows += [
        {
            "vendor": vendor,
            "domain": company.domain,
            "event_id": None,
            "type": "technology",
            "occurred_on": market.date(usage.first),
            "person": None,
            "city": None,
            "title": None,
            "technology": usage.technology.name,
        }
        for vendor in ("datanyze", "hg_insights")
        for company, usage in listed_tools(market, vendor, day)
    ]
    rows += [
        {
            "vendor": "g2",
            "domain": visit.company.domain,
            "event_id": None,
            "type": "intent_event",
            "occurred_on": market.date(visit.day),
            "person": None,
            "city": None,
            "title": visit.looked_at,
            "technology": None,
        }
        for visit in visits(market, day)
    ]
    return rows
