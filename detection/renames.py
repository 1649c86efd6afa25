"""That a company bears another name than before, as press language tells it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from detection.companies import NAME, clean_name, subject_before
from detection.names import normalize_company_name
from detection.press.parts import QUESTION, SPECULATION, status_of

#: Parts of words of which a text that tells of a new name has one, in lower case.
_STEMS = (
    "formerly", "previously", "f/k/a", "fka", "rebrand", "renam", "name change", "known as",
    "name to", "name from",
)  # fmt: skip
#: Words without which no sentence tells of a new name.
_CUE = re.compile(
    r"\bf/?k/?a\b|\b(?:formerly|previously) (?:known|named|called)\b|\(formerly\b|\brebrand|"
    r"\brenam(?:e|es|ed|ing)\b|\bname change\b|\bchang(?:e|es|ed|ing) (?:its|the company['’]?s|the)"
    r" (?:corporate |company |legal )?name\b|\bnow known as\b",
    re.I,
)
_FORMER = r"(?:f/?k/?a|(?:formerly|previously)(?: (?:known|named|called)(?: as)?)?)"
#: "Acme (formerly Borel)", "Acme, formerly known as Borel Inc."; a bare "formerly" only in
#: parentheses, because behind a comma it tells of people's careers.
_APPOSITION = re.compile(
    rf"(?P<new>{NAME})\s*(?:\((?:the company )?{_FORMER}|, (?:f/?k/?a|(?:formerly|previously)"
    rf" (?:known|named|called)(?: as)?))[\s\"“]+(?P<old>{NAME})",
)
_VERB = re.compile(
    rf"\b(?:(?:has |have |is |was |will |to |be |been |being |officially |formally )*"
    r"(?:rebrand(?:s|ed|ing)?(?: itself| the company)?(?: from (?P<from>[^,;]{2,60}?))?(?: to| as)|"
    r"renam(?:e|es|ed|ing)(?: itself| the company)?(?: to| as)?|"
    r"chang(?:es|ed|e|ing) (?:its|the company['’]?s|the) (?:corporate |company |legal )?name"
    r"(?: from (?P<origin>[^,;]{2,60}?))? to|"
    rf"now known as|(?:announces|announced) (?:its )?name change to))[\s\"“]+(?P<new>{NAME})",
)
#: Behind one of these the verb belongs to whoever began the sentence, not to the nearest name:
#: "was bought by Acme and renamed Borel".
_JOINED = re.compile(
    r"\b(?:and|or|then|before|after|which|that|who|subsequently|later)[\s,]*$", re.I
)
_YEAR = re.compile(r"^(?:19|20)\d\d\s+(?=\S)")
#: Products, places and shares are renamed too: what is renamed must be the subject itself.
_OTHER = re.compile(r"\b(?:products?|app|platform|stadium|arena|ticker|shares?|stores?|brand)\s*$")


@dataclass(frozen=True)
class Rename:
    """One change of name, with the sentence that tells it."""

    old_name: str
    new_name: str
    #: planned or done.
    status: str
    sentence: str
    confidence: float


def may_tell(text: str) -> bool:
    """Whether a text not taken apart yet may tell of a new name: a quick look, never wrongly no."""
    lowered = text.lower()
    return any(stem in lowered for stem in _STEMS)


def read_renames(sentences: Sequence[str]) -> list[Rename]:
    """Changes of name in an item's sentences, the headline first; each pair of names once."""
    found: dict[tuple[str, str], Rename] = {}
    for position, sentence in enumerate(sentences):
        if not _CUE.search(sentence) or QUESTION.search(sentence) or SPECULATION.search(sentence):
            continue
        for rename in _in_sentence(sentence, 0.8 if position <= 3 else 0.65):
            key = (
                normalize_company_name(rename.old_name),
                normalize_company_name(rename.new_name),
            )
            if all(key) and key[0] != key[1]:
                found.setdefault(key, rename)
    return list(found.values())


def _in_sentence(sentence: str, confidence: float) -> list[Rename]:
    renames = []
    for match in _APPOSITION.finditer(sentence):
        old, new = clean_name(match.group("old")), clean_name(match.group("new"))
        # Two letters are a state behind a town more often than a company.
        if old and new and len(new) > 2:
            renames.append(Rename(old, new, "done", sentence, confidence))
    for match in _VERB.finditer(sentence):
        stated = match.group("from") or match.group("origin")
        before = sentence[: match.start()]
        if _OTHER.search(before.rstrip()) or (not stated and _JOINED.search(before)):
            continue
        old = clean_name(stated) if stated else subject_before(before)
        old = _YEAR.sub("", old) if old else None
        new = clean_name(match.group("new"))
        if old and new:
            status = status_of(sentence, match.start(), match.end())
            renames.append(Rename(old, new, status, sentence, confidence))
    return renames
