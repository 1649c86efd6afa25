"""Who the companies are: name, home, size, industry, identifiers, and what vendors know of them."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import lru_cache

from sandbox.market.draws import Draws, Weighted, number
from sandbox.market.words import (
    COUNTRY_FIT,
    HEADS,
    INDUSTRIES,
    INDUSTRY_DRAW,
    MIDDLES,
    PLACE_DRAW,
    ROOTS,
    TAILS,
    Industry,
    Place,
)

#: Streams of random numbers, one per subject, so that adding a draw to one leaves the others.
CORE, BUYING, EVENTS, STACK, JOBS, PEOPLE, FILINGS, CRM, PRESS, NOISE = range(1, 11)
SELDOM, SELDOM_PRESS, SELDOM_JOBS = range(11, 14)
#: Far from the others, so that a new subject may take the next number.
ECHO = 101

#: Every 33rd company bears the name of an earlier one (3% homonyms).
HOMONYM_EVERY = 33
#: Steps through the coined roots; coprime to their number, so that roots do not repeat early.
ROOT_STRIDE = 7919

LEGAL_FORMS = {
    "US": ("Inc.", "Inc.", "Corp.", "LLC"),
    "GB": ("Ltd", "Limited", "PLC"),
    "DE": ("GmbH", "AG", "SE"),
    "CA": ("Inc.", "Ltd."),
    "FR": ("SAS", "SA"),
    "NL": ("B.V.", "N.V."),
    "SE": ("AB",),
    "ES": ("S.L.", "S.A."),
    "IE": ("Ltd", "DAC"),
    "AU": ("Pty Ltd",),
    "IN": ("Pvt Ltd",),
    "SG": ("Pte. Ltd.",),
}
BOARD_VENDORS = Weighted([("greenhouse", 0.5), ("lever", 0.28), ("ashby", 0.22)])
#: Companies of so many people and more may have a Workday site.
WORKDAY_FROM = 500
#: Mean yearly rate of needs before the fit multiplier; calibrated so that about 9% are in-market.
NEED_RATE = 0.235


@dataclass(slots=True)
class Company:
    """One company as it truly is; vendors each tell a part of it, some of it wrongly."""

    index: int
    name: str
    legal_name: str
    domain: str
    industry: Industry
    place: Place
    employees: int
    founded: int
    topic: str
    #: SEC number, or None. ``listed`` companies file 8-K; the other filers only Form D.
    cik: int | None
    listed: bool
    #: (vendor, token) or None.
    board: tuple[str, str] | None
    #: How much likelier than average a need arises here.
    fit: float
    #: Yearly rate of needs.
    need_rate: float
    homonym_of: int | None
    #: Not on the user's list of target accounts.
    is_unlisted: bool
    #: Left empty in the user's list.
    hides_domain: bool
    hides_cik: bool
    needs: list = field(default_factory=list)
    events: list = field(default_factory=list)
    opportunities: list = field(default_factory=list)
    decoy: tuple[int, int] | None = None
    #: Day the CRM got an account for it, or None.
    crm_since: int | None = None
    wants_account: bool = False

    @property
    def cik10(self) -> str | None:
        """The CIK as EDGAR writes it, ten digits."""
        return None if self.cik is None else f"{self.cik:010d}"

    @property
    def slug(self) -> str:
        """First label of the domain."""
        return self.domain.split(".", 1)[0]


def plain(text: str) -> str:
    """Lower-case letters and digits only, for domains and addresses."""
    swaps = str.maketrans("àáâäåçèéêëíîïñóôöùúûüø", "aaaaaceeeeiiinooouuuuo")
    return "".join(c for c in text.lower().translate(swaps) if c.isalnum())


@lru_cache(maxsize=200_000)
def root_name(seed: int, index: int) -> str:
    """The coined word in a company's name; different for the first 23,000 companies."""
    k = (index * ROOT_STRIDE + number(f"roots|{seed}") % ROOTS) % ROOTS
    head, rest = divmod(k, len(MIDDLES) * len(TAILS))
    middle, tail = divmod(rest, len(TAILS))
    return HEADS[head] + MIDDLES[middle] + TAILS[tail]


