"""One article, whatever vendor tells it."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from detection.press.articles import Article, article_of, whole_sentences
from detection.readers import READERS, read_rows


def test_newsapi_article_without_its_cut_sentence():
    payload = {
        "source": {"id": None, "name": "Harbour Times"},
        "title": "Aldine raises money",
        "description": "Aldine Robotics has raised $25 million.",
        "publishedAt": "2026-06-14T08:00:00Z",
        "content": "Aldine Robotics has raised $25 million. It will open an o… [+900 chars]",
    }
    assert article_of("newsapi", payload) == Article(
        outlet="Harbour Times",
        title="Aldine raises money",
        summary="Aldine Robotics has raised $25 million.",
        content="Aldine Robotics has raised $25 million.",
        published="2026-06-14T08:00:00Z",
    )


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ("Whole text.", "Whole text."),
        ("It raised $2… [+12 chars]", None),
        ("One. It raised $2.5 mi... [+12 chars]", "One."),
        ("“Yes.” It raised $2.5 … [+12 chars]", "“Yes.”"),
        (None, None),
    ],
)
def test_a_cut_sentence_is_not_read(told, kept):
    assert whole_sentences(told) == kept


def test_google_news_headline_without_its_outlet():
    payload = {
        "company": "Aldine",
        "outlet": "Harbour Times",
        "title": "Aldine raises $25 million - led by nobody - Harbour Times",
        "published": "2026-06-14T08:00:00+00:00",
    }
    article = article_of("google_news", payload)
    assert article.title == "Aldine raises $25 million - led by nobody"
    assert (article.outlet, article.summary, article.content) == ("Harbour Times", None, None)


@pytest.mark.parametrize(
    ("source", "payload"),
    [
        ("press", {"outlet": "harbour", "title": "Aldine Robotics raises $25 million Series B",
                   "published": "2026-06-14T08:00:00+00:00"}),
        ("newsapi", {"source": {"name": "harbour"}, "publishedAt": "2026-06-14T08:00:00Z",
                     "title": "Aldine Robotics raises $25 million Series B"}),
        ("google_news", {"outlet": "harbour", "published": "2026-06-14T08:00:00+00:00",
                         "title": "Aldine Robotics raises $25 million Series B - harbour"}),
    ],
)  # fmt: skip
def test_three_vendors_tell_one_event(source, payload):
    now = datetime(2026, 6, 15, tzinfo=UTC)
    row = {
        "source": source, "stream": "articles", "record_id": "1", "observed_at": now,
        "fetched_at": now, "source_url": "https://harbour.example/1",
        "payload": json.dumps(payload), "payload_sha256": "0" * 64,
    }  # fmt: skip
    result = read_rows(READERS["press_events"], [row])
    assert result.rejected == []
    (event,) = result.rows
    assert (event.source, event.outlet, event.company_name) == (
        source,
        "harbour",
        "Aldine Robotics",
    )
    assert (event.signal_type, event.amount, event.currency) == ("funding_round", 25e6, "USD")
    assert event.round_type == "series_b"
    assert event.published_at == datetime(2026, 6, 14, 8, tzinfo=UTC)
