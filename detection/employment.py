"""Who enters, leaves or changes a position, read from one sentence.

The same rules serve filings ("the Board appointed ... as ...") and press ("... taps ... as CFO").
A sentence gives a change only where a verb or noun of appointment or departure, a person and a
position stand in the right order; pay, biography and plans of a third company give none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from detection.people import (
    Mention,
    find_people,
    find_positions,
    is_board_position,
)


@dataclass(frozen=True)
class Change:
    """One person's change of position as a sentence tells it."""

    person: str
    #: Only a family name was given ("Ms. Larkin").
    is_short_name: bool
    position: str | None
    #: incoming or outgoing.
    direction: str
    #: new_hire, promotion, departure, reorganization.
    change_type: str
    is_interim: bool
    is_board_only: bool
    start: int


_ADVERBS = (
    r"(?:(?:also|today|recently|formally|unanimously|officially|subsequently|duly|further) )?"
)
_APPOINTED = (
    r"(?:appoint|nam|elect|promot|hir|engag|recruit|select|tapp|re-?elect|design|designat)ed"
)

#: The person follows: "appointed X as", "hires X", "the appointment of X as".
_ACTIVE_IN = re.compile(
    r"\b(?:(?P<promote>promot(?:es?|ed|ing)|elevat(?:es?|ed|ing))|appoint(?:s|ed|ing)?|nam(?:es|"
    r"ed|ing)|elect(?:s|ed|ing)"
    r"|reassign(?:s|ed|ing)?|mov(?:es|ed|ing)(?= (?:[A-Z][\w.’'-]+ ){2,4}(?:in)?to )"
    r"|hir(?:es|ed|ing)|tap(?:s|ped)|recruit(?:s|ed)|welcom(?:es|ed)|poach(?:es|ed)|select(?:s|ed)"
    r"|bring(?:s|ing)|brought(?: in| on)?|add(?:s|ed)|pick(?:s|ed)"
    r"|(?:the )?(?:appointment|election|hiring|selection|addition|arrival) of"
    r"|(?:the )?(?P<promotion>promotion) of"
    # "the duties of the Treasurer will be assumed by X": the position stands before.
    r"|(?P<by>(?:assumed|filled|taken over)(?: on an? (?:interim|acting|temporary) basis)? by))\b",
    re.I,
)
#: The person precedes: "X has been appointed", "X joins ... as", "X will succeed".
_PASSIVE_IN = re.compile(
    rf"\b(?:(?:has been|had been|have been|was|were|is|are|will be|is being|been|to be) {_ADVERBS}"
    rf"(?:(?P<promote>promoted|elevated)|{_APPOINTED})"
    rf"|(?:will |to |has |have |is set to |has agreed to |is to |would |agreed to )?{_ADVERBS}"
    r"(?:join(?:s|ed|ing)?|assum(?:e|es|ed)(?! (?:on an? \w+ basis )?by\b)|"
    r"succeed(?:s|ed)?|becom(?:e|es)|became|"
    r"commenced? (?:employment|serving)|"
    r"(?:tak(?:e|es|ing)|took)(?: on)? (?:(?:an?|the|his|her) )?"
    r"(?:new|expanded|additional|different|broader) (?:role|position)(?: as)?|"
    r"transition(?:s|ed|ing)?(?= (?:from [^.;]{2,90} )?(?:in)?to (?:(?:the|that|an?|his|her) )*"
    r"(?:new )?(?:(?:role|position|post) of |of )?(?-i:[A-Z]))|"
    r"take(?:s)? over|took over|steps? into|stepped into|"
    r"(?P<promotion>mov(?:es|ed) up to))"
    r"|(?<!continue )(?<!ceased )(?<!ceases )(?<!cease )(?:will|to|has agreed to|"
    r"shall) (?:serve|act) as)\b",
    re.I,
)
_OUT_VERB = re.compile(
    r"\b(?:(?:has |have |had |will |would |intends? to |plans? to |is |are |was |to |decided to |"
    r"elected to |tendered (?:his|her|their) )*"
    r"(?:resign(?:s|ed|ing|ation)?|retir(?:e|es|ed|ing)|step(?:s|ped|ping)? (?:down|aside)|"
    r"depart(?:s|ed|ing)?|ceas(?:ed|e|es) to (?:serve|be)|leav(?:e|es|ing)|left|exit(?:s|ed|ing)?|"
    r"(?:was |were |been |is )(?:terminated|removed|dismissed|ousted|fired)|passed away|died|"
    r"not (?:to )?(?:stand|standing|seek|run) for (?:re-?)?election|"
    r"not (?:be )?stand(?:ing)? for re-?election|not to seek re-?election|"
    r"no longer (?:be )?(?:serv(?:e|es|ing)(?: as)?|hold(?:s|ing)?|employed)|relinquish(?:es|ed)?|"
    r"transition(?:s|ed|ing)? (?:from|out of) (?:the|his|her|this|that)(?: current)? (?:role|"
    r"position))"
    r"|(?:employment|service) (?:with the Company )?(?:was|has been|will be) terminated)\b",
    re.I,
)
_OUT_NOUN = re.compile(
    r"\b(?:resignation|retirement|departure|termination|removal|dismissal|ouster|exit|passing|death"
    r"|stepping down) of\b"
    # "the employment of X as Treasurer terminated on May 3": of X, who stands between.
    r"|\bemployment of\b(?=[^;]{5,150}?\b(?:terminated|ended|ceased|concluded|ends|"
    r"terminates)\b(?! without| by))"
    r"|\b(?:ousts?|ousted|fires?|dismisses|removed)\b",
    re.I,
)
#: What makes a sentence history, pay or boilerplate rather than news.
_HISTORY = re.compile(
    r"^(?:prior to|previously|before (?:joining|that)|from (?:\w+ )?\d{4}|since (?:\w+ )?\d{4}|"
    r"between \d{4}|in (?:\w+ )?\d{4},? (?:he|she)|during (?:his|her)|earlier in (?:his|her)|"
    r"(?:mr|ms|mrs|dr)\. [\w’' -]{2,40},? (?:age \d+,? |\d\d,? )?(?:has |had )?"
    r"(?:also |previously |most recently )?(?:served|been (?!appointed|named|elected|promoted)|was "
    r"employed|worked|held|joined (?:the company|us|our)?[^.]{0,40}?\bin (?:\w+ )?(?:19|20)\d\d|"
    r"is a (?:member|graduate|certified)|holds|received|earned|began)"
    r"|(?:he|she) (?:has |had )?(?:also |previously |most recently )?(?:served|been|was|"
    r"worked|held|"
    r"is|holds|received|earned|joined|began)\b)",
    re.I,
)
_CONDITIONAL = re.compile(
    r"\b(?:(?:following|upon|after|on) (?:the |any |a |such )?termination of|if (?:mr|ms|mrs|"
    r"dr|the executive|he|she|his|her|either|such|the company)|in the event|"
    r"upon (?:a |any |his |her )?termination|for good reason|without cause|change (?:in|of) "
    r"control|"
    r"severance|entitled to|eligible to receive|will receive|shall receive|pursuant to the terms|"
    r"(?:does|did) not (?:involve|indicate|cite)|not (?:the )?result of any disagreement|"
    r"disagreements? with|no (?:arrangements?|family|disagreement|transactions?)|"
    r"arrangement or understanding|revok\w+)\b",
    re.I,
)
_INTERIM = re.compile(r"\b(?:interim|acting)\b", re.I)
_REORGANIZED = re.compile(
    r"\b(?:transition(?:s|ed|ing)? (?:to|into|from)|additional (?:role|responsibilit)|"
    r"expanded role|"
    r"reassign|new role|reorgani[sz]ation|restructur)\w*",
    re.I,
)
_IN_ITS_COURSE = re.compile(
    r"(?:as part of|in the course of|following|amid|under) (?:an?|the|its|this) (?:\w+ ){0,2}"
    r"(?:reorgani[sz]ation|restructuring|reshuffle)\b",
    re.I,
)
_INSIDE = re.compile(
    r"\b(?:currently (?:serves|serving|the|our)|who (?:currently|has) (?:serves|served)|"
    r"(?:the Company|our)(?:[’']s)? current|will continue|most recently (?:served as )?the Company|"
    r"from within|internal(?:ly)?|, currently (?:the |our |its )?(?=(?-i:[A-Z]))|"
    r"has been with the (?:company|firm) since|"
    r"a \w+-year veteran of the company)\b",
    re.I,
)
_PREPOSITION_BEFORE = re.compile(
    r"\b(?:of|at|from|with|by|in|to|for|under|replac\w+|succe\w+) $", re.I
)
_OBJECT_GAP = re.compile(
    r"[ ,]*(?:(?:and|veteran|executive|former|as|our|its|the|mr\.|ms\.|dr\.|mrs\.|industry|leader|"
    r"new|of|in|on)[ ,]+|[\w’'&.-]+[ ]){0,9}",
    re.I,
)
_AS = re.compile(
    r"\b(?:as|to (?:the )?(?:position|role|post|office)s? of|to (?:be|serve as)|to its|to the|"
    r"to (?:his|her|their)|(?:position|role|post|duties|office)s? (?:of|as)|from (?:the|its|"
    r"our|his|"
    r"her)|to lead|become|becomes|became)\b",
    re.I,
)
_HELD_SO_FAR = re.compile(
    r"\b(?:currently|current|former|formerly|presently|previously|most recently|who (?:is|was|"
    r"has))\b",
    re.I,
)
#: "promoted from Vice President to Chief Operating Officer".
_FROM_POSITION = re.compile(
    r"\bfrom (?:(?:the|his|her|their|its|our|an?) )?(?:(?:position|role|office|post) (?:of|as) )?$"
)
#: "reassigned X, its Chief Operating Officer, to the position of": the position left follows first.
_TO_ANOTHER = re.compile(
    r",? (?:in)?to (?:(?:the|that|a|its) )?(?:new )?(?:(?:position|role|post) )?(?:of|as) "
)
#: Who acts until somebody is found.
_MEANWHILE = re.compile(
    r"^in the interim\b|\buntil (?:an? |such time as an? )?(?:permanent |suitable )?(?:successor|"
    r"replacement)\b|\bwhile (?:the company|it|the board) (?:searches|conducts)|"
    r"\bon an? (?:interim|acting|temporary) basis\b",
    re.I,
)
#: Between persons of whom one thing is told: "X, 47, and Y", "X as President and Y as Treasurer".
_COORDINATED = re.compile(
    r"(?:,? (?:age )?\(?\d\d\)?)?(?:,? (?:as|to serve as|to be) (?:(?:its|the|our|an?|new) )*§"
    r"|, (?:(?:the|its|our|their|an?) )?(?:[A-Z]\w+[’']s )?(?:current )?§)?"
    r"(?:,| and|, and|,? as well as) (?:(?:Mr|Ms|Mrs|Dr)\. )?"
)
_SEVERAL = re.compile(
    r"\b(?:(?:as|to be) (?:\w+ |non-employee ){0,2}directors\b|members of (?:the|its|our) "
    r"(?:\w+ )?board)",
    re.I,
)
#: A seat on the board that is given without naming it a directorship.
_SEAT = re.compile(
    r"\b(?:(?:to|on|joins?|joined|of) (?:the |its |our )?(?:company[’']s )?board\b|vacancy|"
    r"board seat)",
    re.I,
)
_BOARD = re.compile(
    r"\b(?:[Bb]oard(?: of [Dd]irectors)?|re-?election|as (?:a|an) (?:\w+ )?director)\b"
)


