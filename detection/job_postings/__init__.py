"""Job postings: what a board's answer says of a position, as typed fields with their evidence.

Belongs here: one module per field that is read from words (pay, years, place, work place, skills),
one that knows the vendors' shapes, one that puts them together (``reading``). Does not belong here:
titles (``detection.titles``), and what many postings say together (the warehouse).
"""

from detection.job_postings.payloads import MAPPED, VENDORS, Advert, advert_of
from detection.job_postings.reading import PostingReading, TextReading, read_advert, read_text

__all__ = [
    "MAPPED",
    "VENDORS",
    "Advert",
    "PostingReading",
    "TextReading",
    "advert_of",
    "read_advert",
    "read_text",
]
