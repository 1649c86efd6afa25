"""``tech.pages.recall_vs_reference`` and ``tech.mail_provider.accuracy``.

Pages: technologies that the line's engine finds on real pages, against every expression of every
fingerprint tried one by one with ``re`` (and every selector on the parsed page) over the same parts
of the page. The user's webappanalyzer set is looked for beside the project's own where the folder
has one. The baseline is a visitor who reads only the response's headers and ``meta generator``.

Mail: providers that our map tells for mail hosts, against the folder's map of hosts to providers,
over the hosts that our map knows at all. The baseline names a provider by its host's own label.
"""

from __future__ import annotations

import csv
import gzip
import io
import re
from collections.abc import Iterator
from email.parser import BytesParser
from functools import cache
from pathlib import Path

from assets.fingerprints import read_webappanalyzer
from benchmarks.evaluation.measure import Evaluation, Metric, Miss, Stopwatch, share_interval
from detection.fingerprints import FingerprintEngine, merge_technologies, own_technologies
from detection.fingerprints.engine import matching_element
from detection.fingerprints.multipattern import compile_regex
from detection.fingerprints.page import Page
from detection.fingerprints.technologies import (
    LINE_FIELDS,
    TEXT_FIELDS,
    Technology,
    TechnologyHit,
    Trace,
    resolve,
    version_of,
)
from detection.mail_providers import own_providers

PAGES_METRIC = "tech.pages.recall_vs_reference"
MAIL_METRIC = "tech.mail_provider.accuracy"
REVIEW = "evaluation-technologies-per-page.csv"

#: A page's name, body and headers.
Answer = tuple[str, bytes, dict[str, list[str]]]


def evaluate(data: Path) -> Evaluation:
    """Measure what of the folder ``tech`` is there."""
    result = Evaluation()
    answers = list(read_answers(data / "tech"))
    if answers:
        _measure_pages(data, answers, result)
    else:
        result.skipped.append(f"{PAGES_METRIC}: no pages or responses in {data / 'tech'}")
    providers = data / "tech" / "mail_provider_map.csv"
    if providers.exists():
        _measure_mail(providers, result)
    else:
        result.skipped.append(f"{MAIL_METRIC}: {providers} is not there")
    return result


def read_answers(folder: Path) -> Iterator[Answer]:
    """Stored pages (``pages/*.gz``) and raw answers with headers (``responses/*.response``)."""
    for path in sorted(folder.glob("pages/*.gz")):
        yield path.name, gzip.decompress(path.read_bytes()), {}
    for path in sorted(folder.glob("responses/*.response")):
        head, _, body = path.read_bytes().partition(b"\r\n\r\n")
        if not body:
            head, _, body = path.read_bytes().partition(b"\n\n")
        parsed = BytesParser().parsebytes(head.partition(b"\n")[2])
        headers: dict[str, list[str]] = {}
        for name, value in parsed.items():
            headers.setdefault(name, []).append(str(value))
        if "html" in " ".join(headers.get("Content-Type", ["html"])):
            yield path.name, body, headers


def technologies_of(data: Path) -> tuple[tuple[Technology, ...], str]:
    """The fingerprints that are looked for, and what they are."""
    own = own_technologies()
    folder = data / "tech" / "fingerprints_webappanalyzer"
    if not folder.exists():
        return own, "own fingerprints"
    return merge_technologies(own, read_webappanalyzer(folder)), "own and webappanalyzer's"


def reference(page: Page, technologies: tuple[Technology, ...]) -> dict[str, TechnologyHit]:
    """What trying every expression one by one finds."""

    def traces() -> Iterator[Trace]:
        for technology in technologies:
            for part in (*TEXT_FIELDS, *LINE_FIELDS):
                for pattern in technology.texts.get(part, ()):
                    regex = _compiled(pattern.regex)
                    found = getattr(page, part)
                    for text in [found] if part in TEXT_FIELDS else found:
                        if match := regex.search(text):
                            version = version_of(pattern, match)
                            yield Trace(technology.name, part, version, pattern.confidence, "")
            for name, pattern in technology.named.get("headers", ()):
                for line in page.headers.get(name.lower(), "").split("\n"):
                    if name.lower() in page.headers and _compiled(pattern.regex).search(line):
                        yield Trace(technology.name, "headers", None, pattern.confidence, "")
            for name, pattern in technology.named.get("cookies", ()):
                for cookie, values in page.cookies.items():
                    regex = _compiled(pattern.regex)
                    if _is_named(cookie, name) and any(map(regex.search, values)):
                        yield Trace(technology.name, "cookies", None, pattern.confidence, "")
            for name, pattern in technology.named.get("meta", ()):
                for content in page.meta.get(name.lower(), ()):
                    if _compiled(pattern.regex).search(content):
                        yield Trace(technology.name, "meta", None, pattern.confidence, "")
            for element in technology.elements:
                wanted = _compiled(element.pattern.regex) if element.pattern.regex else None
                if matching_element(page, element, wanted) is not None:
                    yield Trace(technology.name, "dom", None, element.pattern.confidence, "")

    return resolve(traces(), {t.name: t for t in technologies})


