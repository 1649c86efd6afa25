"""Near copies of one release are one release; a second story of the same event is not."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pytest

from detection.press.releases import WINDOW, similarity, sketch, with_releases
from detection.readers import READERS, read_table

DAY = datetime(2026, 6, 15, 8, tzinfo=UTC)
TITLE = "Aldine Robotics raises $25 million Series B to automate warehouses"
LEAD = (
    "Aldine Robotics, a maker of picking arms for warehouses, today announced a $25 million "
    "Series B round led by Foxglove Capital. "
)
REST = "The company will use the money to hire engineers in Denver and to open a plant in Reno."
OTHER = (
    "Warehouse automation start-up Aldine Robotics has raised $25 million from investors, its "
    "second round in two years. Foxglove Capital was in the lead, people close to it said."
)


def item(number: int, title: str, text: str, *, days: float = 0, **row: object) -> dict:
    published = DAY + timedelta(days=days)
    payload = {"outlet": f"outlet-{number}", "title": title, "content": text,
               "published": published.isoformat()}  # fmt: skip
    return {
        "source": "press", "stream": "articles", "record_id": f"outlet-{number}/1",
        "observed_at": published, "fetched_at": DAY + timedelta(days=60),
        "source_url": f"https://outlet-{number}.example/1", "payload": json.dumps(payload),
        "payload_sha256": f"{number:064d}",
    } | row  # fmt: skip


def read(*rows: dict) -> pa.Table:
    table, rejected = read_table(READERS["press_events"], pa.Table.from_pylist(list(rows)))
    assert rejected == []
    return table


def releases(table: pa.Table, known: pa.Table | None = None) -> list[str]:
    told = with_releases(table, table.slice(0, 0) if known is None else known)
    pairs = zip(told["record_id"].to_pylist(), told["release_id"].to_pylist(), strict=True)
    return list(dict(pairs).values())


def test_a_copy_with_another_headline_a_town_and_a_shorter_text_is_the_same_release():
    original = item(1, TITLE, LEAD + REST)
    copies = [
        item(2, f"News: {TITLE}", LEAD + REST),
        item(3, TITLE, f"DENVER - {LEAD}"),
        item(4, "Aldine Robotics raises $25 million", LEAD.replace("today announced", "announced")),
    ]
    table = read(original, *copies)
    assert len(set(table["content_fingerprint"].to_pylist())) == 4
    assert set(releases(table)) == {table["content_fingerprint"][0].as_py()}


def test_a_journalists_own_story_is_another_release():
    one, two = releases(
        read(item(1, TITLE, LEAD + REST), item(2, "Aldine Robotics raises $25M", OTHER))
    )
    assert one != two


def test_the_same_words_after_the_window_are_news_again():
    late = (WINDOW + timedelta(days=1)).days
    one, two = releases(read(item(1, TITLE, LEAD + REST), item(2, TITLE, LEAD + REST, days=late)))
    # To the letter the same text, so the fingerprint still says the same; a near copy does not.
    assert one == two
    one, two = releases(read(item(1, TITLE, LEAD + REST), item(2, "x " + TITLE, LEAD, days=late)))
    assert one != two


def test_two_companies_in_the_same_words_are_two_releases():
    other = item(
        2, TITLE.replace("Aldine", "Borealis"), (LEAD + REST).replace("Aldine", "Borealis")
    )
    one, two = releases(read(item(1, TITLE, LEAD + REST), other))
    assert one != two


def test_an_item_found_by_another_service_is_known_by_its_address_or_its_headline():
    feed = item(1, TITLE, LEAD + REST)
    searched = item(
        2, TITLE, "", source="newsapi", source_url=feed["source_url"],
        payload=json.dumps({"source": {"name": "outlet-1"}, "title": "Aldine Robotics raises $25M",
                            "description": OTHER, "publishedAt": DAY.isoformat()}),
    )  # fmt: skip
    headline = item(
        3, TITLE, "", source="google_news", source_url="https://news.google.com/1",
        payload=json.dumps({"outlet": "outlet-1", "title": f"{TITLE} - outlet-1",
                            "published": DAY.isoformat()}),
    )  # fmt: skip
    assert len(set(releases(read(feed, searched, headline)))) == 1


def test_later_days_join_what_earlier_days_stored_and_a_second_reading_changes_nothing():
    first = read(item(1, TITLE, LEAD + REST))
    known = with_releases(first, first.slice(0, 0))
    second = read(item(2, "News: " + TITLE, LEAD, days=2))
    assert releases(second, known) == releases(first)
    assert releases(second, known) == releases(second, known)
    # Rows stored before releases were told count by their fingerprint.
    position = known.schema.get_field_index("release_id")
    empty = known.set_column(position, known.schema.field(position), pa.nulls(1, pa.string()))
    assert releases(second, empty) == releases(first)


def test_the_order_in_which_items_are_given_does_not_matter():
    items = [item(1, TITLE, LEAD + REST), item(2, "News: " + TITLE, LEAD, days=1),
             item(3, "Aldine Robotics raises $25M", OTHER, days=1)]  # fmt: skip
    one, two = read(*items), read(*reversed(items))
    told = {
        row["record_id"]: row["release_id"]
        for row in with_releases(one, one.slice(0, 0)).to_pylist()
    }
    again = with_releases(two, two.slice(0, 0)).to_pylist()
    assert told == {row["record_id"]: row["release_id"] for row in again}


def test_similarity_estimates_the_share_of_equal_word_pairs():
    words = [f"word{n}" for n in range(30)]
    half = words[:20] + [f"other{n}" for n in range(10)]
    # 19 pairs of 39 distinct ones are in both.
    found = similarity(sketch("", " ".join(words)), sketch("", " ".join(half)))
    assert found == pytest.approx(19 / 39, abs=0.18)
    assert similarity(sketch("", ""), sketch("", "")) == 0.0
    assert sketch("", " ".join(words)) == sketch("Another headline", " ".join(words))
