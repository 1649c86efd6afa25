"""One press or news item to the events it tells, each with its sentence.

Rules read one sentence at a time: a verb of the event, the company before it, and what follows the
verb. They are written on how press language is built, and a sentence that lacks a part gives no
event. The title and the first sentences are read; boilerplate ("About ...") is not.

Belongs here: one module per family of events (``funding`` with ``investors``, ``executives``,
``expansion``, ``acquisition``, ``partnership``, ``launch``), what they share (``parts``: who acts,
planned or done, the day), the text of an item (``text``), the pass over its sentences (``items``)
and the joining of what they tell (``merging``). Does not belong here: what filings share with press
(names of companies, people, places, money, dates; one level up), and anything that knows of rows,
files or feeds. A new family is one module with a ``read_...(item, sentence)`` and one line in
``items.FAMILIES``.
"""

from detection.press.items import read_press
from detection.press.reading import PressReading, investors_json
from detection.press.text import body_text, content_fingerprint

__all__ = ["PressReading", "body_text", "content_fingerprint", "investors_json", "read_press"]
