"""Everything that one text says about a request for quotation."""

from __future__ import annotations

from datetime import date

from detection.correspondence.rfq.days import find_days
from detection.correspondence.rfq.prices import find_prices
from detection.correspondence.rfq.quantities import find_quantities
from detection.correspondence.rfq.records import RfqSignal
from detection.correspondence.rfq.sentences import Reading
from detection.correspondence.rfq.stages import find_stage_cues
from detection.correspondence.rfq.terms import find_names, find_references, find_terms
from detection.correspondence.rfq.vocabulary import Vocabulary
from detection.sentences import sentence_spans

#: Readers in order: what an earlier one has read is no longer a number to a later one.
_READERS = (find_references, find_terms, find_days, find_prices, find_quantities, find_names)
#: Sentences read of one text; a text that long is a data dump, and its beginning tells enough.
MAX_SENTENCES = 2_000
READER = "rfq_signals"
READER_VERSION = "1"


def find_signals(
    text: str, written_on: date | None = None, vocabulary: Vocabulary | None = None
) -> list[RfqSignal]:
    """Signals of a mail's own words or of one turn of talk, in order of place.

    ``written_on`` is the day of writing or of the call (UTC); without it no day is reckoned.
    """
    vocabulary = vocabulary or Vocabulary()
    found: list[RfqSignal] = []
    for start, end in sentence_spans(text)[:MAX_SENTENCES]:
        reading = Reading(text[start:end], start, written_on, vocabulary)
        for reader in _READERS:
            found += reader(reading)
        found += find_stage_cues(reading)
    return sorted(found, key=lambda s: (s.start, s.end, s.kind))
