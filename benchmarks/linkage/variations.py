"""The ways one company's name is written: each a small change that people and systems make.

Used to make evaluation samples and benchmark records. Nothing of the linkage is used here, so that
it is not measured on its own rules.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable

LEGAL = re.compile(
    r"[\s,]+(?:inc|corp|corporation|co|company|ltd|limited|llc|plc|lp|nv|n\.v|sa|s\.a|ag|gmbh|bv)"
    r"\.?(?:\s*/\w+/?)?$",
    re.IGNORECASE,
)
FORMS = (
    "Inc.",
    "Inc",
    ", Inc.",
    "Corp",
    "Corporation",
    "Co.",
    "Company",
    "Ltd",
    "Limited",
    "LLC",
    "PLC",
)
SHORT = {
    "international": "Intl", "industries": "Inds", "technologies": "Tech", "technology": "Tech",
    "manufacturing": "Mfg", "services": "Svcs", "systems": "Sys", "holdings": "Hldgs",
    "group": "Grp", "financial": "Finl", "pharmaceuticals": "Pharma", "communications": "Comms",
    "laboratories": "Labs", "american": "Amer", "national": "Natl", "electric": "Elec",
    "management": "Mgmt", "brothers": "Bros", "products": "Prods", "resources": "Res",
    "energy": "Engy", "partners": "Ptnrs", "development": "Dev", "university": "Univ",
}  # fmt: skip
#: Neighbouring keys, a slip of the pen away.
NEAR = {"a": "s", "e": "r", "i": "o", "o": "p", "n": "m", "t": "y", "s": "d", "r": "t", "l": "k"}


def bare(name: str) -> str:
    """``name`` without the legal form at its end."""
    previous = None
    while previous != name:
        previous, name = name, LEGAL.sub("", name).strip(" ,")
    return name


def without_form(name: str, rng: random.Random) -> str:
    """Legal form left out."""
    return bare(name)


def other_form(name: str, rng: random.Random) -> str:
    """Another legal form."""
    form = rng.choice(FORMS)
    return bare(name) + ("" if form.startswith(",") else " ") + form


def other_case(name: str, rng: random.Random) -> str:
    """All capitals, all small, or each word's first letter large."""
    return rng.choice((str.upper, str.lower, str.title))(name)


def shortened(name: str, rng: random.Random) -> str:
    """Long words cut short as registers do."""
    return " ".join(SHORT.get(word.lower().strip(",."), word) for word in name.split())


def slip(name: str, rng: random.Random) -> str:
    """One letter lost, doubled, swapped with the next, or a neighbouring key."""
    letters = [i for i, c in enumerate(name) if c.isalpha() and 0 < i < len(name) - 1]
    if len(letters) < 4:
        return name
    at = rng.choice(letters)
    kind = rng.randrange(4)
    if kind == 0:
        return name[:at] + name[at + 1 :]
    if kind == 1:
        return name[:at] + name[at] + name[at:]
    if kind == 2:
        return name[:at] + name[at + 1] + name[at] + name[at + 2 :]
    return name[:at] + NEAR.get(name[at].lower(), name[at]) + name[at + 1 :]


def turned(name: str, rng: random.Random) -> str:
    """Words in another order, as indexes by surname do."""
    words = bare(name).split()
    return f"{' '.join(words[1:])}, {words[0]}" if len(words) > 1 else name


def glued(name: str, rng: random.Random) -> str:
    """The first two words written as one."""
    words = bare(name).split()
    return "".join(words[:2]) + " ".join(["", *words[2:]]) if len(words) > 1 else name


def spaced(name: str, rng: random.Random) -> str:
    """A short name of capitals with blanks or dots between its letters."""
    words = bare(name).split()
    if words and 2 <= len(words[0]) <= 4 and words[0].isalpha() and words[0].isupper():
        words[0] = rng.choice((" ".join(words[0]), ".".join(words[0]) + "."))
    return " ".join(words)


def ampersand(name: str, rng: random.Random) -> str:
    """ "&" for "and", or the other way round."""
    if "&" in name:
        return name.replace("&", "and")
    return re.sub(r"\band\b", "&", name, flags=re.IGNORECASE)


def brand(name: str, rng: random.Random) -> str:
    """The last word of three or more left out, as one speaks of a company."""
    words = bare(name).split()
    return " ".join(words[:-1]) if len(words) > 2 else bare(name)


def with_place(name: str, rng: random.Random) -> str:
    """A place behind the name."""
    return f"{name}, {rng.choice(('Boston', 'London', 'Eindhoven', 'Chicago', 'DE', 'New York'))}"


def share(name: str, rng: random.Random) -> str:
    """The name of its share."""
    return f"{name} {rng.choice(('Class A', 'Common Stock', 'ADR', 'Class B'))}"


def article(name: str, rng: random.Random) -> str:
    """With "The"."""
    return rng.choice((f"The {name}", f"{bare(name)} (The)"))


def accented(name: str, rng: random.Random) -> str:
    """With an accent somewhere."""
    plain, marked = rng.choice(("eé", "oö", "uü", "aá"))
    return name.replace(plain, marked, 1)


VARIATIONS: dict[str, Callable[[str, random.Random], str]] = {
    function.__name__: function
    for function in (
        without_form, other_form, other_case, shortened, slip, turned, glued, spaced, ampersand,
        brand, with_place, share, article, accented,
    )
}  # fmt: skip


def vary(name: str, rng: random.Random, changes: int = 2) -> tuple[str, list[str]]:
    """``name`` with up to ``changes`` variations, and their names."""
    used = []
    for kind in rng.sample(sorted(VARIATIONS), changes):
        changed = VARIATIONS[kind](name, rng)
        if changed != name and changed.strip():
            name, used = changed, [*used, kind]
    return name, used
