"""Running text to sentences, without breaking at "Inc.", "Mr." or an initial."""

from __future__ import annotations

import re

_ABBREVIATIONS = frozenset(
    """
    mr mrs ms dr prof sr jr st inc corp co ltd llc lp no vs etc jan feb mar apr jun jul aug
    sep sept oct nov dec u.s u.k e.g i.e approx dept est fig gen gov hon rep sen rev vol mt ft
    bros mio mrd tsd stk inkl zzgl l.p l.l.c n.a s.a p.m a.m ph.d n.v b.v plc ca bzw pte pty sdn bhd
    """.split()  # noqa: SIM905
)
_BOUNDARY = re.compile(r"[.!?][\"”’')\]]*\s+(?=[\"“‘'(\[]?[A-Z0-9À-Þ])|\n+")
_AFTER_ORDINAL = re.compile(
    r"(?:Januar|Jänner|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember"
    r"|KW|Kalenderwoche|Quartal)\b"
)
_WORD_BEFORE = re.compile(r"([\w.&-]+)$")

#: A longer stretch without a boundary is cut here: nobody writes such a sentence.
MAX_SENTENCE = 2_000


def split_sentences(text: str) -> list[str]:
    """Sentences of ``text`` in order, blanks trimmed; a line break ends one."""
    return [text[start:end] for start, end in sentence_spans(text)]


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """First and last position (exclusive) of the sentences that ``split_sentences`` gives."""
    spans: list[tuple[int, int]] = []
    start = 0
    for match in _BOUNDARY.finditer(text):
        if text[match.start()] == "." and (
            _is_abbreviation(text, match.start()) or _is_ordinal(text, match)
        ):
            continue
        _append(spans, text, start, match.end())
        start = match.end()
    _append(spans, text, start, len(text))
    return spans


def _is_ordinal(text: str, boundary: re.Match[str]) -> bool:
    """Whether the dot belongs to a German day or week: "am 8. Mai", "21. Kalenderwoche"."""
    before = _WORD_BEFORE.search(text, max(0, boundary.start() - 3), boundary.start())
    return (
        before is not None and before.group().isdigit() and len(before.group()) < 3
        and _AFTER_ORDINAL.match(text, boundary.end()) is not None
    )  # fmt: skip


def _append(spans: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    sentence = text[start:end]
    if trimmed := sentence.strip():
        first = start + len(sentence) - len(sentence.lstrip())
        spans.append((first, first + min(len(trimmed), MAX_SENTENCE)))


def _is_abbreviation(text: str, position: int) -> bool:
    found = _WORD_BEFORE.search(text, max(0, position - 20), position)
    if found is None:
        return False
    word = found.group(1).lower()
    if len(word) == 1 and word.isalpha():
        return True
    if word in ("inc", "corp", "co", "ltd", "llc", "l.p", "plc", "u.s", "u.k", "p.m", "a.m", "n.a"):
        # A legal form may well end the sentence; a following capitalised verb-less word decides
        # nothing, so break only where a new sentence plainly begins.
        return not re.match(
            r"[.!?][\"”’')\]]*\s+(?:The|A|An|In|On|At|Its|It|This|That|We|He|She|They|As|For|Mr|Ms|"
            r"Mrs|Dr|Prior|Terms|Following|With|Under|After|Before|Financial|Founded)\b",
            text[position : position + 24],
        )
    # "R.J. Steichen", "J.P. Morgan": initials.
    return word in _ABBREVIATIONS or re.fullmatch(r"(?:[a-z]\.)+[a-z]", word) is not None