def find_changes(sentence: str, company: str | None = None) -> list[Change]:
    """Changes of position in one sentence; ``company`` names what is surely no person."""
    triggers = _triggers(sentence)
    if not triggers or _HISTORY.match(sentence):
        return []
    conditional = _CONDITIONAL.search(sentence)
    people = [p for p in find_people(sentence) if not _is_company(p, company)]
    if not people:
        return []
    positions = [_before_name(position, people) for position in find_positions(sentence)]
    found: dict[tuple[str, str], Change] = {}
    told = [
        (person, trigger)
        for trigger in triggers
        if conditional is None or conditional.start() > trigger[0]
        if (person := _person_for(sentence, people, *trigger[:2], trigger[3])) is not None
    ]
    subjects = {person for person, _ in told}
    told += [
        (other, trigger)
        for person, trigger in told
        for other in _with(sentence, people, positions, person, trigger[3])
        if other not in subjects
    ]
    for person, (start, end, direction, _, promoted) in told:
        position = _position_for(sentence, positions, person, start, end, direction)
        if sentence[start:end].lower().endswith(" by"):
            position = _position_before(positions, start)
        text = position.text if position else None
        if text is None and _SEVERAL.search(sentence, start, end + 200):
            text = "Director"
        if text is None and direction == "outgoing" and _BOARD.search(sentence, end):
            text = "Director"
        if text is None and re.match(r"elect|appoint|add|nam", sentence[start:end], re.I):
            text = "Director" if _SEAT.search(sentence, end) else None
        window = sentence[max(0, start - 40) : (position.end if position else end) + 30]
        interim = bool(position) and bool(
            _INTERIM.search(sentence[max(0, position.start - 22) : position.end])
            or (direction == "incoming" and _MEANWHILE.search(sentence))
        )
        if interim and text and not _INTERIM.search(text):
            text = f"Interim {text}"
        key = (person.text, direction)
        change = Change(
            person=person.text,
            is_short_name=person.is_short,
            position=text,
            direction=direction,
            change_type=_change_type(direction, promoted, sentence, window),
            is_interim=interim,
            is_board_only=bool(text) and is_board_position(text),
            start=start,
        )
        earlier = found.get(key)
        if earlier is None or (earlier.position is None and text is not None):
            found[key] = change
    return list(found.values())


