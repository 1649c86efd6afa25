"""Job postings of the companies with a public board: what opens, changes and closes, and when."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sandbox.market.companies import JOBS, SELDOM_JOBS, Company
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
#: Yearly rate of surges, in which a company looks for as many people as otherwise in many months,
#: and the days over which their postings open.
SURGE_RATE, SURGE_DAYS = 0.12, 18
#: Shares of postings that stand on the board under a second city too, that are posted again some
#: days after they were closed, and that a recruiting company's client has.
TWICE_SHARE, AGAIN_SHARE, CLIENT_SHARE = 0.03, 0.03, 0.5
#: Years of experience that a posting may ask for: at least, and at most where it says so.
YEARS = ((1, None), (2, None), (3, None), (5, None), (8, None), (2, 4), (3, 5), (5, 8))


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
    #: Decides the text; a posting that repeats another has the other's.
    text_key: str
    #: Key of the posting that this one repeats, and how: several_places or repost.
    repeats: str | None = None
    repeats_as: str | None = None
    #: An agency's posting for a client it does not name.
    for_client: bool = False

    @property
    def years(self) -> tuple[int, int | None] | None:
        """Years of experience that the text asks for, where it does."""
        at = number(f"years|{self.text_key}")
        return YEARS[at % len(YEARS)] if at // 100 % 100 < 55 else None

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
        if event.type == "funding_round" and event.subtype != "grant" and d.chance(0.5):
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
        key = f"{company.index}-{len(made)}"
        made.append(
            Posting(
                key=key,
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
                text_key=key,
                for_client=_recruits(company)
                and number(f"client|{key}") % 100 < 100 * CLIENT_SHARE,
            )
        )
    s = Draws(seed, company.index, SELDOM_JOBS)
    return made + _more(s, company, made, horizon)


def _recruits(company: Company) -> bool:
    return company.topic == "recruiting services"


def _more(d: Draws, company: Company, made: list[Posting], horizon: int) -> list[Posting]:
    """Surges, and postings that repeat others; drawn apart, so that they move none of those."""
    rows: list[tuple[Posting, str | None, str | None]] = []
    for posting in made:
        at = d.u()
        if at < TWICE_SHARE and not posting.edits:
            place = d.pick(PLACES)
            if place.city != posting.city:
                twin = replace(
                    posting, city=place.city, region=place.region, country=place.country,
                    code=place.code, edits=(), remote=False,
                )  # fmt: skip
                rows.append((twin, posting.key, "several_places"))
        elif TWICE_SHARE <= at < TWICE_SHARE + AGAIN_SHARE:
            opened = posting.closed + d.integer(3, 40)
            again = replace(
                posting, opened=opened, closed=opened + d.integer(20, 120),
                title=posting.title_on(posting.closed), edits=(),
            )  # fmt: skip
            if opened < horizon:
                rows.append((again, posting.key, "repost"))
    usual = max(2.0, OPEN_MEAN * (company.employees / 190) ** 0.45)
    for day in d.days(SURGE_RATE, 0, horizon):
        for _ in range(int(min(40.0, 6 + d.between(0.6, 1.2) * usual))):
            rows.append((_opening(d, company, day + d.integer(0, SURGE_DAYS)), None, None))
    found = []
    for number_, (posting, repeats, how) in enumerate(rows):
        key = f"{company.index}-m{number_}"
        if posting.opened < horizon:
            found.append(
                replace(
                    posting, key=key, number=4_500_000_000 + company.index * 1000 + number_,
                    text_key=posting.text_key if repeats else key, repeats=repeats,
                    repeats_as=how,
                )
            )  # fmt: skip
    return found


def _opening(d: Draws, company: Company, day: int) -> Posting:
    """One posting of a surge, at home."""
    department = d.weighted(DEPARTMENT_DRAW)
    place = company.place
    return Posting(
        key="", number=0, title=d.pick(DEPARTMENTS[department][1]), department=department,
        city=place.city, region=place.region, country=place.country, code=place.code,
        remote=False, opened=day, second=d.integer(6 * 3600, 20 * 3600),
        closed=day + 20 + int(d.exponential(60)), edits=(), salary=None,
        relevant=department in RELEVANT, cause="surge", text_key="",
    )  # fmt: skip
