"""Everything that one text says about a request for quotation."""

from __future__ import annotations

import re
from datetime import date

from detection.correspondence.rfq import days, prices, stages, terms
from detection.correspondence.rfq.days import find_days
from detection.correspondence.rfq.numbers import NUMBER_TEXTS, has_number
from detection.correspondence.rfq.prices import find_prices
from detection.correspondence.rfq.quantities import find_quantities
from detection.correspondence.rfq.records import RfqSignal
from detection.correspondence.rfq.sentences import Reading
from detection.correspondence.rfq.stages import find_stage_cues
from detection.correspondence.rfq.tables import read_tables
from detection.correspondence.rfq.terms import (
    find_delivery_terms,
    find_names,
    find_other_payment,
    find_payment_days,
    find_references,
)
from detection.correspondence.rfq.vocabulary import Vocabulary
from detection.days_ahead import DAY_WORDS, may_have_day
from detection.german_days import GERMAN_DAY_WORDS
from detection.money import CURRENCY_TEXTS
from detection.prefilter import Prefilter
from detection.sentences import sentence_spans

#: Readers of numbers, in order: what an earlier one has read is no longer a number to a later one.
_READERS = (find_references, find_payment_days, find_days, find_prices, find_quantities)
#: Readers of names and terms, which take the whole text at once: most text has none.
_WORD_READERS = (find_names, find_delivery_terms, find_other_payment)
#: What each sentence, and each text, is asked for before any of the readers looks at it.
_SENTENCE = Prefilter(
    {**stages.PATTERNS, **terms.SENTENCE_PATTERNS, **days.PATTERNS, **prices.PATTERNS},
    {
        "currency": CURRENCY_TEXTS | prices.COIN_TEXTS,
        "number_words": NUMBER_TEXTS,
        "day": DAY_WORDS | GERMAN_DAY_WORDS,
    },
)
_STAGES = frozenset(stages.PATTERNS)
_TEXT = Prefilter(terms.TEXT_PATTERNS)
#: Sentences read of one text; a text that long is a data dump, and its beginning tells enough.
MAX_SENTENCES = 2_000
#: A line this long that ends no sentence was broken by a mail program, unless a label or the next
#: number of a list follows.
_WRAPPED = re.compile(
    r"(?<=[^\n]{55})(?<![.:;!?])\n(?=[^\W_]|[€$£])(?!\d{1,2}\)\s)(?![A-Z][\w /-]{0,30}:)"
)


def find_signals(
    text: str, written_on: date | None = None, vocabulary: Vocabulary | None = None
) -> list[RfqSignal]:
    """Signals of a mail's own words or of one turn of talk, in order of place.

    ``written_on`` is the day of writing or of the call (UTC); without it no day is reckoned. Lines
    that a mail program wrapped are read as one, so a signal's words may have a blank where
    ``text`` has a line end. Tables are read row by row (``tables``).
    """
    vocabulary = vocabulary or Vocabulary()
    text, lines = read_tables(text, written_on, vocabulary)
    text = _WRAPPED.sub(" ", text)
    spans = sentence_spans(text)[:MAX_SENTENCES]
    if not spans:
        return sorted(lines, key=_by_place)
    whole_text = text[: spans[-1][1]]
    whole = Reading(whole_text, 0, written_on, vocabulary, _TEXT.may_match(whole_text), spans=spans)
    found = [*lines, *(signal for reader in _WORD_READERS for signal in reader(whole))]
    for start, end in spans:
        sentence = text[start:end]
        may = _SENTENCE.may_match(sentence)
        reading = Reading(sentence, start, written_on, vocabulary, may)
        if has_number(sentence):
            for reader in _READERS:
                found += reader(reading)
        elif "day" in may and may_have_day(sentence):
            found += find_days(reading)
        if not _STAGES.isdisjoint(may):
            found += find_stage_cues(reading)
    return sorted(found, key=_by_place)


def _by_place(signal: RfqSignal) -> tuple[int, int, str]:
    return signal.start, signal.end, signal.kind
