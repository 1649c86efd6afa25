"""Texts and cells of an export as typed values: dates, money, numbers, booleans, lists, domains.

Every reader returns None for an empty value and raises ``ValueError`` in plain words for one that
is there and cannot be meant, so that a mapping's caller can name file, line and column around it.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time
from typing import Any
from urllib.parse import urlsplit

#: What exports write where they know nothing.
EMPTY = frozenset(
    {"", "-", "--", "—", "–", "n/a", "na", "nan", "none", "null", "undisclosed", "unknown", "#n/a"}
)
#: Years outside this span are typing errors.
FIRST_YEAR, LAST_YEAR = 1900, 2100

#: Day formats that mean one thing only; those with the day or month first must be declared.
UNAMBIGUOUS_FORMATS = (
    "%d-%b-%Y", "%d %b %Y", "%d %B %Y", "%b %d, %Y", "%B %d, %Y", "%b %d %Y", "%Y/%m/%d", "%Y%m%d",
    "%Y.%m.%d", "%d-%B-%Y", "%b %Y", "%B %Y", "%b-%Y", "%Y-%m",
)  # fmt: skip

_CURRENCY_SIGNS = {
    "$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "₹": "INR", "₪": "ILS", "₩": "KRW", "₺": "TRY",
    "₽": "RUB", "₦": "NGN", "₱": "PHP", "฿": "THB", "₴": "UAH", "₫": "VND",
}  # fmt: skip
#: Signs of letters; several countries write "kr", so that names no currency.
_CURRENCY_WORDS = {"zł": "PLN", "kč": "CZK", "kr": None}
_MAGNITUDES = {
    "k": 1e3, "thousand": 1e3, "m": 1e6, "mm": 1e6, "mn": 1e6, "mio": 1e6, "mil": 1e6,
    "million": 1e6, "millions": 1e6, "b": 1e9, "bn": 1e9, "billion": 1e9, "billions": 1e9,
    "t": 1e12, "tn": 1e12, "trillion": 1e12,
}  # fmt: skip
_SIGNS = "".join(_CURRENCY_SIGNS)
_MONEY = re.compile(
    rf"^(?P<sign>[-(]?)\s*(?P<before>[A-Z]{{3}}(?![A-Z])|[A-Z]{{0,3}}[{_SIGNS}]|zł|kč|kr\.?)?\s*"
    r"(?P<minus>-?)"
    r"(?P<number>\d[\d.,'\s\u00a0]*)\s*(?P<magnitude>[a-z]+)?\s*"
    rf"(?P<after>[a-z]{{3}}\b|[{_SIGNS}]|zł|kč|kr\.?)?\s*\)?$",
    re.I,
)
_TRUE = frozenset({"true", "t", "yes", "y", "1", "x", "current", "present"})
_FALSE = frozenset({"false", "f", "no", "n", "0", "former", "past"})


def is_empty(value: Any) -> bool:
    """Whether a cell says nothing."""
    if value is None or value == [] or value == {}:
        return True
    return isinstance(value, str) and value.strip().casefold() in EMPTY


def as_text(value: Any) -> str | None:
    """A cell as one line-trimmed text; whole floats lose their ``.0``."""
    if is_empty(value):
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, list) and not any(isinstance(part, dict | list) for part in value):
        return ", ".join(filter(None, (as_text(part) for part in value))) or None
    if isinstance(value, dict | list):
        raise ValueError("is a nested value; name a path inside it")
    return str(value).strip()


def as_date(value: Any, formats: tuple[str, ...] = ()) -> date | None:
    """A day. ISO 8601 and formats with a month's name are known; others must be in ``formats``."""
    if is_empty(value):
        return None
    if isinstance(value, datetime):
        return _plausible(value.date())
    if isinstance(value, date):
        return _plausible(value)
    text = str(value).strip()
    if isinstance(value, int | float) and not isinstance(value, bool) and value > 1e9:
        return _plausible(_from_epoch(value).date())
    for pattern in (*formats, None, *UNAMBIGUOUS_FORMATS):
        try:
            moment = datetime.strptime(text, pattern) if pattern else datetime.fromisoformat(text)
        except ValueError:
            continue
        return _plausible(moment.date())
    ambiguous = not formats and re.match(r"^\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}", text)
    hint = " (declare its 'formats')" if ambiguous else ""
    raise ValueError(f"{text[:40]!r} is no date{hint}")