@cache
def _compiled(regex: str) -> re.Pattern[str]:
    return compile_regex(regex)


def _is_named(cookie: str, name: str) -> bool:
    """Whether a cookie bears a fingerprint's name, which is an expression where it has signs."""
    if re.fullmatch(r"[\w.:%~-]+", name):
        return cookie.casefold() == name.casefold()
    return _compiled(name).search(cookie) is not None


def _measure_pages(data: Path, answers: list[Answer], result: Evaluation) -> None:
    technologies, what = technologies_of(data)
    engine = FingerprintEngine(technologies)
    watch = Stopwatch()
    ours = {
        name: {hit.technology: hit for hit in engine.detect(body, headers)}
        for name, body, headers in answers
    }
    seconds = watch.seconds()
    right = expected = naive = 0
    rows = [["page", "technology", "category", "version", "method", "confidence", "in_reference"]]
    for name, body, headers in answers:
        page = Page(body, headers)
        truth = reference(page, technologies)
        expected += len(truth)
        right += len(truth.keys() & ours[name].keys())
        naive += sum(hit.method in ("headers", "meta") for hit in truth.values())
        for technology in sorted(truth.keys() ^ ours[name].keys()):
            there = technology in truth
            found = ("found", "not found") if there else ("not found", "found")
            result.misses.append(Miss(PAGES_METRIC, f"{name} {technology}", *found))
        for technology, hit in sorted(ours[name].items()):
            shown = (hit.category or "", hit.version or "", hit.method, f"{hit.confidence:.2f}")
            rows.append([name, technology, *shown, str(technology in truth).lower()])
    result.reviews[REVIEW] = rows
    result.metrics.append(
        Metric(
            PAGES_METRIC,
            right / expected if expected else 1.0,
            expected,
            naive / expected if expected else 0.0,
            seconds,
            f"headers and meta elements alone; {what}, {len(answers)} answers",
            share_interval(right, expected),
        )
    )
    for label, chosen in (("pages", ".gz"), ("responses", ".response")):
        names = [name for name in ours if name.endswith(chosen)]
        if names:
            result.metrics.append(
                Metric(
                    f"tech.{label}.detections_per_page",
                    sum(len(ours[name]) for name in names) / len(names),
                    len(names),
                    sum(
                        hit.method in ("headers", "meta") for n in names for hit in ours[n].values()
                    )
                    / len(names),
                    seconds,
                    "headers and meta elements alone",
                )
            )


def _measure_mail(path: Path, result: Evaluation) -> None:
    """Hosts of the folder's map that our own map knows; the rest only as a number."""
    providers = own_providers()
    watch = Stopwatch()
    known = right = naive = total = 0
    for row in csv.DictReader(io.StringIO(path.read_text("utf-8-sig"))):
        host, stated = row["base_reverse_dns"], row["name"]
        total += 1
        found = providers.of_host(f"mx1.{host}")
        if found is None:
            continue
        known += 1
        names = {_letters(found.name), _letters(found.vendor or found.name)}
        is_right = any(name in _letters(stated) or _letters(stated) in name for name in names)
        right += is_right
        naive += _letters(host.partition(".")[0]) in _letters(stated)
        if not is_right:
            result.misses.append(Miss(MAIL_METRIC, host, stated, found.name))
    if known:
        result.metrics.append(
            Metric(
                MAIL_METRIC,
                right / known,
                known,
                naive / known,
                watch.seconds(),
                f"the host's own first label; our map knows {known} of {total} hosts",
                share_interval(right, known),
            )
        )


def _letters(text: str) -> str:
    """Letters and digits alone: "G-Suite (Google)" and "google" speak of one provider."""
    return re.sub(r"[^a-z0-9]", "", text.casefold())
