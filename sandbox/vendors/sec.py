"""SEC EDGAR: the submissions index of a company and the documents in its archives.

Like the real service it refuses who does not name a contact address in the User-Agent.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sandbox.answers import HTML, XML, Answer, Request, as_json
from sandbox.market import Market
from sandbox.market.companies import Company
from sandbox.market.draws import Draws, number
from sandbox.market.filings import Filing
from sandbox.vendors.sec_documents import eight_k, form_d, other_document

#: Filings in the index itself; older ones are in the paging file. The real service keeps 1,000.
RECENT = 60


def _refused() -> Answer:
    body = (
        b"<html><body><h1>Your Request Originates from an Undeclared Automated Tool</h1>"
        b"<p>Declare your traffic by updating your user agent to include a contact address.</p>"
        b"</body></html>"
    )
    return Answer(403, body, HTML)


def _undeclared(request: Request) -> bool:
    return "@" not in request.headers.get("user-agent", "")


def _missing() -> Answer:
    body = b"<?xml version='1.0' encoding='UTF-8'?><Error><Code>NoSuchKey</Code></Error>"
    return Answer(404, body, XML)


class Edgar:
    """``GET /submissions/CIK##########.json`` and its paging files."""

    def __init__(self, market: Market) -> None:
        self.market = market

    def answer(self, request: Request) -> Answer:
        """The index as of the day; 404 for a number nobody has."""
        if _undeclared(request):
            return _refused()
        match request.parts:
            case ["submissions", name] if name.startswith("CIK") and name.endswith(".json"):
                stem, _, page = name[3:-5].partition("-submissions-")
            case _:
                return _missing()
        company = self.market.by_cik.get(int(stem)) if stem.isdigit() else None
        if company is None:
            return _missing()
        visible = [f for f in self.market.filings(company) if f.day <= request.day][::-1]
        recent, older = visible[:RECENT], visible[RECENT:]
        modified = self.market.time(visible[0].day, visible[0].second) if visible else None
        if page:
            if page != "001" or not older:
                return _missing()
            return as_json(self._columns(older), modified=modified)
        files = []
        if older:
            files.append(
                {
                    "name": f"CIK{company.cik10}-submissions-001.json",
                    "filingCount": len(older),
                    "filingFrom": self._iso(older[-1].day),
                    "filingTo": self._iso(older[0].day),
                }
            )
        body = self._identity(company)
        body["filings"] = {"recent": self._columns(recent), "files": files}
        return as_json(body, modified=modified)

    def _iso(self, day: int) -> str:
        return self.market.date(day).isoformat()

    def _columns(self, filings: list[Filing]) -> dict[str, list[Any]]:
        def accepted(filing: Filing) -> str:
            at: datetime = self.market.time(filing.day, filing.second)
            return at.strftime("%Y-%m-%dT%H:%M:%S.000Z")

        return {
            "accessionNumber": [f.accession for f in filings],
            "filingDate": [self._iso(f.day) for f in filings],
            "reportDate": [
                "" if f.form.startswith("D") else self._iso(f.report_day) for f in filings
            ],
            "acceptanceDateTime": [accepted(f) for f in filings],
            "act": ["33" if f.form.startswith("D") else "34" for f in filings],
            "form": [f.form for f in filings],
            "fileNumber": [
                f"{'021' if f.form.startswith('D') else '001'}-9{f.second:05d}" for f in filings
            ],
            "filmNumber": [str(10_000_000 + number(f.accession) % 9_000_000) for f in filings],
            "items": ["06b" if f.form.startswith("D") else ",".join(f.items) for f in filings],
            "size": [4000 + number(f"size|{f.accession}") % 60_000 for f in filings],
            "isXBRL": [int(f.form.startswith("10-")) for f in filings],
            "isInlineXBRL": [int(f.form.startswith("10-")) for f in filings],
            "primaryDocument": [f.document for f in filings],
            "primaryDocDescription": [f.description for f in filings],
        }

    def _identity(self, company: Company) -> dict[str, Any]:
        place = company.place
        state = (
            place.region if place.code == "US" else {"GB": "X0", "CA": "A6"}.get(place.code, "XX")
        )
        d = Draws.of(f"edgar|{company.cik}")
        address = {
            "street1": f"{d.integer(1, 990)} {d.pick(('MARKET', 'CANAL', 'MILL'))} STREET",
            "street2": None,
            "city": place.city.upper(),
            "stateOrCountry": state,
            "zipCode": f"{d.integer(10_000, 98_000)}",
            "stateOrCountryDescription": state if place.code == "US" else place.country,
        }
        former = []
        if d.chance(0.08):
            former = [
                {
                    "name": f"{company.slug.upper()} HOLDINGS {d.pick(('INC', 'CORP'))}",
                    "from": "2015-03-02T00:00:00.000Z",
                    "to": "2021-06-30T00:00:00.000Z",
                }
            ]
        return {
            "cik": str(company.cik),
            "entityType": "operating" if company.listed else "other",
            "sic": company.industry.sic if company.listed else "",
            "sicDescription": company.industry.sic_description if company.listed else "",
            "insiderTransactionForOwnerExists": 0,
            "insiderTransactionForIssuerExists": int(company.listed),
            # EDGAR writes many conformed names in capitals and without points.
            "name": company.legal_name.upper().replace(".", "").replace(",", "")
            if d.chance(0.5)
            else company.legal_name,
            "tickers": [company.slug.upper()[:4]] if company.listed else [],
            "exchanges": ["Nasdaq"] if company.listed else [],
            "ein": f"{d.integer(10, 98)}{d.integer(1_000_000, 9_999_999)}",
            "description": "",
            "website": "",
            "investorWebsite": "",
            "category": "Non-accelerated filer" if company.listed else "",
            "fiscalYearEnd": "1231",
            "stateOfIncorporation": "DE" if place.code == "US" else "",
            "stateOfIncorporationDescription": "DE" if place.code == "US" else "",
            "addresses": {"mailing": address, "business": dict(address)},
            "phone": f"555-{d.integer(200, 999)}-{d.integer(1000, 9999)}",
            "flags": "",
            "formerNames": former,
        }


class Archives:
    """``GET /Archives/edgar/data/<cik>/<accession without dashes>/<document>``."""

    def __init__(self, market: Market) -> None:
        self.market = market
        self._by_accession: dict[int, dict[str, Filing]] = {}

    def answer(self, request: Request) -> Answer:
        """One document of one filing; 404 before its filing day."""
        if _undeclared(request):
            return _refused()
        match request.parts:
            case ["Archives", "edgar", "data", cik, accession, *document] if cik.isdigit():
                company = self.market.by_cik.get(int(cik))
            case _:
                return _missing()
        if company is None:
            return _missing()
        shelf = self._by_accession.get(company.index)
        if shelf is None:
            shelf = self._by_accession[company.index] = {
                f.accession.replace("-", ""): f for f in self.market.filings(company)
            }
        filing = shelf.get(accession)
        if filing is None or filing.day > request.day:
            return _missing()
        name = "/".join(document)
        if filing.kind == "form_d" and name == "primary_doc.xml":
            return Answer(200, form_d(self.market, company, filing).encode(), "text/xml")
        if name != filing.document:
            return _missing()
        if filing.form == "8-K":
            return Answer(200, eight_k(self.market, company, filing).encode(), "text/html")
        return Answer(200, other_document(company, filing).encode(), "text/html")
