"""Asking for people of a company whom nobody knows yet, until enough are known.

The searches of ``config/enrichment.yaml`` are asked in order. Whoever is known already is not
bought again where the search shows enough of the name; who is known to have left is not taken back
on the word of a vendor's older record. Every answer is kept and paid for once by the ledger, so
that a kill at any moment repeats no paid question.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from resources.enrichment.engine import Answered, Enricher
from resources.enrichment.people_found import FoundPerson, KnownPerson, may_be, named_among
from resources.enrichment.providers.registry import OPERATIONS, SEARCHES
from resources.enrichment.result import Enrichment
from resources.enrichment.values import Subject
from resources.enrichment.waterfall import Ask

#: The field for which the steps of a search are booked.
FIELD = "people"
#: Pages of one search at most: more than that nobody can want of one company.
MAX_PAGES = 5
#: What a search's next page is asked by, from the page's number (from 0).
PAGING = {
    "hunter.domain_search": lambda page: {"offset": str(10 * page)},
    "apollo.people_search": lambda page: {"page": str(page + 1)},
}
#: Outcomes after which a provider's further candidates are not asked for.
_ENDS = {"key_refused", "out_of_credits", "not_configured", "over_budget", "over_run_budget"}


@dataclass
class PeopleSearch:
    """What came of looking for a company's people.

    ``people`` are those whom the platform did not know, ``confirmed`` known ones of whom a vendor
    told more, ``left_out`` those known to have left. ``ended`` is ``enough``, ``nobody_left``
    (all were asked), ``credits`` (those of the company are used), ``unanswered`` (no provider
    could be asked) or ``suppressed``.
    """

    company: Subject
    wanted: int
    known: int
    searched_at: datetime
    people: list[FoundPerson] = field(default_factory=list)
    confirmed: list[FoundPerson] = field(default_factory=list)
    left_out: int = 0
    ended: str = "nobody_left"
    #: Until when the same search would bring the same.
    until: datetime | None = None
    result: Enrichment | None = None

    @property
    def contacts(self) -> int:
        """People known at the company after the search."""
        return self.known + len(self.people)

    @property
    def completeness(self) -> float:
        """Contacts known of those wanted, 0 to 100."""
        return 100.0 * min(1.0, self.contacts / self.wanted)

    @property
    def credits(self) -> float:
        """Credits that it used now."""
        return self.result.credits if self.result else 0.0

    @property
    def asked(self) -> int:
        """Questions that left the machine."""
        return self.result.asked if self.result else 0


def find_people(
    enricher: Enricher,
    company: Subject,
    known: Sequence[KnownPerson],
    wanted: int | None = None,
    collected: Mapping[str, set[str]] | None = None,
) -> PeopleSearch:
    """Ask for people of ``company`` beside those ``known``, until ``wanted`` are.

    ``wanted`` is bound by the rule's ``most``; without it, by the company's size and the rule's own
    ``wanted``. ``collected`` are keys of people by provider whose records another source of the
    line brings already; they are not bought here.
    """
    rule = enricher.config.people_search
    search = PeopleSearch(
        company, min(wanted or rule.wanted, rule.most),
        sum(person.is_current for person in known), enricher.now(),
        result=Enrichment(company, "deep_research"),
    )  # fmt: skip
    if not enricher.suppressions.is_readable or enricher.suppressions.forbids(
        Subject("person", "", "", company.company_id, company.company_name, company.domain, {})
    ):
        search.ended = "suppressed"
    elif search.contacts >= search.wanted:
        search.ended = "enough"
    else:
        _Search(enricher, search, list(known), dict(collected or {})).run(rule.ask)
    if search.until is None:
        search.until = search.searched_at + timedelta(hours=24)
    enricher.log(search.result)
    return search


class _Search:
    """One company's search on its way."""

    def __init__(
        self,
        enricher: Enricher,
        search: PeopleSearch,
        known: list[KnownPerson],
        collected: dict[str, set[str]],
    ) -> None:
        self.enricher = enricher
        self.search = search
        self.known = known
        self.collected = collected
        self.limit = enricher.config.people_search.credits_per_company

    def run(self, order: Sequence[str]) -> None:
        """Ask one provider after the other until enough are known."""
        answered = False
        for operation in order:
            for page in self._pages(operation):
                answered = True
                self._take(operation, page)
                if self._is_over():
                    return
        self.search.ended = "nobody_left" if answered else "unanswered"

    def _is_over(self) -> bool:
        if self.search.contacts >= self.search.wanted:
            self.search.ended = "enough"
        elif self.search.credits >= self.limit:
            self.search.ended = "credits"
        else:
            return False
        return True

    def _pages(self, operation: str) -> Iterator[Answered]:
        for page in range(MAX_PAGES):
            more = PAGING[operation](page) if operation in PAGING else {}
            answered = self._ask(operation, more)
            if answered is None:
                return
            yield answered
            if not answered.more or operation not in PAGING:
                return

    def _ask(self, operation: str, values: Mapping[str, str]) -> Answered | None:
        question = OPERATIONS[operation].question(self.search.company, values)
        if question is None:
            return None
        answered = self.enricher.answer(self.search.result, Ask(operation, FIELD), question)
        if answered is not None:
            ends = self.search.until
            self.search.until = min(ends, answered.expires_at) if ends else answered.expires_at
        return answered

    def _take(self, operation: str, page: Answered) -> None:
        """What a page names: people themselves, or candidates to be asked for one by one."""
        teller = SEARCHES[operation]
        if teller is None:
            for row in page.people:
                self._keep(row)
            return
        source = operation.split(".", maxsplit=1)[0]
        for candidate in page.people:
            if candidate["candidate"] in self.collected.get(source, ()):
                continue
            shown = [p for p in self.known if may_be(candidate, p.full_name)]
            if shown:
                self.search.left_out += not any(p.is_current for p in shown)
                continue
            answered = self._ask(teller, {"candidate": candidate["candidate"]})
            for row in answered.people if answered else ():
                self._keep(row)
            if self._is_over() or self.search.result.steps[-1].outcome in _ENDS:
                return

    def _keep(self, row: Mapping[str, Any]) -> None:
        """Somebody told: new, known already, or known to have left and not believed back."""
        if self.enricher.forbids_person(self.search.company, row):
            return
        person = FoundPerson(**row)
        same = named_among(person.full_name, self.known)
        if same is not None and not same.is_current:
            self.search.left_out += 1
        elif same is not None:
            self.search.confirmed.append(person)
        elif self.search.contacts < self.enricher.config.people_search.most:
            self.search.people.append(person)
            self.known.append(KnownPerson(person.full_name, person.title))
