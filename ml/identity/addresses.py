"""Addresses and telephone numbers in the form by which places are compared."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from ml.identity.spelling import fold, plain

#: Kinds of streets, storeys and the like, which writers add, shorten or leave out.
STREET_KINDS = frozenset(
    re.findall(
        r"\w+",
        """
    st str street ave av avenue rd road blvd boulevard dr drive ln lane ct court pl place pkwy
    parkway hwy highway sq square ter terrace cir circle way plz plaza strasse straat weg laan
    rue via calle avenida allee platz plein gasse quai
    """,
    )
)
_UNIT = re.compile(
    r"\b(?:suite|ste|unit|apt|apartment|room|rm|floor|fl|building|bldg|po box|pmb|mc|m/c)\b.*$"
    r"|\b\d+(?:st|nd|rd|th) (?:floor|fl)\b.*$|#.*$"
)
_DIRECTIONS = {"north": "n", "south": "s", "east": "e", "west": "w", "no": "n", "so": "s"}
_ORDINALS = {
    "first": "1", "second": "2", "third": "3", "fourth": "4", "fifth": "5", "sixth": "6",
    "seventh": "7", "eighth": "8", "ninth": "9", "tenth": "10",
}  # fmt: skip
_ORDINAL = re.compile(r"^(\d+)(?:st|nd|rd|th)$")
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Address:
    """House number and street of an address; None for what is not told."""

    number: str | None
    #: Words of the street by sound, without its kind and direction ("touhy"), joined by a blank.
    street: str | None

    @property
    def key(self) -> str | None:
        """Number and street together; None unless both are told."""
        return f"{self.number} {self.street}" if self.number and self.street else None


@lru_cache(maxsize=65_536)
def read_address(text: str | None) -> Address:
    """Read the first line of an address.

    >>> read_address("2424 West Touhy Avenue, Suite 3") == read_address("2424 W. Touhy")
    True
    """
    if not text:
        return Address(None, None)
    line = plain(text).replace(".", " ").replace("'", "").split("\n")[0]
    line = _UNIT.sub("", line.replace(",", " , ").partition(" , ")[0] or line)
    number, street = None, []
    for word in _WORD.findall(line):
        ordinal = _ORDINAL.match(word)
        if ordinal:
            word = ordinal.group(1)
        elif word.isdigit() and number is None:
            number = word.lstrip("0") or None
            if street:  # "Hauptstrasse 12": what follows is town or unit
                break
            continue
        word = _ORDINALS.get(_DIRECTIONS.get(word, word), _DIRECTIONS.get(word, word))
        if word in STREET_KINDS or word in ("n", "s", "e", "w", "ne", "nw", "se", "sw"):
            continue
        street.append(fold(word))
    return Address(number, " ".join(street[:3]) or None)


@lru_cache(maxsize=65_536)
def phone_key(text: str | None) -> str | None:
    """Last digits of a telephone number, at most nine: what is dialled from near and far alike.

    None below seven digits, and where all digits are the same.
    """
    if not text:
        return None
    digits = re.sub(r"\D", "", text.split("x")[0].split("ext")[0])
    return digits[-9:] if len(digits) >= 7 and len(set(digits)) > 1 else None
