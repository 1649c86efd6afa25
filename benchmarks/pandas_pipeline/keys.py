"""Texts as they are compared: names, domains, numbers; each distinct text is read once."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterable
from typing import Any

import pandas as pd

_LEGAL_FORM = re.compile(
    r"( (inc|incorporated|corp|corporation|co|company|llc|llp|lp|ltd|limited|plc|gmbh|ag|kg|se|sa|"
    r"sas|sarl|srl|spa|bv|nv|ab|as|asa|oy|oyj|aps|pty|pte|kk|sl|dac|pvt))+$"
)


_NOT_WORD = re.compile(r"[\W_]+")


_DOMAIN = re.compile(r"^(?:https?://)?(?:www\.)?([a-z0-9-]+(?:\.[a-z0-9-]+)+)")


_CIK = re.compile(r"^0*([1-9][0-9]{0,9})$")


def fold(text: str) -> str:
    """Text without accents, in lower case."""
    plain = unicodedata.normalize("NFD", text)
    return "".join(c for c in plain if not unicodedata.combining(c)).lower()


def company_key(name: str) -> str | None:
    """A company's name without accents, case, signs and legal form; None if nothing is left."""
    name = name.replace("&", " and ").replace(".", "").replace("'", "").replace("’", "")
    words = " " + _NOT_WORD.sub(" ", fold(name)).strip()
    return re.sub(r"^ the ", "", _LEGAL_FORM.sub("", words)).strip() or None


def person_key(name: str) -> str | None:
    """A person's name without accents, case, titles and initials; None if nothing is left."""
    words = _NOT_WORD.sub(" ", fold(name)).strip()
    words = re.sub(r"^((mr|mrs|ms|dr|prof) )+", "", words)
    words = re.sub(r"( (jr|sr|ii|iii|iv|phd|md|cpa))+$", "", words)
    return re.sub(r" [a-z] ", " ", words).strip() or None


def domain_key(text: str) -> str | None:
    """The domain of an address; None if there is none."""
    found = _DOMAIN.match(text.strip().lower())
    return found[1] if found else None


def cik_key(text: str) -> str | None:
    """A CIK in ten digits; None if it is none."""
    found = _CIK.match(text.strip())
    return found[1].zfill(10) if found else None


def map_distinct(column: pd.Series, function: Callable[[str], Any]) -> pd.Series:
    """A column of texts through a function that is called once per distinct text."""
    distinct = {value: function(value) for value in column.dropna().unique()}
    return column.map(distinct).astype(object).where(column.notna(), None)


def md5_texts(parts: Iterable[str]) -> list[str]:
    """Hex digests of texts."""
    return [hashlib.md5(part.encode(), usedforsecurity=False).hexdigest() for part in parts]


def title_key(title: str) -> str | None:
    """A job title without accents, case, signs and brackets; None if nothing is left."""
    plain = fold(re.sub(r"\([^)]*\)|\[[^]]*\]", " ", title))
    return re.sub(r"[^\w+#]+|_", " ", plain).strip() or None
