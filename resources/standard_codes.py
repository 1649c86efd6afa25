"""What users call countries, industries and rounds, by the warehouse's seeds.

Profiles are read with the very lists that SQL maps companies with (``dbt_project/seeds``), so that
a wish and a company meet under the same code. Unknown words are told with the nearest known ones.
"""

from __future__ import annotations

import csv
import difflib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from resources.settings import PROJECT_ROOT

SEEDS = PROJECT_ROOT / "dbt_project" / "seeds"
#: Least likeness (difflib's ratio) of a word that is offered instead of an unknown one.
LIKE = 0.6


class UnknownWordError(ValueError):
    """A word that no list has; the message names the nearest known ones."""


@dataclass(frozen=True)
class Coded:
    """What a word stands for: its one name, and the codes that meet it."""

    name: str
    codes: tuple[str, ...]


def folded(text: str) -> str:
    """Lower case without accents, single blanks: how names are compared in SQL.

    >>> folded(" Österreich ")
    'osterreich'
    """
    text = unicodedata.normalize("NFKD", text.lower())
    return " ".join("".join(c for c in text if not unicodedata.combining(c)).split())


def place(text: str) -> Coded:
    """The countries of a country's or region's name or code, as ISO 3166-1 alpha-2.

    >>> place("UK")
    Coded(name='United Kingdom', codes=('GB',))
    >>> place("DACH").codes
    ('AT', 'CH', 'DE')

    Raises ``UnknownWordError`` for anything else: a city, a state, a misspelling.
    """
    known = _places()
    for name in (folded(text), folded(text).replace(".", "")):
        if name in known:
            return known[name]
    raise UnknownWordError(
        f"no country or region is called {text!r}{_nearest(text, known)}; companies are known by "
        "country, so write countries by name or ISO code (Germany, DE) or a region of the seed "
        "regions (Europe, DACH, EMEA), and no states or cities"
    )


def industry(text: str) -> Coded | None:
    """The industry of a name; None for one that the seed ``industries`` does not have.

    ``codes`` are those of NAICS 2022 that the industry stands for, empty for one that is only a
    part of its code and met by its name.

    >>> industry("SaaS")
    Coded(name='Software', codes=('5132',))
    >>> industry("infosec")
    Coded(name='Cybersecurity', codes=())
    """
    return _industries().get(folded(text))


def industry_terms(text: str) -> list[str]:
    """What companies of a wished industry are met by: its one name, ``naics:`` with each code.

    A code that is stated meets by itself, a name that no list has as it stands.

    >>> industry_terms("SaaS")
    ['software', 'naics:5132']
    """
    if text.lower().startswith("naics:"):
        return [text.lower()]
    found = industry(text)
    codes = found.codes if found else ()
    return [folded(found.name if found else text), *(f"naics:{code}" for code in codes)]


def round_type(text: str) -> str:
    """The step of the funding ladder of a name. Raises ``UnknownWordError``.

    >>> round_type("Series A")
    'series_a'
    """
    known = _rounds()
    for name in (folded(text), folded(text).replace("_", " "), folded(text).replace("-", " ")):
        if name in known:
            return known[name]
    raise UnknownWordError(
        f"no funding stage is called {text!r}{_nearest(text, known)}; known are "
        f"{', '.join(dict.fromkeys(known.values()))}"
    )


def nearest(text: str, known: Iterable[str], count: int = 3) -> list[str]:
    """Known words that a word may have been meant for, the likest first."""
    by_fold = {folded(word): word for word in known}
    return [by_fold[word] for word in difflib.get_close_matches(folded(text), by_fold, count, LIKE)]


def industry_names() -> list[str]:
    """Every name of an industry, for messages."""
    return list(_industries())


def _nearest(text: str, known: Mapping[str, Coded] | Mapping[str, str]) -> str:
    meant = [known[word] for word in nearest(text, known, 5)]
    names = list(dict.fromkeys(m.name if isinstance(m, Coded) else m for m in meant))[:3]
    return f" (nearest: {', '.join(names)})" if names else ""


@cache
def _places() -> dict[str, Coded]:
    found = {
        folded(row["alias"]): Coded(row["region"], tuple(row["country_codes"].split()))
        for row in _rows("regions")
    }
    for row in _rows("countries"):
        found[folded(row["alias"])] = Coded(row["country"], (row["country_code"],))
    return found


@cache
def _industries() -> dict[str, Coded]:
    codes: dict[str, list[str]] = {}
    for row in _rows("industry_codes"):
        codes.setdefault(row["industry"], []).append(row["naics_code"])
    return {
        folded(row["alias"]): Coded(row["industry"], tuple(codes.get(row["industry"], ())))
        for row in _rows("industries")
    }


@cache
def _rounds() -> dict[str, str]:
    return {
        folded(row["stated"]): row["round_type"]
        for row in _rows("round_types")
        if row["round_type"] != "series_unknown"
    }


def _rows(seed: str, folder: Path = SEEDS) -> list[dict[str, str]]:
    with (folder / f"{seed}.csv").open(encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text))