def as_timestamp(value: Any, formats: tuple[str, ...] = ()) -> datetime | None:
    """A moment in UTC: ISO 8601 (no zone means UTC), epoch seconds or milliseconds, or a day."""
    if is_empty(value):
        return None
    if isinstance(value, datetime):
        moment = value
    elif isinstance(value, int | float) and not isinstance(value, bool):
        moment = _from_epoch(value)
    else:
        text = str(value).strip()
        moment = _parsed_moment(text, formats)
        if moment is None:
            day = as_date(value, formats)
            moment = datetime.combine(day, time()) if day else None
    if moment is None:
        return None
    moment = moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
    _plausible(moment.date())
    return moment


def _parsed_moment(text: str, formats: tuple[str, ...]) -> datetime | None:
    if re.fullmatch(r"\d{10}|\d{13}", text):
        return _from_epoch(int(text))
    for pattern in formats:
        try:
            return datetime.strptime(text, pattern)
        except ValueError:
            continue
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _from_epoch(value: float) -> datetime:
    """Epoch seconds, or milliseconds when the number is too large for seconds (after 2286)."""
    try:
        return datetime.fromtimestamp(value / 1000 if value > 1e10 else value, UTC)
    except (OverflowError, OSError, ValueError):
        raise ValueError(f"{value!r} is no time") from None


def _plausible(day: date) -> date:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError(f"year {day.year} cannot be meant ({FIRST_YEAR} to {LAST_YEAR})")
    return day


def as_number(value: Any, decimal: str | None = None) -> float | None:
    """A number as people write it; ``decimal`` is the decimal sign when it is not to be guessed."""
    if is_empty(value):
        return None
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    text = re.sub(r"[\s\u00a0']", "", str(value))
    percent = text.endswith("%")
    text = text.rstrip("%").lstrip("+")
    negative = text.startswith(("-", "(")) and not text.startswith("()")
    text = text.strip("-()")
    if not re.fullmatch(r"\d[\d.,]*", text):
        raise ValueError(f"{str(value).strip()[:40]!r} is no number")
    number = float(_plain_digits(text, decimal))
    return (-number if negative else number) / (100 if percent else 1)


def _plain_digits(text: str, decimal: str | None) -> str:
    """Digits with a point as decimal sign.

    Without a declared sign the last separator is the decimal one when both occur, and a single
    separator is one of thousands when three digits follow each.
    """
    if decimal == ",":
        return text.replace(".", "").replace(",", ".")
    if decimal == ".":
        return text.replace(",", "")
    comma, point = text.rfind(","), text.rfind(".")
    if comma >= 0 and point >= 0:
        drop, keep = (".", ",") if comma > point else (",", ".")
        return text.replace(drop, "").replace(keep, ".")
    if comma >= 0:
        # Indian grouping (17,50,000) also ends in three digits.
        grouped = re.fullmatch(r"\d{1,3}(?:,\d{2,3})*,\d{3}", text)
        return text.replace(",", "" if grouped else ".")
    if text.count(".") > 1:
        return text.replace(".", "")
    return text


def as_integer(value: Any) -> int | None:
    """A whole number; of a range such as ``51-200`` there is none, and it raises."""
    number = as_number(value)
    if number is None:
        return None
    if not number.is_integer():
        raise ValueError(f"{str(value).strip()[:40]!r} is no whole number")
    return int(number)


