"""Company names in press language: the subject before a verb, and names after a preposition."""

from __future__ import annotations

import re

from detection.places import is_large_place

_LEGAL = (
    r"(?:,? (?:Inc|Corp|Corporation|Incorporated|LLC|L\.L\.C|Ltd|Limited|PLC|plc|LP|L\.P|GmbH|"
    r"AG|SE|"
    r"(?:[A-Z]\.){1,3}[A-Z]|SL|Pvt|LLP|DAC|KG|KK|SRL|Srl|SpA|BHD|S\.A|SA|SAS|S\.p\.A|"
    r"B\.V|BV|N\.V|NV|AB|ASA|Oy|Pte|Pty|Co)\b\.?)+"
)
_WORD = (
    r"(?:[A-ZÀ-Þ0-9][\w&'’+\-]*(?:\.(?:com|io|ai|co|net|org|app|dev|tech|xyz|us|eu)\b)?|"
    r"[a-z][\w-]*\.(?:com|io|ai|co|app|dev)\b|[a-z]{1,2}[A-Z]\w+)"
)
#: A further word is no dotted legal form: "Labs S.A." is not "Labs S".
_DOTTED = r"(?:[A-Z]\.){2}|[A-Z]\.[A-Z]\b"
NAME = rf"{_WORD}(?:(?: (?:&|and|of|de) | )(?!{_DOTTED}){_WORD}){{0,5}}(?:{_LEGAL})?"
_NAME = re.compile(NAME)
_NAME_AT_END = re.compile(rf"(?:^|(?<=[\s\"“‘'(]))(?P<name>{NAME})\s*$")
_NAME_AT_START = re.compile(rf"\s*(?P<name>{NAME})")

#: What stands between the subject and its verb without being part of either.
_TRAILING = re.compile(
    r"(?:[\s,]+(?:today|yesterday|now|also|just|recently|successfully|officially|formally|has|have|"
    r"had|will|is|are|was|were|be|been|to|would|it|that|they|we|said|says|say|announced|announces|"
    r"announce|announcing|confirmed|confirms|revealed|reveals|reported|reports|disclosed|planning|"
    r"plans|plan|intends|aims|set|expects|expected|agreed|agrees|looks|looking|seeks|seeking|"
    r"preparing|wants|want|hopes|hoping|"
    r"early|late-stage|advanced|preliminary|held|holding|discussions|negotiations|negotiating|"
    r"considering|exploring|weighing|mulling|with (?:\w+ )?investors|about|the|its|plan|which|"
    r"who|and|on|monday|tuesday|wednesday|thursday|friday|"
    r"this|week|morning|month|reportedly|in|talks|signed|signs|a|an|definitive|agreement|"
    r"closing|completion|of|company|startup|firm))+\s*$",
    re.I,
)
#: A name behind one of these says where, not who.
_LOCATIVE = re.compile(r"\b(?:in|into|to|at|near|across|outside|throughout)(?: the)? $")
#: The clause takes up its subject anew: "... in Oslo and the company has".
_RESUMED = re.compile(
    r"\b(?:it|they|we|the (?:company|firm|group|startup|business))(?: (?:has|have|had|was|were|is|"
    r"are|will|also|now|later|then|to))*\s*$",
    re.I,
)
_PARTICIPLES = frozenset(
    ("Founded", "Based", "Headquartered", "Located", "Also", "Later", "Established")
)
_PARENTHESES = re.compile(r"\s*\((?:[^()]{0,80})\)")
_APPOSITIVE = re.compile(
    rf"^(?P<name>.*?{NAME})(?:, (?:an?|the|one of|provider|maker|developer|formerly|based|"
    r"headquartered|known|founded|leading|creator|operator|home)|,? (?:which|whose|who|an?|the|"
    r"formerly|headquartered|known|founded))\b",
)
_PRONOUN = re.compile(
    r"^(?:the (?:company|startup|firm|group|business|retailer|maker|provider|vendor|manufacturer|"
    r"start-up|platform|organi[sz]ation)|it|we|they|both companies)$",
    re.I,
)
_DESCRIPTOR = frozenset(
    """
    startup start-up fintech insurtech healthtech edtech proptech biotech cleantech martech
    saas ai unicorn company firm maker provider developer giant specialist vendor platform
    retailer group software hardware cybersecurity robotics cloud data logistics security
    enterprise b2b tech technology online digital european american german french british uk
    us u.s. swedish dutch spanish irish canadian indian australian israeli nordic leader
    pioneer scaleup scale-up exclusive breaking update report news deal funding alert press
    release
    """.split()  # noqa: SIM905

)  # fmt: skip
_STOP = frozenset(
    """
    interim acting former the a an this that these those it its we they he she our their his
    her in on at by for with from as and or but after before following under today yesterday
    monday tuesday wednesday thursday friday saturday sunday january february march april may
    june july august september october november december why how what when where who new
    report breaking exclusive update series seed ceo cfo coo cto cmo cro cio chief founder
    co-founder president head if while since once last next more most many some all both here
    there no not yes
    """.split()  # noqa: SIM905

)  # fmt: skip


