"""The pass over an item: its headline and first sentences, each given to the families."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from detection.names import normalize_company_name
from detection.news.engine import EventEngine
from detection.press.acquisition import read_acquisition
from detection.press.executives import read_executives
from detection.press.expansion import read_expansion
from detection.press.funding import read_funding
from detection.press.investors import complete_round
from detection.press.launch import read_launch
from detection.press.learned import read_learned
from detection.press.merging import add_event, hosts_of, with_domain
from detection.press.partnership import read_partnership
from detection.press.parts import QUESTION, SPECULATION, has_any, is_withdrawn
from detection.press.reading import Item, PressReading
from detection.press.taking_effect import complete_effects
from detection.press.text import body_text, headline_of, told_sentences

#: Each family's reader, and the pieces of words of which one must occur before it is asked:
#: looking for these is many times cheaper than the patterns, and most sentences have none.
FAMILIES: tuple[tuple[Callable[[Item, str], list[PressReading]], tuple[str, ...]], ...] = (
    (
        read_funding,
        ("rais", "secur", "fund", "financ", "series ", "series-", "seed", "invest", "round",
         "grant", "capital", "debt", "credit", "loan", "ipo", "public offering", "bag", "land",
         "pick", "equity", "convertible", "put ", "facility", "public", "back"),
    ),
    (
        read_executives,
        ("appoint", "elevat", "moves up", "name", "naming", "hire", "hiring", "promot", "elect",
         "tap", "welcom",
         "recruit", "resign", "retir", "step", "depart", "leav", "left", "succe", "becom",
         "became", "bring", "brought", "exit", "oust", "join", "poach", "assum", "takes over",
         "took over", "serve as", "dismiss", "fire", "add", "pick", "remov", "terminat",
         "passed away", "engag", "design", "arrival", "reassign", "transition", "new role",
         "moves", "moved"),
    ),
    (
        read_expansion,
        ("open", "establish", "inaugurat", "unveil", "launch", "set up", "sets up", "setting up",
         "ribbon", "move", "moving", "relocat", "announc", "add", "expan", "ground", "build",
         "leas", "select", "choos", "chose", "creat", "clos", "shut", "vacat", "exit", "enter",
         "began", "begin", "start", "debut", "arriv", "live in", "bring", "brought", "tak",
         "took", "hir", "recruit", "workforce", "headcount", "team", "staff", "lay", "laid",
         "cut", "plans"),
    ),
    (
        read_acquisition,
        ("acqui", "buy", "bought", "over", "purchas", "snap", "scoop", "merg", "sell", "sold"),
    ),
    (
        read_partnership,
        ("partner", "team", "force", "collaborat", "alliance", "cooperat", "tie-up", "venture",
         "agreement", "select", "integrat"),
    ),
    (
        read_launch,
        ("launch", "unveil", "introduc", "releas", "debut", "roll", "ship", "availab", "present"),
    ),
)  # fmt: skip


def read_press(
    title: str,
    summary: str | None = None,
    content: str | None = None,
    published_at: datetime | None = None,
    engine: Callable[[], EventEngine] | None = None,
) -> list[PressReading]:
    """Events of one item, at most one per company, type and counterpart, best evidence first.

    Where the rules find none, the engine that ``engine`` gives is asked, if there is one; it is
    made only then.
    """
    body = body_text(summary, content)
    if is_withdrawn(title, body):
        return []
    headline = headline_of(title)
    item = Item(published_on=published_at.date() if published_at else None)
    sentences = told_sentences(body)
    if sentences and _repeats(sentences[0], headline):
        sentences = sentences[1:]
    for position, sentence in enumerate([headline, *sentences]):
        if sentence:
            _read_sentence(item, sentence, position)
    if not item.events and engine is not None:
        for event in read_learned(item, [headline, *sentences], engine()):
            add_event(item, event)
    if not item.events:
        return []
    events = complete_round(item, [headline, *sentences])
    events = complete_effects(item, events, sentences)
    hosts = hosts_of(body)
    return [with_domain(event, hosts) for event in events]


def _repeats(sentence: str, headline: str) -> bool:
    """Whether the body begins with the headline; only texts of like length are compared."""
    return abs(len(sentence) - len(headline)) < 12 and normalize_company_name(
        sentence
    ) == normalize_company_name(headline)


def _read_sentence(item: Item, sentence: str, position: int) -> None:
    lowered = sentence.lower()
    confidence = 0.8 if position == 0 else 0.75 if position <= 3 else 0.55
    for reader, stems in FAMILIES:
        if not has_any(lowered, stems):
            continue
        events = reader(item, sentence)
        if events and (QUESTION.search(sentence) or SPECULATION.search(sentence)):
            return
        for event in events:
            if item.main_company is None:
                item.main_company = event.company_name
            if event.confidence > confidence:
                event = replace(event, confidence=confidence)
            add_event(item, event, in_headline=position == 0)
