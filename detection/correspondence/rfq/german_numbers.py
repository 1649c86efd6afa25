"""Numbers as German says them: "zweitausend", "anderthalb tausend", "ein halbes Dutzend".

Compounds are taken apart at "tausend" and "hundert"; a word that holds one of them and is no number
("Jahrhundert", "Tausende") is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

# fmt: off
_UNITS = {
    "ein": 1, "eins": 1, "eine": 1, "einen": 1, "einem": 1, "einer": 1, "zwei": 2, "zwo": 2,
    "drei": 3, "vier": 4, "fünf": 5, "sechs": 6, "sieben": 7, "acht": 8, "neun": 9,
}
_TEENS = {
    "zehn": 10, "elf": 11, "zwölf": 12, "dreizehn": 13, "vierzehn": 14, "fünfzehn": 15,
    "sechzehn": 16, "siebzehn": 17, "achtzehn": 18, "neunzehn": 19,
}
_TENS = {
    "zwanzig": 20, "dreißig": 30, "dreissig": 30, "vierzig": 40, "fünfzig": 50, "sechzig": 60,
    "siebzig": 70, "achtzig": 80, "neunzig": 90,
}
# fmt: on
_SCALES = {"hundert": 1e2, "tausend": 1e3, "dutzend": 12.0, "million": 1e6, "millionen": 1e6}
#: Texts of which each German number of more than twelve holds one; the small ones are words.
STEMS = ("tausend", "hundert", "dutzend", "million", "anderthalb", "einhalb", "zehn", "zig", "ßig")
#: Words that are numbers by themselves; "ein" alone is an article.
SMALL = frozenset({*_UNITS, *_TEENS} - {"ein", "eins", "eine", "einen", "einem", "einer"})
_WORD = r"[a-zäöüß]+"
_SCALE = "|".join(sorted(_SCALES, key=len, reverse=True))
_CANDIDATE = re.compile(
    rf"""\b(?:(?P<half>(?:eine?[nms]?\s+)?halbe[nrs]?)\s+(?P<half_of>{_SCALE})
    |(?P<first>{_WORD})-\s+(?:und|bis|oder)\s+(?P<second>{_WORD}(?:tausend|hundert))
    |(?P<word>{_WORD}(?:tausend|hundert|einhalb|zehn|zig|ßig|ssig){_WORD}|{_WORD}(?:tausend|hundert
      |einhalb|zehn|zig|ßig|ssig)|anderthalb|tausend|hundert|{"|".join(sorted(SMALL))})
     (?:\s+(?P<scale>{_SCALE}))?
    |(?P<few>eine?[nm]?)\s+(?P<few_of>dutzend|million|tausend|hundert))\b""",
    re.I | re.X,
)


def may_hold_german(text: str) -> bool:
    """Whether a text in small letters may hold a number said in German; quick."""
    return any(stem in text for stem in STEMS)


def german_numbers(text: str) -> Iterator[tuple[float, float, int, int]]:
    """Value, factor of the last scale word, start and end of each number said in German.

    >>> [found[0] for found in german_numbers("zwischen drei- und viertausend, anderthalb tausend")]
    [3000.0, 4000.0, 1500.0]
    """
    for match in _CANDIDATE.finditer(text):
        group = {name: (value or "").lower() for name, value in match.groupdict().items()}
        if group["half"]:
            factor = _SCALES[group["half_of"]]
            yield 0.5 * factor, factor, *match.span()
        elif group["few"]:
            factor = _SCALES[group["few_of"]]
            yield factor, factor, *match.span()
        elif group["second"]:
            scale = "tausend" if group["second"].endswith("tausend") else "hundert"
            first, second = _value(group["first"]), _value(group["second"])
            if first is not None and second is not None:
                factor = _SCALES[scale]
                yield first * factor, factor, match.start("first"), match.end("first") + 1
                yield second, factor, *match.span("second")
        elif (value := _value(group["word"])) is not None:
            factor = _SCALES[group["scale"]] if group["scale"] else _own_scale(group["word"])
            yield value * (factor if group["scale"] else 1.0), factor, *match.span()


def _own_scale(word: str) -> float:
    return next((_SCALES[s] for s in ("tausend", "hundert") if word.endswith(s)), 1.0)


def _value(word: str) -> float | None:
    """The number that a word is; None where it is none."""
    for scale in ("tausend", "hundert"):
        if scale in word:
            head, _, tail = word.partition(scale)
            tail = tail.removeprefix("und")
            first = 1.0 if not head else _value(head)
            rest = 0.0 if not tail else _value(tail)
            if first is None or rest is None or rest >= _SCALES[scale]:
                return None
            return first * _SCALES[scale] + rest
    if word == "anderthalb":
        return 1.5
    if word.endswith("einhalb"):
        whole = _UNITS.get(word.removesuffix("einhalb"))
        return whole + 0.5 if whole else None
    for known in (_UNITS, _TEENS, _TENS):
        if word in known:
            return float(known[word])
    unit, _, ten = word.partition("und")
    if ten in _TENS and unit in _UNITS:
        return float(_UNITS[unit] + _TENS[ten])
    return None
