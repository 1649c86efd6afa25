"""Persons and positions in a sentence: capitalised runs that are no company, place or title."""

from __future__ import annotations

import re
from dataclasses import dataclass

_PARTICLE = r"(?:van|von|de|der|den|del|della|di|da|dos|la|le|bin|al|el|ten|ter|du|af)"
_TOKEN = re.compile(
    r"(?P<word>[A-ZÀ-ÞŁŠŽĆČ][\w’'\-]*\.?|d[’'][A-ZÀ-Þ]\w+|"
    # "van der Elm": particles count where a name follows them.
    rf"{_PARTICLE}(?=(?:[ ]{_PARTICLE}){{0,2}}[ ][A-ZÀ-Þ]))"
)
_PARTICLES = frozenset(
    [
        "van",
        "von",
        "de",
        "der",
        "den",
        "del",
        "della",
        "di",
        "da",
        "dos",
        "la",
        "le",
        "bin",
        "al",
        "el",
        "ten",
        "ter",
        "du",
        "af",
    ]
)
_HONORIFICS = frozenset(["mr", "mrs", "ms", "dr", "prof", "sir", "dame", "messrs", "hon"])
_SUFFIXES = frozenset(["jr", "sr", "ii", "iii", "iv", "esq", "phd", "md", "cpa", "mba", "cfa"])

#: Capitalised words that are part of no person's name.
_NOT_NAMES = frozenset(
    """
    chief executive officer financial operating technology information marketing revenue
    people product legal security data commercial strategy customer growth human resources
    accounting principal president vice senior svp evp vp avp ceo cfo coo cto cio cmo cro cpo
    chro ciso cso cdo cco clo director directors chairman chairwoman chairperson chair board
    member independent managing general counsel secretary treasurer controller head manager
    partner founder cofounder co-founder interim acting former current lead global group
    corporate executive engineering sales operations finance regional worldwide international
    business development procurement it hr r&d new newly first second third next veteran
    industry leader expert appoints appointed appoint names named name hires hired hire
    promotes promoted promote elects elected elect taps tapped joins joined join welcomes
    welcomed adds added brings announces announced announce announcing recruits recruited
    poaches poached selects selected steps stepping stepped resigns resigned resign retires
    retired retire departs departed leaves left succeeds succeed replaces replace becomes
    become exits exit ousts ousted fires appointment resignation retirement departure
    promotion raises raised raise secures secured closes closed lands nets bags series seed
    round funding investment financing opens opened opening expands expanded expansion
    launches launched launch unveils introduces acquires acquired acquisition acquire buys
    bought merges partners partnered partnership office headquarters hub centre center market
    markets the a an and or of for to in on at by with from as its his her their our this that
    these those he she they it we i mr mrs ms dr effective item company registrant corporation
    inc incorporated corp llc ltd limited plc gmbh lp llp co committee compensation nominating
    audit governance agreement plan stock form report annual meeting exchange act section
    exhibit employment separation statement stockholders shareholders press release securities
    commission january february march april june july august september october november
    december monday tuesday wednesday thursday friday saturday sunday united states america
    american kingdom europe european asia africa north south east west latin prior previously
    since during after before upon following under pursuant also additionally there no not
    none departure election appointment certain officers arrangements compensatory today
    yesterday who when where while most joining including both according said says bank
    bancorp holdings technologies technology systems labs software capital ventures university
    college institute school partners fund group solutions services industries networks media
    pharmaceuticals therapeutics energy analytics robotics foundation association street
    acquiring continuing rights
    """.split()  # noqa: SIM905

)  # fmt: skip

