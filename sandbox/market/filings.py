"""What companies with an SEC number file: Form D for rounds, 8-K for changes, and the rest."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sandbox.market.companies import FILINGS, Company
from sandbox.market.draws import Draws, Weighted
from sandbox.market.events import Event, person
from sandbox.market.seldom import NO_FORM_D

#: The index names the page for people; the raw XML lies beside it as ``primary_doc.xml``.
FORM_D_DOCUMENT = "xslFormDX01/primary_doc.xml"
#: Share of private US rounds for which a Form D is filed, late ones among them.
FORM_D_SHARE = 0.75
AMENDMENT_SHARE = 0.14
INDEFINITE_SHARE = 0.05
#: Yearly 8-Ks that tell of no executive change, and pay-only 5.02 among companies that file.
OTHER_8K_RATE = 1.8
PAY_ONLY_RATE = 0.35
DIRECTOR_RATE = 0.15

OTHER_ITEMS = Weighted(
    [
        (("2.02", "9.01"), 5),
        (("7.01", "9.01"), 3),
        (("8.01",), 3),
        (("1.01", "9.01"), 2),
        (("1.01", "2.03", "9.01"), 1),
        (("5.07",), 1.5),
        (("3.02",), 0.5),
        (("5.03", "9.01"), 0.5),
        (("2.05",), 0.4),
    ]
)


@dataclass(slots=True)
class Filing:
    """One filing as the submissions index lists it."""

    accession: str
    form: str
    day: int
    second: int
    report_day: int
    items: tuple[str, ...]
    document: str
    description: str
    #: Tells the writer of the document what to write.
    kind: str
    event: Event | None = None
    details: dict[str, Any] = field(default_factory=dict)


def weekday(day: int, start: date) -> int:
    """The day itself or, on a weekend, the next Monday; EDGAR takes no filings on weekends."""
    number = (start + timedelta(days=day)).weekday()
    return day + (7 - number if number > 4 else 0)


def _form_d(d: Draws, company: Company, event: Event, start: date) -> list[Filing]:
    lag = d.integer(2, 16) if d.chance(0.85) else d.integer(17, 60)
    day = weekday(event.day + lag, start)
    total = int(event.details["amount_usd"])
    sold = total if d.chance(0.6) else int(total * d.between(0.3, 0.98))
    details = {
        "total": total,
        "sold": sold,
        "indefinite": d.chance(INDEFINITE_SHARE),
        "investors": d.integer(1, 24),
        "minimum": d.pick((0, 0, 10_000, 25_000, 100_000)),
        "persons": [person(d) for _ in range(d.integer(1, 4))],
        "debt": event.subtype == "debt_financing",
        "first_sale": event.day if d.chance(0.93) else None,
        "amends": None,
    }
    made = [_filing(d, "D", day, event.day, FORM_D_DOCUMENT, "", "form_d", event, details)]
    if d.chance(AMENDMENT_SHARE):
        later = weekday(day + d.integer(10, 90), start)
        update = details | {"sold": total, "investors": details["investors"] + 2, "amends": made[0]}
        made.append(
            _filing(
                d,
                "D/A",
                later,
                event.day,
                FORM_D_DOCUMENT,
                "",
                "form_d",
                event,
                update,
            )
        )
    return made


def _filing(
    d: Draws,
    form: str,
    day: int,
    report_day: int,
    document: str,
    description: str,
    kind: str,
    event: Event | None = None,
    details: dict[str, Any] | None = None,
    items: tuple[str, ...] = (),
) -> Filing:
    return Filing(
        "", form, day, d.integer(43_200, 75_600), report_day, items, document, description, kind,
        event, details or {},
    )  # fmt: skip


def filings(seed: int, start: date, company: Company, horizon: int) -> list[Filing]:
    """Every filing of one company, oldest first; empty without an SEC number."""
    if company.cik is None:
        return []
    d = Draws(seed, company.index, FILINGS)
    made: list[Filing] = []
    fund = company.industry.name == "Investment Management"
    eight_k = f"{company.slug.replace('-', '')[:8]}8k.htm"
    for event in company.events:
        if (
            event.type == "funding_round"
            and not company.listed
            and company.place.code == "US"
            and event.subtype not in NO_FORM_D
            and d.chance(FORM_D_SHARE)
        ):
            made += _form_d(d, company, event, start)
        elif company.listed and event.type == "executive_change":
            if event.details["level"] == "c_suite" and d.chance(0.95):
                day = weekday(event.day + d.integer(0, 4), start)
                items = ("5.02", "9.01") if d.chance(0.5) else ("5.02",)
                made.append(
                    _filing(d, "8-K", day, event.day, eight_k, "8-K", "executive", event, {}, items)
                )
        elif company.listed and event.type == "acquisition" and d.chance(0.6):
            items = ("1.01", "7.01") if event.status == "planned" else ("2.01", "9.01")
            day = weekday(event.day + d.integer(0, 4), start)
            made.append(
                _filing(d, "8-K", day, event.day, eight_k, "8-K", "acquisition", event, {}, items)
            )
    if fund:
        for day in d.days(1.2, 0, horizon):
            details = {
                "total": d.integer(5, 400) * 1_000_000, "sold": d.integer(1, 5) * 1_000_000,
                "indefinite": d.chance(0.6), "investors": d.integer(3, 90), "minimum": 100_000,
                "persons": [person(d)], "debt": False, "first_sale": day - 5, "amends": None,
                "pooled": True,
            }  # fmt: skip
            at = weekday(day, start)
            made.append(_filing(d, "D", at, day, FORM_D_DOCUMENT, "", "form_d", None, details))
    if company.listed:
        for day in d.days(OTHER_8K_RATE, 0, horizon):
            items = d.weighted(OTHER_ITEMS)
            made.append(
                _filing(
                    d, "8-K", weekday(day, start), day, eight_k, "8-K", "other", None, {}, items
                )
            )
        for rate, kind in ((PAY_ONLY_RATE, "pay_only"), (DIRECTOR_RATE, "director")):
            for day in d.days(rate, 0, horizon):
                items = ("5.02",) if d.chance(0.5) else ("5.02", "9.01")
                details = {"person": person(d)}
                made.append(
                    _filing(
                        d,
                        "8-K",
                        weekday(day, start),
                        day,
                        eight_k,
                        "8-K",
                        kind,
                        None,
                        details,
                        items,
                    )
                )
        for day in range(-360, horizon, 91):
            form = "10-K" if (day // 91) % 4 == 0 else "10-Q"
            at = weekday(day + company.index % 60, start)
            made.append(_filing(d, form, at, at - 35, f"{form.lower()}.htm", form, "report"))
        # Officers' trades fill the index of real filers; a few companies need its paging files.
        for day in d.days(110 if d.chance(0.15) else 5, -360, horizon):
            at = weekday(day, start)
            made.append(_filing(d, "4", at, at - 2, "xslF345X05/form4.xml", "FORM 4", "trade"))
    made.sort(key=lambda f: (f.day, f.second))
    counts: dict[int, int] = {}
    for filing in made:
        year = (start + timedelta(days=filing.day)).year
        counts[year] = counts.get(year, 0) + 1
        filing.accession = f"{company.cik:010d}-{year % 100:02d}-{counts[year]:06d}"
        if filing.kind == "form_d" and filing.event is not None:
            filing.event.tellings.append(("sec_edgar", "form_d", filing.accession, filing.day))
        elif filing.kind in ("executive", "acquisition"):
            filing.event.tellings.append(("sec_edgar", "form_8k", filing.accession, filing.day))
    return made
