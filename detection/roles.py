"""Roles that people ask for ("the CFO", "head of data", "Vertriebsleiter") and who holds them.

A role is one of ``data/roles.yaml`` by any of its names, or, for other words, the rank and the
department that ``detection.titles`` reads from them. ``fit`` says how far a person's title answers
to a role, and why.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources

from detection.errors import UnreadableError
from detection.titles import LEVELS, read_title

#: Least likeness (difflib's ratio) at which a misspelt role is taken for a listed one.
LIKE = 0.86
#: Least likeness of a misspelt word to one of the words that roles are made of.
LIKE_WORD = 0.8
#: From this fit on a person holds the role; below, they are somebody near it.
HOLDS = 0.75


@dataclass(frozen=True)
class Role:
    """One role. ``level`` or ``department`` None: the role does not say."""

    label: str
    level: str | None
    department: str | None
    #: Folded spellings; empty for a role that only rank and department describe.
    names: tuple[str, ...] = ()
    #: How sure it is that this role is meant: below 1 for a misspelt or ambiguous name.
    likelihood: float = 1.0


@dataclass(frozen=True)
class Fit:
    """How far a title answers to a role: 0 not at all, 1 it is the role."""

    share: float
    reason: str

    @property
    def holds(self) -> bool:
        """Whether the person holds the role rather than being near it."""
        return self.share >= HOLDS


NO_FIT = Fit(0.0, "another role")

_WORDS = re.compile(r"[^\w&]+|_+")
_ASKED_FOR = re.compile(r"^(?:the|a|an|their|its|new|current|der|die|das|den|dem|le|la|les) ")
_LEADS = re.compile(
    r"(?:who(?:ever)? |person (?:who |that )?|boss |)(?:(?:is )?(?:responsible for|in charge of)|"
    r"runs|leads|heads(?: up)?|manages|leitet|verantwortet|dirige|boss of|leader of)\s+(?P<what>.+)"
)
_NOT_QUITE = re.compile(
    r"(?<!\w)(?:former|formerly|ex|deputy|vice|stellv\w*|vize\w*|adjointe?|"
    r"assistant|associate)(?!\w)"
)
_INTERIM = re.compile(r"(?<!\w)(?:interim|acting|ad interim|kommissarisch\w*|par int[ée]rim)(?!\w)")


def folded(text: str) -> str:
    """Lower case without accents or punctuation, single blanks between words."""
    text = unicodedata.normalize("NFKD", text.casefold().replace("ß", "ss"))
    text = "".join(c for c in text if not unicodedata.combining(c))
    return _WORDS.sub(" ", text.replace(".", "").replace("'", " ").replace("’", " ")).strip()


@cache
def roles() -> tuple[Role, ...]:
    """Every listed role. Raises ``UnreadableError`` when the packaged list is damaged."""
    from detection.packaged import read_yaml

    text = resources.files("detection").joinpath("data/roles.yaml").read_text("utf-8")
    listed = read_yaml(text)
    if not isinstance(listed, list):
        raise UnreadableError("detection/data/roles.yaml is no list of roles")
    return tuple(
        Role(
            entry["label"], entry["level"], entry["department"],
            tuple(dict.fromkeys(folded(name) for name in entry["names"])),
        )
        for entry in listed
    )  # fmt: skip


@cache
def _by_name() -> dict[str, tuple[Role, ...]]:
    found: dict[str, tuple[Role, ...]] = {}
    for role in roles():
        for name in role.names:
            found[name] = (*found.get(name, ()), role)
    return found


@lru_cache(maxsize=4_096)
def find_roles(text: str) -> tuple[Role, ...]:
    """Roles that words may mean, the likeliest first; none when they name no role.

    >>> [role.label for role in find_roles("CFO")]
    ['Chief Financial Officer']
    >>> [role.label for role in find_roles("cheif finacial officer")]
    ['Chief Financial Officer']
    """
    asked = folded(text)
    while _ASKED_FOR.match(asked):
        asked = _ASKED_FOR.sub("", asked)
    if listed := _by_name().get(asked):
        # A name of several roles ("CPO") means each as likely as the other.
        return tuple(_likely(role, 1 / len(listed)) for role in listed)
    if led := _LEADS.fullmatch(asked):
        department = read_title(led["what"]).department
        return (Role(f"head of {led['what']}", None, department),) if department else ()
    title = read_title(text)
    nearest = difflib.get_close_matches(asked, _by_name(), 1, LIKE) if len(asked) > 5 else []
    if nearest and (title.level is None or title.department is None):
        likeness = difflib.SequenceMatcher(None, asked, nearest[0]).ratio()
        meant = _by_name()[nearest[0]]
        return tuple(_likely(role, likeness / len(meant)) for role in meant)
    if (title.level is None or title.department is None) and (spelt := _spelt(asked)):
        words, likeness = spelt
        better = read_title(words)
        if better.level and better.department:
            return (Role(words, better.level, better.department, (words,), likeness),)
    if title.level is None and title.department is None:
        return ()
    return (Role(" ".join(text.split()), title.level, title.department, (asked,)),)


#: Words of ranks and departments beside those of the listed names: any may be misspelt.
_MORE_WORDS = (
    "vice", "president", "director", "manager", "head", "lead", "sales", "marketing",
    "engineering", "finance", "operations", "product", "procurement", "purchasing", "security",
    "legal", "people", "human", "resources", "talent", "data", "analytics", "technology",
    "information", "revenue", "customer", "success", "support", "quality", "logistics",
    "research", "development", "business", "commercial", "accounting", "communications",
    "growth", "infrastructure", "platform", "strategy", "compliance",
)  # fmt: skip


@cache
def _words() -> tuple[str, ...]:
    """Words that roles are made of, of four letters or more."""
    listed = {word for role in roles() for name in role.names for word in name.split()}
    return tuple(sorted(word for word in {*listed, *_MORE_WORDS} if len(word) > 3))


def _spelt(text: str) -> tuple[str, float] | None:
    """Words of a role with misspelt ones set right, and how like they were; None without any."""
    likeness, words = 1.0, []
    for word in text.split():
        nearest = word if word in _words() or len(word) < 4 else None
        if nearest is None:
            found = difflib.get_close_matches(word, _words(), 1, LIKE_WORD)
            nearest = found[0] if found else word
            likeness *= difflib.SequenceMatcher(None, word, nearest).ratio()
        words.append(nearest)
    return (" ".join(words), likeness) if likeness < 1 else None


def is_of_roles(word: str) -> bool:
    """Whether a word alone belongs to a role rather than to a company's name."""
    return recognised(word) > 0 or folded(word) in _words()


