"""What is read from one text about a request for quotation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

#: Kinds of signals; what ``low`` and ``high`` count is said beside each.
KINDS = (
    "quantity",  # pieces of ``unit``
    "minimum_quantity",  # the same: the least that is made or sold
    "unit_price",  # ``currency`` for one ``unit``
    "total_price",  # ``currency``
    "price",  # ``currency``; the text does not say of what
    "margin",  # per cent
    "cost_upside",  # ``currency``, or per cent where ``unit`` is "%"
    "lead_time",  # days
    "delivery_date",  # ``day``
    "quote_due",  # ``day``
    "decision_date",  # ``day``
    "product",  # ``value``: the vocabulary's name
    "part_number",  # ``value``
    "reference",  # ``value``: number of an RFQ, quotation, order or project, as in "RFQ 4711"
    "payment_terms",  # ``value`` as in "net 30"; days in ``low``
    "delivery_terms",  # ``value``: the Incoterm's three letters
    "competitor",  # ``value``
    "stage_cue",  # ``value``: a stage of ``STAGES``
)
STAGES = ("research_concept", "rfq", "quoting", "po_in_progress", "won", "lost")


@dataclass(frozen=True)
class RfqSignal:
    """One statement of a text, with the words it rests on and where they stand."""

    kind: str
    #: The words themselves: ``text[start:end]`` of what was read.
    text: str
    start: int
    end: int
    sentence: str
    sentence_start: int
    #: 0 to 1.
    confidence: float
    #: Number or ends of a range, both inclusive; equal for a single number, None for no number.
    low: float | None = None
    high: float | None = None
    unit: str | None = None
    #: ISO 4217.
    currency: str | None = None
    value: str | None = None
    day: date | None = None
    #: True for a day that was reckoned, and for a number that was rounded ("about 5k").
    is_inferred: bool = False
