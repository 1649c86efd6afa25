"""Transcripts of earnings calls: who says what, and which sentences tell a seller something.

A call is read sentence by sentence. What counts is what the company's own people say of the company
("we", "our"): that it expands, launches, hires, cuts costs or changes its technology, planned or
done. The operator, analysts' questions, safe-harbour sentences, denials and speculation tell
nothing. Rules only; pure functions. Does not belong here: meetings of one's own
(``correspondence.transcripts``) and press on results (``press``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from detection.money import Money, find_money
from detection.places import Place, find_place
from detection.press.parts import QUESTION, SITE, SPECULATION, status_of
from detection.sentences import split_sentences

#: Characters of a transcript that are read; the longest calls have about 120,000.
LONGEST = 400_000
#: Most statements of one theme that a call gives, the surest first.
PER_THEME = 3
#: Certainty of a statement by a person whose office is known, and by another.
_OFFICER, _SOMEBODY = 0.75, 0.65

_NAME = r"[A-ZÀ-Þ][\w.'’-]*(?: (?:[A-ZÀ-Þ][\w.'’-]*|de|van|von|der|la)){0,4}"
_DASH = r"\s+(?:--|—|–|-)\s+"
#: "Ida Marsh -- Chief Executive Officer" on a line of its own, or a bare name of two words or more.
_HEADING = re.compile(rf"^(?P<name>{_NAME})(?:{_DASH}(?P<office>[^.:!?]{{2,90}}))?$")
#: "Ida Marsh: ...", "Ida Marsh (CEO): ...", "Ida Marsh, CEO: ..." before what is said.
_INLINE = re.compile(
    rf"^(?P<name>{_NAME})(?:\s*\((?P<paren>[^)]{{2,80}})\)|,\s*(?P<comma>[^:.]{{2,80}}))?:\s+(?P<said>\S.*)$"
)
_OUTSIDER = re.compile(
    r"\b(?:operator|moderator|analyst|unidentified|unknown speaker|research|securities|"
    r"conference call)\b",
    re.I,
)
_OFFICE = re.compile(
    r"\b(?:chief|officer|ce?o|cfo|cto|coo|cio|president|chair\w*|director|head|treasurer|"
    r"controller|investor relations|founder|manager|vice)\b",
    re.I,
)
_OWN = re.compile(r"\b(?:we|our|us|we[’']\w+|the company)\b", re.I)
_HARBOUR = re.compile(
    r"forward-looking|safe harbou?r|non-GAAP|risk factors|actual results|Form 10-[KQ]|replay of",
    re.I,
)
_DENIED = re.compile(
    r"\b(?:no plans?|not (?:planning|going|looking|intend\w*|see)|"
    r"(?:do|did|are|have|will)(?:n[’']t| not)|never|without|rather than|instead of|no longer)\b",
    re.I,
)
#: What else is planned in the speech of calls, besides press's words of intent.
_AHEAD = re.compile(
    r"\b(?:we[’']ll|going to|we (?:are )?(?:target|anticipat|intend|plan|expect)\w*|over the "
    r"(?:next|coming)|on track to|in the (?:second|third|fourth|coming) (?:quarter|half))\b",
    re.I,
)
_THEMES: tuple[tuple[str, str, re.Pattern[str]], ...] = (
    (
        "cost_cut",
        "negative",
        re.compile(
            r"\b(?:lay(?:ing)? ?offs?|laid off|hiring freeze|redundanc(?:y|ies)|"
            r"(?:cost|expense)[- ](?:cut\w*|reduction|saving|takeout)\w*|restructuring (?:program|"
            r"plan|charge)\w*|(?:reduc|cut|lower|trimm?)\w* (?:of )?"
            r"(?:our |the |its )?(?:\w+ ){0,2}?"
            r"(?:headcount|workforce|staff|costs?|cost base|operating expenses|spending|"
            r"positions|jobs)|(?:clos|shutt?|consolidat)\w* (?:down )?(?:\w+ ){0,4}?"
            + SITE + r"|exit(?:ed|ing)? (?:\w+ ){0,4}?(?:markets?|business(?:es)?))\b",
            re.I,
        ),
    ),
    (
        "hiring",
        "positive",
        re.compile(
            r"\b(?:hir(?:e|ed|es|ing)|recruit\w*|onboard(?:ed|ing)|"
            r"(?:add|grow|expand|doubl|increas|build)\w* (?:to )?(?:out )?(?:\w+ ){0,4}?"
            r"(?:headcount|head count|(?:sales|engineering|service|product|field|data) "
            r"(?:force|teams?|capacity|people|staff)|workforce|engineers|salespeople|"
            r"sales reps|account executives|employees|colleagues))\b",
            re.I,
        ),
    ),
    (
        "expansion",
        "positive",
        re.compile(
            r"\b(?:(?:open|break|broke|built|build|add|sign|establish|inaugurat|expand|complet)\w*"
            r" (?:\w+[ -]){0,6}?" + SITE + r"|(?:enter|expand|mov)\w* (?:\w+ ){0,3}?(?:in)?to "
            r"(?:\w+ ){0,3}?(?:markets?|countr(?:y|ies)|regions?|(?-i:[A-ZÀ-Þ])\w+)|"
            r"enter(?:ed|ing)? (?:the )?(?:\w+ ){0,2}?markets?|(?:launch|start|beg[au]n)\w* "
            r"operations in|expand\w* (?:internationally|globally|our (?:footprint|presence)))\b",
            re.I,
        ),
    ),
    (
        "technology",
        "positive",
        re.compile(
            r"\b(?:migrat|implement|deploy|adopt|moderni[sz]|replac|upgrad|roll|invest|consolidat|"
            r"automat|standardi[sz]|mov)\w* (?:[\w-]+ ){0,7}?(?:ERP|CRM|cloud|data (?:platform|"
            r"warehouse|lake|cent(?:er|re)s?)|artificial intelligence|generative AI|AI|machine "
            r"learning|cyber ?security|software|automation|IT (?:systems?|infrastructure|"
            r"landscape)|technology (?:stack|platform|infrastructure)|systems|e-commerce "
            r"platform|robotics)\b",
            re.I,
        ),
    ),
    (
        "launch",
        "positive",
        re.compile(
            r"\b(?:launch|introduc|unveil|releas|roll(?:ed|ing|s)? out|bring|ship|debut)\w* "
            r"(?:[\w-]+ ){0,6}?(?:products?|platforms?|services?|versions?|lines?|apps?|suite|"
            r"models?|offerings?|solutions?|generation|features?|modules?|tools?)\b",
            re.I,
        ),
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Turn:
    """What one person says until the next one speaks; ``office`` as the transcript states it."""

    speaker: str | None
    office: str | None
    text: str

    @property
    def is_outsider(self) -> bool:
        """Whether operator, analyst or somebody unknown speaks, not the company."""
        return bool(_OUTSIDER.search(f"{self.speaker or ''} {self.office or ''}"))


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence of the company's own people about what it does.

    ``theme`` is expansion, launch, hiring, technology or cost_cut, ``status`` planned or done,
    ``headcount`` the people it states, ``confidence`` 0 to 1.
    """

    theme: str
    polarity: str
    status: str
    sentence: str
    speaker: str | None
    office: str | None
    confidence: float
    money: Money | None = None
    place: Place | None = None
    headcount: int | None = None