def as_money(value: Any, decimal: str | None = None) -> tuple[float, str | None] | None:
    """An amount and the currency written with it: ``$25M``, ``EUR 1.2 million``, ``1,750,000``."""
    if is_empty(value):
        return None
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value), None
    text = str(value).strip()
    match = _MONEY.match(text)
    if match is None:
        raise ValueError(f"{text[:40]!r} is no amount of money")
    magnitude = (match["magnitude"] or "").casefold()
    currency = _currency(match["before"]) or _currency(match["after"])
    if magnitude and magnitude not in _MAGNITUDES:
        if len(magnitude) != 3 or currency is not None:
            raise ValueError(f"{text[:40]!r} is no amount of money")
        currency, magnitude = magnitude.upper(), ""
    digits = re.sub(r"[\s\u00a0']", "", match["number"]).rstrip(".,")
    # "1,5 million" has a decimal comma whatever follows; "1.250 million" is read as written.
    amount = float(_plain_digits(digits, decimal)) * _MAGNITUDES.get(magnitude, 1)
    negative = bool(match["sign"] or match["minus"])
    return (-amount if negative else amount), currency


def _currency(text: str | None) -> str | None:
    if not text:
        return None
    word = text.casefold().rstrip(".")
    if word in _CURRENCY_WORDS:
        return _CURRENCY_WORDS[word]
    sign = _CURRENCY_SIGNS.get(text[-1])
    if sign is None:
        return text.upper()
    # "A$", "C$" and the like: the letters say which dollar.
    prefix = text[:-1].upper()
    if text[-1] == "¥":
        return "CNY" if prefix.startswith(("CN", "RMB")) else sign
    return {"": sign, "US": "USD", "A": "AUD", "AU": "AUD", "C": "CAD", "CA": "CAD", "S": "SGD",
            "HK": "HKD", "NZ": "NZD", "R": "BRL"}.get(prefix, sign)  # fmt: skip


def as_boolean(value: Any) -> bool | None:
    """Yes or no, in the words exports use."""
    if is_empty(value):
        return None
    if isinstance(value, bool):
        return value
    word = str(value).strip().casefold().removesuffix(".0")
    if word in _TRUE:
        return True
    if word in _FALSE:
        return False
    raise ValueError(f"{str(value).strip()[:40]!r} is neither yes nor no")


def as_list(value: Any, separator: str | None = None) -> list[str] | None:
    """Texts of a list: a JSON list, or one text cut at ``separator`` (else ``;`` or ``,``)."""
    if is_empty(value):
        return None
    if isinstance(value, list):
        parts = [as_text(part) for part in value]
    else:
        text = str(value)
        sign = separator or (";" if ";" in text else ",")
        parts = [as_text(part) for part in text.split(sign)]
    found = list(dict.fromkeys(part for part in parts if part))
    return found or None


def as_domain(value: Any) -> str | None:
    """Host of a web address or domain, in lower case and without ``www``."""
    text = as_text(value)
    if text is None:
        return None
    text = text.casefold()
    if "@" in text and "/" not in text:
        text = text.rsplit("@", 1)[1]
    try:
        host = urlsplit(text if "://" in text else f"//{text}").hostname or ""
    except ValueError:
        host = ""
    host = re.sub(r"^www\d?\.", "", host.rstrip("."))
    if not re.fullmatch(r"[\w-]+(?:\.[\w-]+)+", host):
        raise ValueError(f"{text[:60]!r} is no web address")
    return host


def as_url(value: Any) -> str | None:
    """A web address; one without a scheme gets https."""
    text = as_text(value)
    if text is None:
        return None
    if text.startswith(("http://", "https://")):
        return text
    if re.match(r"^[\w-]+(\.[\w-]+)+(/|$)", text):
        return f"https://{text}"
    raise ValueError(f"{text[:60]!r} is no web address")


def as_email(value: Any) -> str | None:
    """An e-mail address in lower case."""
    text = as_text(value)
    if text is None:
        return None
    if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s.]+", text):
        raise ValueError("is no e-mail address")
    return text.casefold()
