"""The wording of tasks: which sentences give somebody something to do, and how surely.

Patterns are verbose: blanks in them are escaped. Weights were set by judgement and are no
probabilities; ``make evaluate`` says how far they carry on real calls.
"""

from __future__ import annotations

import re

from detection.prefilter import Prefilter

#: What is done after a meeting. Verbs of the meeting itself (say, explain, move on) are left out.
_WORK = r"""(?:add|address|answer|approv|arrang|benchmark|book|bring|call|check|circulat|clarif
|clean|collect|come\ back|comment|compar|complet|confirm|coordinat|creat|debug|decid|deliver|deploy
|document|draft|e-?mail|figure|fil|finali[sz]|finish|fix|follow|forward|get\ back|host|implement
|introduc|investigat|invit|issue|launch|look|mail|make|measur|merg|negotiat|notify|open|order
|organi[sz]|ping|post|prepar|propos|provid|publish|push|put|quot|rais|reach|read|releas|remov|reply
|report|resolv|respond|review|revis|run|schedul|send|set|share|ship|sign|spec|submit|sync|take|test
|unblock|updat|verify|writ)\w*"""
#: Up to three words between the auxiliary and the verb, none of them a "not".
_SOFT = r"(?:\s+(?!not\b|never\b)[\w’']+,?){0,3}?\s+"
_WILL = r"(?:['’]ll|\s+will|['’]m\ going\ to|\s+am\ going\ to|['’]re\ going\ to|\s+are\ going\ to)"
_ANYONE = r"(?:(?:some|any|every)(?:one|body)|people|you|all|the\s+\w+\s+teams?|[A-Z]\w+)"
_OTHERS = r"(?:people|every(?:one|body)|client\w*|teams?|you|folks|them|authors?)"
_MUST = (
    r"(?:will|is\ going\ to|are\ going\ to|is\ to|are\ to|needs?\ to|ha(?:s|ve)\ to|should|must)"
)
_FINE = r"(?:great|good|nice|helpful|awesome|useful|ideal|appreciate\w*)"


def _pattern(text: str, any_case: bool = True) -> re.Pattern[str]:
    return re.compile(text, re.X | (re.I if any_case else 0))


