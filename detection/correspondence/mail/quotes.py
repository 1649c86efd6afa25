"""A mail's text to the writer's own words, what is quoted, and what is passed on.

Quotations are known by what programs write above them (an attribution, a line of dashes, a block of
headers), by ``>`` before their lines, and by ``QUOTE_MARK`` where HTML said so. Answers between or
below quoted lines are kept: only what follows a mark without ``>`` is quoted to the end.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from detection.correspondence.mail.html_text import QUOTE_MARK
from detection.correspondence.mail.phrases import alternatives, phrases

#: Lines that an attribution, a block of headers and one list of recipients may take, wrapped.
ATTRIBUTION_LINES, BLOCK_LINES, RECIPIENT_LINES = 4, 60, 25
_TIME = re.compile(
    r"\d{1,2}[:.h]\d{2}|\b(?:19|20)\d{2}\b|\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}|[0-9]{1,2}月"
)
_ADDRESS = re.compile(r"[^\s<>\"]+@[^\s<>\"]+")
#: What a line that parts a mail may begin with, where it has no colon; or anything East Asian.
_MARKS = "-_*="
_RULE = re.compile(r"[\s>]*[-_=*~–—]{3,}[\s>]*$")
_QUOTED = re.compile(r"[ \t]{0,3}(?:>|\|[ \t]*>)")
_PREFIX = re.compile(r"^(?:[ \t]{0,3}[>|][ \t]?)+")
_NOTES_TIME = re.compile(
    r"(?:^|\bon\s|\s)\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4},?\s+\d{1,2}:\d{2}(?::\d{2})?\s*(?:[AP]M)?\s*$",
    re.I,
)
_SENT_BY = re.compile(r"^[\s>]*Sent by:", re.I)
_NOTES_FORWARD = re.compile(r"^[\s>]*-{5,}\s*(?:forwarded|weitergeleitet) (?:by|von)\b", re.I)


@dataclass(frozen=True)
class SplitText:
    """A text's parts, each with ``\\n`` as line end and no blank lines around."""

    new: str
    quoted: str
    #: What is passed on, from below its line on; headers first where there are any.
    forwarded: str


@cache
def _attribution() -> re.Pattern[str]:
    """The end of an attribution: a verb, then at most a name or an address, then a colon."""
    verbs = alternatives({end for one in phrases()["attributions"] for end in one["ends"]})
    return re.compile(rf"(?:(?<=\W)|^)(?:{verbs})(?:[^\n:：]{{0,100}}[:：]|[:：]?)\s*$", re.I)


@cache
def _attribution_begins() -> re.Pattern[str]:
    begins = alternatives({b for one in phrases()["attributions"] for b in one["begins"] if b})
    return re.compile(rf"^[\s*_>]*(?:{begins})\b", re.I)


@cache
def _original() -> re.Pattern[str]:
    words = alternatives(phrases()["original_message"])
    return re.compile(rf"^[\s>*]*[-_]{{2,}}\s*(?:{words})\s*[-_]{{2,}}[\s*]*$", re.I)


@cache
def _forwarded() -> re.Pattern[str]:
    words = alternatives(phrases()["forwarded"])
    return re.compile(
        rf"^[\s>*]*(?:[-_]{{3,}}\s*(?:{words})(?:\s*:?\s*[-_]{{3,}}.*|\s*)|(?:{words})\s*:)[\s*]*$",
        re.I,
    )


@cache
def _labels() -> re.Pattern[str]:
    kinds = "|".join(
        f"(?P<{kind}>{alternatives(words)})" for kind, words in phrases()["labels"].items()
    )
    return re.compile(rf"^[\s>|*]*(?:{kinds})\s*\*?\s*[:：]\s*\*?(?P<value>.*)$", re.I)


def label_of(line: str) -> tuple[str, str] | None:
    """Which header of a quoted mail a line is, and its value.

    >>> label_of("> *Betreff:* Angebot"), label_of("Note: bring it")
    (('subject', 'Angebot'), None)
    """
    if ":" not in line[:60] and "：" not in line[:60]:
        return None
    found = _labels().match(line)
    if found is None:
        return None
    kind = next(k for k, v in found.groupdict().items() if v and k != "value")
    return kind, found["value"].strip(" *")


