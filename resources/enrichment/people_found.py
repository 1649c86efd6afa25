"""Somebody whom a search of a company names, in one written form, and who of them is known already.

Searches answer in two ways: with people (Hunter), or with candidates whose name is partly hidden or
not told, to be asked for one by one (Apollo, Coresignal). Both are kept as plain dictionaries, as
the ledger stores them. Of a vendor's record only what tells of the position and of professional
ways to reach the person is kept: no photograph, no career elsewhere, no home.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from resources.enrichment.providers.base import same_name
from resources.enrichment.values import email, linkedin, phone, text

#: An address below this confidence is a guess, which no table should show as known.
SURE_ADDRESS = 0.8


@dataclass(frozen=True)
class KnownPerson:
    """Somebody whom the platform knows at a company. ``is_current`` False: has left."""

    full_name: str
    title: str | None = None
    is_current: bool = True


@dataclass(frozen=True)
class FoundPerson:
    """One person at a company, as one vendor tells it.

    ``record_id`` is the vendor's own key of the person, so that a later answer that shows the
    person elsewhere is a move. Days are ISO texts; ``date_precision`` says what they are precise
    to (day, month, year). ``confidence`` (0 to 1) is that the person holds the position now.
    ``cells`` are the vendor's own words for what is kept.
    """

    source: str
    record_id: str
    full_name: str
    company_name: str
    company_domain: str | None
    title: str | None = None
    email: str | None = None
    phone: str | None = None
    linkedin_url: str | None = None
    started_on: str | None = None
    date_precision: str | None = None
    confidence: float = 0.75
    basis: str = ""
    stated_at: str | None = None
    source_url: str | None = None
    cells: dict[str, Any] = field(default_factory=dict)


def person_row(
    source: str, record_id: Any, full_name: Any, asked: Mapping[str, str], **said: Any
) -> dict[str, Any] | None:
    """A person as the ledger keeps it; None without a first and a last name or a key.

    ``asked`` holds domain and name of the company. ``said`` are fields of ``FoundPerson``, raw.
    """
    name, key = text(full_name), text(record_id)
    if name is None or key is None or len(name.split()) < 2:
        return None
    read = {"title": text, "email": email, "phone": phone, "linkedin_url": linkedin}
    values = {k: read[k](v) if k in read else v for k, v in said.items()}
    return asdict(
        FoundPerson(
            source=source,
            record_id=key,
            full_name=name,
            company_name=asked.get("company", ""),
            company_domain=asked.get("domain"),
            **values,
        )
    )


def candidate_row(record_id: Any, **said: Any) -> dict[str, Any] | None:
    """Somebody to be asked for by id: what the search shows of the name, and the title."""
    key = text(record_id)
    if key is None:
        return None
    return {"candidate": key, **{name: text(value) for name, value in said.items()}}


def may_be(candidate: Mapping[str, Any], full_name: str) -> bool:
    """Whether a candidate with a hidden last name ("Br***t") can be somebody of that name.

    Without a first name there is nothing to tell by, and the answer is no.
    """
    words = full_name.split()
    first, hidden = candidate.get("first_name"), candidate.get("hidden_last_name") or ""
    if not first or len(words) < 2:
        return False
    if not same_name(f"{first} x", f"{words[0]} x"):
        return False
    shown = [re.escape(part) for part in re.split(r"[*.…]+", hidden.casefold())]
    return re.fullmatch(".*".join(shown) if len(shown) > 1 else shown[0] + ".*",
                        words[-1].casefold()) is not None  # fmt: skip


def named_among(full_name: str, people: Sequence[KnownPerson]) -> KnownPerson | None:
    """The known person who can be the one of this name; who is there before who has left."""
    fitting = [person for person in people if same_name(person.full_name, full_name)]
    return next((p for p in fitting if p.is_current), fitting[0] if fitting else None)
