"""Technologies that a text names, with the sentence that does: job ads above all.

One pass over the words of the text against the names in ``data/technology_names.yaml``. Names that
are also ordinary words (Go, Spark, Segment, Outlook) count only where the text speaks of tools:
beside another technology in a list, after words such as "experience with", or in a sentence with a
word that makes them sure. A name says that the writer has to do with the technology, not that it
runs on a machine: confidence is lower than that of a trace on a page.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import pairwise
from typing import Any

from detection.errors import UnreadableError
from detection.packaged import read_yaml

#: Characters of a text that are read; no job ad is longer.
MAX_TEXT = 200_000
#: How sure a mention is: a name that means nothing else; one of several meanings in a list of
#: tools or after "experience with"; one that only its sentence makes likely.
CERTAIN, LISTED, LIKELY = 0.7, 0.6, 0.5
#: Characters around a mention that are kept as evidence at most, on either side.
_AROUND = 140

_WORD = re.compile(r"\.?[^\W_]+[+#]*")
_SENTENCE_END = re.compile(r"[.!?](?=\s)|\n|\r|•|·|;\s")
#: What stands between two items of a list.
_BETWEEN = re.compile(
    r"\s*\(?(?:[,;/|&•·+]|\n[\s*•·-]*|\b(?:and|or|und|oder|et|ou)\b|\s)*\(?\s*", re.I
)
_SEPARATOR = re.compile(r"[,;/|&•·+\n]|\b(?:and|or|und|oder|et|ou)\b", re.I)
_LEAD = re.compile(
    r"(?:\b(?:experience|experienced|proficien\w+|knowledge|expertise|skills?|skilled|familiar\w*"
    r"|fluen\w+|competen\w+|certifi\w+|background|hands-on|comfortable|understanding|training"
    r"|programming|coding|Erfahrung(?:en)?|Kenntnisse|connaissances?|expérience)\b"
    r"[^.;:\n]{0,25}?\b(?:with|in|of|using|on|mit|von|de|en|avec)"
    r"|\b(?:such as|like|e\.g\.,?|z\.\s?B\.|including|using|written in|built (?:in|with|on)"
    r"|tools?(?: include)?:|stack(?: includes)?:|users? of|powered by|integrat\w+ with|runs? on)"
    r")\s*\(?(?:the |modern |advanced |strong |both )?$",
    re.I,
)
_LEAVING = re.compile(
    r"\b(?:migrat\w+|mov\w+|transition\w*|switch\w*|convert\w*|port\w*)\b[^.;\n]{0,40}?"
    r"\b(?:from|off|away from)\s+(?:the |our |legacy |old )*$"
    r"|\b(?:replac\w+|sunset\w*|decommission\w*|retir(?:e|ing)|phas\w+ out|ablös\w+)\s+"
    r"(?:the |our |legacy |old )*$",
    re.I,
)


@dataclass(frozen=True)
class TechnologyMention:
    """One technology named in a text."""

    technology: str
    category: str
    vendor: str | None
    #: The words that name it, and where they stand (characters of the text).
    words: str
    start: int
    end: int
    #: The sentence, cut to what stands around the name.
    sentence: str
    #: How sure it is that the technology is meant, 0 to 1.
    confidence: float
    #: Whether the text speaks of leaving it ("migrate from X", "replace X").
    is_leaving: bool


@dataclass(frozen=True)
class _Form:
    """One way to write a technology's name."""

    technology: str
    category: str
    vendor: str | None
    words: tuple[str, ...]
    #: What stands between its words: nothing, or space and hyphen.
    gaps: tuple[bool, ...]
    #: The exact writing where case counts.
    exact: tuple[str, ...] | None
    is_ambiguous: bool
    context: re.Pattern[str] | None
    not_before: re.Pattern[str] | None
    not_after: re.Pattern[str] | None


@dataclass
class _Candidate:
    form: _Form
    start: int
    end: int
    confidence: float = 0.0


