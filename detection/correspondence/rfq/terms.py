"""Payment and delivery terms, references, part numbers, products and competitors of a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator

from detection.correspondence.rfq.numbers import find_numbers
from detection.correspondence.rfq.records import RfqSignal
from detection.correspondence.rfq.sentences import Reading

#: Incoterms 2020 of the International Chamber of Commerce, and two older ones still written.
_INCOTERM = re.compile(r"\b(?:EXW|FCA|CPT|CIP|DAP|DPU|DDP|FAS|FOB|CFR|CIF|DDU|DAT)\b")
_SPOKEN_INCOTERM = (
    ("EXW", re.compile(r"\b(?:ex[- ]works|ab werk)\b", re.I)),
    ("DDP", re.compile(r"\b(?:delivered,? duty paid|frei haus,? verzollt)\b", re.I)),
    (
        "DAP",
        re.compile(
            r"\b(?:delivered at place|frei (?:haus|baustelle|verwendungsstelle)(?!,? verzollt))\b",
            re.I,
        ),
    ),
    ("FCA", re.compile(r"\bfree carrier\b", re.I)),
    ("FOB", re.compile(r"\bfree on board\b", re.I)),
    ("CPT", re.compile(r"\bcarriage paid\b", re.I)),
    ("CIP", re.compile(r"\bcarriage,? (?:and )?insurance paid\b", re.I)),
    ("DDU", re.compile(r"\bdelivered,? duty unpaid\b", re.I)),
    ("CFR", re.compile(r"\bcost and freight\b", re.I)),
    ("CIF", re.compile(r"\bcost,? insurance,? (?:and )?freight\b", re.I)),
)
_TERM_DAYS = r"\d{1,3}|thirty|forty[- ]five|sixty|ninety|fourteen|ten"
_NET = re.compile(
    rf"""\bnet[- ]?(?P<net>\d{{1,3}}|[a-z]+(?:[- ][a-z]+)?)\b(?:\s*days)?
    |\b(?P<days>{_TERM_DAYS})\s*days?\s*(?:net\b|eom\b|end\ of\ month\b|payment)
    |\bpay(?:ment|able)?\s+(?:terms\s+(?:of|are|is)\s+|is\s+|due\s+)?(?:in|within|after|of)?\s*
     (?P<pay>{_TERM_DAYS})\s*days?\b
    |\b(?:settle|invoices?|paid|pay|money|payment)\b[^.;]{{0,25}}?\b(?:after|in|within|at)\s+
     (?P<settled>{_TERM_DAYS})\s*days?\b
    |\b(?P<after>{_TERM_DAYS})\s*days?\s+(?:after|from|of)\s+(?:the\ |date\ of\ )*invoice
    |\b(?P<tage>\d{{1,3}})\s*tagen?\s*(?:netto\b|nach\s+(?:rechnung|lieferung|erhalt)\w*)
    |\b(?:zahlung|zahlbar)\w*\b[^.;\d]{{0,25}}(?P<zahlbar>\d{{1,3}})\s*tagen?\b
    |\b(?:wir\ )?(?:zahlen|bezahlen|begleichen)\b[^.;\d]{{0,25}}(?P<zahlen>\d{{1,3}})\s*tagen?\b
    |\b(?P<vor>\d{{1,3}})\s*tagen?\s*nach\s+rechnungs\w*
    |\bzahlungsziel:?\s*(?P<target>\d{{1,3}})\b""",
    re.I | re.X,
)
_OTHER_PAYMENT = (
    (
        "prepayment",
        re.compile(
            r"\b(?:vor(?:aus)?kasse|vorauszahlung|zahlung im voraus"
            r"|pre-?payment|pre-?paid|(?:cash|payment) in advance"
            r"|100 ?% (?:up ?front|in advance))\b",
            re.I,
        ),
    ),
    (
        "down payment",
        re.compile(
            r"\b(?:\d{1,2} ?% )?(?:deposit|down ?payment|up ?front|anzahlung)\b"
            r"|(?:\b(?:half|a third|hälfte|ein drittel)|\d ?%) (?:due |payable |fällig )?"
            r"(?:with|on|upon|at|bei|mit) (?:the |your |our |der )?"
            r"(?:order|signing|signature|bestellung|auftrag\w*|po)\b",
            re.I,
        ),
    ),
    ("letter of credit", re.compile(r"\bletter of credit\b|\bL/C\b", re.I)),
)
_TOKEN = r"[A-Z0-9](?:[A-Z0-9./_-]{0,28}[A-Z0-9])?"
#: A bare number after an everyday word ("quote 500 units") needs "no." or "#" between.
_REFERENCE = re.compile(
    rf"""\b(?:(?P<sure>RFQ|RFP|RFI|PO|P\.O\.|(?i:enquiry|inquiry|purchase\ order))
      (?:\s*(?:(?i:no\.?|number|num\.?|ref\.?|id)|\#))*[\s:\#-]*
      (?P<token>(?=[A-Z0-9./_-]*\d\d){_TOKEN})
    |(?P<word>(?i:quotation|quote|offer|order|opportunity|project|ref(?:erence)?))
      (?:(?:\s*(?:(?i:no\.?|number|num\.?|ref\.?|id)|\#))+[\s:\#-]*
         (?P<numbered>(?=[A-Z0-9./_-]*\d\d){_TOKEN})
        |[\s:]*(?P<lettered>(?=[A-Z][A-Z0-9./_-]*\d\d){_TOKEN})))
    (?![\w%])""",
    re.X,
)
_REFERENCE_KIND = {
    "enquiry": "RFQ", "inquiry": "RFQ", "rfp": "RFQ", "rfi": "RFQ", "rfq": "RFQ",
    "quotation": "QUOTE", "quote": "QUOTE", "offer": "QUOTE", "purchase order": "PO", "po": "PO",
    "p.o.": "PO", "order": "PO",
}  # fmt: skip
_PART_LABEL = re.compile(
    rf"""\b(?:P/N|PN|(?i:part\ (?:no\.?|number)s?|item(?:\ no\.?|\ number)?|sku
    |drawing(?:\ no\.?|\ number)?|article(?:\ no\.?)?|model))(?:\s+is)?[\s:\#]*
    (?P<part>(?=[A-Z0-9./_-]*\d)(?!\d{{1,2}}(?![A-Z0-9/_-]|\.\w)){_TOKEN})""",
    re.X,
)
_PART = re.compile(
    r"(?<![\w/.-])(?=[A-Z0-9-]*\d)[A-Z]{2,6}-[A-Z0-9]{2,10}(?:-[A-Z0-9]{1,8}){0,3}(?![\w-])"
)
#: Words before a hyphen and a number that are no part numbers.
_NO_PART = re.compile(
    r"(?:AN|BEST|CE|COVID|CW|DIN|EN(?=-\d{2,5}(?:-\d)?$)|FW|IEC|INV|IP|ISO|KW|OP|OPP|ORD|PO|QT|QUO|RE|REF|RFI|RFP|RFQ|SHA"
    r"|TLS|UL|UTF)-"
)
_RIVAL = re.compile(
    r"""\b(?:compet(?:ing|itors?|ition)(?:\ (?:against|with|is|are|from|like))?|up\ against
    |incumbent(?:\ supplier)?(?:\ is|,)?
    |(?:present|current|existing)\ (?:supplier|vendor|source)s?(?:\ (?:is|are)|:|,)
    |also\ (?:have|got|received)\ (?:a|an)\ (?:bid|offer|quote|quotation|proposal)\ from
    |currently\ (?:buy(?:ing)?|sourc(?:e|ing)|purchas(?:e|ing))(?:\ \w+){0,3}?\ from
    |also\ (?:talking|speaking|quoting)\ (?:to|with)
    |(?:get|buy|source|order|purchase)\ (?:them|these|those|it|this)\ from|[Cc]ompared\ (?:with|to)
    |(?:(?:an|a|the)\ )?(?:rival|competing)\ (?:offer|quote|bid)\ from|versus|went\ with
    |awarded\ to)\s+
    (?P<name>(?!(?:The|You|Us|Our|We|I|It|This|That|Another)\b)
     [A-Z][\w&-]+(?:\s+[A-Z][\w&-]+){0,2})""",
    re.X,
)
#: "X is also in the running", "auch X wurde angefragt".
_RIVAL_NAMED = re.compile(
    r"""(?<![\w.])(?:(?P<first>(?!(?:The|They|You|He|She|We|I|It|This|That|Your|Our|Who|Another
     |Somebody|Price|Quality|Delivery|Everything|Nothing)\b)[A-Z][\w&-]+(?:\s+[A-Z][\w&-]+){0,2})
     \s+(?:is|are)\s+(?:also\ |still\ |both\ )?(?:in\ the\ (?:running|race)
      |bidding(?=\ (?:for|on|against|too|as\ well)\b|\s*(?:[.,;!?]|$))
      |(?:one\ of\ )?(?:the|your)\ competitors?)\b
    |[Aa]uch\s+(?:bei\s+)?(?P<second>[A-ZÄÖÜ][\w&-]+(?:\s+[A-ZÄÖÜ][\w&-]+){0,2})
     \s+(?:wurden?|haben?\s+wir|ist|sind|hat|haben)\s+(?:angefragt|im\ rennen|mitgeboten
      |ein\ angebot\ (?:abgegeben|gemacht)))""",
    re.X,
)
_RIVAL_QUOTED = re.compile(
    r"""(?<![\w.])(?P<name>(?!(?:The|They|You|He|She|We|I|It|This|That|Your|Our|My|Who|Nobody|Another
     |Somebody|Someone)\b)[A-Z][\w&-]+(?:\s+[A-Z][\w&-]+){0,2})
    \s+(?:has\ |have\ )?(?:also\ )?(?:(?:quoted|undercut)\ us\b
     |offered\ us\ (?:less|\d|[€$£]|(?:a\ )?(?:better|lower|cheaper)))""",
    re.X,
)


#: Expressions that a prefilter can ask for, of a sentence and of a whole text.
SENTENCE_PATTERNS = {
    "reference": _REFERENCE,
    "part_label": _PART_LABEL,
    "payment_days": _NET,
}
TEXT_PATTERNS = {
    "rival": _RIVAL,
    "rival_quoted": _RIVAL_QUOTED,
    "rival_named": _RIVAL_NAMED,
    "incoterm": _INCOTERM,
    **dict(_SPOKEN_INCOTERM),
    **dict(_OTHER_PAYMENT),
}


def find_references(reading: Reading) -> Iterator[RfqSignal]:
    """Numbers of requests, quotations, orders and projects; then part numbers."""
    for match in _REFERENCE.finditer(reading.text) if reading.may_hold("reference") else ():
        what = (match.group("sure") or match.group("word")).lower()
        kind = _REFERENCE_KIND.get(what, what.upper()[:7])
        groups = ("token", "numbered", "lettered")
        token = next(match.group(g) for g in groups if match.group(g))
        value = f"{kind} {re.sub(r'^(?:RFQ|RFP|RFI|PO|QUOTE|Q)-', '', token)}"
        yield reading.signal("reference", match.start(), match.end(), 0.9, value=value)
    labelled = []
    if reading.may_hold("part_label"):
        found = _PART_LABEL.finditer(reading.text)
        labelled = [(m.start("part"), m.end("part"), 0.95) for m in found]
    own = reading.vocabulary.part_number_pattern
    if own is not None:
        labelled += [(m.start(), m.end(), 0.95) for m in own.finditer(reading.text)]
    bare = [
        (m.start(), m.end(), 0.7)
        for m in (_PART.finditer(reading.text) if "-" in reading.text else ())
        if not _NO_PART.match(m.group())
    ]
    for start, end, confidence in [*labelled, *bare]:
        if not reading.is_taken(start, end):
            value = reading.text[start:end].upper()
            yield reading.signal("part_number", start, end, confidence, value=value)


def find_payment_days(reading: Reading) -> Iterator[RfqSignal]:
    """Days until payment: "net 60", "payment in thirty days"."""
    for match in _NET.finditer(reading.text) if reading.may_hold("payment_days") else ():
        words = next(w for w in match.groups() if w)
        numbers = find_numbers(words)
        if numbers and numbers[0].value <= 365:
            days = numbers[0].value
            yield reading.signal(
                "payment_terms", match.start(), match.end(), 0.9,
                low=days, high=days, unit="day", value=f"net {days:g}",
            )  # fmt: skip


def find_other_payment(reading: Reading) -> Iterator[RfqSignal]:
    """Payment in advance, in part, or by a letter of credit."""
    for value, pattern in _OTHER_PAYMENT:
        for match in pattern.finditer(reading.text) if reading.may_hold(value) else ():
            yield reading.signal("payment_terms", match.start(), match.end(), 0.8, value=value)


def find_delivery_terms(reading: Reading) -> Iterator[RfqSignal]:
    """Incoterms, by their letters or spoken out."""
    if reading.may_hold("incoterm"):
        for match in _INCOTERM.finditer(reading.text):
            yield reading.signal("delivery_terms", *match.span(), 0.95, value=match.group())
    for value, pattern in _SPOKEN_INCOTERM:
        for match in pattern.finditer(reading.text) if reading.may_hold(value) else ():
            yield reading.signal("delivery_terms", *match.span(), 0.9, value=value)


def find_names(reading: Reading) -> Iterator[RfqSignal]:
    """Products and competitors."""
    vocabulary = reading.vocabulary
    if vocabulary.product_pattern is not None and vocabulary.may_name_product(reading.text):
        for match in vocabulary.product_pattern.finditer(reading.text):
            if product := vocabulary.product_of(match.group()):
                yield reading.signal("product", *match.span(), 0.9, value=product)
    known: set[str] = set()
    if vocabulary.competitor_pattern is not None and vocabulary.may_name_competitor(reading.text):
        for match in vocabulary.competitor_pattern.finditer(reading.text):
            name = vocabulary.competitor_of(match.group())
            known.add(name.lower())
            yield reading.signal("competitor", *match.span(), 0.95, value=name)
    known |= {name.lower() for name in vocabulary.own_names}
    for kind, pattern in (("rival", _RIVAL), ("rival_quoted", _RIVAL_QUOTED)):
        for match in pattern.finditer(reading.text) if reading.may_hold(kind) else ():
            name = match.group("name")
            if not any(k in name.lower() for k in known):
                yield reading.signal("competitor", *match.span("name"), 0.65, value=name)
    for match in _RIVAL_NAMED.finditer(reading.text) if reading.may_hold("rival_named") else ():
        group = "first" if match.group("first") else "second"
        name = match.group(group)
        is_product = vocabulary.product_of(name) is not None
        if not is_product and not any(k in name.lower() for k in known):
            yield reading.signal("competitor", *match.span(group), 0.6, value=name)
