"""``fingerprints.pages_per_cpu_second`` and ``fingerprints.ratio_to_peer``: pages read for traces.

The peer is python-Wappalyzer in an environment of its own. Both sides get the same pages and the
same fingerprints, each in the form it reads; the peer looks at addresses of scripts, the source,
headers and meta elements, the line also at cookies, inline scripts, styles, text and elements. What
the peer finds and the line does not fails the benchmark, save for technologies that count only
beside another or not beside one: the peer does not know these conditions.
"""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measure import CommandFailedError
from detection.fingerprints import FingerprintEngine, Technology, own_technologies
from detection.fingerprints.own import own_document

PEER_FOLDER = Path(__file__).parent / "peers"
#: Invented pages are grown to this many bytes, a usual home page's size.
PAGE_BYTES = 150_000
#: Invented pages, and technologies shown on each.
PAGES, SHOWN = 40, 12


class MissedError(Exception):
    """The peer found something that the line did not; the message names page and technology."""


@dataclass(frozen=True)
class Side:
    """What one side did: processor seconds for all pages, and technologies by page."""

    cpu_seconds: float
    found: dict[str, set[str]]


def invented_pages() -> dict[str, str]:
    """Pages that show some of the project's own technologies each, in much other markup."""
    entries = [e for e in own_document()["technologies"] if isinstance(e["page"], str)]
    words = ("growing", "teams", "use", "our", "product", "every", "day", "to", "plan", "work")
    pages = {}
    for number in range(PAGES):
        shown = [entries[(number * 37 + step * 53) % len(entries)]["page"] for step in range(SHOWN)]
        parts = ["<!doctype html><html><head><title>Acme</title></head><body>"]
        size = 0
        while size < PAGE_BYTES:
            place = len(parts)
            text = " ".join(words[(place * 7 + w) % len(words)] for w in range(40))
            block = (
                f'<section class="block b{place}" id="s{place}"><h2><a href="/p/{place}">'
                f"{text[:40]}</a></h2><p>{text}</p>"
                f"<script>var v{place} = {{id: {place}}};</script></section>\n"
            )
            parts.append(block)
            size += len(block)
        step = max(1, len(parts) // SHOWN)
        for position, snippet in enumerate(shown):
            parts.insert(1 + position * step, snippet)
        pages[f"invented-{number:02}"] = "".join([*parts, "</body></html>"])
    return pages


def real_pages(folder: Path) -> dict[str, str]:
    """Stored pages of a folder (``*.html.gz``) as text."""
    return {
        path.name: gzip.decompress(path.read_bytes()).decode("utf-8", "replace")
        for path in sorted(folder.glob("*.gz"))
    }


def for_peer(technologies: Iterable[Technology]) -> dict[str, object]:
    """Fingerprints in the peer's form; what it cannot look at is left out."""
    listed: dict[str, dict[str, object]] = {}
    for technology in technologies:
        scripts = [
            p.regex
            for part in ("script_src", "loaded", "urls")
            for p in technology.texts.get(part, ())
        ]
        entry: dict[str, object] = {
            "cats": [],
            "scripts": scripts,
            "html": [p.regex for p in technology.texts.get("html", ())],
            "implies": [name for name, percent in technology.implies if percent == 100],
        }
        for field in ("headers", "meta"):
            entry[field] = {n.lower(): p.regex for n, p in technology.named.get(field, ())}
        listed[technology.name] = entry
    return {"categories": {}, "technologies": listed}


def run_line(technologies: Iterable[Technology], pages: Mapping[str, str]) -> Side:
    """The line's engine over all pages, prepared and warm, as it is in a worker that runs."""
    engine = FingerprintEngine(technologies)
    bodies = {name: text.encode() for name, text in pages.items()}
    for body in bodies.values():
        engine.detect(body)
    started = time.process_time()
    found = {name: {h.technology for h in engine.detect(body)} for name, body in bodies.items()}
    return Side(time.process_time() - started, found)


def run_peer(
    technologies: Iterable[Technology], pages: Mapping[str, str], python: Path, folder: Path
) -> Side:
    """The peer over all pages in its own process. Raises ``CommandFailedError``."""
    folder.mkdir(parents=True, exist_ok=True)
    asked, told = folder / "asked.json", folder / "told.json"
    asked.write_text(json.dumps({"set": for_peer(technologies), "pages": dict(pages)}))
    done = subprocess.run(
        [str(python), str(PEER_FOLDER / "wappalyzer_pages.py"), str(asked), str(told)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise CommandFailedError(f"python-Wappalyzer ended with {done.returncode}: {done.stderr}")
    answer = json.loads(told.read_text())
    return Side(answer["cpu_seconds"], {name: set(f) for name, f in answer["found"].items()})


def peer_python(folder: Path, requirements: str = "wappalyzer.txt") -> Path:
    """Python of the peer's environment, made when it is not there yet.

    Raises ``CommandFailedError`` when the package index cannot be reached.
    """
    python = folder / "bin" / "python"
    if not (folder / ".ready").exists():
        uv = str(Path(sys.executable).parent / "uv")
        for command in (
            [sys.executable, "-m", "venv", "--clear", str(folder)],
            [uv, "pip", "install", "-q", "--python", str(python), "-r",
             str(PEER_FOLDER / requirements)],
        ):  # fmt: skip
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            if done.returncode:
                raise CommandFailedError(f"{' '.join(command)}: {done.stderr[-2000:]}")
        (folder / ".ready").touch()
    return python


def missed(line: Side, peer: Side, technologies: Iterable[Technology]) -> list[str]:
    """What the peer found and the line did not, as ``page technology``."""
    conditional: set[str] = set()
    for technology in technologies:
        conditional |= set(technology.excludes)
        if technology.requires or technology.requires_categories:
            conditional.add(technology.name)
    return [
        f"{page} {name}"
        for page, names in sorted(peer.found.items())
        for name in sorted(names - line.found[page] - conditional)
    ]


def run(
    folder: Path, data: Path | None = None, python: Path | None = None
) -> dict[str, dict[str, object]]:
    """Metrics of both sides with the project's own fingerprints, and the user's set where given.

    ``data`` is a folder of real files, whose pages and webappanalyzer set are used where it has
    them. Raises ``MissedError`` when the peer finds more.
    """
    from assets.fingerprints import read_webappanalyzer

    tech = data / "tech" if data is not None else None
    pages = real_pages(tech / "pages") if tech is not None else {}
    kind = "real" if pages else "invented"
    pages = pages or invented_pages()
    sets = {"": own_technologies()}
    if tech is not None and (tech / "fingerprints_webappanalyzer").exists():
        sets["webappanalyzer."] = read_webappanalyzer(tech / "fingerprints_webappanalyzer")
    python = python or peer_python(folder / "peer-wappalyzer")
    results: dict[str, dict[str, object]] = {}
    for label, technologies in sets.items():
        line = run_line(technologies, pages)
        peer = run_peer(technologies, pages, python, folder / "fingerprints")
        if lost := missed(line, peer, technologies):
            raise MissedError(f"the peer finds what the line does not: {'; '.join(lost[:20])}")
        mine, theirs = len(pages) / line.cpu_seconds, len(pages) / peer.cpu_seconds
        shared = {"peer": round(theirs, 3), "ratio": round(mine / theirs, 1)}
        results |= {
            f"fingerprints.{label}pages_per_cpu_second": {
                "value": round(mine, 1), "unit": f"{kind} pages/CPU s", **shared,
            },
            f"fingerprints.{label}ratio_to_peer": {
                "value": round(mine / theirs, 1), "unit": "times less processor time",
                "peer": 1.0, "ratio": round(mine / theirs, 1),
            },
            f"fingerprints.{label}found_per_page": _per_page(line, peer, pages),
        }  # fmt: skip
    return results


def _per_page(line: Side, peer: Side, pages: Mapping[str, str]) -> dict[str, object]:
    mine = sum(map(len, line.found.values())) / len(pages)
    theirs = sum(map(len, peer.found.values())) / len(pages)
    return {
        "value": round(mine, 2),
        "unit": "technologies/page",
        "peer": round(theirs, 2),
        "ratio": round(mine / theirs, 3) if theirs else None,
    }