class TechnologyNames:
    """A list of names, prepared once and used for many texts."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        """Take a parsed list; raises ``UnreadableError`` naming the faulty entry."""
        self._by_word: dict[str, list[_Form]] = {}
        self.technologies: dict[str, tuple[str, str | None]] = {}
        #: All writings of each technology, its name first.
        self.writings: dict[str, tuple[str, ...]] = {}
        self._ambiguous = _ambiguous_names(document)
        for category, entries in document.items():
            for entry in entries:
                self._add(str(category), {"name": entry} if isinstance(entry, str) else entry)
        for forms in self._by_word.values():
            forms.sort(key=lambda form: -len(form.words))

    def _add(self, category: str, entry: Mapping[str, Any]) -> None:
        name = str(entry.get("name") or "")
        unknown = set(entry) - _FIELDS
        if not name or unknown or name in self.technologies:
            fault = "is there twice" if name in self.technologies else f"has {sorted(unknown)}"
            raise UnreadableError(
                "bad_technology_name", f"{category}: {name or 'a nameless one'} {fault}"
            )
        vendor = entry.get("vendor")
        self.technologies[name] = (category, vendor)
        writings = [name, *(entry.get("also") or ())]
        self.writings[name] = tuple(writings)
        ambiguous = entry.get("ambiguous") or ()
        ambiguous = {name} if ambiguous is True else set(ambiguous)
        if stray := ambiguous - set(writings):
            raise UnreadableError("bad_technology_name", f"{name}: {sorted(stray)} names it not")
        for writing in writings:
            found = list(_WORD.finditer(writing))
            words = tuple(m.group() for m in found)
            is_ambiguous = writing in ambiguous
            case_counts = is_ambiguous or (writing.isupper() and len(writing) <= 4)
            form = _Form(
                name,
                category,
                vendor,
                tuple(w.casefold() for w in words),
                tuple(a.end() != b.start() for a, b in pairwise(found)),
                words if case_counts else None,
                is_ambiguous,
                # An unsure name makes no other sure, save in a list.
                _any_of(w for w in entry.get("context") or () if w not in self._ambiguous)
                if is_ambiguous
                else None,
                re.compile(entry["not_before"]) if is_ambiguous and "not_before" in entry else None,
                re.compile(entry["not_after"]) if is_ambiguous and "not_after" in entry else None,
            )
            self._by_word.setdefault(form.words[0], []).append(form)

    def word_sequences(self) -> set[tuple[str, ...]]:
        """Words of every form in lower case: without one of these a text names nothing."""
        return {form.words for forms in self._by_word.values() for form in forms}

    def find(self, text: str) -> list[TechnologyMention]:
        """Technologies that a text names, each once by its surest mention, in order of place."""
        text = text[:MAX_TEXT]
        candidates = self._candidates(text)
        for candidate in candidates:
            candidate.confidence = _alone(text, candidate)
        _beside_each_other(text, candidates)
        surest: dict[str, _Candidate] = {}
        for candidate in candidates:
            known = surest.get(candidate.form.technology)
            if candidate.confidence and (known is None or candidate.confidence > known.confidence):
                surest[candidate.form.technology] = candidate
        return [
            _mention(text, candidate)
            for candidate in sorted(surest.values(), key=lambda found: found.start)
        ]

    def _candidates(self, text: str) -> list[_Candidate]:
        words = list(_WORD.finditer(text))
        keys = [m.group().casefold() for m in words]
        found: list[_Candidate] = []
        position = 0
        while position < len(words):
            forms = self._by_word.get(keys[position])
            form = None
            if forms is not None:
                form = next((f for f in forms if _stands(text, words, keys, position, f)), None)
            if form is None:
                position += 1
                continue
            start = words[position].start()
            position += len(form.words)
            end = words[position - 1].end()
            before, after = text[max(0, start - 40) : start], text[end : end + 30]
            if form.is_ambiguous and after[:2] in ("'s", "\u2019s"):
                continue  # "Ramp's" is a company, no tool in somebody else's hands
            if form.not_before is not None and form.not_before.search(before):
                continue
            if form.not_after is not None and form.not_after.match(after):
                continue
            found.append(_Candidate(form, start, end))
        return found


_FIELDS = {"name", "vendor", "also", "ambiguous", "context", "not_before", "not_after"}


def _ambiguous_names(document: Mapping[str, Any]) -> frozenset[str]:
    found: set[str] = set()
    for entries in document.values():
        for entry in entries:
            if isinstance(entry, Mapping) and (ambiguous := entry.get("ambiguous")):
                found |= {str(entry.get("name"))} if ambiguous is True else set(ambiguous)
    return frozenset(found)


def _any_of(words: Iterable[str]) -> re.Pattern[str] | None:
    words = [re.escape(word) for word in words]
    # Words in capitals (HR, UI, AR) are meant as such; others in any case.
    loose = [w for w in words if not (w.isupper() and len(w) <= 3)]
    strict = [w for w in words if w.isupper() and len(w) <= 3]
    parts = [f"(?i:{'|'.join(loose)})"] if loose else []
    parts += strict
    return re.compile(rf"\b(?:{'|'.join(parts)})\b") if parts else None


def _stands(
    text: str, words: list[re.Match[str]], keys: list[str], position: int, form: _Form
) -> bool:
    """Whether a form's words stand at this place, with nothing but a gap between them."""
    size = len(form.words)
    if tuple(keys[position : position + size]) != form.words:
        return False
    if form.exact is not None and form.exact != tuple(
        words[n].group() for n in range(position, position + size)
    ):
        return False
    for number, has_gap in enumerate(form.gaps):
        between = text[words[position + number].end() : words[position + number + 1].start()]
        if has_gap and not (0 < len(between) <= 3 and not between.strip(" \t\xa0-\u2011/&")):
            return False
        if not has_gap and between:
            return False
    return True


