"""Launches of products; a launch in a place is expansion, a launched probe is nothing."""

from __future__ import annotations

import re

from detection.money import find_money
from detection.places import find_place
from detection.press.parts import ENTER, SITE, acting_company, day_of, status_of
from detection.press.reading import Item, PressReading

_LAUNCH = re.compile(
    r"\b(?:launch(?:es|ed|ing)?|unveil(?:s|ed)?|introduc(?:es|ed|ing|e)|releas(?:es|ed)|debut(?:s|"
    r"ed)|"
    r"roll(?:s|ed) out|ship(?:s|ped)|announce[sd]? (?:the )?(?:launch|general availability|"
    r"release|availability) of|"
    r"present(?:s|ed)(?= (?:new|its new)))\b",
    re.I,
)
_PRODUCT = re.compile(
    r"\b(?:product|platform|app|application|software|suite|tool|solution|service|version|feature|"
    r"api|sdk|assistant|copilot|agent|model|module|device|dashboard|engine|marketplace|plugin|"
    r"integration|edition|offering|system|studio|cloud|analytics|hardware|robot|sensor|"
    r"generation|line of|"
    r"\d\.\d|2\.0|ai-powered|beta|toolkit|programme? interface|card|wallet|payments?)\b",
    re.I,
)
_NOT_PRODUCT = re.compile(
    r"\b(?:investigation|probe|lawsuit|attack|campaign|search for|review|fund\b|foundation|"
    r"scholarship|contest|competition|strike|bid|appeal|award|report|survey|study|webinar|"
    r"conference|event|initiative|podcast|hiring|recruitment|earnings|results|offer(?:ing)? of|"
    r"tender|statement|secondary|ipo|missile|satellite|trial|inquiry|course)\b",
    re.I,
)
#: What may stand between the verb and a product's name.
_LEADING = re.compile(
    r"\s*(?:(?:the|its|their|an?|new|newest|latest|next[- ]generation|brand[- ]new|all[- ]new|"
    r"upgraded|improved|general availability of|launch of|release of|availability of)\b\s*)*",
    re.I,
)
#: A name: capitalised words, numbers, and "for" before another of them ("Compass for Teams").
_NAME = re.compile(
    r"[\"“‘']?(?P<name>[A-Z][\w.+#&'’-]*(?:\s+(?:[A-Z0-9][\w.+#&'’-]*|for(?=\s+[A-Z])))*)"
)
_MAX_NAME_WORDS = 6


def product_named(after: str) -> str | None:
    """The product's name in the words after the verb; None where it is only described.

    A headline written in capitals throughout names nothing, because its words cannot be told apart.
    """
    start = _LEADING.match(after)
    found = _NAME.match(after, start.end() if start else 0)
    if found is None:
        return None
    name = found.group("name").rstrip(".,'’&-")
    words = name.split()
    if len(words) > _MAX_NAME_WORDS or all(_PRODUCT.fullmatch(word) for word in words):
        return None
    return name


def read_launch(item: Item, sentence: str) -> list[PressReading]:
    """The product launch a sentence tells."""
    match = _LAUNCH.search(sentence)
    if match is None:
        return []
    rest = sentence[match.end() : match.end() + 140]
    named = re.split(r"\bfor\b", rest)[0]
    if re.match(r"\s+in\b", rest) or re.match(rf".{{0,60}}\b{SITE}\b", named, re.I):
        return []
    entering = ENTER.match(sentence, match.start())
    if entering and find_place(sentence[entering.start() :]) is not None:
        return []
    clause = re.split(r"\b(?:to help|that|which|after|following)\b|[,;]", rest)[0]
    if _NOT_PRODUCT.search(clause) or find_money(clause):
        return []
    if not _PRODUCT.search(rest) and not re.match(
        r"\s+(?:[A-Z][\w.]+|new\b|its new|the new)", rest
    ):
        return []
    company = acting_company(item, sentence[: match.start()])
    if company is None:
        return []
    return [
        PressReading(
            company_name=company,
            company_domain=None,
            signal_type="product_launch",
            signal_subtype=None,
            product_name=product_named(rest),
            sentence=sentence,
            status=status_of(sentence, match.start(), match.start()),
            occurred_on=day_of(item, sentence),
            confidence=0.75 if _PRODUCT.search(rest) else 0.5,
        )
    ]