def _with(
    sentence: str,
    people: list[Mention],
    positions: list[Mention],
    person: Mention,
    subject_first: bool,
) -> list[Mention]:
    """Persons joined to one by "and": of them the same is told."""
    at = people.index(person)
    order = range(at - 1, -1, -1) if subject_first else range(at + 1, len(people))
    joined, last = [], person
    for index in order:
        other = people[index]
        first, second = (other, last) if subject_first else (last, other)
        gap = sentence[first.end : second.start]
        for position in reversed(positions):
            if first.end <= position.start and position.end <= second.start:
                gap = gap[: position.start - first.end] + "§" + gap[position.end - first.end :]
        if not _COORDINATED.fullmatch(gap):
            break
        joined.append(other)
        last = other
    # A comma alone joins only where "and" comes in the end: "X, Y and Z", not "X, whom Y".
    span = (last, person) if subject_first else (person, last)
    return (
        joined
        if re.search(r"\b(?:and|as well as)\b", sentence[span[0].end : span[1].start])
        else []
    )


def _position_before(positions: list[Mention], start: int) -> Mention | None:
    """The position whose duties are passed on: the last one before the verb."""
    before = [p for p in positions if p.end <= start and start - p.end < 60]
    return before[-1] if before else None


def _before_name(position: Mention, people: list[Mention]) -> Mention:
    """ "VP of Sales Ana Larkin": the position ends where the name begins."""
    for person in people:
        if position.start < person.start < position.end:
            kept = position.text[: person.start - position.start].rstrip(" ,")
            return Mention(kept, position.start, position.start + len(kept))
    return position