def _alone(text: str, candidate: _Candidate) -> float:
    """Confidence from the mention's own sentence; 0 where an ambiguous name stays unsure."""
    form = candidate.form
    if not form.is_ambiguous:
        return CERTAIN
    start, end = _sentence(text, candidate.start, candidate.end)
    before = text[max(start, candidate.start - 90) : candidate.start]
    if _LEAD.search(before) or _LEAVING.search(before):
        return LISTED
    if form.context is not None and (
        form.context.search(text, start, candidate.start)
        or form.context.search(text, candidate.end, end)
    ):
        return LIKELY
    return 0.0


def _beside_each_other(text: str, candidates: list[_Candidate]) -> None:
    """An unsure name beside a sure one in a list is sure, and so on along the list.

    Three unsure names in a row ("R, SAS or Stata") make each other likely.
    """
    listed = [_in_a_list(text, first, second) for first, second in pairwise(candidates)]
    for number, together in enumerate(listed):
        if together and candidates[number].confidence:
            after = candidates[number + 1]
            after.confidence = max(after.confidence, LISTED)
    for number, together in reversed(list(enumerate(listed))):
        if together and candidates[number + 1].confidence:
            before = candidates[number]
            before.confidence = max(before.confidence, LISTED)
    for number, (one, two) in enumerate(pairwise(listed)):
        if one and two:
            for candidate in candidates[number : number + 3]:
                candidate.confidence = max(candidate.confidence, LIKELY)


def _in_a_list(text: str, first: _Candidate, second: _Candidate) -> bool:
    between = text[first.end : second.start]
    return (
        len(between) <= 12
        and _BETWEEN.fullmatch(between) is not None
        and _SEPARATOR.search(between) is not None
    )


def _sentence(text: str, start: int, end: int) -> tuple[int, int]:
    """Bounds of the sentence or line around a place, at most 300 characters to either side."""
    low, high = max(0, start - 300), min(len(text), end + 300)
    for match in _SENTENCE_END.finditer(text, low, start):
        low = match.end()
    match = _SENTENCE_END.search(text, end, high)
    return low, match.start() + 1 if match else high


def _mention(text: str, candidate: _Candidate) -> TechnologyMention:
    form = candidate.form
    low, high = _sentence(text, candidate.start, candidate.end)
    before = text[low : candidate.start]
    low, high = max(low, candidate.start - _AROUND), min(high, candidate.end + _AROUND)
    return TechnologyMention(
        form.technology,
        form.category,
        form.vendor,
        text[candidate.start : candidate.end],
        candidate.start,
        candidate.end,
        " ".join(text[low:high].split()),
        candidate.confidence,
        bool(_LEAVING.search(before)),
    )


@cache
def default_names() -> TechnologyNames:
    """The project's own list, prepared at the first use."""
    text = resources.files("detection.data").joinpath("technology_names.yaml").read_text("utf-8")
    return TechnologyNames(read_yaml(text))


def technologies_in(text: str) -> list[TechnologyMention]:
    """Technologies that a plain text (a job ad, without markup) names, each once.

    >>> [m.technology for m in technologies_in("We use Go, Python and Spark; go to market fast.")]
    ['Go', 'Python', 'Apache Spark']
    """
    return default_names().find(text)