def block_at(lines: list[str], at: int) -> int:
    """Number of lines of the block of headers that begins at a line; 0 where none does.

    A block names the sender and two more of time, recipient and subject, on lines close together.
    """
    first = label_of(lines[at])
    if first is None:
        return 0
    kind = first[0]
    kinds, last = {kind}, at
    for ahead in range(at + 1, min(at + BLOCK_LINES, len(lines))):
        if not lines[ahead].strip(" >|"):
            # Some programs leave a blank line after each header, none leaves two.
            if ahead + 1 < len(lines) and not lines[ahead + 1].strip(" >|"):
                break
            continue
        label = label_of(lines[ahead])
        if label is not None:
            kind = label[0]
            if kind in kinds and kind != "cc":
                break
            kinds.add(kind)
            last = ahead
        elif ahead - last > (RECIPIENT_LINES if kind in ("to", "cc") else 2):
            break
    if "from" in kinds and len(kinds & {"sent", "to", "subject"}) >= 2:
        return last - at + 1
    # Lotus Notes writes sender and time above, without a label, or leaves them out.
    if first[0] == "to" and "subject" in kinds and ("cc" in kinds or _notes_head(lines, at)):
        return last - at + 1
    return 0


def _notes_head(lines: list[str], at: int) -> int:
    """Lines above a Lotus Notes block that are its sender and time; 0 where they are not."""
    for back in range(1, 4):
        if at - back < 0:
            return 0
        line = lines[at - back].strip(" >|")
        if _NOTES_TIME.search(line):
            # The name stands on the line above, unless it precedes the time.
            above = at - back - 1
            if above >= 0 and _SENT_BY.match(lines[above]):
                back, above = back + 1, above - 1
            is_alone = len(line) <= 24
            return back + (is_alone and above >= 0 and bool(lines[above].strip()))
    return 0


def attribution_at(lines: list[str], at: int) -> bool:
    """Whether a line ends an attribution: "On 3 April 2012, Ann wrote:", in any known language."""
    line = lines[at].strip()
    if len(line) > 400:
        return False
    ends_in_colon = line.endswith((":", "："))
    if not ends_in_colon and not _followed_by_quote(lines, at):
        return False
    around = " ".join(one.strip() for one in lines[max(0, at - ATTRIBUTION_LINES + 1) : at + 1])
    recent = around[-300:]
    is_dated, is_addressed = bool(_TIME.search(recent)), bool(_ADDRESS.search(recent))
    if _followed_by_quote(lines, at):
        # Programs in languages that are not listed, or without a verb, name address and time.
        return bool(_attribution().search(line[-140:])) or (is_dated and is_addressed)
    # Without ">" below it, only what is plainly a program's line ends the writer's own words.
    begins = _attribution_begins().match(line) or _attribution_begins().match(around)
    return bool(_attribution().search(line[-140:])) and is_dated and bool(begins or is_addressed)


def _followed_by_quote(lines: list[str], at: int) -> bool:
    for line in lines[at + 1 : at + 5]:
        if line.strip() and line != QUOTE_MARK:
            return bool(_QUOTED.match(line))
    return False


def _attribution_start(kept: list[str]) -> int:
    """How many of the last kept lines belong to an attribution that the next line ends."""
    for back in range(1, min(ATTRIBUTION_LINES, len(kept) + 1)):
        line = kept[-back]
        if not line.strip() or _QUOTED.match(line):
            return 0
        if _attribution_begins().match(line) and _TIME.search(line):
            return back
        if _TIME.match(line.strip()):
            return back
    return 0


