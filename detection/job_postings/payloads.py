"""What each vendor's answer says of one posting, in one shape: no words are read here.

The fields are those of the recorded answers of Greenhouse, Lever, Ashby, Workday, Adzuna and
USAJobs. A field that a vendor does not have is None or empty.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from detection.job_postings.pay import Pay


@dataclass(frozen=True, slots=True)
class Advert:
    """One posting as its vendor states it."""

    title: str | None
    department: str | None = None
    #: The employer as stated; None where the board is the employer's own and names nobody.
    company_name: str | None = None
    #: Locations as written, the first one first.
    locations: tuple[str, ...] = ()
    #: Places stated field by field: (city, region, country), any of them None.
    addresses: tuple[tuple[str | None, str | None, str | None], ...] = ()
    country: str | None = None
    workplace: str | None = None
    employment: str | None = None
    pay: Pay | None = None
    description: str = ""
    #: Further blocks with their headings.
    headed: tuple[tuple[str, str], ...] = ()
    #: Pay as the vendor writes it in words.
    pay_text: str | None = None
    opened_on: date | None = None
    changed_at: datetime | None = None
    closes_on: date | None = None
    url: str | None = None
    #: True and False as the vendor says; None where it does not say.
    is_remote: bool | None = field(default=None)


Payload = Mapping[str, Any]


def _text(value: object) -> str | None:
    if not isinstance(value, str):
        return None
    return value.strip() or None


def _map(value: object) -> Payload:
    return value if isinstance(value, Mapping) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _amount(value: object) -> float | None:
    if isinstance(value, bool):
        return None
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return None
    return number if 0 < number < 1e9 else None


def _moment(value: object) -> datetime | None:
    """An ISO time or epoch milliseconds as UTC; None for others and for years nobody means."""
    try:
        if isinstance(value, int | float) and not isinstance(value, bool):
            moment = datetime.fromtimestamp(value / 1000, UTC)
        elif isinstance(value, str) and value:
            moment = datetime.fromisoformat(value)
        else:
            return None
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return moment if 1990 <= moment.year <= 2100 else None


def _day(value: object) -> date | None:
    moment = _moment(value)
    return moment.date() if moment else None


def _range(
    low: object, high: object, currency: object, period: str | None, told: str
) -> Pay | None:
    least, most = _amount(low), _amount(high)
    if least is None and most is None:
        return None
    code = (
        currency.strip().upper()
        if isinstance(currency, str) and len(currency.strip()) == 3
        else None
    )
    return Pay(least, most, code, period, told)


def greenhouse(job: Payload) -> Advert:
    """One job of ``/v1/boards/<token>/jobs?content=true``."""
    departments = _list(job.get("departments"))
    stated = {
        str(_map(item).get("name", "")).casefold(): _map(item).get("value")
        for item in _list(job.get("metadata"))
    }
    workplace = next(
        (_text(stated[name]) for name in ("location type", "workplace type", "work model",
                                          "remote", "workplace") if _text(stated.get(name))),
        None,
    )  # fmt: skip
    offices = [_map(office) for office in _list(job.get("offices"))]
    location = _text(_map(job.get("location")).get("name"))
    places = [location] if location else []
    places += [p for o in offices if (p := _text(o.get("location"))) and p not in places]
    pay = None
    for told in _list(job.get("pay_input_ranges")):
        told = _map(told)
        cents = (_amount(told.get("min_cents")), _amount(told.get("max_cents")))
        pay = _range(
            cents[0] and cents[0] / 100,
            cents[1] and cents[1] / 100,
            told.get("currency_type"),
            None,
            f"pay_input_ranges={told.get('title') or ''}",
        )
        if pay is not None:
            break
    return Advert(
        title=_text(job.get("title")),
        department=_text(_map(departments[0]).get("name")) if departments else None,
        company_name=_text(job.get("company_name")),
        locations=tuple(places),
        workplace=workplace,
        employment=_text(stated.get("employment type") or stated.get("time type")),
        pay=pay,
        description=job["content"] if isinstance(job.get("content"), str) else "",
        opened_on=_day(job.get("first_published")),
        changed_at=_moment(job.get("updated_at")),
        closes_on=_day(job.get("application_deadline")),
        url=_text(job.get("absolute_url")),
    )


_LEVER_PERIODS = {"year": "year", "month": "month", "week": "week", "day": "day", "hour": "hour"}


def lever(job: Payload) -> Advert:
    """One posting of ``/v0/postings/<site>?mode=json``."""
    categories = _map(job.get("categories"))
    places = [p for p in _list(categories.get("allLocations")) if _text(p)]
    first = _text(categories.get("location"))
    if first:
        places = [first, *(p for p in places if p != first)]
    salary = _map(job.get("salaryRange"))
    interval = str(salary.get("interval") or "")
    period = next((p for word, p in _LEVER_PERIODS.items() if word in interval), None)
    body = _text(job.get("descriptionPlain")) or _text(job.get("description")) or ""
    headed = [
        (str(_map(item).get("text") or ""), str(_map(item).get("content") or ""))
        for item in _list(job.get("lists"))
    ]
    closing = _text(job.get("additionalPlain")) or _text(job.get("additional"))
    if closing:
        headed.append(("benefits", closing))
    return Advert(
        title=_text(job.get("text")),
        department=_text(categories.get("department")) or _text(categories.get("team")),
        locations=tuple(places),
        country=_text(job.get("country")),
        workplace=_text(job.get("workplaceType")),
        employment=_text(categories.get("commitment")),
        pay=_range(
            salary.get("min"), salary.get("max"), salary.get("currency"), period,
            f"salaryRange={salary.get('min')}-{salary.get('max')} "
            f"{salary.get('currency')} {interval}",
        ),
        pay_text=_text(job.get("salaryDescriptionPlain")) or _text(job.get("salaryDescription")),
        description=body,
        headed=tuple(headed),
        opened_on=_day(job.get("createdAt")),
        changed_at=_moment(job.get("updatedAt")),
        url=_text(job.get("hostedUrl")),
    )  # fmt: skip


_ASHBY_PERIODS = {"YEAR": "year", "MONTH": "month", "WEEK": "week", "DAY": "day", "HOUR": "hour"}


def ashby(job: Payload) -> Advert:
    """One job of ``/posting-api/job-board/<name>?includeCompensation=true``."""
    told = [job, *(_map(item) for item in _list(job.get("secondaryLocations")))]
    addresses, places = [], []
    for place in told:
        address = _map(_map(place.get("address")).get("postalAddress"))
        addresses.append(
            (
                _text(address.get("addressLocality")),
                _text(address.get("addressRegion")),
                _text(address.get("addressCountry")),
            )
        )
        places.append(_text(place.get("location")) or "")
    compensation = _map(job.get("compensation"))
    pay = None
    for part in _list(compensation.get("summaryComponents")):
        part = _map(part)
        if part.get("compensationType") not in ("Salary", None):
            continue
        unit = str(part.get("interval") or "").split(" ")[-1].upper()
        summary = _text(compensation.get("compensationTierSummary")) or "summaryComponents"
        pay = _range(
            part.get("minValue"), part.get("maxValue"), part.get("currencyCode"),
            _ASHBY_PERIODS.get(unit), f"compensation={summary}",
        )  # fmt: skip
        if pay is not None:
            break
    return Advert(
        title=_text(job.get("title")),
        department=_text(job.get("department")) or _text(job.get("team")),
        locations=tuple(places),
        addresses=tuple(addresses),
        workplace=_text(job.get("workplaceType")),
        employment=_text(job.get("employmentType")),
        pay=pay,
        pay_text=_text(compensation.get("compensationTierSummary")),
        description=_text(job.get("descriptionHtml")) or _text(job.get("descriptionPlain")) or "",
        opened_on=_day(job.get("publishedAt")),
        changed_at=_moment(job.get("updatedAt")),
        url=_text(job.get("jobUrl")),
        is_remote=job["isRemote"] if isinstance(job.get("isRemote"), bool) else None,
    )


def workday(job: Payload) -> Advert:
    """The ``jobPostingInfo`` of a job's own page below ``/wday/cxs/<tenant>/<site>/job/...``."""
    info = _map(job.get("jobPostingInfo")) or job
    places = [_text(info.get("location")) or ""]
    places += [str(p) for p in _list(info.get("additionalLocations"))]
    country = _map(info.get("country"))
    return Advert(
        title=_text(info.get("title")),
        company_name=_text(_map(job.get("hiringOrganization")).get("name")),
        locations=tuple(p for p in places if p),
        country=_text(country.get("descriptor")),
        workplace=_text(info.get("remoteType")),
        employment=_text(info.get("timeType")),
        description=_text(info.get("jobDescription")) or "",
        opened_on=_day(info.get("startDate")),
        closes_on=_day(info.get("endDate")),
        url=_text(info.get("externalUrl")),
    )


