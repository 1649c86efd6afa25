"""Coresignal's multi-source APIs: employees and companies, each searched and collected by id.

Searches are ``POST .../search/es_dsl`` (employees by company's site and day of change, companies by
domain) and ``POST .../search/filter`` (employees by name and company); ``GET .../collect/{id}``
gives the record.

The vendor knows the leaders of part of the companies, and learns of a change some weeks late.
"""

from __future__ import annotations

import json
from functools import cached_property
from typing import Any

from sandbox.answers import Answer, Request, as_json
from sandbox.market import Market
from sandbox.market.companies import Company
from sandbox.market.draws import number
from sandbox.market.leaders import Listing

#: Share of companies, in hundredths, whose people the vendor knows, and days until it knows a move.
SHARE, LAG_FROM, LAG_TO = 60, 7, 35
PAGE = 1000
ROOT = ["cdapi", "v2", "multi_source_employee"]
COMPANIES = ["cdapi", "v2", "multi_source_company"]
#: The vendor's number of a company is this and the company's place in the market.
COMPANY_NUMBERS = 10_000_000
#: And of one of its staff: this, the company's place times 100, and the person's.
STAFF_NUMBERS = 1_000_000_000
_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September",
           "October", "November", "December")  # fmt: skip


class Coresignal:
    """Employees searched by company's site and day of change, collected one by one."""

    def __init__(self, market: Market) -> None:
        self.market = market

    def answer(self, request: Request) -> Answer:
        """Ids of a page, or a profile; 401 without a key, 404 for a path or id that is not."""
        if not request.headers.get("apikey"):
            return as_json({"message": "Invalid API Key"}, 401)
        match request.method, request.parts[:3], request.parts[3:]:
            case "GET", root, ["collect", company] if root == COMPANIES:
                return self._company(company, request.day)
            case "POST", root, ["search", "es_dsl"] if root == COMPANIES:
                return self._company_search(request)
            case "POST", root, ["search", "es_dsl"] if root == ROOT:
                return self._search(request)
            case "POST", root, ["search", "filter"] if root == ROOT:
                return self._employee_search(request)
            case "GET", root, ["collect", employee] if root == ROOT:
                return self._collect(employee, request.day)
        return as_json({"message": "no Route matched with those values"}, 404)

    @cached_property
    def _people(self) -> dict[int, tuple[Company, Listing, Listing | None]]:
        """Each person with the first position held and, of who took another one, the next."""
        found = {}
        for company in self.market.companies:
            if number(f"coresignal|{company.domain}") % 100 < SHARE:
                listings = self.market.leaders(company)
                for position, listing in enumerate(listings):
                    mine = [x for x in listings if x.person == listing.person]
                    first = min(mine, key=lambda x: x.first)
                    after = next((x for x in mine if x is not first), None)
                    if listing is first:
                        number_ = 100_000_000 + company.index * 100 + position
                        found[number_] = (company, listing, after)
        return found

    @cached_property
    def _by_domain(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for employee, (company, *_) in self._people.items():
            found.setdefault(company.domain, []).append(employee)
        return found

    def _search(self, request: Request) -> Answer:
        try:
            query = json.loads(request.body or b"{}")
            must = query["query"]["bool"]["must"]
            nested = next(m["nested"] for m in must if "nested" in m)
            if "must" in nested["query"]["bool"]:
                return self._present(nested["query"]["bool"]["must"], request.day)
            employers = nested["query"]["bool"]["should"]
            domains = [
                e["match_phrase"]["experience.company_website.domain_only"] for e in employers
            ]
            field = "experience_change_last_identified_at"
            since = next((m["range"][field]["gte"] for m in must if "range" in m), "")
        except (ValueError, TypeError, KeyError, StopIteration) as error:
            return as_json({"message": f"query is not understood: {error!r}"}, 422)
        found = []
        for domain in domains:
            for employee in self._by_domain.get(domain, ()):
                changed = self._changed(*self._people[employee][:2], request.day)
                if changed is not None and self.market.date(changed).isoformat() >= since[:10]:
                    found.append(employee)
        found.sort()
        after = request.query.get("after")
        rest = [e for e in found if after is None or e > int(after)]
        page = rest[:PAGE]
        headers = [("x-total-results", str(len(found))),
                   ("x-total-pages", str(-(-len(found) // PAGE)))]  # fmt: skip
        if len(rest) > PAGE:
            headers.append(("x-next-page-after", str(page[-1])))
        answer = as_json(page)
        answer.headers += headers
        return answer

    def _present(self, must: list[dict], day: int) -> Answer:
        """Ids of everybody who holds a position at one company now, as far as it knows them."""
        field = "experience.company_website.domain_only"
        domain = next(m["match_phrase"][field] for m in must if "match_phrase" in m)
        company = self.market.by_domain.get(domain)
        if company is None or number(f"coresignal|{domain}") % 100 >= SHARE:
            return as_json([])
        led = {self._people[e][1].person for e in self._by_domain.get(domain, ())}
        found = [
            employee
            for employee in self._by_domain.get(domain, ())
            if (listing := self._people[employee][1]).first <= day
            and (listing.last is None or listing.last + self._lag(listing) > day)
        ]
        found += [
            STAFF_NUMBERS + company.index * 100 + position
            for position, person in enumerate(self.market.everybody(company)[:100])
            if person.name not in led
        ]
        return as_json(found)

    def _staff(self, told: int) -> tuple[Company, Listing] | None:
        """A position of the staff by the vendor's number, as if it were a leader's."""
        at, position = divmod(told - STAFF_NUMBERS, 100)
        if not 0 <= at < len(self.market.companies):
            return None
        company = self.market.companies[at]
        people = self.market.everybody(company)
        if position >= len(people):
            return None
        return company, Listing(people[position].name, people[position].title, -1, None)

    def _company_search(self, request: Request) -> Answer:
        try:
            must = json.loads(request.body or b"{}")["query"]["bool"]["must"]
            domain = next(m["term"]["domain"] for m in must if "domain" in m.get("term", {}))
        except (ValueError, TypeError, KeyError, StopIteration) as error:
            return as_json({"message": f"query is not understood: {error!r}"}, 422)
        known = number(f"coresignal|{domain}") % 100 < SHARE
        companies = self.market.companies if known else []
        return as_json([COMPANY_NUMBERS + c.index for c in companies if c.domain == domain])

    def _employee_search(self, request: Request) -> Answer:
        try:
            asked = json.loads(request.body or b"{}")
            name, employer = asked["full_name"], asked["active_experience_company_name"]
        except (ValueError, TypeError, KeyError) as error:
            return as_json({"message": f"query is not understood: {error!r}"}, 422)
        return as_json([
            employee
            for employee, (company, listing, _) in self._people.items()
            if listing.person == name
            and company.name == employer
            and self._changed(company, listing, request.day) is not None
        ])  # fmt: skip

    @staticmethod
    def _lag(listing: Listing) -> int:
        return LAG_FROM + number(f"{listing.person}|{listing.title}") % (LAG_TO - LAG_FROM)

    def _changed(self, company: Company, listing: Listing, day: int) -> int | None:
        """Day on which the vendor last learnt of a move; None while it knows of none."""
        moves = [listing.first if listing.first >= 0 else None, listing.last]
        known = [m + self._lag(listing) for m in moves if m is not None]
        return max((d for d in known if d <= day), default=None)

    def _company(self, told: str, day: int) -> Answer:
        at = int(told) - COMPANY_NUMBERS if told.isdigit() else -1
        if not 0 <= at < len(self.market.companies):
            return as_json({"message": "Company not found"}, 404)
        company = self.market.companies[at]
        return as_json({
            "id": int(told),
            "name": company.name,
            "website": f"https://www.{company.domain}",
            "domain": company.domain,
            "industry": company.industry.name,
            "type": "Privately Held" if company.cik is None else "Public Company",
            "founded": company.founded,
            "employees_count": company.employees,
            "country": company.place.country,
            "locality": company.place.city,
            "linkedin_url": f"https://network.example/company/{company.slug}",
            "last_updated": self.market.time(day, 3_600).strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        })  # fmt: skip

    def _collect(self, employee: str, day: int) -> Answer:
        asked = int(employee) if employee.isdigit() else -1
        person = self._staff(asked) if asked >= STAFF_NUMBERS else self._people.get(asked)
        if person is None:
            return as_json({"message": "Employee not found"}, 404)
        company, listing, after = person
        lag = self._lag(listing)
        if listing.first >= 0 and listing.first + lag > day:
            return as_json({"message": "Employee not found"}, 404)
        changed = self._changed(company, listing, day) or 0
        moved = listing.last is not None and listing.last + lag <= day
        left = moved and after is None
        shown = after if moved and after is not None else listing
        at = number(f"career|{company.domain}|{listing.person}")
        started = listing.first if listing.first >= 0 else -60 - at % 2000
        first, *_, last = listing.person.split()
        former = self.market.companies[at % min(500, len(self.market.companies))]
        updated = self.market.time(changed, 40_000).strftime("%Y-%m-%dT%H:%M:%S.000Z")
        slug = f"{first}-{last}-{at % 100_000}".lower().replace("'", "")
        profile: dict[str, Any] = {
            "id": int(employee),
            "created_at": self.market.time(0).strftime("%Y-%m-%dT%H:%M:%S.000Z"),
            "updated_at": updated,
            "checked_at": updated,
            "changed_at": updated,
            "experience_change_last_identified_at": updated,
            "is_deleted": 0,
            "is_parent": 1,
            "linkedin_url": f"https://network.example/in/{slug}",
            "full_name": listing.person,
            "first_name": first,
            "last_name": last,
            "headline": f"{shown.title} at {company.name}",
            "is_working": int(not left),
            "is_decision_maker": 1,
            "connections_count": at % 900,
            "primary_professional_email": f"{first}.{last}@{company.domain}".lower(),
            "experience": [
                *(
                    [self._entry(1, after.title, company, after.first, None)]
                    if after is not None and moved
                    else []
                ),
                self._entry(
                    1 + (shown is after),
                    listing.title,
                    company,
                    started,
                    listing.last if moved else None,
                ),
                self._entry(
                    2 + (shown is after),
                    "Senior Manager",
                    former,
                    started - 900 - at % 900,
                    started - 30,
                ),
            ],
        }
        answer = as_json(profile)
        answer.headers.append(("x-credits-remaining", str(20_000 - at % 10_000)))
        return answer

    def _entry(
        self, order: int, title: str, company: Company, first: int, last: int | None
    ) -> dict[str, Any]:
        start = self.market.date(first)
        end = None if last is None else self.market.date(last)
        return {
            "active_experience": int(end is None),
            "position_title": title,
            "department": "C-Suite" if title.startswith("Chief") else "General Management",
            "management_level": "C-Level" if title.startswith("Chief") else "Manager",
            "location": company.place.city,
            "company_id": COMPANY_NUMBERS + company.index,
            "company_name": company.name,
            "company_website": f"https://www.{company.domain}",
            "date_from": f"{_MONTHS[start.month - 1]} {start.year}",
            "date_from_year": start.year,
            "date_from_month": start.month,
            "date_to": None if end is None else f"{_MONTHS[end.month - 1]} {end.year}",
            "date_to_year": None if end is None else end.year,
            "date_to_month": None if end is None else end.month,
            "order_in_profile": order,
        }
