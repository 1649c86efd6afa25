"""A company's name taken apart: legal form, place, abbreviations, and the words that name it.

``detection.names`` has the strict key by which equal names are equal; this module has what is
needed to say how alike two different spellings are.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources

from ml.identity.spelling import fold, plain

#: Kinds of words in ``data/name_words.yaml``.
KINDS = ("legal_forms", "legal_phrases", "abbreviations", "fillers", "shares")

_INNER_DOT = re.compile(r"(?<=[^\W\d_]{2})\.(?=[^\W\d_]{2})")
_DROPPED = re.compile(r"[.'’`´]")
_AND = re.compile(r"[&+]")
_STATE = re.compile(r"\s*[/\\]\s*[A-Za-z]{2,8}\s*[/\\]?\s*$")
_WORD = re.compile(r"[^\W_]+")
_CLAUSE = re.compile(r"[,;()\[\]|]+")
_INITIALS = re.compile(r"\b((?:[^\W\d_]\.){2,})(?=[^\W\d_]{3})")
_LETTERS_BY_COMMA = re.compile(r"\b([^\W\d_]),(?=\s*[^\W\d_]\b)")
#: "Acme Inc., a Delaware corporation": what the company is, not what it is called.
_IS_A = re.compile(
    r"(?<=[\w.,]) an? (?:[a-z]+ ){1,3}(?:corporation|company|corp|co|limited|partnership)\b.*$"
)


@dataclass(frozen=True, slots=True)
class CompanyName:
    """What a name says, taken apart."""

    #: Words that name the company, in plain letters, in their order, abbreviations written out.
    words: tuple[str, ...]
    #: Legal forms met, in the order met ("bv", "inc").
    legal_forms: tuple[str, ...]
    #: Words after the legal form that stand apart, most often a place.
    place: tuple[str, ...]

    @property
    def glued(self) -> str:
        """Words without blanks: "d s m", "D.S.M." and "DSM" are one."""
        return "".join(self.words)

    @property
    def folded(self) -> tuple[str, ...]:
        """Words by sound, sorted, each once: for comparison without regard to order."""
        return tuple(sorted({fold(word) for word in self.words}))


@dataclass(frozen=True, slots=True)
class NameWords:
    """The packaged vocabulary."""

    legal_forms: frozenset[str]
    legal_phrases: tuple[tuple[str, ...], ...]
    #: Folded word, short or long, to the word written out.
    abbreviations: dict[str, str]
    fillers: frozenset[str]
    shares: tuple[tuple[str, ...], ...]
    #: Legal forms that are also words or initials: dropped at an end of a name only.
    ambiguous_forms: frozenset[str]
    #: Folded words that many companies have in their names.
    common: frozenset[str]


@cache
def name_words() -> NameWords:
    """The vocabulary of ``data/name_words.yaml``, read once."""
    import yaml

    text = resources.files("ml.identity.data").joinpath("name_words.yaml").read_text("utf-8")
    told = yaml.safe_load(text)
    return NameWords(
        legal_forms=frozenset(told["legal_forms"]) | frozenset(told["ambiguous_legal_forms"]),
        legal_phrases=_phrases(told["legal_phrases"]),
        abbreviations={
            fold(word): full
            for full, shorts in told["abbreviations"].items()
            for word in (full, *shorts)
        },
        fillers=frozenset(told["fillers"]),
        shares=_phrases(told["shares"]),
        ambiguous_forms=frozenset(told["ambiguous_legal_forms"]),
        common=frozenset(fold(word) for word in (*told["common"], *told["abbreviations"])),
    )


def _phrases(told: list[str]) -> tuple[tuple[str, ...], ...]:
    return tuple(sorted((tuple(p.split()) for p in told), key=len, reverse=True))


@lru_cache(maxsize=65_536)
def read_name(name: str) -> CompanyName:
    """Take ``name`` apart. A word always remains when there was one.

    >>> read_name("Hunter Douglas Inds. B. V., ROTTERDAM").words
    ('hunter', 'douglas', 'industries')
    >>> read_name("D S M N.V.").glued
    'dsm'
    """
    text = _STATE.sub("", plain(name)) or plain(name)
    text = _LETTERS_BY_COMMA.sub(
        r"\1 ", _DROPPED.sub("", _INNER_DOT.sub(" ", _INITIALS.sub(r"\1 ", text)))
    )
    text = _IS_A.sub("", text)
    clauses = [_glue(_WORD.findall(_AND.sub(" ", part))) for part in _CLAUSE.split(text)]
    known = name_words()
    words: list[str] = []
    legal: list[str] = []
    place: list[str] = []
    for clause in clauses:
        rest, forms = _without_legal(clause, known, bool(words))
        # What stands apart behind the legal form is where, not who.
        (place if legal and words else words).extend(rest)
        legal.extend(forms)
    words = _without_shares(words, known)
    named = [known.abbreviations.get(fold(word), word) for word in words]
    kept = [word for word in named if word not in known.fillers] or named
    if not kept:
        kept = [word for clause in clauses for word in clause]
    return CompanyName(tuple(kept), tuple(legal), tuple(place))


def _glue(words: list[str]) -> list[str]:
    """Runs of single letters as one word; a legal form at its end stays apart ("dsm", "nv")."""
    glued: list[str] = []
    run = ""
    for word in [*words, ""]:
        if len(word) == 1 and word.isalpha():
            run += word
            continue
        if run:
            tail = run[-2:]
            if len(run) > 2 and tail in ("nv", "bv", "sa", "ag", "ab", "as", "cv", "kk"):
                glued.extend([run[:-2], tail])
            else:
                glued.append(run)
            run = ""
        if word:
            glued.append(word)
    return glued


def _without_legal(words: list[str], known: NameWords, named: bool) -> tuple[list[str], list[str]]:
    """Words of one clause without its legal forms, and those forms.

    Clear forms go wherever they stand ("BOSCH GMBH ROBERT"), ambiguous ones from the end and, in
    front of at least one more word, from the beginning ("AB SKF"). ``named``: whether an earlier
    clause has named the company, so that this one may be nothing but a form (", Inc.").
    """
    rest, forms = list(words), []
    for phrase in known.legal_phrases:
        at = _find(rest, phrase) if phrase[0] in rest else None
        if at is not None and (named or len(rest) > len(phrase)):
            forms.append("".join(phrase))
            del rest[at : at + len(phrase)]
    kept = []
    for position, word in enumerate(rest):
        alone = not named and not kept and all(w in known.legal_forms for w in rest[position + 1 :])
        if word in known.legal_forms and word not in known.ambiguous_forms and not alone:
            forms.append(word)
        else:
            kept.append(word)
    while kept and kept[-1] in known.ambiguous_forms and (named or len(kept) > 1):
        forms.append(kept.pop())
    if len(kept) > 1 and kept[0] in known.ambiguous_forms and len(kept[0]) <= 2 and not forms:
        forms.append(kept.pop(0))
    return kept, forms


def _without_shares(words: list[str], known: NameWords) -> list[str]:
    """Words without what names a security of the company ("class a", "common stock")."""
    for phrase in known.shares:
        if len(words) > len(phrase) and tuple(words[-len(phrase) :]) == phrase:
            return _without_shares(words[: -len(phrase)], known)
    return words


def _find(words: list[str], phrase: tuple[str, ...]) -> int | None:
    for start in range(len(words) - len(phrase) + 1):
        if tuple(words[start : start + len(phrase)]) == phrase:
            return start
    return None


def acronym(words: tuple[str, ...]) -> str | None:
    """First letters of three or more words; None below, where it would say too little."""
    return "".join(word[0] for word in words) if len(words) >= 3 else None
