"""The page on which a company presents who leads it, found from its home page.

The page is looked for among the links of the home page that the lake holds for the day (else the
home page is asked for), read if robots.txt allows it, and read again after ``refresh_days``. Where
a company has none, that is remembered for ``search_again_days``. The cursor of a domain is the day
it was last asked and the path that was found, ``-`` for none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from urllib.parse import urljoin, urlsplit

from resources.http import Answer
from resources.lake import Record
from resources.sources.connectors import company_site
from resources.sources.connectors.base import Context, Cursor, Emission, Rejected, Skipped

_LINK = re.compile(rb"<a\b[^>]*?\bhref\s*=\s*[\"']?([^\"'\s>]+)[^>]*>(.{0,200}?)</a", re.I | re.S)
_TAG = re.compile(r"<[^>]*>")

#: Words of a link's path or text, and how surely they lead to the people who lead.
_SURE = re.compile(
    r"leadership|executive[- _]?(?:team|board|committee|management)|management[- _]?(?:team|board)|"
    r"(?:our|senior)[- _]?leaders|executives\b|vorstand|gesch(?:ae|ä)ftsf(?:ue|ü)hrung|"
    r"gesch(?:ae|ä)ftsleitung|f(?:ue|ü)hrungsteam|"
    r"(?:comit(?:e|é)|[ée]quipe)[- _](?:de[- _])?direction|equipo[- _]directivo",
    re.I,
)
_LIKELY = re.compile(
    r"\b(?:management|(?:our|the|meet[- _]the)[- _]?team|team|people|who[- _]we[- _]are|[ée]quipe|"
    r"equipo)\b",
    re.I,
)
_PERHAPS = re.compile(r"\b(?:about(?:[- _]us)?|company|[üu]ber[- _]uns|unternehmen)\b", re.I)
#: Paths that tell of other things, whatever words they bear, and words that count for less.
_NEVER = re.compile(
    r"career|jobs?\b|blog|news|press|events?\b|stories|\.(?:pdf|jpe?g|png|svg|zip)$", re.I
)
_SELDOM = re.compile(
    r"product|pricing|login|sign[- _]?(?:in|up)|customer|partner|investor|support|join", re.I
)
#: A page presents leaders when it names so many of their positions.
_POSITION = re.compile(
    rb"\bchief\s+[a-z]+(?:\s+(?:and\s+)?[a-z]+)?\s+officer\b|\bC[EFTOMIRP]O\b|\bvice\s+president\b|"
    rb"\bpresident\b|\bmanaging\s+director\b|\bhead\s+of\b|gesch(?:\xc3\xa4|&auml;|ae)ftsf|"
    rb"\bdirect(?:eur|rice)\b",
    re.I,
)
_LEAST_POSITIONS = 2


def fetch(context: Context) -> Iterator[Emission]:
    """The leadership page of every target that is due; a company without one is remembered."""
    targets = sorted({t.domain for t in context.targets if t.domain})
    due = [d for d in targets if company_site.is_public_domain(d) and _is_due(context, d)]
    pages = _home_pages(context, [d for d in due if not _remembered(context, d)[1]])
    # Sites that answered lately count as answered: a handful of broken ones is no outage.
    context.succeeded += len(targets) - len(due)

    def ask(domain: str) -> Iterator[Emission]:
        return _leaders(context, domain, pages)

    yield from context.each(due, str, ask, "pages", lambda domain: [domain])


def _remembered(context: Context, domain: str) -> tuple[date | None, str | None]:
    """The day a domain was last asked, and the path found then."""
    asked, _, path = context.cursors.get(("pages", domain), "").partition(" ")
    try:
        return date.fromisoformat(asked), (path if path.startswith("/") else None)
    except ValueError:
        return None, None


def _is_due(context: Context, domain: str) -> bool:
    asked, path = _remembered(context, domain)
    if asked is None:
        return True
    option, default = ("refresh_days", 6) if path else ("search_again_days", 45)
    return not 0 <= (context.day - asked).days < float(context.option(option, default))


def _home_pages(context: Context, domains: list[str]) -> dict[str, bytes]:
    """Home pages that ``company_site`` stored on the day, so that nobody is asked twice."""
    if not domains:
        return {}
    wanted = {f"{domain}/" for domain in domains}
    table = context.lake.read("company_site", "pages", [context.day], ["record_id", "body"])
    found: dict[str, bytes] = {}
    for batch in table.to_batches(max_chunksize=500):
        for row in batch.to_pylist():
            if row["record_id"] in wanted and row["body"]:
                found[row["record_id"].removesuffix("/")] = row["body"]
    return found


def _leaders(context: Context, domain: str, pages: dict[str, bytes]) -> Iterator[Emission]:
    _, known = _remembered(context, domain)
    candidates = None
    if domain in pages:
        candidates = _candidates(context, domain, pages[domain])
        if not candidates:
            yield _asked(context, domain, None)
            return
    base = context.urls["site"].replace("{domain}", domain)
    robots = company_site.read_robots(context.session.get(f"{base}/robots.txt", accept_all=True))

    def allowed(path: str) -> bool:
        return robots is None or robots.can_fetch(f"https://{domain}{path}", company_site.AGENT)

    def get(path: str) -> Answer:
        return context.session.get(f"{base}{path}", cache=False, accept_all=True)

    if known is not None and allowed(known):
        answer = get(known)
        yield _record(context, domain, known, answer)
        if answer.status < 400:
            yield _asked(context, domain, known)
            return
    if candidates is None:
        if not allowed("/"):
            yield Skipped(domain, "robots.txt forbids it")
            yield _asked(context, domain, None)
            return
        home = get("/")
        candidates = _candidates(context, domain, home.content if home.status < 400 else b"")
    for path in candidates[: int(context.option("most_pages", 3))]:
        if path == known:
            continue
        if not allowed(path):
            yield Skipped(f"{domain}{path}", "robots.txt forbids it")
            continue
        answer = get(path)
        if answer.status < 400 and presents_leaders(answer.content):
            # A page that has moved tells of the same people: one answer a domain and day.
            if known is None:
                yield _record(context, domain, path, answer)
            yield _asked(context, domain, path)
            return
    yield _asked(context, domain, None)


def _asked(context: Context, domain: str, path: str | None) -> Cursor:
    return Cursor("pages", domain, f"{context.day.isoformat()} {path or '-'}")


def _candidates(context: Context, domain: str, home: bytes) -> list[str]:
    """Paths to try: what the home page links, else where such a page often lies.

    A page about the company counts as a link unless ``about_pages`` is off; the guesses are for
    sites whose links only a script shows.
    """
    least = 1 if context.option("about_pages", True) else 2
    linked = leadership_links(home, domain, least)
    return linked or [str(path) for path in context.option("guesses", [])]


def _record(context: Context, domain: str, path: str, answer: Answer) -> Record | Rejected:
    item = company_site.parse(
        answer.content,
        domain,
        path,
        status=answer.status,
        headers={k: v for k, v in answer.headers.items() if k.lower() == "content-type"},
        fetched_at=context.fetched_at,
        source_url=answer.url,
    )
    # The company's page is one record, wherever it lies.
    return replace(item, source=context.source, record_id=domain)


def leadership_links(page: bytes, domain: str, least: int = 1) -> list[str]:
    """Paths on the same site that may present who leads the company, the likeliest first.

    A link scores 3 when it names leadership, 2 for a team, 1 for the company; ``least`` is the
    lowest score given.
    """
    scored: dict[str, int] = {}
    for href, text in _LINK.findall(page[:2_000_000]):
        try:
            address = urlsplit(urljoin(f"https://{domain}/", href.decode("utf-8", "ignore")))
        except ValueError:
            continue
        host = (address.hostname or "").removeprefix("www.")
        path = address.path or "/"
        if host != domain or path == "/" or len(path) > 200:
            continue
        shown = " ".join(_TAG.sub(" ", text.decode("utf-8", "ignore")).split())
        words = f"{path} {shown}"
        if _NEVER.search(path) or (_SELDOM.search(words) and not _SURE.search(words)):
            continue
        score = next(
            (n for n, p in ((3, _SURE), (2, _LIKELY), (1, _PERHAPS)) if p.search(words)),
            0,
        )
        if score >= least:
            scored[path] = max(score, scored.get(path, 0))
    return sorted(scored, key=lambda path: (-scored[path], len(path), path))


def presents_leaders(page: bytes) -> bool:
    """Whether a page names positions as one that presents leaders does."""
    return len(_POSITION.findall(page[:2_000_000])) >= _LEAST_POSITIONS
