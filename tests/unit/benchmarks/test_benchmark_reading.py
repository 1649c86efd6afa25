"""Posts and news through the line's readers and through their peers, on a small market."""

from __future__ import annotations

from benchmarks import reading


def test_both_sides_read_the_same_rows(tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "RECORDS", 1_500)
    monkeypatch.setattr(reading, "ROWS", 60)
    results = reading.run(tmp_path)
    assert set(results) == {"reading.posts_per_cpu_second", "reading.news_per_cpu_second"}
    for figure in results.values():
        assert figure["value"] > 0
        assert figure["peer"] > 0
        assert figure["ratio"] > 0


def test_the_peers_do_what_they_are_said_to_do():
    text = reading.text_of({"title": "Data engineer", "text": "<p>We use Snowflake &amp; Java</p>"})
    assert "<p>" not in text
    found = reading.names_by_expression()(text)
    assert "Snowflake" in found
    assert "Salesforce" not in found
    told = reading.sentences_by_pipeline()("Marlowe Optics raises $5 million. It is sunny.")
    assert len(told) == 2