def split_quotes(text: str, *, is_forward: bool = False) -> SplitText:
    """Parts of a mail's text. ``is_forward`` says that the subject begins with "Fwd:" or the like:

    a block of headers then begins what is passed on rather than what is answered.
    """
    lines = text.split("\n")
    kept: list[str] = []
    quoted: list[str] = []
    at = 0
    while at < len(lines):
        line = lines[at]
        first = line.lstrip()[:1]
        if first in (">", "|") and _QUOTED.match(line):
            if _forwarded().match(line) or (not _has_words(kept) and block_at(lines, at)):
                return _passed_on(kept, quoted, lines, at)
            quoted.append(line)
            at += 1
            continue
        if line == QUOTE_MARK:
            done = _at_mark(lines, at, kept, quoted)
            if done is None:
                rest = [one for one in lines[at:] if one != QUOTE_MARK]
                if is_forward or not _has_words(kept):
                    return _passed_on(kept, quoted, rest, -1)
                return _split(kept, [*quoted, *rest], [])
            at = done
            continue
        if ":" in line or (first and first in _MARKS) or first > "\u2e80":
            if _forwarded().match(line) or _NOTES_FORWARD.match(line):
                return _passed_on(kept, quoted, lines, at)
            if _original().match(line):
                return _rest(kept, quoted, lines, at, is_forward)
            if block_at(lines, at):
                head = _notes_head(lines, at) if label_of(line)[0] != "from" else 0
                at -= head
                del kept[len(kept) - min(head, len(kept)) :]
                return _rest(kept, quoted, lines, at, is_forward)
            if attribution_at(lines, at):
                back = 0 if _is_whole(line) else _attribution_start(kept)
                start = len(kept) - back
                quoted += [*kept[start:], line]
                del kept[start:]
                if not _followed_by_quote(lines, at):
                    return _split(kept, [*quoted, *lines[at + 1 :]], [])
                at += 1
                continue
        kept.append(line)
        at += 1
    return _split(kept, quoted, [])


def _is_whole(line: str) -> bool:
    return bool(_attribution_begins().match(line)) and bool(_TIME.search(line))


def _has_words(lines: list[str]) -> bool:
    return any(line.strip() and not _RULE.match(line) for line in lines)


def _at_mark(lines: list[str], at: int, kept: list[str], quoted: list[str]) -> int | None:
    """Where reading goes on behind a program's mark; None where all the rest is quoted."""
    ahead = at + 1
    while ahead < len(lines) and (not lines[ahead].strip() or lines[ahead] == QUOTE_MARK):
        ahead += 1
    for number in range(ahead, min(ahead + ATTRIBUTION_LINES + 1, len(lines))):
        if _forwarded().match(lines[number]):
            return number
        if _QUOTED.match(lines[number]):
            quoted += [line for line in lines[at:number] if line != QUOTE_MARK]
            return number
        if number - ahead <= 1 and block_at(lines, number):
            return number
    return None


def _rest(
    kept: list[str], quoted: list[str], lines: list[str], at: int, is_forward: bool
) -> SplitText:
    if is_forward or not _has_words(kept):
        return _passed_on(kept, quoted, lines, at - 1)
    return _split(kept, [*quoted, *lines[at:]], [])


def _passed_on(kept: list[str], quoted: list[str], lines: list[str], at: int) -> SplitText:
    rest = lines[at + 1 :]
    if at >= 0 and _NOTES_FORWARD.match(lines[at]):
        # The line is wrapped: its time and last dashes stand on the next one.
        while rest and (_RULE.search(rest[0][-8:]) or not rest[0].strip()):
            rest = rest[1:]
    return _split(kept, quoted, rest)


def _split(kept: list[str], quoted: list[str], forwarded: list[str]) -> SplitText:
    while kept and (not kept[-1].strip() or _RULE.match(kept[-1])):
        kept.pop()
    return SplitText(
        _joined(kept), _joined(quoted), without_prefix(_joined(forwarded)) if forwarded else ""
    )


def _joined(lines: list[str]) -> str:
    text = "\n".join(lines)
    return text.replace(f"{QUOTE_MARK}\n", "").replace(QUOTE_MARK, "").strip("\n")


def without_prefix(text: str) -> str:
    """Text with one level's ``>`` off, where the first line with words bears one.

    >>> without_prefix("> From: Ann\\n>\\n> > Old")
    'From: Ann\\n\\n> Old'
    """
    first = next((line for line in text.split("\n") if line.strip()), "")
    found = _PREFIX.match(first)
    if found is None:
        return text
    depth = found.group().count(">") or 1
    one = re.compile(rf"^(?:[ \t]{{0,3}}[>|] ?){{1,{depth}}}", re.M)
    return one.sub("", text)