#: Countries of Adzuna's national searches, with their currency.
ADZUNA_COUNTRIES = {
    "at": ("Austria", "EUR"), "au": ("Australia", "AUD"), "be": ("Belgium", "EUR"),
    "br": ("Brazil", "BRL"), "ca": ("Canada", "CAD"), "ch": ("Switzerland", "CHF"),
    "de": ("Germany", "EUR"), "es": ("Spain", "EUR"), "fr": ("France", "EUR"),
    "gb": ("United Kingdom", "GBP"), "in": ("India", "INR"), "it": ("Italy", "EUR"),
    "mx": ("Mexico", "MXN"), "nl": ("Netherlands", "EUR"), "nz": ("New Zealand", "NZD"),
    "pl": ("Poland", "PLN"), "sg": ("Singapore", "SGD"), "us": ("United States", "USD"),
    "za": ("South Africa", "ZAR"),
}  # fmt: skip


def adzuna(job: Payload) -> Advert:
    """One result of ``/v1/api/jobs/<country>/search/<page>``; a predicted salary is no salary."""
    location = _map(job.get("location"))
    area = [str(part) for part in _list(location.get("area"))]
    name, currency = ADZUNA_COUNTRIES.get((area[0] if area else "").casefold(), (None, None))
    if name is None and area:
        name = {"UK": "United Kingdom"}.get(area[0], area[0])
        currency = next((c for n, c in ADZUNA_COUNTRIES.values() if n == name), None)
    predicted = str(job.get("salary_is_predicted") or "0") == "1"
    pay = None
    if not predicted:
        pay = _range(
            job.get("salary_min"), job.get("salary_max"), currency, None,
            f"salary_min={job.get('salary_min')}, salary_max={job.get('salary_max')}",
        )  # fmt: skip
    times = {"full_time": "full_time", "part_time": "part_time"}
    contract = {"contract": "contract"}.get(str(job.get("contract_type") or ""))
    return Advert(
        title=_text(job.get("title")),
        department=_text(_map(job.get("category")).get("label")),
        company_name=_text(_map(job.get("company")).get("display_name")),
        locations=tuple(filter(None, (_text(location.get("display_name")),))),
        # From the country down: country, region, county, town.
        addresses=((area[-1] if len(area) > 2 else None, area[1] if len(area) > 1 else None, name),)
        if area
        else (),
        country=name,
        employment=contract or times.get(str(job.get("contract_time") or "")),
        pay=pay,
        description=_text(job.get("description")) or "",
        opened_on=_day(job.get("created")),
        url=_text(job.get("redirect_url")),
    )


