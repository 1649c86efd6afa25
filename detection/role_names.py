"""The ways in which a role or a department that somebody names is written elsewhere.

``detection.roles`` knows roles by all their names, ``data/departments.yaml`` departments by theirs;
what neither lists is written in other ways by its rank and its small words only ("VP of Sales",
"Vice President Sales"). Texts are compared word by word, as ``words`` folds them.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources

from detection.errors import UnreadableError
from detection.roles import find_roles, folded, roles
from detection.titles import DEPARTMENTS, read_title

_NO_WORD = re.compile(r"[^\w]+|_+")
#: Ranks by the words for them, each as people shorten it or write it out.
_RANKS: tuple[tuple[str, ...], ...] = (
    ("vp", "vice president", "svp", "evp"),
    ("head",),
    ("director",),
    ("manager",),
)
#: "VP of Sales", "Head of the IT": rank, small words, and what it is of; or "Sales Director".
_LEADING = re.compile(r"(?P<rank>{ranks})(?: of the| of| for|) (?P<what>.+)".format(
    ranks="|".join(rank for group in _RANKS for rank in group)
))  # fmt: skip
_TRAILING = re.compile(r"(?P<what>.+) (?P<rank>{ranks})".format(
    ranks="|".join(rank for group in _RANKS for rank in group)
))  # fmt: skip


class AmbiguousRoleError(ValueError):
    """A name that several roles bear; the message says which."""


@dataclass(frozen=True)
class RoleNames:
    """A role with every way in which it is written, in the words that are compared."""

    label: str
    names: tuple[str, ...]
    #: Names that mean the role only where the position is of this department: "managing director"
    #: is the head of a company, and in a department's title somebody else.
    general: frozenset[str] = frozenset()
    department: str | None = None
    #: Whether the role is a listed one or of a known rank or department.
    is_known: bool = True


@dataclass(frozen=True)
class DepartmentNames:
    """A department as titles are read (None: not one of them) with the names that boards use."""

    department: str | None
    names: tuple[str, ...]

    @property
    def is_known(self) -> bool:
        """Whether it is a department of titles, or a field of one that titles name."""
        return self.department is not None or read_title(self.names[0]).department is not None


def words(text: str) -> str:
    """Lower case without accents, words apart by single blanks: how titles are compared.

    >>> words("VP, Research & Development")
    'vp research development'
    """
    text = unicodedata.normalize("NFKD", text.lower())
    text = "".join(c for c in text if not unicodedata.combining(c))
    return _NO_WORD.sub(" ", text).strip()


@lru_cache(maxsize=1_024)
def role_names(text: str) -> RoleNames:
    """The ways in which a role is written.

    >>> "chief technology officer" in role_names("CTO").names
    True
    >>> role_names("VP Sales").names[:4]
    ('vp sales', 'vp of sales', 'sales vp', 'vice president sales')

    Raises ``AmbiguousRoleError`` when several roles bear the name ("CPO").
    """
    asked = folded(text)
    listed = [role for role in roles() if asked in role.names]
    if len(listed) > 1:
        meant = " or ".join(role.label for role in listed)
        raise AmbiguousRoleError(f"{text!r} may mean {meant}: write it out")
    if listed:
        [role] = listed
        names = tuple(dict.fromkeys((words(text), *(words(name) for name in role.names))))
        # An abbreviation that another role bears as well is told by the department.
        shared = {name for other in roles() if other != role for name in other.names}
        general = {words(name) for name in role.names if name in shared or _is_general(name, role)}
        return RoleNames(role.label, names, frozenset(general), role.department)
    plain = words(text)
    found = _LEADING.fullmatch(plain) or _TRAILING.fullmatch(plain)
    if found is None:
        return RoleNames(text, (plain,), is_known=bool(find_roles(text)))
    ranks = next(group for group in _RANKS if found["rank"] in group)
    ordered = (found["rank"], *(rank for rank in ranks if rank != found["rank"]))
    names = [plain]
    for what in _written(found["what"]):
        for rank in ordered:
            names += [f"{rank} {what}", f"{rank} of {what}", f"{what} {rank}"]
    return RoleNames(text, tuple(dict.fromkeys(names)))


def _is_general(name: str, role: object) -> bool:
    is_head = getattr(role, "department", None) == "executive"
    return is_head and not name.startswith("chief") and name not in ("ceo", "pdg")


def _written(what: str) -> tuple[str, ...]:
    """What a rank is of, as stated and, for an abbreviation, written out (and the other way)."""
    pairs = (
        ("it", "information technology"), ("hr", "human resources"),
        ("r d", "research and development"), ("bi", "business intelligence"),
        ("ops", "operations"), ("revops", "revenue operations"),
    )  # fmt: skip
    others = [b if what == a else a for a, b in pairs if what in (a, b)]
    return (what, *others)


@lru_cache(maxsize=1_024)
def department_names(text: str) -> DepartmentNames:
    """The department that a word names, with all its names on boards.

    >>> department_names("IT").department
    'information_technology'
    >>> department_names("Demand Generation")
    DepartmentNames(department=None, names=('demand generation',))
    """
    asked = words(text)
    for department, names in _departments().items():
        if asked == words(department) or asked in names:
            return DepartmentNames(department, tuple(dict.fromkeys((asked, *names))))
    # "RevOps" is a role's field of work, not a department of its own.
    fields = [role for role in roles() if role.level is None and folded(text) in role.names]
    others = [words(name) for role in fields for name in role.names]
    return DepartmentNames(None, tuple(dict.fromkeys((asked, *others))))


@cache
def _departments() -> dict[str, tuple[str, ...]]:
    """Departments with their names. Raises ``UnreadableError`` when the list is damaged."""
    from detection.packaged import read_yaml

    path = "data/departments.yaml"
    listed = read_yaml(resources.files("detection").joinpath(path).read_text("utf-8"))
    if unknown := set(listed) - set(DEPARTMENTS):
        raise UnreadableError(f"detection/{path}: no title is read as {sorted(unknown)}")
    return {name: tuple(words(known) for known in names) for name, names in listed.items()}


def known_departments() -> tuple[str, ...]:
    """Every name of a department, for messages."""
    return tuple(sorted({name for names in _departments().values() for name in names}))
