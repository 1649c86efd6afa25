"""The words of ICP profiles by the names that sources use: what is wished, in which codes.

One place for all: validation, the warehouse and the pandas peer read the terms made here. Places,
industries and rounds come from the seeds (``resources.standard_codes``), roles, departments and
technologies from what titles and pages are read with (``detection``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

import pyarrow as pa

from detection.role_names import (
    AmbiguousRoleError,
    department_names,
    known_departments,
    role_names,
)
from detection.technology_vocabulary import find_technology, vocabulary
from resources import standard_codes
from resources.config_errors import ConfigurationError
from resources.icp import IcpProfile
from resources.standard_codes import UnknownWordError, folded, nearest

ICP_TERMS = pa.schema(
    [
        pa.field("organisation_id", pa.string(), nullable=False),
        pa.field("icp_profile_id", pa.string(), nullable=False),
        pa.field("term_type", pa.string(), nullable=False),
        pa.field("stated_term", pa.string(), nullable=False),
        pa.field("meaning", pa.string(), nullable=False),
        pa.field("term", pa.string(), nullable=False),
        pa.field("in_department", pa.string()),
        pa.field("is_known", pa.bool_(), nullable=False),
    ]
)


@dataclass(frozen=True)
class Term:
    """One way in which a wish is met.

    ``meaning`` is the standard name of what was stated. ``term`` is what is compared: an ISO code
    of a country, a round type, a folded name, ``naics:`` with a code, the words of a title.
    ``in_department``: a title counts only in this department. ``is_known`` is False for a word that
    no list has; it is then compared as it stands.
    """

    term_type: str
    stated_term: str
    meaning: str
    term: str
    in_department: str | None = None
    is_known: bool = True


def icp_terms(profile: IcpProfile) -> list[Term]:
    """All terms of a profile. Raises ``ConfigurationError`` naming profile, field and remedy."""
    stack, makers = profile.tech_stack, profile.decision_makers
    fields = (
        ("industries", "industry", profile.industries, _industry),
        ("funding_stages", "funding_stage", profile.funding_stages, _stage),
        ("geographies", "geography", profile.geographies, _place),
        ("tech_stack.must_have", "must_have", stack.must_have, _technology),
        ("tech_stack.nice_to_have", "nice_to_have", stack.nice_to_have, _technology),
        ("tech_stack.avoid", "avoid", stack.avoid, _technology),
        ("competitors", "competitor", profile.competitors, _technology),
        ("decision_makers.titles", "title", makers.titles, _title),
        ("decision_makers.departments", "department", makers.departments, _department),
    )
    terms: dict[tuple[str, str], Term] = {}
    for field, kind, stated, read in fields:
        for word in stated:
            if not word.strip():
                raise ConfigurationError(_fault(profile, field, "an empty word: take it out"))
            try:
                for term in read(kind, word.strip()):
                    terms.setdefault((kind, term.term), term)
            except (UnknownWordError, AmbiguousRoleError) as error:
                raise ConfigurationError(_fault(profile, field, str(error))) from error
    return list(terms.values())


def icp_term_table(profiles: Sequence[IcpProfile]) -> pa.Table:
    """Terms of profiles as rows for SQL."""
    rows = [
        {
            "organisation_id": profile.organisation_id,
            "icp_profile_id": profile.icp_profile_id,
            **asdict(term),
        }
        for profile in profiles
        for term in icp_terms(profile)
    ]
    return pa.Table.from_pylist(rows, schema=ICP_TERMS)


def unknown_words(profiles: Sequence[IcpProfile]) -> list[str]:
    """Words that no list has, each with the nearest known ones; they are compared as they stand."""
    said = []
    for profile in profiles:
        for term in icp_terms(profile):
            if not term.is_known:
                meant = nearest(term.stated_term, _vocabulary(term.term_type))
                like = f"; nearest: {', '.join(meant)}" if meant else ""
                said.append(
                    f"profile {profile.icp_profile_id!r}: {term.term_type} "
                    f"{term.stated_term!r} is in no list and compared as it stands{like}"
                )
    return said


def _fault(profile: IcpProfile, field: str, said: str) -> str:
    return f"profile {profile.icp_profile_id!r} of {profile.organisation_id!r}: {field}: {said}"


def _industry(kind: str, word: str) -> Iterator[Term]:
    """By its name, by the codes it stands for, or by a code that was stated."""
    found = standard_codes.industry(word)
    is_known = found is not None or word.lower().startswith("naics:")
    for term in standard_codes.industry_terms(word):
        yield Term(kind, word, found.name if found else word, term, is_known=is_known)


def _stage(kind: str, word: str) -> Iterator[Term]:
    found = standard_codes.round_type(word)
    yield Term(kind, word, found, found)


def _place(kind: str, word: str) -> Iterator[Term]:
    found = standard_codes.place(word)
    for code in found.codes:
        yield Term(kind, word, found.name, code)


def _technology(kind: str, word: str) -> Iterator[Term]:
    found = find_technology(word)
    name = found.name if found else word
    yield Term(kind, word, name, folded(name), is_known=found is not None)


def _title(kind: str, word: str) -> Iterator[Term]:
    role = role_names(word)
    for name in role.names:
        within = role.department if name in role.general else None
        yield Term(kind, word, role.label, name, within, role.is_known)


def _department(kind: str, word: str) -> Iterator[Term]:
    found = department_names(word)
    if found.department is not None:
        yield Term(kind, word, found.department, found.department)
    for name in found.names:
        yield Term(kind, word, found.department or word, name, is_known=found.is_known)


def _vocabulary(kind: str) -> list[str]:
    if kind == "industry":
        return standard_codes.industry_names()
    if kind == "department":
        return list(known_departments())
    return [] if kind == "title" else sorted({known.name for known in vocabulary().values()})