#: Codes of USAJobs for the period of pay (https://developer.usajobs.gov/codelist/remunerationrateintervalcodes).
_USAJOBS_PERIODS = {"PA": "year", "PH": "hour", "PD": "day", "BW": None, "PM": "month"}


def usajobs(job: Payload) -> Advert:
    """One item of ``/api/search``: its ``MatchedObjectDescriptor``."""
    told = _map(job.get("MatchedObjectDescriptor"))
    details = _map(_map(told.get("UserArea")).get("Details"))
    places = [
        _text(_map(place).get("LocationName")) or ""
        for place in _list(told.get("PositionLocation"))
    ]
    addresses = tuple(
        (
            (_text(_map(p).get("CityName")) or "").partition(",")[0] or None,
            _text(_map(p).get("CountrySubDivisionCode")),
            _text(_map(p).get("CountryCode")),
        )
        for p in _list(told.get("PositionLocation"))
    )
    shown = _text(told.get("PositionLocationDisplay"))
    pay = None
    for part in _list(told.get("PositionRemuneration")):
        part = _map(part)
        code = str(part.get("RateIntervalCode") or "")
        pay = _range(
            part.get("MinimumRange"), part.get("MaximumRange"), "USD", _USAJOBS_PERIODS.get(code),
            f"PositionRemuneration={part.get('MinimumRange')}-{part.get('MaximumRange')} {code}",
        )  # fmt: skip
        if pay is not None:
            break
    remote = details.get("RemoteIndicator")
    schedule = _list(told.get("PositionSchedule"))
    headed = tuple(
        (heading, block if isinstance(block, str) else "\n".join(map(str, _list(block))))
        for heading, block in (
            ("Responsibilities", details.get("MajorDuties")),
            ("Qualifications", told.get("QualificationSummary")),
            ("Requirements", details.get("KeyRequirements")),
        )
        if block
    )
    return Advert(
        title=_text(told.get("PositionTitle")),
        department=_text(_map((_list(told.get("JobCategory")) or [None])[0]).get("Name")),
        company_name=_text(told.get("OrganizationName")),
        locations=tuple(filter(None, places or [shown])),
        addresses=addresses,
        country="United States",
        employment=_text(_map(schedule[0]).get("Name")) if schedule else None,
        pay=pay,
        description=_text(details.get("JobSummary")) or "",
        headed=headed,
        opened_on=_day(told.get("PublicationStartDate")),
        closes_on=_day(told.get("ApplicationCloseDate")),
        url=_text(told.get("PositionURI")),
        is_remote=remote if isinstance(remote, bool) else None,
    )