def _likely(role: Role, likelihood: float) -> Role:
    return Role(role.label, role.level, role.department, role.names, likelihood)


def recognised(text: str) -> int:
    """How much of a role words tell: 3 a listed name, 2 rank and department, 1 one of the two."""
    found = find_roles(text)
    if not found:
        return 0
    if any(_is_listed(role) for role in found):
        return 3
    return (found[0].level is not None) + (found[0].department is not None)


@lru_cache(maxsize=65_536)
def fit(title: str, role: Role) -> Fit:
    """How far somebody with this title holds the role."""
    reading, words = read_title(title), folded(title)
    named = next((name for name in role.names if _contains(words, name)), None)
    if named is not None and (role.level is None or reading.level is not None):
        if _NOT_QUITE.search(words.replace(named, " ")):
            return Fit(0.5, f"beside the {role.label}, not the one")
        if role.department == "executive" and _of_a_part(named, reading.department):
            return Fit(0.4, f"leads {_named(reading.department or '')}, not the company")
        if len(_by_name().get(named, ())) > 1:
            return Fit(0.8, f"{named.upper()} may mean another role")
        if _INTERIM.search(words):
            return Fit(0.9, f"{role.label} for the time being")
        return Fit(1.0, f"the title says {role.label}")
    if role.department is None:
        same = reading.level == role.level and reading.level is not None
        return Fit(0.75, "of the rank asked for") if same else NO_FIT
    if reading.department != role.department or reading.level is None:
        return NO_FIT
    if role.level is None:
        share = (1.0, 0.9, 0.8, 0.4)[LEVELS.index(reading.level)]
        return Fit(share, f"{_rank(reading.level)} in {_named(role.department)}")
    steps = abs(LEVELS.index(reading.level) - LEVELS.index(role.level))
    if steps == 0 and not _is_listed(role):
        return Fit(0.85, "rank and department asked for")
    share = (0.5, 0.45, 0.35, 0.2)[steps]
    return Fit(share, f"{_rank(reading.level)} in {_named(role.department)}")


def _of_a_part(named: str, department: str | None) -> bool:
    """Whether a general title ("managing director") goes with a department of its own."""
    is_general = not named.startswith("chief") and named not in ("ceo", "pdg")
    return is_general and department not in ("executive", None)


def best_fit(title: str | None, asked: Iterable[Role]) -> tuple[Fit, Role | None]:
    """The role, of those asked for, to which a title answers most."""
    best: tuple[Fit, Role | None] = (NO_FIT, None)
    for role in asked if title else ():
        found = fit(title or "", role)
        if found.share > best[0].share:
            best = (found, role)
    return best


def _is_listed(role: Role) -> bool:
    return any(role.names == listed.names for listed in roles())


@lru_cache(maxsize=4_096)
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(name)}(?!\w)")


def _contains(words: str, name: str) -> bool:
    return name in words and _pattern(name).search(words) is not None


def _rank(level: str) -> str:
    return {"c_suite": "chief officer", "vp": "vice president"}.get(level, level)


def _named(department: str) -> str:
    return department.replace("_", " ")
