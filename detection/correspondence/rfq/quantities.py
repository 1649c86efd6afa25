"""How many: quantities with their unit, minimum quantities, and lead times."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from detection.correspondence.rfq.ranges import NumberRange, join_ranges
from detection.correspondence.rfq.records import RfqSignal
from detection.correspondence.rfq.sentences import Reading

_UNITS = {
    "unit": "units?", "piece": "pieces?|pcs?|stk|stück|st(?=\\.)|each|ea",
    "set": "sets?|sätzen?|satz",
    "kit": "kits?",
    "pair": "pairs?|paare?n?", "part": "parts?|teile?n?",
    "assembly": "assembl(?:y|ies)", "sample": "samples?",
    "reel": "reels?", "roll": "rolls?", "sheet": "sheets?", "box": "box(?:es)?",
    "pallet": "pallets?", "metre": "metres?|meters?", "kg": "kgs?|kilos?|kilograms?",
    "tonne": "tonnes?|tons?|metric tons?", "litre": "lit(?:re|er)s?", "seat": "seats?",
    "prototype": "prototypes?",
    "licence": "licen[cs]es?", "off": "off", "user": "users?", "subscription": "subscriptions?",
}  # fmt: skip
_LABEL = re.compile(
    r"""\b(?:qty\.?|quantit(?:y|ies)|volumes?|eau|annual\ (?:usage|demand|volume|quantity)
    |yearly\ (?:demand|volume)|demand|forecast|usage|requirements?
    |stückzahl|menge|bedarf|losgröße|abnahme(?:menge)?|auflage|call-?offs?|order\ size
    |batch(?:es)?|lots?|run\ of)(?!\w)
    [^.;\d]{0,30}$""",
    re.I | re.X,
)
_MINIMUM = re.compile(
    r"\b(?:moq|mindest(?:bestell|abnahme)?menge|mindestens ab|erst ab"
    r"|(?:minimum|smallest) (?:order )?(?:quantity|lot|batch|order|call-?off)|min\.? order)"
    r"\b[^.;]{0,25}$",
    re.I,
)
#: "Below 500 pieces it does not pay": the number is the least that is made.
_BELOW = re.compile(r"\b(?:unter|below|under|less than|fewer than|weniger als)\s*$", re.I)
_NOT_MADE = re.compile(
    r"\b(?:lohnt|rechnet sich|not worth|makes no sense|do not|don't|cannot|can't|keine?|nicht)\b",
    re.I,
)
_MINIMUM_AFTER = re.compile(r"\s*(?:\w+\s+)?(?:minimum|moq)\b", re.I)
_AT_LEAST = re.compile(r"\b(?:at least|minimum(?: of)?|(?:no|not) (?:less|fewer) than)\s*$", re.I)
_PER_ORDER = re.compile(r"^\s*(?:\w+\s+)?per (?:order|lot|batch|call-?off)\b", re.I)
_LEAD = re.compile(
    r"""\b(?:lead[-\ ]?times?|deliver(?:y|ed|ies)?\ (?:time|within|in|takes)
    |ship(?:s|ped|ment)?\ (?:within|in)|aro|turn-?around|production\ time|takes(?:\ us)?
    |lieferzeit|lieferbar|lieferung\ (?:in|binnen|innerhalb)|lieferfrist|lieferdauer|vorlauf\w*
    |wiederbeschaffungs\w*|durchlaufzeit|produktionszeit|fertigungszeit|herstellung\ dauert
    |(?:liefern|versenden|fertigen|geliefert)\b[^.;]{0,20}\b(?:in|binnen|innerhalb)|waiting\ time
    |you(?:'d|'ll|\ would|\ will)\ (?:have\ to\ )?wait|wait\ for\ (?:the\ )?(?:delivery|parts)
    |(?:available|ready)\ (?:within|in)|needs?\ them\ (?:within|in))\b""",
    re.I | re.X,
)
_LEAD_AFTER = re.compile(
    r"""^\s*(?:aro\b|after\ (?:receipt|order|po|drawing)|lead[-\ ]?time|from\ order|ex\ works
    |nach\ (?:auftrag|bestell|erhalt|freigabe)\w*|ab\ (?:auftrag|bestell|freigabe)\w*|vorlauf\w*
    |delivery|(?:until|to|before|for)\ (?:dispatch|shipment|delivery)|after\ (?:your\ )?order
    |to\ (?:make|produce|build|manufacture|deliver|ship))""",
    re.I | re.X,
)
#: What stands after a number that is wanted every year, or of goods named before.
_WANTED_AFTER = re.compile(
    r"\s*(?:(?:a|per|each|every)\s+(?:year|annum|month|quarter|week)\b|p\.?\s?a\b|annually\b|yearly\b"
    r"|of\s+(?:them|these|those|it)\b)",
    re.I,
)
#: A buyer's verb right before a number, and goods of any name (in the plural) after it.
_GOODS_WANTED = re.compile(
    r"\b(?:need(?: for)?|requir(?:e|ement of)|order(?: of)?|buy|purchase|build"
    r"|run (?:of|is|would be|should be)|brauchen|benötigen|bestellen|abnehmen|rechnen mit|planen"
    r"|bedarf (?:von|an))\s+(?:wir\s+)?"
    r"(?:about|some|around|up to|roughly|etwa|rund|ca\.|an die|ungefähr)?\s*$",
    re.I,
)
#: A plural of English, or a noun of German, which begins with a capital.
_GOODS_AFTER = re.compile(
    r"\s+(?:(?:[a-z][\w-]{2,}\s)?[a-z][\w-]{3,}s\b|(?:[a-zäöüß]{3,}e[nr]?\s)?[A-ZÄÖÜ][a-zäöüß]{3,}e?[nrs]?\b)"
)
#: The same where no goods are named after the number, but the end of the clause or a time.
_WANTED_BEFORE = re.compile(
    r"\b(?:take|order|buy|need|want|require|purchase|another|further)\s+"
    r"(?:about|some|around|up to)?\s*$",
    re.I,
)
_NOTHING_AFTER = re.compile(
    r"\s*(?:$|[.,;!?](?!\d)|(?:now|today|initially|first|by|per|to start|to begin)\b"
    r"|in\s+(?:the\s+)?(?:\w+\s+)?(?:spring|summer|autumn|fall|winter|year|month|half|q[1-4])\b)",
    re.I,
)
_DAYS = {"working day": 1.4, "business day": 1.4, "day": 1.0, "week": 7.0, "wk": 7.0, "month": 30.0,
         "werktag": 1.4, "arbeitstag": 1.4, "tag": 1.0, "woche": 7.0, "monat": 30.0}  # fmt: skip
_DURATION = re.compile(
    r"[\s-]*(?:(working day|business day|day|week|wk|month)s?"
    r"|(werktag|arbeitstag|tag|woche|monat)(?:en?|n)?)\b",
    re.I,
)
#: Time that is said without a figure.
_BARE_DURATION = re.compile(r"\ban?\s+(week|month)\s+and\s+a\s+half\b", re.I)
#: Up to this many words may stand between a number and its unit ("5,000 black units").
_ADJECTIVES = r"(?:[a-z][\w-]*\s+){0,2}?"
#: Numbers that count no goods.
_NO_QUANTITY = re.compile(
    r"""\s*(?:%|per\s?cent|°|mm\b|cm\b|v\b|volts?\b|w\b|watts?\b|amps?\b|ma\b|hz\b|years?\b
    |hours?\b|minutes?\b|people\b|employees\b|colleagues\b|pages?\b|slides?\b|questions?\b|points?\b
    |am\b|pm\b|o'clock|h\b|times\b|offers?\b|quotes?\b|suppliers?\b|options?\b|meetings?\b
    |calls?\b)""",
    re.I | re.X,
)


@lru_cache(maxsize=16)
def _unit_pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    own = "|".join(re.escape(w) for w in sorted(words, key=len, reverse=True))
    named = "|".join(f"(?P<u_{name}>{forms})" for name, forms in _UNITS.items())
    return re.compile(
        rf"\s*(?:of\s+)?{_ADJECTIVES}(?:{named}{f'|(?P<own>{own})s?' if own else ''})(?!\w)", re.I
    )


def find_quantities(reading: Reading) -> Iterator[RfqSignal]:
    """Quantities, minimum quantities and lead times; prices must have been read before."""
    free = [n for n in reading.numbers if not reading.is_taken(n.start, n.end)]
    for span in join_ranges(reading.text, free):
        yield from _counted(reading, span)
    for found in _BARE_DURATION.finditer(reading.text) if "half" in reading.text else ():
        if _delivers(reading, found.start(), found.end()):
            days = round(_DAYS[found.group(1).lower()] * 1.5)
            yield reading.signal("lead_time", *found.span(), 0.85, low=days, high=days, unit="day")


def _delivers(reading: Reading, start: int, end: int) -> bool:
    """Whether a stretch of time is the one that making or delivering takes."""
    after = reading.after(end)
    return bool(_LEAD.search(reading.before(start)) or _LEAD_AFTER.search(after))


def _counted(reading: Reading, span: NumberRange) -> Iterator[RfqSignal]:
    before, after = reading.before(span.start), reading.after(span.end)
    values = {"low": span.low, "high": span.high, "is_inferred": span.is_rounded}
    if duration := _DURATION.match(after):
        factor = _DAYS[(duration.group(1) or duration.group(2)).lower()]
        end = span.end + duration.end()
        if _delivers(reading, span.start, end):
            values |= {"low": round(span.low * factor), "high": round(span.high * factor)}
            yield reading.signal("lead_time", span.start, end, 0.9, unit="day", **values)
        return
    if _NO_QUANTITY.match(after) or (span.low != int(span.low) and span.high < 1000):
        return
    is_least = (_PER_ORDER.match(after) and _AT_LEAST.search(before)) or (
        _BELOW.search(before) and _NOT_MADE.search(after)
    )
    if is_least or _MINIMUM.search(before) or _MINIMUM_AFTER.match(after):
        unit, end = _unit(reading, span)
        yield reading.signal(
            "minimum_quantity", span.start, end, 0.9, unit=unit or "unit", **values
        )
        return
    unit, end = _unit(reading, span)
    if unit:
        yield reading.signal("quantity", span.start, end, 0.9, unit=unit, **values)
    elif _LABEL.search(before) or (span.high >= 2 and _WANTED_AFTER.match(after)):
        yield reading.signal("quantity", span.start, span.end, 0.85, unit="unit", **values)
    elif span.high >= 10 and _GOODS_WANTED.search(before) and _GOODS_AFTER.match(after):
        yield reading.signal("quantity", span.start, span.end, 0.65, unit="unit", **values)
    elif span.high >= 10 and _WANTED_BEFORE.search(before) and _NOTHING_AFTER.match(after):
        yield reading.signal("quantity", span.start, span.end, 0.7, unit="unit", **values)
    elif product := _product_after(reading, span):
        yield reading.signal("quantity", span.start, product, 0.85, unit="unit", **values)


def _unit(reading: Reading, span: NumberRange) -> tuple[str | None, int]:
    match = _unit_pattern(reading.vocabulary.units).match(reading.text, span.end)
    if match is None:
        return None, span.end
    own = match.groupdict().get("own")
    name = own.lower() if own else match.lastgroup.removeprefix("u_") if match.lastgroup else None
    return name, match.end()


def unit_of(word: str, own_units: tuple[str, ...]) -> str | None:
    """The unit that a word alone names; None for any other word.

    >>> unit_of("Stk.", ()), unit_of("green", ())
    ('piece', None)
    """
    match = _unit_pattern(own_units).fullmatch(word.strip().removesuffix("."))
    if match is None:
        return None
    own = match.groupdict().get("own")
    return own.lower() if own else (match.lastgroup or "").removeprefix("u_") or None


def _product_after(reading: Reading, span: NumberRange) -> int | None:
    """End of the product's name that a number counts ("5,000 LED drivers", "200 of the LD-40")."""
    pattern = reading.vocabulary.product_pattern
    if pattern is None:
        return None
    match = pattern.search(reading.text, span.end, span.end + 60)
    if match is None or not re.fullmatch(
        r"\s*(?:x\s*|of\s+(?:the\s+|your\s+)?|times\s+)?(?:[\w-]+\s+){0,2}?",
        reading.text[span.end : match.start()],
    ):
        return None
    return match.end()