def mapped(record: Payload) -> Advert:
    """A posting that a mapping brought from a vendor's export: its typed ``fields``."""
    told = _map(record.get("fields"))
    remote, salary = told.get("remote_option"), _text(told.get("salary"))
    return Advert(
        title=_text(told.get("title")),
        department=_text(told.get("department")),
        company_name=_text(told.get("company_name")),
        locations=tuple(filter(None, (_text(told.get("location")),))),
        country=_text(told.get("country")),
        workplace=_text(remote),
        employment=_text(told.get("employment_type")),
        # Named as what it is: a single sum counts as pay only where it is called so.
        pay_text=f"Salary: {salary}" if salary else None,
        description=_text(told.get("description")) or "",
        opened_on=_day(told.get("posted_on")),
        closes_on=_day(told.get("closed_on")),
        url=_text(told.get("source_url")),
        is_remote=True if str(remote).casefold() in ("true", "yes") else None,
    )


#: Name under which ``advert_of`` knows the records that mappings make, whatever their source.
MAPPED = "mapped"

#: How each source's payload is understood.
VENDORS: dict[str, Callable[[Payload], Advert]] = {
    "greenhouse": greenhouse,
    "lever": lever,
    "ashby": ashby,
    "workday": workday,
    "adzuna": adzuna,
    "usajobs": usajobs,
    MAPPED: mapped,
}


def advert_of(source: str, payload: Payload) -> Advert:
    """A vendor's payload in the common shape. Raises KeyError for a source without one."""
    return VENDORS[source](payload)