#: Kind of task, its wording, and how sure the wording alone is.
RULES: tuple[tuple[str, re.Pattern[str], float], ...] = (
    (
        "recap",
        _pattern(r"\b(?:action\ items?|to-?dos?|next\ steps?)\b(?:\s+\w+){0,4}\s*(?::|is|are)"),
        0.55,
    ),
    ("commitment", _pattern(rf"\b(?:I|we){_WILL}{_SOFT}{_WORK}\b"), 0.30),
    (
        "commitment",
        _pattern(rf"\bI\s+can(?:\s+(?:also|definitely|then|just|certainly))?\s+{_WORK}\b"),
        0.26,
    ),
    (
        "commitment",
        _pattern(rf"\b(?:let\ me|leave\ (?:it|that)\ (?:with|to)\ me)\b(?:{_SOFT}{_WORK})?"),
        0.12,
    ),
    # Names are told by their capital letter here.
    ("request", _pattern(rf"\b(?:can|could|would|will)\s+{_ANYONE}{_SOFT}{_WORK}\b", False), 0.34),
    ("request", _pattern(rf"\bplease\b(?:{_SOFT}|\s+){_WORK}\b"), 0.42),
    ("request", _pattern(rf"\b{_WORK}\b[^.?!]{{0,60}}\bplease\b"), 0.38),
    (
        "request",
        _pattern(
            rf"""\b(?:would|['’]d|will)\s+(?:also\s+)?(?:be\s+)?(?:(?:really|very|super)\s+)?{_FINE}\b
            [^.?!]{{0,30}}\b(?:if|to)\b"""
        ),
        0.38,
    ),
    (
        "request",
        _pattern(
            rf"""\b(?:ask|encourage|urge|invite|remind|request|want|like|love|need)\s+
            (?:all\s+|the\s+|other\s+|every\s+)*{_OTHERS}\b{_SOFT}{_WORK}\b"""
        ),
        0.40,
    ),
    (
        "request",
        _pattern(r"\b(?:make|making)\ sure\b|\b(?:take|have)\ an?(?:other)?\ (?:\w+\ )?look\b"),
        0.26,
    ),
    (
        "assignment",
        _pattern(
            rf"\b(?:[A-Z][\w’'-]+|teams?|clients?|authors?|he|she|they)\s+{_MUST}{_SOFT}{_WORK}\b",
            False,
        ),
        0.26,
    ),
    (
        "assignment",
        _pattern(rf"\byou(?:['’]ll|\s+will|\s+should|\s+need\ to|\s+must){_SOFT}{_WORK}\b"),
        0.28,
    ),
    ("agreement", _pattern(rf"\b(?:let['’]?s|let\ us)\s+(?:\w+\s+){{0,2}}?{_WORK}\b"), 0.20),
    (
        "agreement",
        _pattern(
            rf"\bwe\s+(?:should|need\ to|have\ to|must|ought\ to)\s+(?:\w+\s+){{0,2}}?{_WORK}\b"
        ),
        0.16,
    ),
)
#: What makes a task of a sentence more, or less, likely; added to the rule's weight.
WEIGHTS: tuple[tuple[re.Pattern[str], float], ...] = (
    (
        _pattern(
            r"""\ba-?sync\w*|\boffline\b|\bafter\ (?:the|this|today's)\ (?:call|meeting)\b
            |\bin\ (?:the\ )?(?:\w+\ ){0,2}(?:channel|chat|thread|discord|slack)\b"""
        ),
        0.12,
    ),
    (
        _pattern(
            r"""\b(?:PRs?|pull\ requests?|docs?|document|proposal|spec|draft|agenda|comments?
            |feedback|offer|quote|quotation|contract|samples?|drawing|deck|pricing|spreadsheet
            |ticket|issue)\b""",
            False,
        ),
        0.10,
    ),
    (
        _pattern(
            r"""\bbreak-?out\b
            |\b(?:schedule|set\ up|book|arrange)\b[^.]{0,25}\b(?:call|meeting|session|demo)\b"""
        ),
        0.15,
    ),
    (_pattern(r"\b(?:follow(?:ing)?[-\ ]up|reach\ out|get\ back|come\ back\ to|ping)\b"), 0.08),
    (_pattern(r"\b(?:action\ items?|deadline|responsible|owner|volunteer|homework)\b"), 0.12),
    # Running the meeting.
    (
        _pattern(
            r"""\b(?:go\ ahead|share\ my\ screen|my\ slides|hear\ me|move\ on|moving\ on|next\ topic
            |next\ item|start\ with|give\ (?:us\ |an?\ |the\ )*update|an?\ update\ from|mute
            |looks?\ like|take\ over|makes?\ sense|take\ it\ away|quick\ question)\b"""
        ),
        -0.30,
    ),
    # Thinking aloud.
    (
        _pattern(
            r"""\b(?:if\ (?:we|you|I|they)|(?:would|could|should)\ have|might|whether|because
            |in\ theory|at\ some\ point|eventually|imagine)\b"""
        ),
        -0.10,
    ),
    # Telling what was.
    (
        _pattern(
            r"""\b(?:yesterday|last\ (?:week|month|year)|already|we\ (?:did|were|had)|have\ been
            |has\ been)\b"""
        ),
        -0.10,
    ),
)
#: Rules and weights under the names by which ``SCAN`` says which of them may match.
NAMED_RULES = tuple((f"rule {number}", rule) for number, rule in enumerate(RULES))
NAMED_WEIGHTS = tuple((f"weight {number}", weight) for number, weight in enumerate(WEIGHTS))
SCAN = Prefilter(
    {name: pattern for name, (_, pattern, _) in NAMED_RULES}
    | {name: pattern for name, (pattern, _) in NAMED_WEIGHTS}
)
