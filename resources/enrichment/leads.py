"""Whom to enrich: companies and people of the current publication, as subjects."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from resources.clock import utc_now
from resources.enrichment.people_found import KnownPerson
from resources.enrichment.values import FIELDS, Subject
from resources.publication import Publication, PublicationError, connect_published, of_earlier_day
from resources.publication.reading import ask, connect_to

_PERSON_FIELDS = ("email", "linkedin_url", "phone", "title")
#: People whose word counts most come first.
_LEVELS = ("c_suite", "vp", "director", "manager")

_COMPANIES = "select company_id, name, domain from core.companies"
#: What need not be asked: what a record holds, what a vendor told lately of its own accord, and the
#: technologies of a vendor's profile that is fetched anyway. What enrichment was told on asking is
#: its own, and asked again when it is too old.
_GIVEN = """
    select company_id, field, value, source
    from core.company_fields
    where company_id in (select unnest($companies)) and is_used
        and field in (select unnest($fields))
        and (origin = 'record' or (origin = 'told' and valid_until > $now))
    union all
    select company_id, 'technologies',
        cast(to_json(list(technology order by technology)) as varchar), min(source)
    from core.company_technologies
    where company_id in (select unnest($companies)) and method = 'api' and is_current
    group by company_id
"""
_PEOPLE = """
    select person_id, company_id, full_name, title, level, email, linkedin_url, phone, source
    from core.people
    where company_id in (select unnest($companies)) and is_current and full_name is not null
"""
_BEST = """
    select company_id, min(lead_rank) as place
    from leads.leads
    group by company_id
    order by place, company_id
    limit $leads
"""
#: Best leads whose group of the default profile lacks contacts.
_INCOMPLETE = """
    select leads.company_id, min(leads.lead_rank) as place
    from leads.leads as leads
    left join buying_groups.buyer_groups as groups
        on leads.organisation_id = groups.organisation_id
        and leads.icp_profile_id = groups.icp_profile_id
        and leads.company_id = groups.company_id
    where coalesce(groups.contact_completeness, 0) < 100
    group by leads.company_id
    order by place, leads.company_id
"""
#: Everybody of whom the platform knows that they work or worked there.
_EVERYBODY = """
    select people.full_name, employments.title, employments.is_current
    from core.employments as employments
    inner join core.people as people on employments.person_id = people.person_id
    where employments.company_id = $company_id and people.full_name is not null
    order by employments.is_current desc, people.full_name, employments.employment_id
"""
#: Who a person's id, of now or of before a merge, or address, leads to.
_BECOME = """
    select person_id from core.person_aliases
    where alias = $alias and alias_type in ('person_id', 'email')
"""
_WANTED = """
    select max(employee_count) as employees from core.companies where company_id = $company_id
