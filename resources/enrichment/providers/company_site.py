"""The company's own site: what its home and contact pages state for everybody. Keyless.

Read are schema.org data (JSON-LD ``Organization`` and its kinds), ``tel:`` and ``mailto:`` links
and links to LinkedIn. A person's address counts only when it is written so that it can be nobody
else's. robots.txt is kept to.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

from resources.enrichment.providers.base import Client, Found, Operation
from resources.enrichment.values import Observation, Question, Subject, observe
from resources.enrichment.values import email as read_email
from resources.sources.connectors.company_site import AGENT, is_public_domain, read_robots

#: schema.org markup says what it means; a link only stands on the page.
MARKUP, LINK = 0.9, 0.75
OWN_PAGE = 0.9
_ORGANISATIONS = frozenset(
    {"organization", "corporation", "localbusiness", "onlinebusiness", "newsmediaorganization",
     "medicalorganization", "ngo", "educationalorganization", "professionalservice", "store"}
)  # fmt: skip


def question(subject: Subject, known: Mapping[str, str]) -> Question | None:
    """By domain; for a person with the name, because pages are read for that name."""
    if not subject.domain or not is_public_domain(subject.domain):
        return None
    params = {"domain": subject.domain}
    if subject.entity == "person":
        if not subject.parts:
            return None
        params |= {"first_name": subject.parts[0], "last_name": subject.parts[1]}
    return Question("company_site.contact", params)


def ask(client: Client, question: Question) -> Found | None:
    """The declared paths that robots.txt allows."""
    domain = question.params["domain"]
    observations: list[Observation] = []
    was_found = False
    for path, body in _pages(client, domain):
        was_found = True
        observations += read(body, question.params, url=f"https://{domain}{path}")
    return Found(observations) if was_found else None


def _pages(client: Client, domain: str) -> Iterator[tuple[str, bytes]]:
    kept = client.options.setdefault("_pages", {})
    if domain not in kept:
        base = client.urls["site"].replace("{domain}", domain)
        rules = read_robots(client.session.get(f"{base}/robots.txt", accept_all=True))
        pages = []
        for path in client.options.get("paths", ["/"]):
            if rules is not None and not rules.can_fetch(f"https://{domain}{path}", AGENT):
                continue
            answer = client.session.get(f"{base}{path}", cache=False, accept_all=True)
            if answer.status < 400 and "html" in (answer.media_type or "html"):
                pages.append((path, answer.content))
        # A company's page answers for its people too; it is asked for once a run.
        kept.clear()
        kept[domain] = pages
    yield from kept[domain]


def read(body: bytes, asked: Mapping[str, str], *, url: str | None = None) -> list[Observation]:
    """What one page says of the company, or of the person named in ``asked``."""
    from lxml import html

    if not body.strip():
        return []
    try:
        tree = html.fromstring(body)
    except (ValueError, html.etree.ParserError):
        return []
    links = [str(a.get("href") or "").strip() for a in tree.iter("a")]
    if "last_name" in asked:
        address = _personal(links, asked)
        said = {"email": (address, OWN_PAGE, "mailto link on the company's own page")}
        return observe("person", "company_site.contact", said, source_url=url)
    marked = _organisation(tree)
    address = marked.get("address") if isinstance(marked.get("address"), dict) else {}
    country = address.get("addressCountry")
    if isinstance(country, dict):
        country = country.get("name")
    employees = marked.get("numberOfEmployees")
    if isinstance(employees, dict):
        employees = employees.get("value")
    same_as = marked.get("sameAs") or []
    profiles = [same_as] if isinstance(same_as, str) else list(same_as)
    said: dict[str, tuple[Any, float, str]] = {}

    def say(field: str, marked_up: Any, linked: Any = None) -> None:
        if marked_up:
            said[field] = (marked_up, MARKUP, "schema.org data of the company's own page")
        elif linked:
            said[field] = (linked, LINK, "link on the company's own page")

    is_company = "linkedin.", "/company/"
    say(
        "linkedin_url",
        next((p for p in profiles if all(part in str(p) for part in is_company)), None),
        _only([link for link in links if all(part in link for part in is_company)]),
    )
    say(
        "phone",
        marked.get("telephone"),
        next((link for link in links if link.lower().startswith("tel:")), None),
    )
    say("employee_count", employees)
    say("country", country)
    say("city", address.get("addressLocality"))
    say("founded_year", marked.get("foundingDate"))
    return observe("company", "company_site.contact", said, source_url=url)


def _only(values: list[str]) -> str | None:
    """The value if it is one and the same; a page that links several companies says nothing."""
    different = {value.split("?")[0].rstrip("/") for value in values}
    return different.pop() if len(different) == 1 else None


def _organisation(tree: Any) -> dict[str, Any]:
    """The first organisation in the page's JSON-LD."""
    for script in tree.iter("script"):
        if (script.get("type") or "").lower() != "application/ld+json":
            continue
        try:
            data = json.loads(script.text_content())
        except ValueError:
            continue
        for item in _items(data):
            kinds = item.get("@type") or ""
            kinds = [kinds] if isinstance(kinds, str) else kinds
            if {str(kind).casefold() for kind in kinds} & _ORGANISATIONS:
                return item
    return {}


def _items(data: Any) -> Iterator[dict[str, Any]]:
    if isinstance(data, list):
        for part in data:
            yield from _items(part)
    elif isinstance(data, dict):
        yield data
        yield from _items(data.get("@graph") or [])
        yield from _items(data.get("publisher") or [])


def _personal(links: list[str], asked: Mapping[str, str]) -> str | None:
    """The one address on the company's domain that is written with first and last name."""
    first, last = _plain(asked["first_name"]), _plain(asked["last_name"])
    found = set()
    for link in links:
        if not link.lower().startswith("mailto:"):
            continue
        address = read_email(link.split("?")[0])
        if address is None or not address.endswith(f"@{asked['domain']}"):
            continue
        local = _plain(address.split("@")[0])
        if local in {first + last, last + first, first[:1] + last}:
            found.add(address)
    return found.pop() if len(found) == 1 else None


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return "".join(c for c in folded.casefold() if c.isalnum())


OPERATIONS = {"company_site.contact": Operation("company_site.contact", "company", question, ask)}