_FUNCTION = r"[A-Z][\w&/’'-]*(?:(?:,)? (?:and |& |of |the |for )?[A-Z][\w&/’'-]*){0,5}"
_GRADE = (
    r"(?:[Ee]xecutive |[Ss]enior |[Gg]roup |[Cc]orporate |[Aa]ssistant |[Aa]ssociate |[Ff]irst |"
    r"[Rr]egional |[Gg]lobal |[Dd]eputy |[Cc]o-?)*"
)
_CHIEF_OF = (
    r"[Ee]xecutive|[Ff]inancial|[Oo]perating|[Tt]echnology|[Tt]echnical|[Ii]nformation|"
    r"[Mm]arketing|[Rr]evenue|[Pp]eople|[Pp]roduct|[Ll]egal|[Ss]ecurity|[Dd]ata|[Cc]ommercial|"
    r"[Ss]trategy|[Cc]ustomer|[Gg]rowth|[Hh]uman|[Rr]esources|[Aa]ccounting|[Aa]dministrative|"
    r"[Cc]ompliance|[Rr]isk|[Ii]nvestment|[Mm]edical|[Ss]cientific|[Ii]nnovation|[Dd]igital|"
    r"[Bb]usiness|[Dd]evelopment|[Ss]ales|[Ee]xperience|[Aa]nalytics|[Pp]rocurement|[Cc]redit|"
    r"[Ll]ending|[Bb]anking|[Cc]ommunications|[Bb]rand|[Dd]iversity|[Ss]ustainability|"
    r"[Tt]ransformation|[Ss]upply|[Cc]hain|[Nn]uclear|[Ee]ngineering|[Ss]oftware|[Pp]artner|"
    r"[Ss]uccess|[Cc]reative|[Tt]alent|[Pp]rivacy|[Aa]ctuarial|[Uu]nderwriting|[Mm]erchandising"
)
#: What managers below the heads are managers of; none of these words is part of a person's name.
_MANAGES = (
    "Senior|Deputy|Assistant|Group|Regional|National|Global|Area|District|Country|Territory|Field|"
    "Branch|Plant|Store|Site|Warehouse|Office|Facilities|Key|Account|Sales|Marketing|Product|Brand|"
    "Content|Digital|Media|Communications|Community|Growth|Demand|Generation|Partner|Partnerships?|"
    "Channel|Revenue|Operations|Business|Development|Customer|Success|Support|Services?|Project|"
    "Program|Programme|Engineering|Software|Data|Analytics|Intelligence|IT|Information|Technology|"
    "Systems|Network|Infrastructure|Platform|Cloud|Security|Finance|Accounting|Treasury|HR|Human|"
    "Resources|People|Talent|Recruiting|Recruitment|Training|Procurement|Purchasing|Supply|Chain|"
    "Logistics|Production|Manufacturing|Quality|Technical|Research|Compliance|Risk|Legal"
)
_ONE_POSITION = (
    rf"(?:[Ii]nterim |[Aa]cting )?(?:"
    rf"[Cc]hief (?:(?:{_CHIEF_OF})(?: (?:and|&) |, | )?){{1,4}} ?[Oo]fficer"
    rf"|{_GRADE}[Vv]ice[ -][Pp]resident(?:(?: of | - | – |, )(?!and |effective|who|Mr|Ms)"
    rf"(?:{_FUNCTION}))?"
    rf"|[SE]?VP(?: of | |, ){_FUNCTION}"
    rf"|(?:[Nn]on-?[Ee]xecutive |[Ee]xecutive |[Vv]ice |[Cc]o-?|[Ii]ndependent )?"
    rf"[Cc]hair(?:man|woman|person)?(?: of (?:the|its|our) [Bb]oard(?: of [Dd]irectors)?)?(?![\w])"
    rf"|[Mm]anaging [Dd]irector(?:(?: of | for |, ){_FUNCTION})?"
    rf"|(?:[Ss]enior |[Ee]xecutive |[Gg]lobal |[Aa]ssociate |[Rr]egional )*[Dd]irector of "
    rf"{_FUNCTION}"
    rf"|(?:[Gg]lobal |[Rr]egional )*[Hh]ead of {_FUNCTION}"
    rf"|(?:(?:{_MANAGES})(?: and| &|,)? ){{1,5}}Manager(?!s)"
    r"|[Gg]eneral [Cc]ounsel|[Gg]eneral [Mm]anager(?:(?: of | for |, )" + _FUNCTION + r")?"
    r"|[Pp]rincipal (?:[Ee]xecutive|[Ff]inancial|[Aa]ccounting) [Oo]fficer"
    r"|(?:[Cc]orporate |[Aa]ssistant |[Cc]ompany )?[Ss]ecretary|[Tt]reasurer"
    r"|(?:[Cc]orporate )?[Cc]ontroller|[Cc]omptroller"
    r"|(?:[Cc]o-)?[Pp]resident(?!s)(?:(?: of | - |, )(?!the |and |effective|our |its )"
    + _FUNCTION
    + r")?"
    r"|C[EFOTIMRPS]O|CHRO|CISO|CPTO|CLO|CDO|CCO"
    r"|(?:an? )?(?:[Ii]ndependent |[Nn]on-[Ee]mployee |[Nn]on-[Ee]xecutive |[Oo]utside |[Ll]ead "
    r"|[Cc]lass I{1,3} )*(?:[Mm]ember of (?:the|its|our) (?:[\w’']+ )?[Bb]oard(?: of [Dd]irectors)?"
    r"|[Bb]oard [Mm]ember|[Dd]irector(?! of [A-Z]))(?!s)"
    r")"
)
POSITION = re.compile(
    rf"(?<![\w-])(?:{_ONE_POSITION})(?:(?:,? and |, | & |/)(?:{_ONE_POSITION}))*(?!\w)"
)

