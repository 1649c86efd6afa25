"""A page that presents who leads a company, to persons and their positions.

Pages differ in everything but one thing: a person's name stands next to a position. The page is
taken as its run of texts; a text that is nothing but a name is paired with the position after it
(or before it, when the page puts positions first), or name and position stand in one text. What is
marked up as Person (schema.org) is taken as marked. Quotes of customers, navigation and footers
are left out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from detection.documents import decode
from detection.people import find_people, is_board_position, tidy_position
from detection.titles import read_title


@dataclass(frozen=True)
class Leader:
    """One person on the page, with the element that shows name and position."""

    person_name: str
    position: str
    level: str | None
    department: str | None
    is_board_only: bool
    is_interim: bool
    confidence: float
    element: str


@dataclass(frozen=True)
class _Text:
    text: str
    path: str
    parent: int
    heading: bool


#: Elements whose text presents nobody.
_UNREAD = frozenset(
    (
        "script", "style", "noscript", "template", "svg", "nav", "footer", "form", "select",
        "option", "button", "blockquote", "q", "head", "iframe",
    )
)  # fmt: skip
_QUOTED = re.compile(r"testimonial|quote|review|case-stud|customer-stor|client-stor", re.I)
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))

#: Headings of a page's parts. Who is under "Board" or "Advisors" runs nothing day by day.
_BOARD_PART = re.compile(
    r"\b(?:board of (?:directors|trustees|advis[oe]rs)|advis[oe]rs?|advisory (?:board|council)|"
    r"supervisory board|non-?executives?|our board|the board|investors|aufsichtsrat|beirat|"
    r"conseil d.administration)\b|^board(?: members)?$",
    re.I,
)
_TEAM_PART = re.compile(
    r"\b(?:leadership|leaders|executives?|management|team|people|founders?|vorstand|direction|"
    r"gesch[äa]ftsf[üu]hrung)\b",
    re.I,
)
#: What looks like a position and is the name of a part of the page.
_NO_POSITION = re.compile(
    r"^(?:(?:our|the|meet|senior|global|executive|company|about)[ ]?)*(?:leadership|leaders|"
    r"management|executives?|directors|board(?: of directors)?|founders|presidents|managers|team|"
    r"committee|officers)(?:[ ](?:team|group|board|committee|council|members))*$",
    re.I,
)
_JOINT = re.compile(r"\s*(?:,|\||•|·|:|\s[-–—]\s?|[–—])\s*")
_LEADING = re.compile(r"^[\s,;:|•·–—-]+|[\s,;:|•·–—-]+$")
_CREDENTIAL = re.compile(
    r"(?:,?\s+|^)(?:ph\.?\s?d|m\.?b\.?a|m\.?d|c\.?p\.?a|c\.?f\.?a|esq|j\.?d|m\.?sc|b\.?sc|pe|phr|"
    r"cissp)\.?(?=,|\s|$)",
    re.I,
)
_PRONOUNS = re.compile(r"\s*\((?:she|he|they)(?:/\w+)*\)\s*$", re.I)
_INTERIM = re.compile(r"\b(?:interim|acting|ad interim|a\.i\.)", re.I)
_BLANKS = re.compile(r"\s+")

_NAME_LENGTH, _POSITION_LENGTH, _POSITION_WORDS = 60, 120, 16
#: Texts of a page that are looked at: far more than any such page has.
_MOST_TEXTS = 20_000


def read_leadership(content: bytes) -> list[Leader]:
    """Persons and positions of a page in its order, each person once; none for another page."""
    page = decode(content)
    if not page.strip():
        return []
    tree = _parse(page)
    if tree is None:
        return []
    found: dict[str, Leader] = {}
    for leader in [*_marked_up(tree), *_presented(list(_texts(tree)))]:
        key = _key(leader.person_name)
        earlier = found.get(key)
        if earlier is None or (earlier.is_board_only and not leader.is_board_only):
            found[key] = leader
    return list(found.values())


def _parse(page: str):
    from lxml import etree, html

    try:
        return html.document_fromstring(page.encode("utf-8"), html.HTMLParser(encoding="utf-8"))
    except (etree.ParserError, ValueError):
        return None


def _key(name: str) -> str:
    words = re.findall(r"[^\W\d_]+", name.casefold())
    long = [w for w in words if len(w) > 1] or words
    return f"{long[0]} {long[-1]}" if long else ""


# --- Marked up as Person --------------------------------------------------------------------------


def _marked_up(tree) -> Iterator[Leader]:
    for script in tree.iter("script"):
        if "ld+json" not in (script.get("type") or "") or not script.text:
            continue
        try:
            document = json.loads(script.text)
        except (ValueError, RecursionError):
            continue
        for person in _persons(document):
            name, title = person.get("name"), person.get("jobTitle")
            if isinstance(title, list):
                title = next((t for t in title if isinstance(t, str)), None)
            if isinstance(name, str) and isinstance(title, str):
                made = _leader(name, title, "script[ld+json] Person", 0.95, False)
                if made is not None:
                    yield made


def _persons(value: object, depth: int = 0) -> Iterator[dict]:
    if depth > 12:
        return
    if isinstance(value, dict):
        kind = value.get("@type")
        # An article's author and a review's writer are not presented as leaders.
        if kind == "Person" or (isinstance(kind, list) and "Person" in kind):
            yield value
            return
        for key, inner in value.items():
            if key not in ("author", "creator", "reviewer", "review", "editor"):
                yield from _persons(inner, depth + 1)
    elif isinstance(value, list):
        for inner in value:
            yield from _persons(inner, depth + 1)


# --- Presented as text ----------------------------------------------------------------------------


def _texts(tree) -> Iterator[_Text]:
    """Every text of the page with where it stands, without what presents nobody."""
    count = 0
    stack = [(tree, "", False)]
    while stack:
        item = stack.pop()
        if isinstance(item, _Text):
            count += 1
            if count > _MOST_TEXTS:
                return
            yield item
            continue
        element, path, heading = item
        tag = element.tag
        if not isinstance(tag, str) or tag in _UNREAD:
            continue
        names = f"{element.get('class') or ''} {element.get('id') or ''}"
        if tag not in ("html", "body", "main") and _QUOTED.search(names):
            continue
        first = (element.get("class") or "").split()
        own = f"{path} > {tag}{'.' + first[0] if first else ''}" if path else tag
        own = " > ".join(own.split(" > ")[-3:])
        heading = heading or tag in _HEADINGS
        following: list = []
        if (text := _tidy(element.text)) is not None:
            following.append(_Text(text, own, id(element), heading))
        for child in element:
            following.append((child, own, heading))
            if (tail := _tidy(child.tail)) is not None:
                following.append(_Text(tail, own, id(element), heading))
        stack.extend(reversed(following))


def _tidy(text: str | None) -> str | None:
    if not text:
        return None
    tidy = _LEADING.sub("", _BLANKS.sub(" ", text.replace("\u200b", "").replace("\xa0", " ")))
    return tidy or None


def _presented(texts: list[_Text]) -> Iterator[Leader]:
    names = [person_name(t.text) for t in texts]
    joint = [None if name else _in_one(t) for name, t in zip(names, texts, strict=True)]
    titles = [
        None if name or both else position(t.text)
        for name, both, t in zip(names, joint, texts, strict=True)
    ]
    after = sum(bool(names[i] and titles[i + 1]) for i in range(len(texts) - 1))
    before = sum(bool(names[i] and titles[i - 1]) for i in range(1, len(texts)))
    step = 1 if after >= before else -1
    on_board = False
    for i, text in enumerate(texts):
        on_board = _part(text, on_board) if not (names[i] or titles[i]) else on_board
        if both := joint[i]:
            yield from _some(_leader(*both, text.path, 0.85, on_board))
        elif names[i] is not None and 0 <= i + step < len(texts) and titles[i + step] is not None:
            other = texts[i + step]
            # Two elements side by side are surer than two that merely follow each other.
            sure = 0.9 if other.path.rsplit(" > ", 1)[0] in text.path else 0.85
            yield from _some(_leader(names[i], titles[i + step], text.path, sure, on_board))


def _part(text: _Text, on_board: bool) -> bool:
    """Whether what follows stands under a heading of the board."""
    if len(text.text) < 60 and _BOARD_PART.search(text.text):
        return True
    return on_board and not (text.heading and _TEAM_PART.search(text.text))


def _some(leader: Leader | None) -> Iterable[Leader]:
    return () if leader is None else (leader,)


def _in_one(text: _Text) -> tuple[str, str] | None:
    """Name and position of "Ida Plover, Chief Financial Officer" or "President: Ida Plover"."""
    if len(text.text) > _NAME_LENGTH + _POSITION_LENGTH:
        return None
    whole = _CREDENTIAL.sub("", text.text)
    for joint in _JOINT.finditer(whole):
        left, right = whole[: joint.start()], whole[joint.end() :]
        for name, title in ((left, right), (right, left)):
            person, held = person_name(name), position(title)
            if person and held:
                return person, held
    return None


def person_name(text: str) -> str | None:
    """The text as a person's name when it is nothing else."""
    text = _CREDENTIAL.sub("", _PRONOUNS.sub("", text)).strip(" ,")
    if not 4 < len(text) <= _NAME_LENGTH or any(c.isdigit() for c in text):
        return None
    if text.isupper():
        text = text.title()
    people = find_people(text)
    if len(people) != 1 or people[0].is_short:
        return None
    rest = (text[: people[0].start] + text[people[0].end :]).strip(" .,")
    if rest and not re.fullmatch(r"(?:Mr|Mrs|Ms|Dr|Prof|Sir|Dame)\.?", rest):
        return None
    return people[0].text


def position(text: str) -> str | None:
    """The text as a position when it is nothing else: it says a rank, and is no sentence."""
    if len(text) > _POSITION_LENGTH or len(text.split()) > _POSITION_WORDS or len(text) < 2:
        return None
    if _NO_POSITION.match(text) or re.search(r"[.!?](?:\s|$)(?!$)|\b(?:is|was|has|we|our|you)\b",
                                             text, re.I):  # fmt: skip
        return None
    shown = text.title() if text.isupper() and len(text) > 5 else text
    if read_title(shown).level is None and not is_board_position(shown):
        return None
    return tidy_position(shown) or None


def _leader(name: str, title: str, path: str, confidence: float, on_board: bool) -> Leader | None:
    person, held = person_name(name), position(title)
    if person is None or held is None:
        return None
    read = read_title(held)
    seat = is_board_position(held)
    return Leader(
        person_name=person,
        position=held,
        level=read.level,
        department=read.department,
        # Under "Board" a chief officer is still one; others only sit there.
        is_board_only=seat
        or (on_board and not re.search(r"chief|\bC[EFTOMIRP]O\b|president", held, re.I)),
        is_interim=_INTERIM.search(held) is not None,
        confidence=confidence,
        element=f"{path}: {person}, {held}",
    )