def brand(seed: int, index: int) -> tuple[int, str]:
    """Industry number and trade name of a company, before homonyms are made."""
    d = Draws(seed, index, CORE, 1)
    industry = d.weighted(INDUSTRY_DRAW)
    root = root_name(seed, index)
    descriptor = d.pick(INDUSTRIES[industry].descriptors)
    form = d.u()
    if form < 0.42:
        return industry, f"{root} {descriptor}"
    if form < 0.80:
        return industry, root
    if form < 0.88:
        return industry, f"{root}.ai" if industry < 5 else f"{root} & {d.pick(TAILS).title()}"
    return industry, f"{root} {d.pick(('Group', 'Works', 'One', 'Collective', 'International'))}"


def _employees(d: Draws) -> int:
    return max(4, min(30_000, round(math.exp(d.normal(math.log(190), 1.35)))))


def _size_fit(employees: int) -> float:
    for limit, fit in ((20, 0.3), (50, 0.6), (200, 1.2), (1000, 1.7), (5000, 1.1)):
        if employees < limit:
            return fit
    return 0.6


def make_company(seed: int, index: int) -> Company:
    """The company with this number, whatever others there are."""
    d = Draws(seed, index, CORE)
    industry_number, name = brand(seed, index)
    industry = INDUSTRIES[industry_number]
    place: Place = d.weighted(PLACE_DRAW)
    homonym_of = None
    cycle = index // ROOTS
    slug = plain(root_name(seed, index)) + ("" if cycle == 0 else f"-{cycle}")
    if index % HOMONYM_EVERY == HOMONYM_EVERY - 1:
        homonym_of = index - 1 - number(f"twin|{seed}|{index}") % (HOMONYM_EVERY - 1)
        twin = brand(seed, homonym_of)[1]
        exact = d.chance(0.5)
        name = twin if exact else f"{twin.split()[0].removesuffix('.ai')} {industry.descriptors[0]}"
        slug = f"{plain(twin.split()[0])}-{plain(place.city)}{index}"
    elif d.chance(0.2):
        slug += d.pick(("hq", "-group", "app", "-inc"))
    form = d.pick(LEGAL_FORMS[place.code])
    employees = _employees(d)
    crm_fit = 1.25 if d.chance(0.5) else 0.8
    fit = industry.fit * _size_fit(employees) * COUNTRY_FIT[place.country] * crm_fit
    has_cik = d.chance(0.62 if place.code == "US" else 0.14)
    listed = has_cik and d.chance(min(0.85, 0.15 + employees / 2500))
    board = None
    if d.chance(0.5):
        vendor = d.weighted(BOARD_VENDORS)
        board = (vendor, slug.replace("-", ""))
        # Large employers among them have a Workday site; told by name, so that no draw is moved.
        if employees >= WORKDAY_FROM and number(f"workday|{slug}") % 2 == 0:
            tenant = board[1]
            board = ("workday", f"{tenant}.wd{1 + number(tenant) % 5}.Careers")
    return Company(
        index=index,
        name=name,
        legal_name=f"{name} {form}",
        domain=f"{slug}.example",
        industry=industry,
        place=place,
        employees=employees,
        founded=2024 - min(60, int(2 + d.exponential(4 + math.log(employees) * 2.2))),
        topic=d.pick(industry.topics),
        cik=9_000_000 + index * 7 + 3 if has_cik else None,
        listed=listed,
        board=board,
        fit=fit,
        need_rate=NEED_RATE * min(fit, 4.5),
        homonym_of=homonym_of,
        is_unlisted=d.chance(0.05),
        hides_domain=d.chance(0.08),
        hides_cik=d.chance(0.4),
        wants_account=d.chance(0.38),
    )