def turns_of(transcript: str) -> list[Turn]:
    """A transcript's turns in order, with each speaker's office wherever it was stated once.

    Speakers stand before a colon or on a line of their own; what comes before the first is a turn
    of nobody.
    """
    turns: list[tuple[str | None, list[str]]] = [(None, [])]
    offices: dict[str, str] = {}
    for line in transcript[:LONGEST].splitlines():
        text = " ".join(line.split())
        if not text:
            continue
        inline, heading = _INLINE.match(text), _HEADING.match(text)
        if inline is not None:
            name, office = inline["name"], inline["paren"] or inline["comma"]
            turns.append((name, [inline["said"]]))
        elif heading is not None and (heading["office"] or " " in heading["name"]):
            name, office = heading["name"], heading["office"]
            turns.append((name, []))
        elif text.casefold().rstrip(":") == "operator":
            name, office = "Operator", None
            turns.append((name, []))
        else:
            turns[-1][1].append(text)
            continue
        if office:
            offices.setdefault(name, re.split(_DASH, office)[-1].strip())
    return [Turn(name, offices.get(name or ""), " ".join(said)) for name, said in turns if said]


def statements_of(transcript: str) -> list[Statement]:
    """What the company's people say that it does: at most ``PER_THEME`` sentences a theme.

    In the order of the call; of more sentences of a theme those with more particulars stand.
    """
    found = [
        statement
        for turn in turns_of(transcript)
        if not turn.is_outsider
        for sentence in split_sentences(turn.text)
        if (statement := _statement(turn, sentence)) is not None
    ]
    kept: set[int] = set()
    for theme in {statement.theme for statement in found}:
        own = [at for at, statement in enumerate(found) if statement.theme == theme]
        kept.update(sorted(own, key=lambda at: (-_particulars(found[at]), at))[:PER_THEME])
    return [found[at] for at in sorted(kept)]


def _particulars(statement: Statement) -> float:
    stated = (statement.money, statement.place, statement.headcount)
    return statement.confidence + sum(part is not None for part in stated)


def _statement(turn: Turn, sentence: str) -> Statement | None:
    if (
        len(sentence) > 600
        or not _OWN.search(sentence)
        or _HARBOUR.search(sentence)
        or QUESTION.search(sentence)
        or SPECULATION.search(sentence)
        or _DENIED.search(sentence)
    ):
        return None
    for theme, polarity, pattern in _THEMES:
        match = pattern.search(sentence)
        if match is None:
            continue
        ahead = _AHEAD.search(sentence)
        planned = ahead is not None or status_of(sentence, *match.span()) == "planned"
        is_officer = bool(turn.office and _OFFICE.search(turn.office))
        return Statement(
            theme,
            polarity,
            "planned" if planned else "done",
            sentence,
            turn.speaker,
            turn.office,
            _OFFICER if is_officer else _SOMEBODY,
            next(iter(find_money(sentence)), None),
            find_place(sentence[match.start() :]),
            _people_in(sentence) if theme in ("hiring", "cost_cut", "expansion") else None,
        )
    return None


_PEOPLE = re.compile(
    r"\b(\d{1,3}(?:,\d{3})+|\d{1,6})\s+(?:\w+ ){0,3}?(?:people|employees|jobs|positions|roles|"
    r"engineers|salespeople|colleagues|staff|hires|workers|account executives)\b",
    re.I,
)


def _people_in(sentence: str) -> int | None:
    found = _PEOPLE.search(sentence)
    return int(found.group(1).replace(",", "")) if found else None