"""


class NoSuchCompanyError(Exception):
    """A company is not in the publication, or several fit; the message says which."""


class Leads:
    """Companies and people of a publication, the current one unless told, read-only."""

    def __init__(
        self,
        published: Path,
        now: Callable[[], datetime] = utc_now,
        publication: Publication | None = None,
    ) -> None:
        self._connection = connect_to(publication) if publication else connect_published(published)
        self._now = now

    def close(self) -> None:
        """Give the connection back."""
        self._connection.close()

    def __enter__(self) -> Leads:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def best(self, leads: int) -> list[Subject]:
        """The best leads, best first."""
        ranked = [row["company_id"] for row in self._rows(_BEST, {"leads": leads})]
        return self.subjects(ranked)

    def people(self, company: Subject, limit: int | None = None) -> list[Subject]:
        """People who work at a company now; those of high level first, then by name."""
        rows = self._rows(_PEOPLE, {"companies": [company.company_id]})
        rows.sort(
            key=lambda r: (
                _LEVELS.index(r["level"]) if r["level"] in _LEVELS else len(_LEVELS),
                r["full_name"],
                r["person_id"],
            )
        )
        return [_person(row, company) for row in rows[:limit]]

    def incomplete(self) -> list[str]:
        """Ids of leads whose buying groups lack contacts, the best first."""
        return [row["company_id"] for row in self._rows(_INCOMPLETE, {})]

    def subjects(self, company_ids: Sequence[str]) -> list[Subject]:
        """Companies by id, in that order."""
        found = {s.company_id: s for s in self._companies(company_ids)}
        return [found[company_id] for company_id in company_ids if company_id in found]

    def everybody(self, company: Subject) -> list[KnownPerson]:
        """Everybody known to work or to have worked at a company."""
        rows = self._rows(_EVERYBODY, {"company_id": company.company_id})
        return [KnownPerson(r["full_name"], r["title"], bool(r["is_current"])) for r in rows]

    def become(self, alias: str) -> str | None:
        """The id of today of the person whom an id of any time, or an e-mail address, means."""
        rows = self._rows(_BECOME, {"alias": alias.strip().lower()})
        return rows[0]["person_id"] if rows else None

    def employees(self, company: Subject) -> int | None:
        """How many people work at a company, if that is known."""
        (row,) = self._rows(_WANTED, {"company_id": company.company_id})
        return row["employees"]

    def find(self, text: str) -> Subject:
        """A company by id, domain or name. Raises ``NoSuchCompanyError``."""
        wanted = text.strip()
        domain = wanted.lower().removeprefix("https://").removeprefix("http://")
        domain = domain.removeprefix("www.").split("/")[0]
        for condition, value in (
            ("company_id = $value", wanted),
            ("lower(domain) = $value", domain),
            ("lower(name) = $value", wanted.lower()),
            ("contains(lower(name), $value)", wanted.lower()),
        ):
            query = f"{_COMPANIES} where {condition} order by name limit 6"
            rows = self._rows(query, {"value": value})
            if len(rows) == 1:
                return next(self._subjects(rows))
            if rows:
                named = [f"{r['name']} ({r['domain'] or r['company_id']})" for r in rows[:5]]
                said = "; ".join(named)
                raise NoSuchCompanyError(f"several companies fit {text!r}: {said}; name the domain")
        raise NoSuchCompanyError(
            f"no company of the current publication is {text!r}; name its domain, or add it to the "
            "list of companies"
        )

    def _companies(self, company_ids: Sequence[str]) -> Iterator[Subject]:
        query = f"{_COMPANIES} where company_id in (select unnest($companies))"
        yield from self._subjects(self._rows(query, {"companies": list(company_ids)}))

    def _subjects(self, companies: Sequence[dict[str, Any]]) -> Iterator[Subject]:
        given: dict[str, dict[str, tuple[str, str]]] = {}
        wanted = {
            "companies": [row["company_id"] for row in companies],
            "fields": list(FIELDS["company"]),
            # The publication's times are UTC without a zone.
            "now": self._now().astimezone(UTC).replace(tzinfo=None),
        }
        for row in self._rows(_GIVEN, wanted):
            known = given.setdefault(row["company_id"], {})
            known[row["field"]] = (row["value"], row["source"])
        for row in companies:
            yield _company(row, given.get(row["company_id"], {}))

    def _rows(self, query: str, parameters: dict[str, Any]) -> list[dict[str, Any]]:
        return ask(self._connection, query, parameters)


def open_leads(published: Path) -> Leads | None:
    """The current publication's leads; None before the first publication."""
    try:
        return Leads(published)
    except PublicationError:
        return None


def leads_before(published: Path, day: date) -> Leads | None:
    """The leads of the newest publication of a day before ``day``; None when there is none.

    A day's runs go by the day before, also when news were published meanwhile: a second run asks
    what the first one asked, and what is known already answers it.
    """
    publication = of_earlier_day(published, day)
    return Leads(published, publication=publication) if publication else None


def _company(row: dict[str, Any], given: dict[str, tuple[str, str]]) -> Subject:
    return Subject(
        "company", row["company_id"], row["name"] or row["domain"] or "", row["company_id"],
        row["name"] or "", row["domain"], given,
    )  # fmt: skip


def _person(row: dict[str, Any], company: Subject) -> Subject:
    given = {name: (row[name], row["source"]) for name in _PERSON_FIELDS if row[name]}
    return Subject(
        "person", row["person_id"], row["full_name"], company.company_id, company.name,
        company.domain, given,
    )  # fmt: skip