_BOARD_WORDS = re.compile(
    r"\b(?:an?|the|its|our|independent|non-employee|non-executive|outside|lead|class|i{1,3}|"
    r"director|board|member|of|directors|company|company’s|and|chair(?:man|woman|person)?)\b|[,\s]",
    re.I,
)


#: "President of Acme Corporation": the company is no part of the position.
_OF_COMPANY = re.compile(
    r"(?:,)? (?:of|for|at) (?:the )?(?:[A-Z][\w&’'-]*[ ])*(?:Company|Corporation|Corp|Inc|"
    r"Incorporated|Bank|Bancorp|LLC|Ltd|Limited|PLC|Registrant|Holdings)\b.*$"
)


@dataclass(frozen=True)
class Mention:
    """A name in a sentence, with its place."""

    text: str
    start: int
    end: int
    #: Only a family name after "Mr." or "Ms.".
    is_short: bool = False


def find_people(sentence: str) -> list[Mention]:
    """Persons by full name, and short mentions ("Ms. Larkin"), in order."""
    people: list[Mention] = []
    run: list[re.Match[str]] = []
    honorific = False

    def close() -> None:
        nonlocal run, honorific
        if run:
            mention = _mention(sentence, run, honorific)
            if mention is not None:
                people.append(mention)
        run = []
        honorific = False

    previous_end = -2
    for token in _TOKEN.finditer(sentence):
        if token.start() and sentence[token.start() - 1].isalnum():
            continue
        word = token.group("word")
        bare = word.rstrip(".").lower()
        joined = (
            sentence[previous_end : token.start()] in (" ", ", ") if previous_end >= 0 else False
        )
        if joined and sentence[previous_end] == "," and bare not in _SUFFIXES:
            joined = False
        if not joined:
            close()
        previous_end = token.end()
        stem = re.sub(r"[’']s?$", "", bare)
        if bare in _HONORIFICS:
            close()
            honorific = True
            continue
        initial = len(bare) == 1 and word.endswith(".")
        if (stem in _NOT_NAMES and not initial) or (
            word.isupper() and len(bare) > 3 and not word.endswith(".")
        ):
            close()
            continue
        run.append(token)
        if word.endswith((".", "’s", "'s")) and len(bare) > 2 and bare not in _SUFFIXES:
            close()  # the end of a sentence or a possessive ends the name
    close()
    return people


def _mention(sentence: str, run: list[re.Match[str]], honorific: bool) -> Mention | None:
    while run and run[0].group("word").lower() in _PARTICLES and not honorific:
        run = run[1:]
    words = [t.group("word") for t in run]
    content = [
        w for w in words if w.lower() not in _PARTICLES and w.rstrip(".").lower() not in _SUFFIXES
    ]
    if not content or len(content) > 5:
        return None
    start, end = run[0].start(), run[-1].end()
    text = re.sub(r"[’']s?$", "", sentence[start:end]).rstrip(",")
    if text.endswith(".") and words[-1].rstrip(".").lower() not in _SUFFIXES:
        text = text.rstrip(".")
    long_words = [w for w in content if len(w.rstrip(".")) > 1]
    if len(content) == 1:
        return Mention(text, start, end, is_short=True) if honorific else None
    if not long_words or any(c.isdigit() for c in text):
        return None
    return Mention(text, start, end)


def find_positions(sentence: str) -> list[Mention]:
    """Positions ("Chief Financial Officer", "a director") in order; joined ones are one."""
    return [
        Mention(tidy_position(m.group(0)), m.start(), m.end()) for m in POSITION.finditer(sentence)
    ]


def tidy_position(text: str) -> str:
    """A position as it is shown: no article, no trailing punctuation, single blanks."""
    text = re.sub(r"\s+", " ", text).strip(" ,.;:-–")
    text = _OF_COMPANY.sub("", text)
    text = re.sub(r"^(?:an?|the|its|our)\s", "", text, flags=re.I)
    if re.fullmatch(r"(?:independent |non-employee )?director", text, re.I):
        return text.capitalize()
    if text.islower():
        return re.sub(r"\b(?!and\b|of\b|the\b|for\b)\w", lambda m: m.group(0).upper(), text)
    return text


def is_board_position(position: str) -> bool:
    """Whether a position is a seat on the board and nothing else."""
    text = _BOARD_WORDS.sub("", position)
    named = re.search(r"director|board|chair", position, re.I) is not None
    executive = re.search(r"executive chair|managing|director of (?!the)", position, re.I)
    non_executive = re.search(r"non-executive chair", position, re.I)
    return named and not text.strip(" -") and (executive is None or non_executive is not None)
