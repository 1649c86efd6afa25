"""Job postings of the companies with a public board: what opens, changes and closes, and when."""

from __future__ import annotations

from dataclasses import dataclass

from sandbox.market.companies import JOBS, Company
from sandbox.market.draws import Draws, Weighted, number
from sandbox.market.words import PLACES, Place

#: department -> (weight, titles). The last four departments are those a seller of revenue and
#: data software listens to; a need makes them hire.
DEPARTMENTS: dict[str, tuple[float, tuple[str, ...]]] = {
    "Engineering": (26, ("Software Engineer", "Senior Software Engineer", "Staff Engineer",
                         "Frontend Engineer", "Backend Engineer", "Mobile Engineer",
                         "Engineering Manager", "QA Engineer", "Site Reliability Engineer")),
    "Product": (8, ("Product Manager", "Senior Product Manager", "Product Designer",
                    "UX Researcher", "Group Product Manager")),
    "Operations": (20, ("Operations Coordinator", "Supply Chain Planner", "Warehouse Supervisor",
                        "Field Technician", "Production Operator", "Quality Inspector",
                        "Facilities Manager")),
    "Finance": (7, ("Accountant", "Senior Accountant", "Financial Analyst", "Payroll Specialist",
                    "Controller")),
    "People": (6, ("Recruiter", "HR Business Partner", "People Operations Specialist",
                   "Talent Acquisition Lead")),
    "Customer Success": (9, ("Customer Success Manager", "Support Specialist",
                             "Implementation Consultant", "Onboarding Specialist")),
    "Legal": (3, ("Corporate Counsel", "Compliance Analyst", "Paralegal")),
    "Marketing": (3, ("Content Writer", "Brand Designer", "Event Marketing Manager",
                      "Social Media Specialist")),
    "Sales": (5, ("Account Executive", "Sales Development Representative",
                   "Regional Sales Manager", "Sales Engineer", "Enterprise Account Executive")),
    "Revenue Operations": (1.2, ("Revenue Operations Manager", "Sales Operations Analyst",
                                 "Salesforce Administrator", "VP of Sales",
                                 "Director of Revenue Operations", "CRM Manager")),
    "Data": (1.8, ("Data Engineer", "Analytics Engineer", "Head of Data", "Data Analyst",
                   "Business Intelligence Manager")),
    "Demand Generation": (0.9, ("Demand Generation Manager", "Marketing Operations Manager",
                                "Director of Demand Generation", "Growth Marketing Manager",
                                "Chief Marketing Officer")),
    "Information Technology": (1.4, ("IT Systems Administrator", "Head of IT",
                                     "Integration Architect", "Security Engineer")),
}  # fmt: skip
RELEVANT = ("Revenue Operations", "Data", "Demand Generation", "Information Technology")
DEPARTMENT_DRAW = Weighted([(name, row[0]) for name, row in DEPARTMENTS.items()])
RELEVANT_DRAW = Weighted([(name, DEPARTMENTS[name][0]) for name in RELEVANT])

#: Mean days a posting stays open, and mean open postings of a company of 190 people.
OPEN_DAYS = 150.0
OPEN_MEAN = 6.5
#: Share of loud needs that hire for it, and how many postings then.
BURST_SHARE = 0.72
BURST = (2, 6)


@dataclass(slots=True)
class Posting:
    """One posting: open from ``opened`` until before ``closed`` (None: beyond the market's end)."""

    key: str
    number: int
    title: str
    department: str
    city: str
    region: str
    country: str
    code: str
    remote: bool
    opened: int
    second: int
    closed: int
    #: (day, new title) edits after publication.
    edits: tuple[tuple[int, str], ...]
    salary: tuple[int, int] | None
    relevant: bool
    cause: str

    def title_on(self, day: int) -> str:
        """The title as it reads at the end of a day."""
        title = self.title
        for changed, text in self.edits:
            if changed <= day:
                title = text
        return title

    def updated_on(self, day: int) -> int:
        """The last day, up to ``day``, on which the posting was published or edited."""
        return max((changed for changed, _ in self.edits if changed <= day), default=self.opened)


def _sites(company: Company, day: int) -> list[Place]:
    """Where a company hires besides at home: two sites of old, and what it has opened since."""
    own = number(f"sites|{company.domain}")
    sites = [PLACES[own % len(PLACES)], PLACES[own // len(PLACES) % len(PLACES)]]
    for event in company.events:
        if event.type == "expansion" and event.polarity == "positive" and event.day <= day:
            sites += [place for place in PLACES if place.city == event.details.get("city")]
    return sites


def postings(seed: int, company: Company, horizon: int) -> list[Posting]:
    """Every posting the company's board ever shows, by opening day; empty without a board."""
    if company.board is None:
        return []
    d = Draws(seed, company.index, JOBS)
    mean_open = min(45.0, OPEN_MEAN * (company.employees / 190) ** 0.45)
    openings = [(day, "background") for day in d.days(mean_open / OPEN_DAYS * 365, -300, horizon)]
    windows = [(n.start, n.end, "need") for n in company.needs if not n.silent]
    if company.decoy:
        windows.append((*company.decoy, "decoy"))
    for start, end, cause in windows:
        if d.chance(BURST_SHARE):
            first = start + int(d.exponential(18))
            openings += [
                (min(first + int(d.exponential(9)), end), cause) for _ in range(d.integer(*BURST))
            ]
    for event in company.events:
        if event.type == "funding_round" and d.chance(0.5):
            openings += [(event.day + int(d.exponential(25)), "funding") for _ in range(3)]
    made = []
    for day, cause in sorted(openings):
        closed = day + 5 + int(d.exponential(OPEN_DAYS - 5))
        if closed <= 0 or day >= horizon:
            continue
        relevant_cause = cause in ("need", "decoy")
        department = d.weighted(RELEVANT_DRAW if relevant_cause else DEPARTMENT_DRAW)
        title = d.pick(DEPARTMENTS[department][1])
        place = company.place if d.chance(0.75) else d.pick(_sites(company, day))
        edits = ()
        if d.chance(0.08):
            edits = ((min(day + d.integer(1, 30), closed - 1), f"{title} ({place.city})"),)
        salary = None
        if d.chance(0.35):
            low = 1000 * d.integer(45, 150)
            salary = (low, low + 1000 * d.integer(10, 50))
        made.append(
            Posting(
                key=f"{company.index}-{len(made)}",
                number=4_000_000_000 + company.index * 1000 + len(made),
                title=title,
                department=department,
                city=place.city,
                region=place.region,
                country=place.country,
                code=place.code,
                remote=d.chance(0.2),
                opened=day,
                second=d.integer(6 * 3600, 20 * 3600),
                closed=closed,
                edits=edits,
                salary=salary,
                relevant=department in RELEVANT,
                cause=cause,
            )
        )
    return made
