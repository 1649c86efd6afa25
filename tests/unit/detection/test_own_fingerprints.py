"""The project's own fingerprints: each is found by its page, and by no other's."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from detection.errors import UnreadableError
from detection.fingerprints import FingerprintEngine, default_engine, load_technologies, own
from detection.fingerprints.own import own_document

ENTRIES: dict[str, dict[str, Any]] = {e["name"]: e for e in own_document()["technologies"]}


def shown(engine: FingerprintEngine, page: Any) -> dict[str, str | None]:
    """Technologies of an entry's page, whatever it is made of."""
    parts = {"html": page} if isinstance(page, str) else page
    hits = engine.detect(parts.get("html", "").encode(), parts.get("headers"))
    records = {kind: [text] for kind, text in parts.get("dns", {}).items()}
    return {h.technology: h.version for h in (*hits, *engine.detect_dns(records))}


def implied(name: str) -> set[str]:
    """A technology and all that it implies."""
    found, waiting = {name}, [name]
    while waiting:
        for other in ENTRIES[waiting.pop()].get("implies", ()):
            if other not in found:
                found.add(other)
                waiting.append(other)
    return found


@cache
def plain_engine() -> FingerprintEngine:
    return FingerprintEngine(default_engine().technologies, use_hyperscan=False)


@pytest.mark.parametrize("name", ENTRIES)
def test_a_technology_is_found_by_its_page_and_no_other_is(name: str) -> None:
    assert set(shown(default_engine(), ENTRIES[name]["page"])) == implied(name)


def test_both_engines_agree_on_all_pages() -> None:
    for entry in ENTRIES.values():
        assert shown(plain_engine(), entry["page"]) == shown(default_engine(), entry["page"])


@pytest.mark.parametrize(
    ("name", "version"),
    [
        ("jQuery", "3.7.1"), ("WordPress", "6.5.2"), ("WooCommerce", "8.7.0"), ("D3.js", "7"),
        ("Nginx", "1.25.3"), ("PHP", "8.2.18"), ("Okta", "7.16.1"), ("Kong Gateway", "3.4.2"),
        ("Yoast SEO", "22.5"), ("Concrete CMS", "8.5.7"), ("HubSpot", None), ("Slack", None),
    ],
)  # fmt: skip
def test_a_page_tells_the_version(name: str, version: str | None) -> None:
    assert shown(default_engine(), ENTRIES[name]["page"])[name] == version


def test_every_entry_says_what_it_is() -> None:
    known = default_engine().by_name
    for name, entry in ENTRIES.items():
        assert all(entry.get(field) for field in ("category", "vendor", "page")), name
        assert known[name].has_page_traces or known[name].dns, name
        assert set(entry.get("implies", ())) <= set(ENTRIES), name


def test_a_name_listed_in_two_files_is_refused(monkeypatch, tmp_path) -> None:
    folder = tmp_path / "fingerprints"
    folder.mkdir()
    for file in ("a.yaml", "b.yaml"):
        folder.joinpath(file).write_text(
            "category: X\ntechnologies: [{name: Twin, vendor: V, hosts: [a.example]}]\n"
        )
    monkeypatch.setattr(own.resources, "files", lambda _: tmp_path)
    with pytest.raises(UnreadableError, match="Twin is listed twice"):
        own_document()


@pytest.mark.parametrize(
    ("page", "is_found"),
    [
        ('<script src="https://js.acme.example/v1.js"></script>', True),
        ('<img src="//eu.js.acme.example/pixel.gif">', True),
        ("<script>load('https://js.acme.example/v1')</script>", True),
        ('<a href="https://js.acme.example/docs">Docs</a>', False),
        ('<script src="https://js.acme.example.evil.example/v1.js"></script>', False),
        ('<script src="https://notjs.acme.example/v1.js"></script>', False),
        ("<p>https://js.acme.example/v1.js</p>", False),
    ],
)
def test_a_host_counts_where_the_page_loads_from_it(page: str, is_found: bool) -> None:
    engine = FingerprintEngine(
        load_technologies({"technologies": [{"name": "Acme", "hosts": ["js.acme.example"]}]})
    )
    assert bool(engine.detect(page.encode())) == is_found


def test_names_of_services_agree_with_those_of_job_ads() -> None:
    """One product has one name, whichever way it is seen."""
    from detection.technology_names import default_names

    spoken = {name.casefold(): name for name in default_names().technologies}
    differing = {n: spoken[n.casefold()] for n in ENTRIES if spoken.get(n.casefold(), n) != n}
    assert differing == {}