def _triggers(sentence: str) -> list[tuple[int, int, str, bool, bool]]:
    """(start, end, direction, person precedes, is a promotion) of every verb or noun of change."""
    found: list[tuple[int, int, str, bool, bool]] = []
    taken: list[tuple[int, int]] = []

    def free(start: int, end: int) -> bool:
        return all(end <= s or start >= e for s, e in taken)

    for pattern, direction, subject_first in (
        (_OUT_NOUN, "outgoing", False),
        (_PASSIVE_IN, "incoming", True),
        (_OUT_VERB, "outgoing", True),
        (_ACTIVE_IN, "incoming", False),
    ):
        for match in pattern.finditer(sentence):
            if not free(match.start(), match.end()):
                continue
            groups = match.groupdict()
            promoted = bool(groups.get("promote") or groups.get("promotion"))
            taken.append((match.start(), match.end()))
            found.append((match.start(), match.end(), direction, subject_first, promoted))
    return sorted(found)


def _is_company(person: Mention, company: str | None) -> bool:
    if not company:
        return False
    return person.text.casefold() in company.casefold() or company.casefold() in (
        person.text.casefold()
    )


def _person_for(
    sentence: str, people: list[Mention], start: int, end: int, subject_first: bool
) -> Mention | None:
    if subject_first:
        before = [
            p
            for p in people
            if p.end <= start and start - p.end < 220 and not _follows_preposition(sentence, p)
        ]
        # "an arrangement with X, who was promoted to": the clause is about X.
        related = [
            p
            for p in people
            if p.end <= start and re.fullmatch(r",? whos?e? (?:\w+ ){0,2}", sentence[p.end : start])
        ]
        if related:
            return related[-1]
        # "was informed by X that he would resign": the informant is the one who goes.
        if not before:
            before = [
                p
                for p in people
                if p.end <= start
                and start - p.end < 120
                and re.search(r"\bby (?:\w+\. )?$", sentence[: p.start])
            ]
        return before[-1] if before else None
    for person in people:
        if person.start < end:
            continue
        gap = sentence[end : person.start]
        if len(gap) > 90 or ";" in gap:
            return None
        matched = _OBJECT_GAP.fullmatch(gap)
        return person if matched or gap.strip() == "" else None
    return None


