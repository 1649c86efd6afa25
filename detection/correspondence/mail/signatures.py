"""The end of a mail's own text that is a signature: by its dash line, formula, name or contacts.

Only the text's end is looked at, and every line below the one where a signature is thought to begin
must look like one, so that a "Thanks," in the middle costs no sentence.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from detection.correspondence.mail.phrases import alternatives, phrases
from detection.correspondence.records import Address

#: Lines with words that a signature may have after its dash line, or after its formula or name.
DASHED_LINES, FORMULA_LINES = 40, 14
#: Lines of a mail that is nothing but a signature ("Thanks," and a name).
_ALL_SIGNED = 2
_DASHES = re.compile(r"^\s*(?:--|—|__)\s*$")
_RULE = re.compile(r"^\s*[-_=*~]{3,}\s*$")
_PHONE = re.compile(
    r"(?:^|[\s:.(+])\+?\(?\d[\d\s().\-/]{6,}\d|\b(?:tel|phone|fax|mobile|mob|cell|office|direct)\b"
    r"\.?:?\s*[+(\d]|^\s*[tmfpcodw]\s*[.:|]\s*\+?[\d(]",
    re.I,
)
_LINK = re.compile(r"https?://|www\.|\b[\w.+-]+@[\w-]+\.[\w.]+|\bskype\s*:|linkedin\.com", re.I)
#: What every telephone number holds; asked first, since most lines hold none.
_MAY_BE_PHONE = re.compile(r"[\d(+]")
#: Words in small letters from which a line is a sentence; fewer where it ends like one.
_SENTENCE_WORDS, _ENDED_SENTENCE_WORDS = 6, 2
_WORD = re.compile(r"[^\W\d_]+")
#: An entry of a list that states something ("- Delivery: 2026-07-01"); no signature has one.
_ITEM = re.compile(r"[-*•–]\s+(?!\+|(?:tel|phone|fax|mobile|mob|cell)\b).*[\d:]", re.I)
_COLUMNS = re.compile(r"\t|\s{2,}|\|")
#: A count of up to six figures or in groups, an amount with cents or currency, a day.
_FIGURE = re.compile(
    r"""(?P<money>[€$£]\s?\d[\d.,'’]*|\d[\d.,'’]*[.,]\d\d(?:\s?(?:[€$£]|[A-Z]{3}))?
       |\d[\d.,'’]*\s?(?:[€$£]|EUR|USD|GBP|CHF))
    |\d{1,3}(?:[.,'’]\d{3})+|\d{1,6}|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{4}-\d\d-\d\d""",
    re.X,
)
_GREETING = re.compile(r"[\s,.!;:*–—-]+$")


@cache
def _closings() -> frozenset[str]:
    return frozenset(phrases()["closings"])


@cache
def _sent_from() -> re.Pattern[str]:
    words = alternatives(phrases()["sent_from"], gap=r".{0,40}?")
    return re.compile(rf"^[\s<(\[*_-]*(?:{words})\b.{{0,80}}$", re.I)


@cache
def _disclaimer() -> re.Pattern[str]:
    words = alternatives(phrases()["disclaimers"])
    return re.compile(rf"\n(?:[ \t]*|[ \t]*[-_=*~]{{3,}}[ \t]*)\n[\s*_>(\[-]*(?={words})", re.I)


def split_signature(text: str, sender: Address | None = None) -> tuple[str, str]:
    """A text without its signature, and the signature; ``sender`` helps to know a name.

    >>> split_signature("Please quote 500.\\n\\nBest regards,\\nAnn Lee\\nBuyer")
    ('Please quote 500.', 'Best regards,\\nAnn Lee\\nBuyer')
    """
    lines = text.split("\n")
    start = _without_disclaimer(text).count("\n") + 1
    for find in (_dashed_start, _device_start, _formula_start):
        start = min(start, find(lines[:start]))
    names = _names(sender)
    named = _named_start(lines[:start], names)
    start = min(start, named)
    start = min(start, _formula_start(lines[:start]), _contact_start(lines[:start]))
    start = min(start, _named_start(lines[:start], names))
    while start and (not lines[start - 1].strip() or _RULE.match(lines[start - 1])):
        start -= 1
    if start == 0 and sum(bool(line.strip()) for line in lines) > _ALL_SIGNED:
        # A list of names and numbers, or a line between thanks and name, is what the mail says.
        return text.rstrip(), ""
    return "\n".join(lines[:start]).rstrip(), "\n".join(lines[start:]).strip("\n ")


def _names(sender: Address | None) -> frozenset[str]:
    if sender is None:
        return frozenset()
    said = sender.name or (sender.address or "").partition("@")[0]
    return frozenset(w.casefold() for w in _WORD.findall(said) if len(w) > 1)


def _last(lines: list[str], most: int) -> list[int]:
    """Numbers of the last lines with words, the last one first."""
    found = []
    for number in range(len(lines) - 1, -1, -1):
        if lines[number].strip():
            found.append(number)
            if len(found) == most:
                break
    return found


def _dashed_start(lines: list[str]) -> int:
    for count, number in enumerate(_last(lines, DASHED_LINES + 1)):
        if _DASHES.match(lines[number]):
            below = [line for line in lines[number + 1 :] if line.strip()][:2]
            # Two dashes and a blank are the mark; without the blank they may be a dash in a text.
            if lines[number] == "-- " or _is_block(below):
                return number
        if _RULE.match(lines[number]) and 0 < count <= FORMULA_LINES:
            below = [line for line in lines[number + 1 :] if line.strip()]
            if _is_block(below) and any(_is_contact(line) for line in below):
                return number
    return len(lines)


def _device_start(lines: list[str]) -> int:
    start = len(lines)
    for number in _last(lines, 3):
        if _sent_from().match(lines[number]):
            start = number
    return start


def _without_disclaimer(text: str) -> str:
    lowered = text.lower()
    if not any(phrase in lowered for phrase in phrases()["disclaimers"]):
        return text
    found = _disclaimer().search(text)
    return text[: found.start()] if found else text


@lru_cache(maxsize=4_096)
def closing_of(line: str) -> bool:
    """Whether a line is a closing formula, alone or with a name behind its comma.

    >>> closing_of("Mit freundlichen Grüßen"), closing_of("Thanks for the quote of Monday")
    (True, False)
    """
    plain = _GREETING.sub("", line.strip().casefold())
    if plain in _closings():
        return True
    head, comma, tail = line.strip().casefold().partition(",")
    if comma and head.strip() in _closings() and len(tail.split()) <= 3:
        return "?" not in tail and not tail.strip().startswith(("but", "and", "for", "please"))
    return False


def _formula_start(lines: list[str]) -> int:
    """The highest formula below which everything looks like a signature."""
    start = len(lines)
    for number in _last(lines, FORMULA_LINES):
        if closing_of(lines[number]):
            start = number
        elif not _looks_signed(lines[number]):
            break
    return start


def _looks_signed(line: str) -> bool:
    """Short and no sentence, or a way to reach somebody; never a row of a table."""
    line = line.strip()
    if len(line) > 160 or _ITEM.match(line) or _is_row(line):
        return False
    return (len(line) <= 70 and not _is_sentence(line)) or _is_contact(line)


@lru_cache(maxsize=4_096)
def _is_row(line: str) -> bool:
    """Columns of which two are counts, amounts or days, or one is an amount of money."""
    if "\t" not in line and "  " not in line and "|" not in line:
        return False
    cells = [cell.strip() for cell in _COLUMNS.split(line.strip("| ")) if cell.strip()]
    figures = [m for cell in cells if (m := _FIGURE.fullmatch(cell))]
    return len(cells) > 2 and (len(figures) > 1 or any(m.group("money") for m in figures))


def _is_sentence(line: str) -> bool:
    if line.endswith(("?", "!")):
        return True
    small = sum(word[0].islower() for word in _WORD.findall(line))
    return small >= (_ENDED_SENTENCE_WORDS if line.endswith(".") else _SENTENCE_WORDS)


@lru_cache(maxsize=4_096)
def _is_contact(line: str) -> bool:
    # Asked several times of each line, and the same lines end all mails of a sender.
    if _MAY_BE_PHONE.search(line) and _PHONE.search(line):
        return True
    may_be_link = "@" in line or "." in line or ":" in line
    return may_be_link and _LINK.search(line) is not None


def _is_block(lines: list[str]) -> bool:
    return all(_looks_signed(line) for line in lines)


def _named_start(lines: list[str], names: frozenset[str]) -> int:
    """The sender's own name, alone on a line near the end, or with a dash before it."""
    start = len(lines)
    for count, number in enumerate(_last(lines, FORMULA_LINES)):
        line = lines[number].strip()
        if not _looks_signed(line):
            break
        words = [w.casefold() for w in _WORD.findall(line)]
        if not 1 <= len(words) <= 5 or line.endswith((":", "?")):
            continue
        bare = line.lstrip("-–—~* ")
        is_dashed = bare != line and count <= 4 and bare[:1].isupper()
        is_own = bool(names & set(words[:3]))
        is_initials = count == 0 and len(words) == 1 and _are_initials(words[0], names)
        if is_own or is_initials or (is_dashed and len(words) <= 3 and _is_name(bare)):
            start = number
    return start


def _is_name(line: str) -> bool:
    return all(word[:1].isupper() for word in _WORD.findall(line))


def _are_initials(word: str, names: frozenset[str]) -> bool:
    return len(word) in (2, 3) and set(word) <= {name[0] for name in names}


def _contact_start(lines: list[str]) -> int:
    """A block of two contact lines or more at the end, with the name and title above it."""
    last = _last(lines, FORMULA_LINES)
    contacts = {n for n in last if len(lines[n].strip()) <= 100 and _is_contact(lines[n])}
    start = len(lines)
    for count, number in enumerate(last):
        if not _looks_signed(lines[number]):
            break
        if number in contacts:
            start = number
        elif sum(n >= start for n in contacts) < 2:
            if count >= 3 and start == len(lines):
                break
        elif not _titled(lines[number]):
            break
        else:
            start = number
    return start if sum(n >= start for n in contacts) >= 2 else len(lines)


def _titled(line: str) -> bool:
    """A name, title or company: few words, most of them with a capital."""
    words = _WORD.findall(line)
    return 1 <= len(words) <= 7 and sum(w[:1].isupper() for w in words) >= len(words) / 2
