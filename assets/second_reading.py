"""Press in which the readers found nothing, read once more by the user's language model.

Only where the user has given one. Knows nothing of Dagster.
"""

from __future__ import annotations

import pyarrow as pa

from detection.errors import UnreadableError
from detection.news.language_model import VERSION, messages, read_answer
from detection.press.parts import is_withdrawn
from detection.press.text import body_text, headline_of, told_sentences
from detection.readers import records_table
from detection.readers.press import ARTICLE_STREAMS, article_in, press_rows
from detection.records import DETECTIONS
from resources.language_model import LanguageModel

#: Name under which its rows stand.
READER = "language_model"


def read_again(model: LanguageModel, rows: pa.Table, found: pa.Table) -> pa.Table:
    """Events that the model tells of those lake ``rows`` in which ``found`` has none.

    Rows are taken in the order of record and content, so that a second run asks the same.
    """
    read = set(zip(*(found.column(name).to_pylist() for name in _IDENTITY), strict=True))
    left = [
        row
        for row in rows.to_pylist()
        if (row["source"], row["stream"]) in ARTICLE_STREAMS
        and tuple(row[name] for name in _IDENTITY) not in read
    ]
    records = []
    for row in sorted(left, key=lambda row: tuple(row[name] for name in _IDENTITY)):
        try:
            article, published_at = article_in(row)
        except UnreadableError:
            continue  # Set aside already by the first reading.
        body = body_text(article.summary, article.content)
        if is_withdrawn(article.title or "", body):
            continue
        title, sentences = headline_of(article.title or ""), told_sentences(body)
        answer = model.ask(messages(title, sentences))
        if answer is None:
            continue
        engine = f"{model.name} question {VERSION}"
        told = read_answer(answer, title, sentences, engine)
        records.extend(press_rows(row, article, published_at, told.events, READER))
    return records_table(DETECTIONS["press_events"], records)


_IDENTITY = ("source", "stream", "record_id", "payload_sha256")
