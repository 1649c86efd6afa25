"""The companies' own sites: a home page with the traces of its technologies, the page of those who
lead (if the company has one), and robots.txt.

Some refuse robots, some are gone, some fail; the share of each is set here.
"""

from __future__ import annotations

import json
from datetime import timedelta
from html import escape

from sandbox.answers import HTML, Answer, Request
from sandbox.market import Market
from sandbox.market.companies import Company
from sandbox.market.draws import Draws, digest, number
from sandbox.market.leaders import Listing, page_of
from sandbox.market.technologies import MAIN_VERSIONS, Usage

#: Shares of sites, in thousandths, by how they behave.
DISALLOW, NOT_FOUND, SERVER_ERROR, BROKEN, HANGING = 40, 5, 5, 2, 1
#: Thousandths of pages that change with every day though nothing on them does.
NONCE = 50
#: Thousandths of the days on which a leadership page shows nobody, because a script failed.
BLANK = 15

CLAIMS = (
    "The simpler way to do {topic}",
    "{topic} that works",
    "We make {topic} easy",
    "Better {topic} for growing teams",
)
PARAGRAPHS = (
    "{c} helps organisations of every size with {topic}. Our people in {city} have built and "
    "supported it since {founded}.",
    "Customers choose {c} because it fits the way they work. Talk to us about your plans.",
    "From first contact to daily use, our team stays by your side.",
    "We believe that {topic} should be understandable, dependable and fairly priced.",
    "Our offices are open to visitors. Write to us and we will find a time.",
    "Security matters to us: data is encrypted, access is logged, and audits are held yearly.",
    "Read how others use {c} and what they achieved within their first year.",
    "Partners in more than ten countries install, teach and support what we make.",
)
NAVIGATION = ("Product", "Customers", "Pricing", "Company", "Careers", "News", "Contact")


def behaviour(company: Company) -> str:
    """How a site treats visitors: fine, disallow, not_found, server_error, broken or hanging."""
    at = number(f"site|{company.domain}") % 1000
    for name, share in (
        ("disallow", DISALLOW),
        ("not_found", NOT_FOUND),
        ("server_error", SERVER_ERROR),
        ("broken", BROKEN),
        ("hanging", HANGING),
    ):
        if at < share:
            return name
        at -= share
    return "fine"


class Sites:
    """``GET /<domain>/``, ``/<domain>/robots.txt`` and the path of the leadership page."""

    def __init__(self, market: Market, hang_seconds: float) -> None:
        self.market = market
        self.hang_seconds = hang_seconds

    def answer(self, request: Request) -> Answer:
        """The page as of the day; 404 for a domain that is not there or a path that is not."""
        domain = request.parts[0].removeprefix("www.") if request.parts else ""
        path = "/".join(request.parts[1:])
        company = self.market.by_domain.get(domain)
        if company is None:
            return Answer(404, b"<h1>Unknown host</h1>", HTML)
        how = behaviour(company)
        if path == "robots.txt":
            rule = "Disallow: /" if how == "disallow" else "Disallow: /admin/"
            return Answer(200, f"User-agent: *\n{rule}\n".encode(), "text/plain; charset=utf-8")
        if how == "server_error":
            return Answer(500, b"<h1>Internal Server Error</h1>", HTML)
        led = page_of(company)
        if how == "fine" and led is not None and path == led[0]:
            return self._leaders(company, led[1], request.day)
        if how == "not_found" or path not in ("", "index.html"):
            return Answer(404, b"<!doctype html><title>Not found</title><h1>Not found</h1>", HTML)
        page = self._page(company, request.day)
        page.broken = how == "broken"
        page.delay = self.hang_seconds if how == "hanging" else 0.0
        return page

    def _page(self, company: Company, day: int) -> Answer:
        stack = self.market.stack(company)
        running = [u for u in stack if u.first <= day and (u.last is None or day < u.last)]
        changed = max(
            [0, *(u.first for u in stack if 0 < u.first <= day)]
            + [u.last for u in stack if u.last is not None and u.last <= day]
            + [at for u in running for at, _ in u.upgrades if at <= day]
        )
        heads, bodies, headers = [], [], []
        names: set[str] = set()
        for usage in running:
            technology = usage.technology
            fill = _keys(usage, company, day)
            heads.append(_fill(technology.head, fill))
            bodies.append(_fill(technology.body, fill))
            for name, value in technology.headers:
                if name not in names:
                    names.add(name)
                    headers.append((name, _fill(value, fill)))
            headers += [("Set-Cookie", f"{_fill(c, fill)}; Path=/") for c in technology.cookies]
        d = Draws.of(f"page|{company.domain}")
        slots = {
            "c": escape(company.name),
            "topic": company.topic,
            "city": company.place.city,
            "founded": company.founded,
        }
        claim = d.pick(CLAIMS).format(**slots)
        claim = claim[:1].upper() + claim[1:]
        texts = "".join(
            f"<section class='block'><h2>{d.pick(NAVIGATION)}</h2>"
            f"<p>{text.format(**slots)}</p></section>\n"
            for text in d.sample(PARAGRAPHS, d.integer(4, 8))
        )
        nav = "".join(f'<li><a href="/{n.lower()}">{n}</a></li>' for n in NAVIGATION)
        if led := page_of(company):
            nav += f'<li><a href="/{led[0]}">{led[1]}</a></li>'
        nonce = ""
        if number(f"nonce|{company.domain}") % 1000 < NONCE:
            nonce = f"<!-- rendered {self.market.date(day)} -->"
        html = (
            f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
            f"<title>{escape(company.name)} - {claim}</title>"
            f'<meta name="description" content="{escape(company.name)}: {company.topic}">'
            f'<meta property="og:site_name" content="{escape(company.name)}">'
            f'<link rel="canonical" href="https://www.{company.domain}/">\n'
            + "\n".join(h for h in heads if h)
            + f"</head>\n<body><header><nav><ul>{nav}</ul></nav><h1>{claim}</h1></header>\n<main>"
            + texts
            + "</main>\n<footer>"
            + f"<p>© {escape(company.legal_name)}, {company.place.city}, {company.place.country}"
            + "</p>"
            + f"</footer>\n{nonce}"
            + "\n".join(b for b in bodies if b)
            + "</body></html>\n"
        )
        modified = self.market.time(changed) if changed else self.market.time(0) - timedelta(30)
        return Answer(200, html.encode(), HTML, headers, modified)

    def _leaders(self, company: Company, heading: str, day: int) -> Answer:
        shown = [x for x in self.market.leaders(company) if x.shown(day)]
        if number(f"blank|{company.domain}|{day}") % 1000 < BLANK:
            shown = []
        layout = LAYOUTS[number(f"layout|{company.domain}") % len(LAYOUTS)]
        nav = "".join(f'<li><a href="/{n.lower()}">{n}</a></li>' for n in NAVIGATION)
        html = (
            f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
            f"<title>{heading} - {escape(company.name)}</title></head>\n<body><nav>"
            f"<ul>{nav}</ul></nav><h1>{heading}</h1>\n<main>{layout(shown, company)}</main>\n"
            "<section class='testimonial'><b>Robin Sample</b><i>Chief Executive Officer</i>"
            "</section>"
            f"<footer><p>© {escape(company.legal_name)}</p></footer></body></html>\n"
        )
        changes = [d for x in shown for d in (x.first, x.last) if d is not None and d <= day]
        modified = self.market.time(max([0, *changes]))
        return Answer(200, html.encode(), HTML, [], modified)


