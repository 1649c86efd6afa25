"""What kind of agreement an 8-K item tells of, by its content rather than by its code.

Item 1.01 holds mergers, loans, leases, licences and pay alike. The words of each kind are looked
for in the beginning of the item; the earliest decides, with the exceptions that the comments give.
"""

from __future__ import annotations

import re

#: Characters at the beginning of an item in which its subject is named.
LEAD = 1_600


def _words(text: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{text})", re.I)


#: Kinds of content and the words that tell them.
KINDS: dict[str, re.Pattern[str]] = {
    "pay": _words(
        r"employment agreements?|severance|change[- ](?:of|in)[- ]control (?:severance |"
        r"retention )?"
        r"agreements?|retention (?:agreement|bonus)|indemnification agreements?|"
        r"salary continuation|stock options?\b|restricted (?:stock|share)|"
        r"incentive (?:compensation )?"
        r"plan|stock plan|(?:annual )?base salar|compensat(?:ion of|ion arrangement|ory|"
        r"ion committee)"
        r"|bonus(?:es)? |retainers?\b|deferred compensation|supplemental (?:executive )?retirement|"
        r"separation (?:and release )?agreement|transition agreement with (?:mr|ms|mrs|dr)|"
        r"accelerat\w+ (?:of )?(?:the )?vesting|award agreements?|stock purchase plan|"
        r"salaries of|executive compensation|director compensation|directors.? compensation"
    ),
    "merger": _words(
        r"(?:agreement and )?plan of (?:merger|reorgani[sz]ation)|merger agreement|"
        r"business combination agreement|(?:agreement|offer) to (?:acquire|be acquired)|"
        r"tender offer|scheme of arrangement|arrangement agreement"
    ),
    "purchase": _words(
        r"(?:stock|shares?|asset|equity|unit|membership interests?|interests?|securities|business)"
        r"(?: sale and)? (?:purchase(?: and sale)?|transfer|acquisition) agreement|"
        r"purchase (?:and sale )?agreement|acquisition agreement|"
        r"(?:agree[ds]?|right|option) to (?:acquire|purchase|sell)\b|(?:will|to) acquire\b|"
        r"acquired\b|completed? (?:its |the )?(?:acquisition|purchase|sale)"
    ),
    "debt": _words(
        r"credit (?:agreement|facility)|loan (?:and security )?(?:agreement|facility)|term loans?|"
        r"revolv(?:ing|er)|promissory notes?|indenture|(?:senior|subordinated|convertible|secured|"
        r"unsecured|exchangeable) (?:\w+ )?(?:notes?|debentures?|bonds?)|debentures?|"
        r"note purchase agreement|bridge loan|line of credit|credit line|letter of credit|"
        r"principal amount|financing agreement|receivables purchase|securitization|forbearance"
    ),
    "equity": _words(
        r"underwriting agreement|subscription agreement|placement agen\w+|at[- ]the[- ]market|"
        r"registered direct|private placement|equity distribution agreement|"
        r"common stock purchase agreement|sales agreement with|"
        r"investor rights agreement|preferred stock purchase"
    ),
    "lease": _words(r"(?:sub)?leases?\b|lease agreement|landlord|rentable square"),
    "joint_venture": _words(
        r"joint[- ]ventures?|jointly own|owned \d[\d.]*% by|shareholders.? agreement to form"
    ),
    "license": _words(
        r"(?:patent |technology |software |exclusive |cross[- ])*licen[cs](?:e|ing)\b"
    ),
    "supply": _words(r"(?:supply|manufactur\w+|purchasing|procurement|sourcing) agreement"),
    "distribution": _words(
        r"(?:distribut\w+|resell\w+|marketing|sales representat\w+|agency|franchise) agreement"
    ),
    "collaboration": _words(
        r"(?:collaborat\w+|alliance|co-?development|development|cooperation|teaming|co-?promotion|"
        r"strategic|partnership|research)(?: and \w+)? agreement|strategic (?:alliance|partnership)"
    ),
    "service": _words(
        r"(?:services?|outsourcing|consulting|support|maintenance|master|engineering|construction|"
        r"hosting|processing|management|administrat\w+|transportation|charter)(?: \w+)? "
        r"(?:agreement|contract)|contract (?:with|from|for)|awarded\b|new contract|"
        r"statement of work"
    ),
    "other": _words(
        r"settlement agreement|settlement and|consent (?:order|decree)|cease and desist|"
        r"rights agreement|rights plan|voting agreement|standstill|stipulation|"
        r"registration rights|tax (?:sharing|matters)|plea|memorandum of understanding|"
        r"escrow agreement|amend\w+ (?:of|to) (?:the )?(?:bylaws|by-laws)"
    ),
}
#: Notes sold through underwriters or to "initial purchasers" are a debt, whatever the paper.
_NOTES = _words(
    r"principal amount|notes due|debentures? due|bonds due|senior notes|convertible notes|"
    r"convertible (?:senior |subordinated )?(?:notes|debentures)"
)
#: The registrant sells its own shares.
_OWN_SHARES = _words(
    r"(?:issue and sell|issuance and sale|sale by the (?:company|registrant)|sell (?:to|"
    r"an aggregate"
    r"|up to)|offer and sale|issued (?:and sold|to)|purchase from the company)[^.]{0,160}?"
    r"(?:shares|units|warrants|preferred)|shares of (?:the company.s|its|our|newly issued) "
    r"(?:common|preferred|series)|private placement"
)
_REFERS = re.compile(
    r"\b(?:see|refer(?:ence)? (?:to|is (?:made|hereby made) to)|refer to|set forth (?:above |"
    r"below )?"
    r"(?:in|under)|(?:contained|included|described|provided|reported|disclosed)(?: \w+)?(?: \w+)? "
    r"(?:in|under|at)|incorporated (?:herein |in(?:to)? this item \S+ )?by reference)\b.{0,80}?"
    r"\b(?:items?|exhibits?)\b",
    re.I | re.S,
)
#: An item that only points to another is no longer than this.
_REFERENCE_LENGTH = 420


def only_refers(text: str) -> bool:
    """Whether an item says nothing itself but points to another item or an exhibit."""
    return len(text) <= _REFERENCE_LENGTH and _REFERS.search(text) is not None


def kind_of(text: str) -> str | None:
    """The kind of agreement an item is about; None when no word tells it.

    The earliest word wins. Exceptions: notes sold are debt though the paper is an underwriting or
    purchase agreement, own shares sold are equity though it is a purchase agreement, and a
    subject is no pay matter when a merger stands in the first sentence.
    """
    lead = text[:LEAD]
    found = {
        kind: match.start() for kind, pattern in KINDS.items() if (match := pattern.search(lead))
    }
    if not found:
        return None
    kind = min(found, key=lambda k: found[k])
    if kind == "pay" and found.get("merger", LEAD) < 250:
        kind = "merger"
    if kind in ("purchase", "merger") and "merger" in found:
        return "merger"
    if kind in ("equity", "purchase") and (notes := _NOTES.search(lead)) and notes.start() < 700:
        return "debt"
    if kind == "purchase" and _OWN_SHARES.search(lead):
        return "equity"
    return kind
