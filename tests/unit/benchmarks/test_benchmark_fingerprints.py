"""The fingerprint benchmark's own parts: pages, the peer's form of fingerprints, what is missed."""

from __future__ import annotations

import pytest

from benchmarks import fingerprints
from benchmarks.fingerprints import (
    PAGE_BYTES,
    SHOWN,
    MissedError,
    Side,
    for_peer,
    invented_pages,
    missed,
    run_line,
)
from detection.fingerprints import load_technologies, own_technologies

LIST = load_technologies(
    {"technologies": [
        {"name": "Acme", "hosts": ["js.acme.example"], "headers": {"X-Acme": ""},
         "implies": ["Base"]},
        {"name": "Base", "html": ["<base-mark"]},
    ]}
)  # fmt: skip


def test_invented_pages_are_of_a_home_pages_size_and_show_what_they_should() -> None:
    pages = dict(list(invented_pages().items())[:3])
    assert all(PAGE_BYTES <= len(page) < 1.3 * PAGE_BYTES for page in pages.values())
    side = run_line(own_technologies(), pages)
    assert all(len(found) >= SHOWN for found in side.found.values())
    assert side.cpu_seconds > 0


def test_fingerprints_in_the_peers_form() -> None:
    listed = for_peer(LIST)["technologies"]
    assert listed["Acme"]["headers"] == {"x-acme": ""}
    assert listed["Acme"]["implies"] == ["Base"]
    assert len(listed["Acme"]["scripts"]) == 1
    assert listed["Base"]["html"] == ["<base-mark"]


def test_what_only_the_peer_finds_fails_the_benchmark(monkeypatch, tmp_path) -> None:
    line = Side(1.0, {"p": {"Acme", "Base"}})
    assert missed(line, Side(2.0, {"p": {"Acme"}}), LIST) == []
    assert missed(line, Side(2.0, {"p": {"Other"}}), LIST) == ["p Other"]
    monkeypatch.setattr(fingerprints, "invented_pages", lambda: {"p": "<base-mark>"})
    monkeypatch.setattr(fingerprints, "own_technologies", lambda: LIST)
    monkeypatch.setattr(fingerprints, "run_peer", lambda *_: Side(2.0, {"p": {"Acme"}}))
    with pytest.raises(MissedError, match="p Acme"):
        fingerprints.run(tmp_path, python=tmp_path)
    monkeypatch.setattr(fingerprints, "run_peer", lambda *_: Side(2.0, {"p": {"Base"}}))
    results = fingerprints.run(tmp_path, python=tmp_path)
    assert results["fingerprints.ratio_to_peer"]["value"] > 1
    assert results["fingerprints.pages_per_cpu_second"]["peer"] == 0.5
