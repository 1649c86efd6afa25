"""Measurements of pages and mail hosts on an invented folder: right figures, wrong ones seen."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from benchmarks.evaluation import technologies
from detection.fingerprints import FingerprintEngine

SET = {
    "Quillpress": {"cats": [1], "meta": {"generator": ["^Quillpress ([\\d.]+)\\;version:\\1"]}},
    "Boxed": {"cats": [1], "dom": ["div[data-boxed]"]},
    "Cookied": {"cats": [1], "cookies": {"jar": "", "jar_*": ""}},
    "Served": {"cats": [1], "headers": {"Server": "^Served"}},
    "Looking": {"cats": [1], "scriptSrc": ["(?<!not-)looking\\.js"]},
}
PAGE = (
    b"<meta name=generator content='Quillpress 4.2'><div data-boxed></div><script src=looking.js>"
)
RESPONSE = (
    b"HTTP/1.1 200 OK\r\nServer: Served/1\r\nContent-Type: text/html\r\n"
    b"Set-Cookie: jar=1; Path=/\r\n\r\n<p>Hello</p>"
)
HOSTS = (
    "base_reverse_dns,name,type\ngoogle.com,Google (Workspace and Gmail),SaaS\n"
    "pphosted.com,Proofpoint,Email Security\nunheard-of.example,Unheard,ISP\n"
)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    tech = tmp_path / "tech"
    src = tech / "fingerprints_webappanalyzer" / "src"
    for folder in (tech / "pages", tech / "responses", src / "technologies"):
        folder.mkdir(parents=True)
    (src / "categories.json").write_text(json.dumps({"1": {"name": "Things"}}))
    (src / "technologies" / "a.json").write_text(json.dumps(SET))
    (tech / "pages" / "one.html.gz").write_bytes(gzip.compress(PAGE))
    (tech / "responses" / "two.response").write_bytes(RESPONSE)
    (tech / "responses" / "three.response").write_bytes(
        RESPONSE.replace(b"text/html", b"image/png")
    )
    (tech / "mail_provider_map.csv").write_text(HOSTS)
    return tmp_path


def values(result) -> dict[str, tuple[float, int, float]]:
    return {m.name: (m.value, m.n, m.baseline) for m in result.metrics}


def test_all_is_found_and_written_out(data: Path) -> None:
    result = technologies.evaluate(data)
    assert values(result) == {
        "tech.pages.recall_vs_reference": (1.0, 5, 2 / 5),
        "tech.pages.detections_per_page": (3.0, 1, 1.0),
        "tech.responses.detections_per_page": (2.0, 1, 1.0),
        "tech.mail_provider.accuracy": (1.0, 2, 0.5),
    }
    assert not result.misses
    rows = [row[:2] for row in result.reviews[technologies.REVIEW][1:]]
    assert rows == [
        ["one.html.gz", "Boxed"], ["one.html.gz", "Looking"], ["one.html.gz", "Quillpress"],
        ["two.response", "Cookied"], ["two.response", "Served"],
    ]  # fmt: skip


def test_what_the_engine_misses_lowers_the_figure(data: Path, monkeypatch) -> None:
    detect = FingerprintEngine.detect
    monkeypatch.setattr(
        FingerprintEngine,
        "detect",
        lambda self, *a: [h for h in detect(self, *a) if h.technology != "Boxed"],
    )
    result = technologies.evaluate(data)
    assert values(result)["tech.pages.recall_vs_reference"][:2] == (4 / 5, 5)
    assert [(m.record, m.expected) for m in result.misses] == [("one.html.gz Boxed", "found")]


def test_a_wrong_provider_lowers_the_figure(data: Path) -> None:
    (data / "tech" / "mail_provider_map.csv").write_text(HOSTS.replace("Proofpoint", "Another"))
    result = technologies.evaluate(data)
    assert values(result)["tech.mail_provider.accuracy"] == (0.5, 2, 0.5)
    assert [m.got for m in result.misses] == ["Proofpoint"]


def test_an_empty_folder_is_named(tmp_path: Path) -> None:
    result = technologies.evaluate(tmp_path)
    assert not result.metrics
    assert [text.split(":")[0] for text in result.skipped] == [
        technologies.PAGES_METRIC,
        technologies.MAIL_METRIC,
    ]