def clean_name(text: str) -> str | None:
    """A company's name trimmed of articles, descriptors and possessives; None when none is left."""
    text = text.strip(" ,.;:-–—\"“”‘’'()")
    text = re.sub(r"[’']s?$", "", text)
    words = text.split()
    based = [n for n, word in enumerate(words[:4]) if word.casefold().endswith("-based")]
    if based:
        words = words[based[0] + 1 :]
    if len(words) > 1 and (owner := re.sub(r"[’']s$", "", words[0])) != words[0]:
        words = words[1:] if is_large_place(owner) else words
    while words and words[0].casefold() in _STOP:
        words = words[1:]
        while words and words[0].casefold() in _DESCRIPTOR and len(words) > 1:
            words = words[1:]
    while words and words[-1].casefold() in ("and", "of", "the", "&", "de", "for"):
        words = words[:-1]
    if not words or len(words) > 8:
        return None
    name = " ".join(words)
    if name.casefold() in _STOP or not re.search(r"[^\W\d_]", name) or len(name) < 2:
        return None
    if all(w.casefold() in _DESCRIPTOR or w.casefold() in _STOP for w in words):
        return None
    return name[:120]


def subject_before(text: str, context: str | None = None) -> str | None:
    """The company that acts, given the part of a sentence before its verb.

    "The company", "it" and an empty subject stand for ``context``, the item's main company.
    """
    text = _PARENTHESES.sub("", text).strip()
    clause = re.split(
        r"(?:[;:–—]| - |(?:,|\bthat|\bsaid|\bas|\bafter|\bbefore) (?=the company\b))", text
    )
    text = clause[-1].strip() or text
    appositive = _APPOSITIVE.match(text)
    if appositive:
        found = _NAME_AT_END.search(appositive.group("name"))
        if found and (name := clean_name(found.group("name"))):
            return name
    previous = None
    while previous != text:
        previous = text
        stripped = _TRAILING.sub("", " " + text).strip(" ,")
        text = stripped
    if not text or _PRONOUN.match(text):
        return context
    head = text.split(", ")[0] if ", " in text and not re.search(rf"{_LEGAL}$", text) else text
    for candidate in (text, head):
        found = _NAME_AT_END.search(candidate)
        if found is None:
            continue
        if _LOCATIVE.search(candidate[: found.start("name")]):
            return context if _RESUMED.search(clause[-1]) else first_actor(candidate)
        if name := clean_name(_last_actor(found.group("name"))):
            return context if is_large_place(name) else name
    return context if _PRONOUN.match(text.split(",")[0].strip()) else None


def first_actor(clause: str) -> str | None:
    """Who begins a clause whose second verb follows a place: "Acme is present in Oslo and"."""
    clause = re.sub(r"^(?:The|An?) (?:[a-z][\w-]* )*", "", clause)
    found = _NAME_AT_START.match(clause)
    if found is None or not re.match(r"\.? [a-z]", clause[found.end() :]):
        return None
    name = clean_name(_last_actor(found.group("name")))
    if name is None or name in _PARTICIPLES or is_large_place(name):
        return None
    return name


def _last_actor(name: str) -> str:
    """Of "Fintech Startup Acme", what follows the descriptors."""
    words = name.split()
    for position in range(len(words) - 1, 0, -1):
        before = words[position - 1].casefold()
        if before in ("startup", "start-up", "fintech", "unicorn", "maker", "provider", "scaleup"):
            return " ".join(words[position:])
    return name


def name_after(text: str) -> str | None:
    """The name with which ``text`` begins, after articles and lower-case descriptors."""
    text = re.sub(
        r"^[\s,]*(?:(?:the|a|an|its|their|all|rival|competitor|fellow|leading|[a-z][\w-]*(?<!\bby)"
        r"(?<!\bwith)(?<!\bfor)(?<!\bin)(?<!\bto)(?<!\bfrom))\s+){0,7}",
        "",
        text,
    )
    found = _NAME_AT_START.match(text)
    return clean_name(found.group("name")) if found else None


def split_names(text: str) -> list[str]:
    """Names of a list such as "Alpha Ventures, Beta Capital and Gamma Partners"."""
    names = []
    for part in re.split(
        r",\s*(?:and\s+|as well as\s+)?|;\s*|\s+(?:and|as well as|alongside|with)\s+", text
    ):
        part = re.sub(
            r"^(?:existing|new|returning|previous|current|other|angel)?\s*(?:investors?|backers?|"
            r"shareholders?)?\s*(?:including|such as|like)?\s*",
            "",
            part.strip(),
        )
        found = _NAME.match(part)
        if found is None:
            if names and part:
                break
            continue
        name = clean_name(found.group(0))
        if name:
            names.append(name)
        if len(part) > found.end() + 2:
            break  # running text begins: the list has ended
    return names
