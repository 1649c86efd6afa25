"""Everything that one text says about a request for quotation."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from detection.correspondence.rfq.days import find_days
from detection.correspondence.rfq.numbers import has_number
from detection.correspondence.rfq.prices import find_prices
from detection.correspondence.rfq.quantities import find_quantities
from detection.correspondence.rfq.records import RfqSignal
from detection.correspondence.rfq.sentences import Reading
from detection.correspondence.rfq.stages import find_stage_cues
from detection.correspondence.rfq.terms import (
    find_delivery_terms,
    find_names,
    find_other_payment,
    find_payment_days,
    find_references,
)
from detection.correspondence.rfq.vocabulary import Vocabulary
from detection.days_ahead import may_have_day
from detection.sentences import sentence_spans

#: Readers of numbers, in order: what an earlier one has read is no longer a number to a later one.
_READERS = (find_references, find_payment_days, find_days, find_prices, find_quantities)
#: Readers of names and terms, which take the whole text at once: most text has none.
_WORD_READERS = (find_names, find_delivery_terms, find_other_payment)
#: Sentences read of one text; a text that long is a data dump, and its beginning tells enough.
MAX_SENTENCES = 2_000
READER = "rfq_signals"
READER_VERSION = "1"
#: A line this long that ends no sentence was broken by a mail program, unless a label follows.
_WRAPPED = re.compile(r"(?<=[^\n]{55})(?<![.:;!?])\n(?=[^\W_]|[€$£])(?![A-Z][\w /-]{0,30}:)")


def find_signals(
    text: str, written_on: date | None = None, vocabulary: Vocabulary | None = None
) -> list[RfqSignal]:
    """Signals of a mail's own words or of one turn of talk, in order of place.

    ``written_on`` is the day of writing or of the call (UTC); without it no day is reckoned. Lines
    that a mail program wrapped are read as one, so a signal's words may have a blank where
    ``text`` has a line end.
    """
    vocabulary = vocabulary or Vocabulary()
    text = _WRAPPED.sub(" ", text)
    spans = sentence_spans(text)[:MAX_SENTENCES]
    if not spans:
        return []
    whole = Reading(text[: spans[-1][1]], 0, written_on, vocabulary)
    found = list(_in_sentences(whole, spans))
    for start, end in spans:
        reading = Reading(text[start:end], start, written_on, vocabulary)
        if has_number(reading.text):
            for reader in _READERS:
                found += reader(reading)
        elif may_have_day(reading.text):
            found += find_days(reading)
        found += find_stage_cues(reading)
    return sorted(found, key=lambda s: (s.start, s.end, s.kind))


def _in_sentences(whole: Reading, spans: list[tuple[int, int]]) -> Iterator[RfqSignal]:
    """What the readers of names and terms find, each with its sentence."""
    starts = [start for start, _ in spans]
    for reader in _WORD_READERS:
        for signal in reader(whole):
            start, end = spans[max(0, bisect_right(starts, signal.start) - 1)]
            yield replace(signal, sentence=whole.text[start:end], sentence_start=start)