def _cards(shown: list[Listing], company: Company) -> str:
    return "".join(
        f"<div class='person-card'><img alt=''><h3>{escape(x.person)}</h3>"
        f"<p class='role'>{escape(x.title)}</p><p class='bio'>Our customers know "
        f"{escape(x.person)} from many a visit. Joined {escape(company.name)} to make "
        f"{company.topic} easier.</p></div>\n"
        for x in shown
    )


def _table(shown: list[Listing], company: Company) -> str:
    rows = "".join(f"<tr><td>{escape(x.person)}</td><td>{escape(x.title)}</td></tr>" for x in shown)
    return f"<table><tbody>{rows}</tbody></table>"


def _list(shown: list[Listing], company: Company) -> str:
    rows = "".join(
        f"<li><strong>{escape(x.person)}</strong>, {escape(x.title)}</li>" for x in shown
    )
    return f"<ul class='team'>{rows}</ul>"


def _definitions(shown: list[Listing], company: Company) -> str:
    rows = "".join(f"<dt>{escape(x.title)}</dt><dd>{escape(x.person)}</dd>" for x in shown)
    return f"<dl>{rows}</dl>"


def _marked_up(shown: list[Listing], company: Company) -> str:
    people = [{"@type": "Person", "name": x.person, "jobTitle": x.title} for x in shown]
    marked = json.dumps({"@context": "https://schema.org", "@type": "Organization",
                         "name": company.name, "employee": people})  # fmt: skip
    return f'<script type="application/ld+json">{marked}</script><div id="team"></div>'


#: The ways in which pages present people.
LAYOUTS = (_cards, _table, _list, _definitions, _marked_up)


def _keys(usage: Usage, company: Company, day: int) -> dict[str, str]:
    technology = usage.technology
    risen = [is_main for at, is_main in usage.upgrades if at <= day]
    key = digest(f"{technology.name}|{company.domain}", 6).hex()
    return {
        "{k}": key,
        "{K}": key[:7].upper(),
        "{v}": str(1 + int(key[:4], 16) % 8),
        "{w}": f"{MAIN_VERSIONS.get(technology.name, 1) + sum(risen)}."
        f"{1 + int(key[:4], 16) % 8 + len(risen) - sum(risen)}",
        "{d}": company.domain,
        "{{": "{",
        "}}": "}",
    }


def _fill(text: str, values: dict[str, str]) -> str:
    for slot, value in values.items():
        if slot in text:
            text = text.replace(slot, value)
    return text
