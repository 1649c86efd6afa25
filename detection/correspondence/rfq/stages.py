"""Wording that tells how far a deal is: from a concept to an order won or lost."""

from __future__ import annotations

import re
from collections.abc import Iterator

from detection.correspondence.rfq.records import RfqSignal
from detection.correspondence.rfq.sentences import Reading

_BUY_ORDER = r"(?:purchase\ order|PO|order)"
_OFFER = r"(?:quotation|quote|offer)"


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{text})(?!\w)", re.I | re.X)


#: Stage, its wording (verbose patterns: blanks are escaped), and how sure the wording is.
CUES: tuple[tuple[str, re.Pattern[str], float], ...] = (
    (
        "lost",
        _pattern(
            r"""(?:decided|chosen|opted|chose)\ (?:to\ (?:go|proceed)\ )?(?:with|for)
             \ (?:an?other|a\ different|your\ competitor|an\ other)
            |(?:went|going|go)\ with\ (?:another|a\ different)\ (?:supplier|vendor|offer|bidder)
            |awarded\ (?:the\ \w+\ )?(?:to\ another|elsewhere)
            |(?:will|can|are)\ ?not\ (?:be\ )?(?:able\ to\ )?
             (?:proceed(?:ing)?|mov(?:e|ing)\ forward)
            |(?:project|program|programme)\ (?:has\ been|was|is)\ (?:cancell?ed|stopped|shelved)
            |not\ (?:been\ )?successful\ on\ this\ occasion|decided\ against
            |opted\ for\ (?:an?other|a\ competing|a\ rival|a\ cheaper|someone)
            |on\ hold\ for\ good|nothing\ to\ order|no\ longer\ (?:need|required)
            |placed\ the\ order\ elsewhere|did\ not\ make\ it|regret\ to\ inform
            |(?:gone|went|going|given)\ to\ (?:some(?:one|body)\ else|another|a\ different
             |(?:a|your)\ competitor)|(?:gone|went|going|go)\ elsewhere|pull(?:ed|ing)?\ the\ plug
            |settled\ (?:on|for)\ (?:an?other|a\ different|someone|somebody|(?:a|your)\ competitor)
            |(?:won['’]t|will\ not|not)\ (?:be\ )?(?:tak(?:e|ing)\ (?:this|it)\ (?:any\ )?further
             |pursu(?:e|ing)\ (?:this|it|the))
            |we\ lost\ (?:this|the|it)|deal\ (?:is|was)\ lost|closed\ lost"""
        ),
        0.9,
    ),
    (
        "won",
        _pattern(
            r"""(?:order|contract|deal|business)\ (?:is|has\ been|was)
             \ (?:signed|won|awarded\ to\ (?:you|us))
            |awarded\ (?:the\ \w+\ )?to\ (?:you|us)
            |(?:signed|countersigned)\ (?:the\ )?(?:contract|agreement|order)
            |received\ your\ (?:purchase\ order|po)|order\ confirmation\ (?:is\ )?attached
            |confirm\ (?:receipt\ of\ )?your\ (?:purchase\ )?order
            |(?:thanks|thank\ you)\ for\ (?:the|your)\ (?:purchase\ )?order|hereby\ confirm
            |you(?:\ have|['’]ve)\ (?:(?:got|won)\ )?the\ (?:business|order|job|contract)
            |(?:order|business|contract)\ is\ yours
            |award(?:ed|ing)?\ you\ (?:this|the|our|with)
            |(?:enclosed|attached|find)\ (?:(?:please\ )?(?:find\ |is\ )?)?our
             \ (?:purchase\ order|PO)
            |welcome\ (?:you\ )?as\ (?:a\ )?(?:new\ )?customer|closed\ won
            |you\ (?:have\ )?won\ (?:the|this)"""
        ),
        0.9,
    ),
    (
        "po_in_progress",
        _pattern(
            rf"""(?:issu|releas|rais|prepar|approv|plac|send|cutt?)(?:e|es|ed|ing)?\ (?:you\ )?
             (?:(?:the|a|our|this)\ )?{_BUY_ORDER}
            |(?:purchase\ order|PO)\b[^.]{{0,30}}\b(?:approv\w+|signature|process|underway
             |on\ its\ way
             |(?:being|be|is)\ (?:prepared|raised|issued|released)
             |with\ (?:finance|purchasing|procurement))
            |green\ light|approval\ workflow|paperwork\ follows
            |order\ [^.]{{0,30}}(?:approval|sign-?off)
            |(?:want|like|decided|intend|going)\ to\ (?:place\ (?:an|the)\ )?order|pro\ forma
            |go[-\ ]ahead\ with\ the\ order|order\ (?:to|will)\ follow
            |accept(?:ed|ing)?\ your\ {_OFFER}
            |requisition\ (?:is|was|has|waiting|number)|waiting\ for\ (?:the\ )?sign-?off
            |vendor\ (?:form|set-?up|onboarding)"""
        ),
        0.85,
    ),
    (
        "quoting",
        _pattern(
            rf"""(?:our|attached|following|revised|updated|below|this|formal)\ (?:\w+\ )?
             (?:{_OFFER}|proposal)
            |(?:pleased|happy|glad)\ to\ (?:offer|quote|submit)
            |(?:your|the)\ (?:(?:revised|updated)\ )?{_OFFER}
            |(?:our|attached|enclosed)\ (?:\w+\ )?price\ (?:sheet|list)
            |(?:see|find)\ (?:our\ )?prices\ (?:below|attached|enclosed)
            |put\ forward\ the\ following|the\ commercials|our\ (?:commercial\ )?proposal
            |we\ propose
            |(?:is|here)\ what\ we\ can\ do|we\ (?:can|could)\ (?:offer|supply|do)
            |we\ (?:have\ )?(?:quoted|offered)|prices?\ (?:is|are)\ valid
            |valid\ until|best\ (?:and\ )?final\ (?:offer|price)|counter-?offer"""
        ),
        0.75,
    ),
    (
        "rfq",
        _pattern(
            rf"""request(?:s|ed|ing)?\ (?:for\ )?(?:(?:a|your|an)\ )?(?:(?:formal|best|firm)\ )?
             (?:{_OFFER}|proposal)
            |RFQ|RFP|request\ for\ proposal|invitation\ to\ (?:tender|bid|quote)
            |(?:please|could\ you|can\ you|would\ you|kindly)(?:\ \w+){{0,3}}?
             \ (?:quote|offer|price)
            |(?:send|give|provide|let)(?:\ (?:us|me))?(?:\ have)?(?:\ (?:your|a|an|the))?
             (?:\ (?:best|firm|formal|written))?\ (?:{_OFFER}|prices?|pricing)
            |(?:could|can|may|might)\ (?:we|I)\ (?:please\ )?(?:get|have|receive|ask\ for)
             \ (?:a|an|your|some)\ (?:\w+\ )?(?:{_OFFER}|pricing|prices?)
            |what(?:['’]s|\ is|\ are|\ would\ be)\ your\ (?:best\ )?prices?
            |let\ (?:me|us)\ know\ (?:your|the)\ (?:best\ )?(?:prices?|pricing|{_OFFER})
            |invite\ you\ to\ (?:submit|quote|bid|tender|offer)
            |interested\ in\ (?:buying|purchasing|ordering)
            |looking\ for\ (?:an?\ )?(?:{_OFFER}|pricing|supplier)
            |(?:need|like|want)\ (?:to\ (?:get|have|receive)\ )?(?:(?:a|an|your)\ )?
             (?:(?:firm|formal|written)\ )?(?:{_OFFER}|pricing)
            |(?:appreciate|welcome)\ (?:a|an|your)\ (?:\w+\ )?(?:{_OFFER}|proposal)
            |(?:what|how\ much)\ would\ (?:you|it|they|the)\b[^.?]{{0,40}}\b(?:charge|cost|ask)
            |in\ a\ position\ to\ supply|(?:indication\ of|at\ what)\ (?:price|cost)
            |price\ (?:indication|idea)|how\ much\ (?:for|is|are)|can\ you\ (?:supply|make|deliver)
            |enquiry|inquiry"""
        ),
        0.8,
    ),
    (
        "research_concept",
        _pattern(
            r"""early\ (?:stage|days|phase)|feasib\w+|exploring
            |evaluat(?:e|ing)\ (?:options|whether|if)
            |concept(?:ual)?\ (?:phase|stage|study)|proof\ of\ concept|prototyp\w+|budgetary
            |rough\ (?:idea|order\ of\ magnitude|indication)|ballpark|thinking\ (?:about|of)
            |gather(?:ing)?\ information|(?:only|just)\ (?:a\ sketch|an\ idea)
            |toying\ with|kicking\ around|(?:early|preliminary)\ (?:investigation|thoughts|look)
            |nothing\ (?:is\ )?(?:decided|fixed)|(?:pure|basic)\ research|an?\ idea\ that
            |brainstorm\w*|no\ decision\ yet\ whether
            |still\ (?:at|in)\ (?:the\ )?(?:concept|idea|research)|initial\ (?:idea|research)
            |pre-?study|no\ (?:firm|fixed)\ (?:plans?|budget|date)"""
        ),
        0.7,
    ),
)


#: The wording of each stage, for a prefilter.
PATTERNS = {stage: pattern for stage, pattern, _ in CUES}


def find_stage_cues(reading: Reading) -> Iterator[RfqSignal]:
    """Stages that a sentence speaks of, each once, whatever else was read of the words."""
    for stage, pattern, confidence in CUES:
        if reading.may_hold(stage) and (match := pattern.search(reading.text)):
            yield RfqSignal(
                kind="stage_cue",
                text=match.group(),
                start=reading.offset + match.start(),
                end=reading.offset + match.end(),
                sentence=reading.text,
                sentence_start=reading.offset,
                confidence=confidence,
                value=stage,
            )
