"""The words of a trade: what is sold, in which units, by whom else; a file that the user edits.

The file (``config/vocabulary.yaml``) is checked where it comes in; an error names file, field and
remedy. Matching is by whole words, whatever their case; the longest name wins.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import yaml


class VocabularyError(ValueError):
    """The vocabulary cannot be used; the message names file, field and remedy."""


@dataclass(frozen=True)
class Vocabulary:
    """Words of one trade."""

    #: Mail domains of the user's own organisation, in lower case.
    own_domains: frozenset[str] = frozenset()
    #: Own company's names.
    own_names: tuple[str, ...] = ()
    #: Name of a product to the other words for it.
    products: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    #: Words after a number that count pieces, beside the usual ones.
    units: tuple[str, ...] = ()
    competitors: tuple[str, ...] = ()
    #: Regular expressions of part numbers, beside the usual form.
    part_numbers: tuple[str, ...] = ()
    #: Subjects that are no business of ours even where a quotation is asked for.
    other_subjects: tuple[str, ...] = ()

    @cached_property
    def edition(self) -> str:
        """Eight letters that differ where the words do; stands beside what was read by them."""
        words = (
            sorted(self.own_domains), self.own_names, sorted(self.products.items()), self.units,
            self.competitors, self.part_numbers, self.other_subjects,
        )  # fmt: skip
        return hashlib.sha256(repr(words).encode()).hexdigest()[:8]

    @cached_property
    def product_pattern(self) -> re.Pattern[str] | None:
        """Matches any word for any product, plurals included; None without products."""
        return _any_of(self._product_words)

    def may_name_product(self, text: str) -> bool:
        """Whether a text may name a product: it holds the first word of one; quick."""
        low = text.lower()
        return any(word in low for word in self._first_words)

    @cached_property
    def _first_words(self) -> frozenset[str]:
        return frozenset(word.split()[0] for word in self._product_words)

    @cached_property
    def _product_words(self) -> dict[str, str]:
        words = {}
        for name, others in self.products.items():
            for word in (name, *others):
                words[_key(word)] = name
        return words

    def product_of(self, word: str) -> str | None:
        """The product that a word of a text stands for."""
        key = _key(word)
        for candidate in (key, key.removesuffix("s"), key.removesuffix("es")):
            if candidate in self._product_words:
                return self._product_words[candidate]
        return None

    @cached_property
    def competitor_pattern(self) -> re.Pattern[str] | None:
        """Matches a competitor's name; None without competitors."""
        return _any_of(self.competitors, plural=False)

    def may_name_competitor(self, text: str) -> bool:
        """Whether a text may name a competitor: it holds the first word of one; quick."""
        low = text.lower()
        return any(word in low for word in self._competitor_words)

    @cached_property
    def _competitor_words(self) -> frozenset[str]:
        return frozenset(_key(name).split()[0] for name in self.competitors)

    def competitor_of(self, words: str) -> str:
        """The competitor as the user writes the name, whatever blanks and case the text has."""
        return next((c for c in self.competitors if _key(c) == _key(words)), words)

    @cached_property
    def other_subject_pattern(self) -> re.Pattern[str] | None:
        """Matches subjects that are no business of ours; None without any."""
        return _any_of(self.other_subjects)

    @cached_property
    def part_number_pattern(self) -> re.Pattern[str] | None:
        """Matches the trade's own part numbers; None without any."""
        if not self.part_numbers:
            return None
        return re.compile("|".join(f"(?:{p})" for p in self.part_numbers))


def _key(word: str) -> str:
    return " ".join(re.split(r"[\s-]+", word.lower().strip()))


def _any_of(words: Iterable[str], plural: bool = True) -> re.Pattern[str] | None:
    parts = sorted({_key(w) for w in words}, key=lambda w: (-len(w), w))
    if not parts:
        return None
    spelt = "|".join(r"[\s-]+".join(re.escape(p) for p in part.split()) for part in parts)
    return re.compile(rf"(?<!\w)(?:{spelt}){'(?:e?s)?' if plural else ''}(?!\w)", re.I)


_maker: Callable[[], Vocabulary] | None = None
_made: Vocabulary | None = None


def install_vocabulary(maker: Callable[[], Vocabulary] | None) -> None:
    """Have readers of this process use these words, made when first needed; None: no words."""
    global _maker, _made
    if maker != _maker:
        _maker, _made = maker, None


def vocabulary_in_use() -> Vocabulary:
    """The words that readers use. Raises ``VocabularyError`` for a file that cannot be used."""
    global _made
    if _maker is None:
        return _NO_WORDS
    if _made is None:
        _made = _maker()
    return _made


_NO_WORDS = Vocabulary()
_LISTS = ("own_names", "units", "competitors", "part_numbers", "other_subjects")


def read_vocabulary(text: str, file: str = "vocabulary.yaml") -> Vocabulary:
    """A vocabulary from the text of its YAML file; raises ``VocabularyError``."""
    try:
        body: Any = yaml.safe_load(text) or {}
    except yaml.YAMLError as error:
        raise VocabularyError(f"{file}: no YAML ({error}); mend the line it names") from error
    if not isinstance(body, dict):
        raise VocabularyError(f"{file}: expected fields with a colon, found {type(body).__name__}")
    known = {"own_domains", "products", *_LISTS}
    if unknown := sorted(set(map(str, body)) - known):
        raise VocabularyError(
            f"{file}: unknown field {', '.join(unknown)}; known are {', '.join(sorted(known))}"
        )
    products = body.get("products") or {}
    if not isinstance(products, dict):
        raise VocabularyError(f"{file}: products: expected names with their other words")
    parts = _strings(body, "part_numbers", file)
    for part in parts:
        try:
            re.compile(part)
        except re.error as error:
            raise VocabularyError(
                f"{file}: part_numbers: {part!r} is no regular expression ({error})"
            ) from error
    vocabulary = Vocabulary(
        own_domains=frozenset(d.lower() for d in _strings(body, "own_domains", file)),
        own_names=_strings(body, "own_names", file),
        products={
            str(name): _strings({"products": others or []}, "products", file)
            for name, others in products.items()
        },
        units=_strings(body, "units", file),
        competitors=_strings(body, "competitors", file),
        part_numbers=parts,
        other_subjects=_strings(body, "other_subjects", file),
    )
    _no_word_twice(vocabulary, file)
    return vocabulary


def _strings(body: Mapping[str, Any], name: str, file: str) -> tuple[str, ...]:
    values = body.get(name) or []
    if not isinstance(values, list) or not all(isinstance(v, str) and v.strip() for v in values):
        raise VocabularyError(f"{file}: {name}: expected a list of words; quote numbers")
    return tuple(v.strip() for v in values)


def _no_word_twice(vocabulary: Vocabulary, file: str) -> None:
    seen: dict[str, str] = {}
    for name, others in vocabulary.products.items():
        for word in (name, *others):
            other = seen.setdefault(_key(word), name)
            if other != name:
                raise VocabularyError(
                    f"{file}: products: {word!r} stands for both {other!r} and {name!r}; keep one"
                )
