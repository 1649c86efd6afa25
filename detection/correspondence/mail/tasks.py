"""Which sentences of a mail give somebody something to do: an action and what it is done to.

A model tells requests from the rest (``requests``), but much that asks is no task: a quantity that
is needed, a reference to mention, a term of delivery. A task is a request or a promise with a verb
of action and an object, and a question that the reader can answer.
"""

from __future__ import annotations

import re

#: A question of fewer words asks for nothing in particular ("Any news?").
FEWEST_WORDS = 4
#: What somebody at a buyer's or a seller's desk does.
_VERB = r"""(?:send|re-?send|quote|re-?quote|offer|provide|share|forward|confirm|call|ring|phone
    |deliver|ship|supply|check|review|revise|update|return|sign|issue|submit|arrange|schedule|book
    |organi[sz]e|give|prepare|make|revert|get\ back|come\ back|reply|respond|answer|advise
    |tell|clarify|explain|look\ into|look\ at|approve|place|release|join|meet|visit|attach
    |discuss|add|remove|change|extend|reduce|lower|improve|hold|test|charge|let\ (?:me
    |us)\ (?:know|have)|set\ up|work\ out|put\ together|draft|follow\ up|find\ out|talk\ to
    |speak\ to|pass|bring|complete|fill\ in|invoice|expedite|cancel|reserve|inform|e-?mail
    |write|request|order|collect|pick\ up|propose|suggest|investigate|produce|build|stop|start
    |keep|show|present|evaluate|consider|calculate|estimate)"""
#: Up to four words between.
_SOFT = r"(?:(?!not\b|never\b)[\w'’]+,?\s+){0,4}?"
#: What is asked for by its name alone.
_DELIVERABLE = r"""(?:quot(?:e|ation)s?|offers?|proposals?|bids?|prices?|pricing|price\ list
    |estimate|samples?|prototypes?|data\s?sheets?|drawings?|certificates?|confirmation|answer|reply|response
    |feedback|comments|decision|invoice|call\ back|meeting|(?:signed\ )?contract|purchase\ order
    |order\ confirmation|shipping\ documents|tracking\ number|updates?|documents?|files?
    |information|details)"""
_ASKS = re.compile(
    rf"""\b(?:please|kindly|pls)\b,?\s+{_SOFT}{_VERB}\b\s+\S
    |\b(?:can|could|would|will|won['’]t)\s+
       (?:you|your\ \w+|u|some(?:one|body)|any(?:one|body)|we)\b,?\s+{_SOFT}
       (?:be\ (?:able|in\ a\ position|so\ kind\ as)\ to\s+)?{_VERB}\b\s+\S
    |\b(?:would|['’]d)\s+(?:very\ much\ |really\ |also\ )?
       (?:appreciate|be\ (?:grateful|glad)\ (?:for|if))\b.{{0,60}}?\b(?:{_DELIVERABLE}|{_VERB})\b
    |\b(?:would\ like|['’]d\ like|want|wish|need|require|ask|request|await|look\ forward\ to|expect)
       (?:\ to\ (?:request|receive|have|get|see|ask\ for))?\s+
       (?:(?:a|an|the|your|you\ to|some|any|for|us|me|best|revised|updated|new|signed|formal
         |commercial|official|final|written|further|two|three|\d+)\s+){{0,4}}
       (?:{_DELIVERABLE}|{_VERB}\s+\S+)\b
    |\b(?:let|give|send|tell|call|show)\ (?:me|us)\b\s+\S
    |^\W*(?:and\s+|also\s+|then\s+)*{_VERB}\s+(?:me|us|the|your|our|a|an|back|with|to|it|them|this|that)\b
    |\bwhat\b.{{0,30}}?\b(?:charge|cost|price|pay|lead\ time)\b.*\?
    |\b(?:how\ (?:much|many|soon|long)|when|which|do|does|are|is|what|where|who)\b.*\byour?\b.*\?
    |\bbitte\b.{{0,80}}?\b(?:senden|schicken|bieten|best(?:ä|ae)tigen|liefern|pr(?:ü|ue)fen|nennen
       |teilen|geben|rufen|lassen|(?:ü|ue)bermitteln)\b""",
    re.I | re.X | re.S,
)
_PROMISES = re.compile(
    rf"""\b(?:I|we)(?:['’]ll|\s+will|\s+shall|\s+am\ going\ to|\s+are\ going\ to)\s+
       {_SOFT}{_VERB}\b\s+\S
    |\b(?:ich|wir)\s+(?:werden?|senden|schicken|liefern|melden)\b.{{0,80}}?\b(?:ihnen|senden|schicken
       |liefern|uns)\b""",
    re.I | re.X | re.S,
)
_THANKS = re.compile(r"^\W*(?:many\ )?thank(?:s|\ you)\b[^;.!?]*", re.I)
#: Steps that only hand over a number, or courtesies that ask for nothing in particular.
_REFERENCE = re.compile(
    r"""\b(?:mention|state|quote|cite|use|note|refer\ to|give|include|add)\s+(?:always\s+)?
    (?:(?:our|the|your|this|ref(?:erence)?(?:\ no\.?|\ number)?|number)\s+)*
    (?:ref(?:erence)?\b|(?:RFQ|PO|enquiry|inquiry|order|quote|offer)[\s:#-]*(?:no\.?\s*)?[\w-]*\d)""",
    re.I | re.X,
)
_COURTESY = re.compile(
    r"""\b(?:(?:do\ not|don['’]t)\ hesitate|feel\ free|any\ (?:further\ )?questions|how\ are\ you
    |look\ forward\ to\ (?:hearing|your\ (?:reply|answer|response))|please\ find|as\ (?:soon|early)
    \ as\ possible\W*$)""",
    re.I | re.X,
)


