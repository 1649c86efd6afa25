"""The seller's CRM exports and list of target accounts, as CSV files; a few rows are dirty."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date

from sandbox.answers import CSV, Answer, Request
from sandbox.market import Market
from sandbox.market.buying import Opportunity, account_id
from sandbox.market.companies import Company
from sandbox.market.draws import number

HEADERS = {
    "company_list": "name,domain,cik,industry,employees,city,country,job_board",
    "accounts": "Account ID,Account Name,Website,Industry,Employees,Billing City,Billing Country,"
    "Phone,Created Date,Last Activity Date",
    "contacts": "Contact ID,Account ID,Account Name,First Name,Last Name,Title,Email,Phone,"
    "LinkedIn,Created Date,Last Activity Date",
    "opportunities": "Opportunity ID,Account ID,Account Name,Opportunity Name,Stage,Amount,"
    "Currency,Created Date,Close Date,Is Closed,Is Won,Lead Source,Next Step,Owner",
}
STAGES = ("Prospecting", "Qualification", "Proposal", "Negotiation")
NEXT_STEPS = {
    "Prospecting": "Book first call",
    "Qualification": "Meet technical lead",
    "Proposal": "Send revised offer",
    "Negotiation": "Agree on contract terms",
}
#: One opportunity in so many is dirty in one of the ways below (an early one, so that every
#: market with enough opportunities has each of them).
DIRTY_EVERY = 500


class Exports:
    """``GET /export/{accounts,contacts,opportunities,company_list}.csv``."""

    def __init__(self, market: Market) -> None:
        self.market = market

    def answer(self, request: Request) -> Answer:
        """The export as of the end of the day."""
        name = request.parts[1].removesuffix(".csv") if len(request.parts) == 2 else ""
        if request.parts[:1] != ["export"] or name not in HEADERS:
            return Answer(404, b"Not found", "text/plain; charset=utf-8")
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\r\n")
        writer.writerow(HEADERS[name].split(","))
        writer.writerows(getattr(self, f"_{name}")(request.day))
        headers = [("Content-Disposition", f'attachment; filename="{name}.csv"')]
        return Answer(
            200, out.getvalue().encode(), CSV, headers, self.market.time(request.day, 86_399)
        )

    def _iso(self, day: int) -> str:
        return self.market.date(day).isoformat()

    def _last(self, days: tuple[int, ...] | list[int], day: int) -> str:
        past = [d for d in days if d <= day]
        return self._iso(max(past)) if past else ""

    def _company_list(self, _day: int) -> Iterator[list[object]]:
        for company in self.market.companies:
            if company.is_unlisted:
                continue
            yield [
                company.name,
                "" if company.hides_domain else company.domain,
                "" if company.cik is None or company.hides_cik else company.cik10,
                company.industry.name,
                company.employees,
                company.place.city,
                company.place.country,
                ":".join(company.board) if company.board else "",
            ]

    def _known(self, day: int) -> Iterator[Company]:
        for company in self.market.companies:
            if company.crm_since is not None and company.crm_since <= day:
                yield company

    def _accounts(self, day: int) -> Iterator[list[object]]:
        for company in self._known(day):
            marker = number(f"account|{company.domain}") % 1000
            website = "" if marker < 40 else f"https://www.{company.domain}"
            row = [
                account_id(company.index),
                # Sales people type names as they like.
                company.legal_name if marker % 3 == 0 else company.name,
                website,
                company.industry.name,
                company.employees,
                company.place.city,
                company.place.country,
                f"{company.place.phone} 555 0{marker:03d}" if marker % 5 else "",
                self._iso(company.crm_since or 0),
                self._last(self.market.activities(company), day),
            ]
            yield row
            if marker in (500, 501):  # the same id again, with other content
                yield [*row[:4], company.employees * 3, "Unknown", *row[6:]]

    def _contacts(self, day: int) -> Iterator[list[object]]:
        for company in self._known(day):
            for contact in self.market.contacts(company):
                if contact.created > day:
                    continue
                yield [
                    contact.contact_id,
                    account_id(company.index),
                    company.name,
                    contact.first,
                    contact.last,
                    contact.title,
                    contact.email,
                    contact.phone,
                    contact.linkedin,
                    self._iso(contact.created),
                    self._last((contact.created, *contact.activities), day),
                ]

    def _opportunities(self, day: int) -> Iterator[list[object]]:
        seen = 0
        for company in self._known(day):
            for opportunity in company.opportunities:
                if opportunity.opened > day:
                    continue
                seen += 1
                row = self._opportunity(company, opportunity, day)
                # Which rows are dirty must not depend on the day.
                marker = number(f"dirty|{opportunity.opportunity_id}") % DIRTY_EVERY
                if marker == 0:
                    row[8] = date(3201, 3, 1).isoformat()
                elif marker == 1:
                    row[5] = f"{float(row[5]):,.2f}"
                yield row
        if seen > 20:  # one impossible row in every export worth the name
            yield [
                "006999999901", "001999999999", "Unassigned", "Unassigned - Pilot", "Qualification",
                "1,234.50", "USD", self._iso(0), "3201-03-01", "false", "false", "Inbound", "",
                "Mara Ellison",
            ]  # fmt: skip

    def _opportunity(self, company: Company, row: Opportunity, day: int) -> list[object]:
        closed = row.closed <= day
        progress = (day - row.opened) / max(1, row.closed - row.opened)
        if closed:
            stage = "Closed Won" if row.won else "Closed Lost"
        else:
            stage = STAGES[sum(progress >= step for step in row.steps)]
        # While open, the close date is the owner's hope: sixty to a hundred days from creation,
        # moved on whenever it has passed.
        hoped = row.opened + 60 + number(row.opportunity_id) % 40
        while hoped <= day:
            hoped += 30
        amount = row.amount if closed or stage == "Negotiation" else row.estimate
        return [
            row.opportunity_id,
            row.account_id,
            company.name,
            row.name,
            stage,
            f"{amount:.2f}",
            row.currency,
            self._iso(row.opened),
            self._iso(row.closed if closed else hoped),
            "true" if closed else "false",
            "true" if closed and row.won else "false",
            row.lead_source,
            "" if closed else NEXT_STEPS[stage],
            row.owner,
        ]