def _follows_preposition(sentence: str, person: Mention) -> bool:
    head = re.sub(r"(?:Mr|Ms|Mrs|Dr)\. $", "", sentence[: person.start])
    if re.search(r"\b(?:employment|services?) (?:of|with) $", head):
        return False  # "the employment of X was terminated" is about X
    return _PREPOSITION_BEFORE.search(head) is not None


def _position_for(
    sentence: str,
    positions: list[Mention],
    person: Mention,
    start: int,
    end: int,
    direction: str,
) -> Mention | None:
    """The position the change is about: after the verb first, else beside the person."""
    after = max(end, person.end if person.start >= end else end)
    seen_until = after
    for position in positions:
        if position.start >= after - 1 and position.start - after < 160:
            gap = sentence[after : position.start]
            if ";" in gap or re.search(
                r"\b(?:replac|succeed|report(?:s|ing) to|who (?:was|has))", gap
            ):
                break
            so_far = sentence[seen_until : position.start]
            if _HELD_SO_FAR.search(so_far) or (
                direction == "incoming" and _FROM_POSITION.search(so_far)
            ):
                seen_until = position.end
                continue
            if direction == "incoming" and _TO_ANOTHER.match(sentence, position.end):
                seen_until = position.end
                continue  # "named X, currently Chief Financial Officer, as ..."
            if len(so_far) < 45 or _AS.search(gap):
                return position
            break
    beside = [
        p
        for p in positions
        if 0 <= p.start - person.end < 45
        and re.fullmatch(
            r"[’'s]*,? ?(?:\(?age )?\d{0,2}\)?,? ?(?:the |our |its |an? )?(?:[\w’'. ]{0,30})?",
            sentence[person.end : p.start],
        )
    ]
    if beside:
        return beside[0]
    before = [p for p in positions if 0 <= person.start - p.end <= 6]
    return before[-1] if before else None


def _change_type(direction: str, promoted: bool, sentence: str, window: str) -> str:
    if direction == "outgoing":
        return "departure"
    if promoted:
        return "promotion"
    if _REORGANIZED.search(window) or _IN_ITS_COURSE.match(sentence):
        return "reorganization"
    return "promotion" if _INSIDE.search(sentence) else "new_hire"