#: Verbs that are no nouns as well, where a request may be worded in any way.
_SURE = re.compile(
    r"""\b(?:send|provide|share|forward(?:ing)?|confirm|deliver|ship|return|review|revise|arrange
    |schedule|prepare|get|come|reply|respond|advise|tell|clarify|explain|look|approv(?:e|al)|sign
    |join|meet|discuss|add|remove|change|reduce|improve|charge|know|set\ up|bring|put|ask|talk
    |speak|leave|print|copy|find|make\ sure|take\ care|go\ ahead|move|register|settle|check|call\ me
    |(?:reply|answer|help|approval|quote|quotation|summary|comments)\b.{0,50}?
     \b(?:by|on|of|for|would\ be))\b""",
    re.I | re.X | re.S,
)
#: What is stated, not asked: a fact, or what the writer does with this very mail.
_STATED = re.compile(
    r"""\b(?:we|I)\s+(?:hereby\s+|herewith\s+|can\s+|are\s+pleased\s+to\s+|gladly\s+)?(?:confirm|accept
    |acknowledge|attach|enclose|have|had|were|did|sent|received)\b
    |\b(?:we|I)\s+(?:need|require|want|would\ take|must\ land|expect)\b
       [^?]{0,20}?(?:\d|\b(?:delivery|them|units?|pieces?|pcs)\b)""",
    re.I | re.X,
)


def is_reference(sentence: str) -> bool:
    """Whether a sentence only asks that a number be named.

    >>> is_reference("Kindly mention RFQ 8128."), is_reference("Please state your best price.")
    (True, False)
    """
    return _REFERENCE.search(sentence) is not None


def task_of(sentence: str) -> str | None:
    """``asked`` or ``promised`` where a sentence gives something to do, else None.

    Of sentences that the model (``requests``) takes for requests; promises it does not look for.

    >>> task_of("Could you please send us two samples?"), task_of("We need 800 units.")
    ('asked', None)
    >>> task_of("We will send the revised drawing by Friday.")
    'promised'
    """
    said = _THANKS.sub("", sentence)
    if is_reference(said) or _COURTESY.search(said):
        return None
    if _PROMISES.search(said) and not said.rstrip().endswith("?"):
        return "promised"
    if _ASKS.search(said):
        return "asked"
    if _STATED.search(said):
        return None
    is_question = said.rstrip().endswith("?") and len(said.split()) >= FEWEST_WORDS
    return "asked" if is_question or _SURE.search(said) else None
