"""The other side of an agreement in a filing: who is party to it besides the registrant.

Filings name parties in lists ("by and among the Company, Fenmark Merger Sub, Inc., a wholly owned
subsidiary of the Company, Orbvane Corp. and Third Bank, as escrow agent"). Vehicles made for the
deal, agents and representatives are no counterparties.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from detection.companies import clean_name
from detection.names import normalize_company_name
from detection.places import is_large_place

_FORM = (
    r"(?:Inc|Incorporated|Corp|Corporation|Company|Co|L\.?L\.?C|L\.?L\.?P|L\.?P|Ltd|Limited|PLC|plc|"
    r"GmbH|AG|S\.?A|SE|N\.?V|B\.?V|S\.p\.A|A/S|AB|ASA|Oy|Pty|Pte|K\.?K|N\.?A|National Association|"
    r"Bank|Trust|Holdings|Partners|Group|Association|University|Fund|Ventures|Capital)"
)
_PART = r"[A-Z0-9][\w&’'./+-]*|[a-z]{1,2}[A-Z]\w+"
_SUFFIX = rf"(?:,? (?:{_FORM})\b\.?(?! of\b))+"
_PARTY = re.compile(
    rf"(?<![\w’'])(?:(?:{_PART})(?: (?:of |& |and |de |for |the )?(?:{_PART})){{0,7}}?{_SUFFIX}"
    rf"|(?:{_PART})(?: (?:of |& |de )?(?:{_PART})){{0,5}})"
)
_LEGAL_FORM = re.compile(rf"(?:^|[ ,]){_FORM}\.?$")
#: The company the filing is about, as filings call it.
_SELF = re.compile(
    r"^(?:the )?(?:company|registrant|issuer|corporation|parent|borrower|bank|holdings?|we|us|our|"
    r"it|its|buyer|seller|purchaser|tenant|lessee)$",
    re.I,
)
#: Capitalised words of filings that are no parties.
_NO_PARTY = re.compile(
    r"^(?:(?:amended|restated|definitive|master)\b.*|(?:first|second|third|fourth|"
    r"fifth) (?:amend|supplement|step|lien|priority|restated)\w*\b.*|"
    r"section \d.*|.*\b(?:agreement|plan|merger|amendment|act|rule|form|section|exhibit|item|"
    r"notes?|shares?|"
    r"stock|securities|facility|letter|lease|premises|board|directors?|committee|officers?|court|"
    r"code|transaction|closing|purchase|sale|dealers|initial purchasers|guarantors?|date|period|"
    r"joinder|indenture|debentures?|schedule|underwriters?|"
    r"purchasers?|lenders?|sub|sub i{1,3}|delaware|state|county|district|street|avenue|road|suite|"
    r"chief|president|secretary|annex|article|series [a-z]|common|preferred|loan|term|business day|"
    r"eastern time|nasdaq|nyse|new york stock exchange|u\.s|united states|commission)|"
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december|"
    r"on|in|as|at|by|the|a|an|this|such|under|pursuant|each|all|subject|upon|both|mr|ms|mrs|dr)"
    r"(?: .*)?)$",
    re.I,
)
_VEHICLE = re.compile(
    r"\b(?:acquisition (?:corp\w*|co|company|inc|llc|sub\w*|ltd)|merger ?(?:sub|co|corp)\w*|"
    r"acquisition sub)\b",
    re.I,
)
_SUBSIDIARY_AFTER = re.compile(
    r"^[\s,]*(?:\([^)]{0,60}\)[\s,]*)?(?:an? |the |its )?(?:[A-Z]\w+ )?(?:[\w-]+ ){0,4}?"
    r"(?:and )?(?:(?:a |an )?(?:\w+ )?(?:direct |indirect |newly[- ]formed )*"
    r"(?:wholly|majority)[- ]owned\s+(?:\w+ ){0,2}subsidiary)",
    re.I,
)
#: The owner of a party is none itself.
_OWNER_BEFORE = re.compile(r"\b(?:subsidiary|affiliate|division|unit) of (?:the )?$", re.I)
_AGENT_AFTER = re.compile(
    r"^[\s,]*(?:\([^)]{0,80}\)[\s,]*)?(?:(?:acting |solely )?(?:in (?:its|his|her) capacity )?as "
    r"(?:the )?(?:\w+ ){0,3}(?:agent|trustee|representatives?|arrangers?|bookrunners?|depositary|"
    r"depository|registrar)|serving as (?:the )?\w*\s?representative)",
    re.I,
)
_LIST_AHEAD = re.compile(r"\b(?:by and (?:among|between)|among|between|with|from|to)\b", re.I)
_LIST_END = re.compile(
    r"(?:\bpursuant to which|\bwhereby|\bunder which|\bto (?:offer|sell|continue|provide|purchase|"
    r"acquire|lease|supply|license|develop)|\bwith respect to|\brelating to|\bfor the (?:sale|"
    r"purchase)|\bin connection with)",
    re.I,
)


@dataclass(frozen=True)
class Party:
    """A named party, and whether it acts only for others (agent, trustee, arranger)."""

    name: str
    is_agent: bool
    start: int


def is_registrant(name: str, company: str | None) -> bool:
    """Whether a name is the filer's: "the Company", its name, or a shorter form of it."""
    if _SELF.match(name.strip()):
        return True
    if not company:
        return False
    own = normalize_company_name(re.sub(r"[/\\].*$", "", company)).split()
    words = normalize_company_name(name).split()
    if not own or not words:
        return False
    if words == own[: len(words)] and (len(words) > 1 or len(own) == 1 or len(words[0]) > 3):
        return True
    return len(own) < len(words) and words[: len(own)] == own and len(own) > 1


