"""USAJobs' search (``/api/search``): invented agencies announce a position on some days."""

from __future__ import annotations

from typing import Any

from sandbox.answers import Answer, Request, as_json, whole
from sandbox.market import Market
from sandbox.market.draws import Draws

AGENCIES = (
    ("Harbor Light Administration", "Department of Coastal Works"),
    ("Office of Grain Standards", "Department of Field Matters"),
    ("Bureau of Bridges", "Department of Coastal Works"),
    ("National Orchard Service", "Department of Field Matters"),
)
TITLES = (
    ("IT Specialist (Systems Analysis)", "Information Technology Management", "2210"),
    ("General Engineer", "General Engineering", "0801"),
    ("Contract Specialist", "Contracting", "1102"),
    ("Supervisory Program Manager", "Program Management", "0340"),
    ("Data Scientist", "Data Science Series", "1560"),
)
CITIES = (("Denver", "Colorado"), ("Boise", "Idaho"), ("Tampa", "Florida"), ("Tulsa", "Oklahoma"))
#: One day in so many has an announcement, open for so many days.
EVERY, OPEN_DAYS = 3, 21


class UsaJobs:
    """Positions announced within ``DatePosted`` days, in pages."""

    def __init__(self, market: Market) -> None:
        self.market = market

    def answer(self, request: Request) -> Answer:
        """A page of the search; 401 without key and e-mail address, 404 for another address."""
        if request.parts != ["api", "search"]:
            return as_json({"Message": "Not found"}, 404)
        key = request.headers.get("authorization-key")
        if not key or "@" not in request.headers.get("user-agent", ""):
            return as_json({"Message": "Authorization has been denied for this request."}, 401)
        days = whole(request.query.get("DatePosted"), 60, 0, 60)
        size = whole(request.query.get("ResultsPerPage"), 25, 1, 500)
        page = whole(request.query.get("Page"), 1, 1, 10_000)
        found = [
            self._item(day)
            for day in range(request.day, request.day - min(days, OPEN_DAYS) - 1, -1)
            if day >= 0 and day % EVERY == 0
        ]
        shown = found[(page - 1) * size : page * size]
        return as_json(
            {
                "LanguageCode": "EN",
                "SearchParameters": {},
                "SearchResult": {
                    "SearchResultCount": len(shown),
                    "SearchResultCountAll": len(found),
                    "SearchResultItems": shown,
                    "UserArea": {"NumberOfPages": str(-(-len(found) // size))},
                },
            }
        )

    def _item(self, day: int) -> dict[str, Any]:
        d = Draws.of(f"usajobs|{self.market.config.seed}|{day}")
        agency, department = d.pick(AGENCIES)
        title, series, code = d.pick(TITLES)
        city, state = d.pick(CITIES)
        low = 1000 * d.integer(60, 120)
        first = self.market.date(day)
        identifier = f"{900_000_000 + day}"
        return {
            "MatchedObjectId": identifier,
            "MatchedObjectDescriptor": {
                "PositionID": f"MKT-{first.year}-{day:05d}",
                "PositionTitle": title,
                "PositionURI": f"https://www.usajobs.example/job/{identifier}",
                "PositionLocationDisplay": f"{city}, {state}",
                "PositionLocation": [
                    {
                        "LocationName": f"{city}, {state}",
                        "CountryCode": "United States",
                        "CountrySubDivisionCode": state,
                        "CityName": f"{city}, {state}",
                    }
                ],
                "OrganizationName": agency,
                "DepartmentName": department,
                "JobCategory": [{"Name": series, "Code": code}],
                "PositionSchedule": [{"Name": "Full-time", "Code": "1"}],
                "PositionRemuneration": [
                    {
                        "MinimumRange": f"{low}",
                        "MaximumRange": f"{low + 30_000}",
                        "RateIntervalCode": "PA",
                        "Description": "Per Year",
                    }
                ],
                "QualificationSummary": "Applicants must show one year of comparable work.",
                "PublicationStartDate": f"{first.isoformat()}T00:00:00.0000",
                "ApplicationCloseDate": (
                    f"{self.market.date(day + OPEN_DAYS).isoformat()}T23:59:59.9970"
                ),
                "UserArea": {
                    "Details": {
                        "JobSummary": f"The {agency} looks for a {title} in {city}.",
                        "RemoteIndicator": False,
                    }
                },
            },
        }
