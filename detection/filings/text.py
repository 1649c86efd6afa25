"""An item's text as sentences: line breaks of the typewriter joined, those of the page kept.

A plain-text filing breaks its lines at about 80 characters, so a line's end says nothing. A filing
in HTML ends a line where a paragraph, a heading or a table cell ends, so it ends a sentence.
"""

from __future__ import annotations

import re

from detection.documents import tidy
from detection.sentences import split_sentences

#: Longest line of a hard-wrapped text, and the least share of its lines that are nearly full.
_WRAPPED_WIDTH, _FULL_FROM, _FULL_SHARE = 100, 45, 0.5
#: Titles stand before the text, at most so many lines of at most this length.
_MOST_TITLES, _TITLE_LENGTH, _TITLE_SHARE = 4, 180, 0.9
_SMALL = frozenset(("into", "with", "from", "upon", "under"))
_BEGINS = re.compile(
    r"(?:\([a-z]\)\s*)*(?:on|as of|effective|at|in|pursuant|during|following|the|this|"
    r"[^.]{3,90}?\b(?:"
    r"has|have|was|were|is|are|will|entered|announced|resigned|retired|appointed|acquired)\b)\b",
    re.I,
)
_RUN_ON = re.compile(r"(?<![.:;!?”\"])\n(?=[\w(“\"$])")
#: In a page a paragraph may be cut in two by a page break: the rest begins in lower case.
_CUT = re.compile(r"(?<=[\w,])\n(?=[a-z])")
_BULLET = re.compile(r"^[-–—*•·.\s]+")


def is_hard_wrapped(text: str) -> bool:
    """Whether lines were broken by width: none is long and most are nearly full."""
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) < 2 or max(map(len, lines)) > _WRAPPED_WIDTH:
        return False
    # The last line of a paragraph is short by nature, headings are too.
    return sum(len(line) >= _FULL_FROM for line in lines) >= _FULL_SHARE * len(lines)


def without_titles(text: str) -> str:
    """The text without the title lines it begins with ("ENTRY INTO ...", "Underwriting Agreement").

    A line is a title when it is short, does not end as a sentence does, and all its longer words
    are capitalised; what begins like a sentence ("On May 4, ...") is none.
    """
    lines = text.split("\n")
    for _ in range(_MOST_TITLES):
        if len(lines) < 2 or not is_title(lines[0]):
            break
        lines = lines[1:]
    return "\n".join(lines)


def is_title(line: str) -> bool:
    """Whether a line is a title: short, capitalised, and no sentence."""
    line = line.strip()
    if len(line) > _TITLE_LENGTH or _BEGINS.match(line):
        return False
    words = [w for w in re.findall(r"[A-Za-z][\w’'-]*", line) if len(w) > 3 and w not in _SMALL]
    capitalised = sum(w[0].isupper() for w in words)
    return capitalised >= _TITLE_SHARE * len(words)


def unwrapped(text: str) -> str:
    """The text with every line a sentence may end at; joined where a sentence goes on."""
    text = without_titles(tidy(text))
    return (_RUN_ON if is_hard_wrapped(text) else _CUT).sub(" ", text).strip()


def item_sentences(text: str) -> list[str]:
    """Sentences of an item's text in order, without bullets."""
    return [s for s in (_BULLET.sub("", s) for s in split_sentences(unwrapped(text))) if s]
