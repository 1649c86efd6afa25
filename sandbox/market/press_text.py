"""Press items as text: which templates an item takes, what fills their slots, and its later forms.

The sentences themselves lie in ``sandbox.market.wording``, a module for each subject.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from html import escape
from typing import Any

from sandbox.market.companies import Company
from sandbox.market.draws import Draws
from sandbox.market.events import STAGE_LABELS, Event
from sandbox.market.press import Article
from sandbox.market.wording import deals, executives, expansion, funding, other
from sandbox.market.words import ALL_OUTLETS, FIRST_NAMES, LAST_NAMES

#: Countries that take an article in running text.
WITH_ARTICLE = {
    "United States": "the United States",
    "United Kingdom": "the United Kingdom",
    "Netherlands": "the Netherlands",
}
SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£"}


@dataclass(frozen=True)
class Story:
    """A press item as text; ``content`` is HTML, the rest plain text."""

    title: str
    summary: str
    content: str
    author: str
    categories: tuple[str, ...]


def money(d: Draws, amount: float, currency: str) -> str:
    """An amount as newspapers write it: "$25 million", "€8.5M", "USD 900,000"."""
    symbol = SYMBOLS[currency]
    if amount >= 1e9:
        value = f"{amount / 1e9:.2f}".rstrip("0").rstrip(".")
        return d.pick((f"{symbol}{value} billion", f"{symbol}{value}B", f"{symbol}{value}bn"))
    if amount >= 1e6:
        value = f"{amount / 1e6:.1f}".removesuffix(".0")
        return d.pick(
            (f"{symbol}{value} million", f"{symbol}{value} million", f"{symbol}{value}M",
             f"{symbol}{value}m", f"{currency} {value} million")
        )  # fmt: skip
    return d.pick(
        (f"{symbol}{amount:,.0f}", f"{currency} {amount:,.0f}", f"{symbol}{amount / 1e3:.0f}K")
    )


def _join(names: list[str]) -> str:
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def _templates(article: Article) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    event = article.event or article.claim
    if article.kind == "investor":
        return funding.INVESTOR_TITLES, funding.INVESTOR_LEADS, funding.FUNDING_MORE[4:]
    if article.kind == "target":
        if event is not None and event.status == "planned":
            return deals.TARGET_PLAN_TITLES, deals.TARGET_PLAN_LEADS, deals.GENERAL_MORE[:1]
        return deals.TARGET_TITLES, deals.TARGET_LEADS, deals.GENERAL_MORE[:1]
    if article.kind == "rumour":
        if event is not None and event.type == "acquisition":
            return (
                ("{c} said to weigh takeover of {other}",),
                deals.ACQUISITION_RUMOUR_LEADS,
                other.NOISE_MORE[:2],
            )
        return funding.RUMOUR_TITLES, funding.RUMOUR_LEADS, other.NOISE_MORE[:2]
    if event is None:
        return other.NOISE_TITLES[article.kind], other.NOISE_LEADS[article.kind], other.NOISE_MORE
    if event.type == "funding_round":
        kind = event.details.get("kind", event.subtype)
        if kind == "ipo" and event.status == "planned":
            kind = "ipo planned"
        usual = (funding.FUNDING_TITLES, funding.FUNDING_LEADS, funding.FUNDING_MORE)
        return funding.BY_KIND.get(kind, usual)
    if event.type == "executive_change":
        return {
            "new_hire": (executives.HIRE_TITLES, executives.HIRE_LEADS, executives.HIRE_MORE),
            "promotion": (
                executives.PROMOTION_TITLES,
                executives.PROMOTION_LEADS,
                executives.HIRE_MORE[1:4],
            ),
            "departure": (
                executives.DEPARTURE_TITLES,
                executives.DEPARTURE_LEADS,
                executives.DEPARTURE_MORE,
            ),
            "reorganization": (
                executives.REORGANIZATION_TITLES,
                executives.REORGANIZATION_LEADS,
                executives.REORGANIZATION_MORE,
            ),
        }[event.subtype]
    if event.type == "expansion":
        return (*expansion.EXPANSIONS[event.subtype, event.status], expansion.EXPANSION_MORE)
    if event.type == "acquisition":
        if event.status == "planned":
            return deals.ACQUISITION_PLAN_TITLES, deals.ACQUISITION_PLAN_LEADS, deals.GENERAL_MORE
        return deals.ACQUISITION_TITLES, deals.ACQUISITION_LEADS, deals.GENERAL_MORE
    if event.type == "partnership":
        return deals.PARTNERSHIP_TITLES, deals.PARTNERSHIP_LEADS, deals.GENERAL_MORE
    return deals.LAUNCH_TITLES, deals.LAUNCH_LEADS, deals.GENERAL_MORE


def _slots(d: Draws, article: Article, company: Company, details: dict[str, Any]) -> dict[str, str]:
    name = company.legal_name if d.chance(0.2) else company.name
    slots: dict[str, Any] = {
        "c": name,
        "city": company.place.city,
        "topic": company.topic,
        "founded": company.founded,
        "employees": f"{company.employees:,}",
        "other": details.get("other") or "a smaller rival",
        "product": details.get("product", ""),
        "for_amount": "",
        "round": "new",
        "amount": money(d, d.pick((5e6, 15e6, 40e6)), "USD"),
    }
    event = article.event or article.claim
    if "amount" in details:
        others = details["investors"][1:]
        joined = _join(others)
        slots |= {
            "amount": money(d, details["amount"], details["currency"]),
            "lead": details["lead_investor"],
            "round": STAGE_LABELS[event.subtype],
            "with_others": d.pick((f", with participation from {joined}", f", joined by {joined}"))
            if others
            else "",
            "with_others_from": f" from {_join(details['investors'])}",
            "all_investors": _join(details["investors"]),
            "day_phrase": d.pick(("", " this week", " in a statement")),
        }
    if details.get("amount_usd") and "amount" not in details:
        slots["for_amount"] = f" for {money(d, details['amount_usd'], 'USD')}"
    if "person" in details:
        lag = details["effective_lag"]
        slots |= {
            "person": details["person"],
            "last": details["person"].split()[-1],
            "title": ("interim " if details["is_interim"] else "") + details["title"],
            "short": ("interim " if details["is_interim"] else "") + details["short"],
            "successor": details["successor"] or "",
            "previous": details["previous"],
            "effective": d.pick(("", "", ", effective immediately"))
            if lag < 8
            else ", effective at the end of the month",
            "joined": company.founded + 1,
            "old": details.get("old_title", ""),
        }
    if "city" in details:
        slots |= {
            "to": details["city"],
            "tocountry": WITH_ARTICLE.get(details["country"], details["country"]),
            "heads": f"{details['headcount']:,}",
        }
    return {key: str(value) for key, value in slots.items()}


def _sentence(text: str) -> str:
    # A legal name may end in a point of its own.
    return (text[:1].upper() + text[1:]).replace("..", ".")


def _effect(article: Article, event: Event) -> str:
    """The sentence on the day of effect: exact, or its month or quarter."""
    d = Draws.of(f"effect|{article.text_key}")
    on: date = event.details["effect"]
    match event.details["effect_precision"]:
        case "day":
            bare = d.pick((f"{on:%B} {on.day}, {on.year}", f"{on.day} {on:%B} {on.year}"))
            when = f"on {bare}"
        case "month":
            bare, when = f"{on:%B %Y}", d.pick((f"in {on:%B %Y}", f"by the end of {on:%B %Y}"))
        case _:
            quarter = (on.month + 2) // 3
            named = ("first", "second", "third", "fourth")[quarter - 1]
            bare = d.pick((f"the {named} quarter of {on.year}", f"Q{quarter} {on.year}"))
            when = d.pick((f"in {bare}", f"by the end of {bare}"))
    if event.type == "acquisition":
        texts = deals.CLOSED if event.status == "done" else deals.CLOSING
    else:
        texts = expansion.OPENING[event.subtype]
    return d.pick(texts).format(when=when, bare=bare)


def render(article: Article, company: Company, day: int) -> Story:
    """The item's text as it stands on ``day``: wrong, put right, or withdrawn by then."""
    corrected = article.corrected is not None and article.corrected <= day
    d = Draws.of(f"text|{article.text_key}")
    event = article.event or article.claim
    details = dict(event.details) if event is not None else {}
    if article.wrong and not corrected:
        details |= article.wrong
    titles, leads, more = _templates(article)
    slots = _slots(d, article, company, details)
    title = _sentence(d.pick(titles).format(**slots))
    sentences = [_sentence(d.pick(leads).format(**slots))]
    sentences += [_sentence(text.format(**slots)) for text in d.sample(more, d.integer(1, 3))]
    if slots.get("successor"):
        sentences.insert(1, _sentence(d.pick(executives.SUCCESSOR).format(**slots)))
    if "effect" in details and article.kind != "rumour":
        sentences.insert(1, _effect(article, event))
    site = d.u()
    author = f"{d.pick(FIRST_NAMES)} {d.pick(LAST_NAMES)}"
    if article.edit:  # small edits of a copied release
        e = Draws.of(f"edit|{article.article_id}")
        if article.edit % 2:
            title = e.pick(
                (f"{title} - {ALL_OUTLETS[article.outlet].name}", f"{title}.", f"News: {title}")
            )
        if article.edit > 2 and len(sentences) > 2:
            sentences.pop()
        if article.edit == 4:
            sentences[0] = f"{company.place.city.upper()} - {sentences[0]}"
    outlet = ALL_OUTLETS[article.outlet]
    if article.wrong and corrected:
        title = f"CORRECTED: {title}"
        sentences.append("An earlier version of this article was wrong; it has been corrected.")
    if article.retracted is not None and article.retracted <= day:
        r = Draws.of(f"retraction|{article.article_id}")
        title = r.pick(other.RETRACTION_TITLES).format(title=title, c=company.name)
        sentences = [r.pick(other.RETRACTION_LEADS).format(c=company.name)]
    paragraphs = "".join(f"<p>{escape(sentence)}</p>" for sentence in sentences)
    if site < 0.45:
        paragraphs += (
            f'<p>More about {escape(company.name)}: <a href="https://www.{company.domain}/">'
            f"www.{company.domain}</a></p>"
        )
    elif site < 0.55:
        paragraphs += f"<p>About {escape(company.legal_name)} (https://{company.domain})</p>"
    kinds = other.CATEGORIES[event.type] if event is not None else ("Business",)
    if article.kind == "rumour":
        kinds = ("Rumours", "Business")
    return Story(
        title=title,
        summary=sentences[0] if outlet.wire or d.chance(0.6) else " ".join(sentences[:2]),
        content=paragraphs,
        author=outlet.name if outlet.wire else author,
        categories=(*kinds[: d.integer(1, len(kinds))], company.industry.name),
    )


def slug_of(title: str) -> str:
    """The part of a link that is made from a title."""
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:80]
