"""A mailbox through the line and through the standard library, both giving the same texts."""

from __future__ import annotations

import pytest

from benchmarks import mail


def test_both_sides_read_the_same_mails(tmp_path, monkeypatch):
    monkeypatch.setattr(mail.make_mbox, "__defaults__", (3, 12))
    [(name, figure)] = mail.run(tmp_path).items()
    assert name == "mail.messages_per_cpu_second"
    assert figure["value"] > 0
    assert figure["ratio"] == pytest.approx(figure["value"] / figure["peer"], rel=0.01)


def test_a_difference_fails_the_benchmark(tmp_path, monkeypatch):
    monkeypatch.setattr(mail.make_mbox, "__defaults__", (2, 5))
    read = mail.run_peer
    monkeypatch.setattr(mail, "run_peer", lambda path: (1.0, read(path)[1][1:]))
    with pytest.raises(mail.DifferentTextsError, match="mails read"):
        mail.run(tmp_path)