def named_parties(text: str, company: str | None) -> list[Party]:
    """Names in a stretch of text that may be parties, the registrant and vehicles left out."""
    found: list[Party] = []
    seen: set[str] = set()
    for match in _PARTY.finditer(text):
        raw = match.group(0).strip(" ,")
        bare = _without_registrant(re.sub(r"[’']s$", "", raw), company)
        # "New Harbor Corporation" is a name though "new" is none; "300-millimetre" begins none.
        name = bare if bare.startswith("New ") and _LEGAL_FORM.search(bare) else clean_name(bare)
        if (
            name is None
            or len(name) < 3
            or re.match(r"\d+-[a-z]", name)
            or _NO_PARTY.match(name)
            or _VEHICLE.search(name)
        ):
            continue
        if is_registrant(name, company) or is_large_place(name):
            continue
        if _OWNER_BEFORE.search(text[: match.start()]):
            continue
        after = text[match.end() : match.end() + 200]
        if _SUBSIDIARY_AFTER.match(after) and not _LEGAL_FORM.search(name):
            continue
        if (owned := _SUBSIDIARY_AFTER.match(after)) and _owned_by_registrant(
            after[owned.end() :], company
        ):
            continue
        key = normalize_company_name(name)
        if key in seen or any(k.startswith(key) for k in seen):
            continue
        seen.add(key)
        found.append(Party(name, _AGENT_AFTER.match(after) is not None, match.start()))
    return found


def _without_registrant(name: str, company: str | None) -> str:
    """ "Fenmark and Third Bank" are two parties, the first of which is the filer."""
    own, joint, other = name.partition(" and ")
    return other if joint and is_registrant(own, company) else name


def _owned_by_registrant(text: str, company: str | None) -> bool:
    owner = re.match(r"\s+of (?:the )?([A-Z][\w&’'. -]{1,60}?)(?=[,;()]| and | which|\.\s|$)", text)
    return owner is not None and is_registrant(re.sub(r"[’']s$", "", owner.group(1)), company)


def counterparty_after(text: str, start: int, company: str | None) -> Party | None:
    """The first party named in the list that follows ``start``; agents only if nobody else is."""
    ahead = _LIST_AHEAD.search(text, start)
    if ahead is None or ahead.start() - start > 260:
        return None
    stretch = text[ahead.end() : ahead.end() + 700]
    end = _LIST_END.search(stretch)
    parties = named_parties(stretch[: end.start()] if end else stretch[:300], company)
    formal = [p for p in parties if _LEGAL_FORM.search(p.name)]
    principals = [p for p in formal if not p.is_agent] or formal or parties
    return principals[0] if principals else None
