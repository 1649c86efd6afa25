"""The wording of press items: many templates, so that no single one can be keyed on.

All sentences are our own. A template names its slots in braces; ``render`` fills them from the
event and the company.
"""

# ruff: noqa: E501 - a template is one sentence on one line

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from typing import Any

from sandbox.market.companies import Company
from sandbox.market.draws import Draws
from sandbox.market.events import STAGE_LABELS
from sandbox.market.press import Article
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


FUNDING_TITLES = (
    "{c} raises {amount} in {round} funding",
    "{c} secures {amount} {round} led by {lead}",
    "{c} closes {amount} {round} round",
    "{lead} leads {amount} investment in {c}",
    "{city}-based {c} lands {amount} to grow its {topic} business",
    "{round} for {c}: {amount} from {lead}",
    "{c} announces {amount} {round} financing",
    "{c} bags {amount} to scale {topic}",
    "Fresh capital for {c} as {lead} backs {round}",
)
FUNDING_LEADS = (
    "{c}, a {city}-based provider of {topic}, today announced that it has raised {amount} in a {round} round led by {lead}{with_others}.",
    "{lead} has led a {amount} {round} investment in {c}, the {topic} company said{day_phrase}.",
    "{c} has closed a {round} financing of {amount}{with_others_from}. The company, based in {city}, works on {topic}.",
    "The {topic} specialist {c} has secured {amount} in {round} funding from {all_investors}.",
    "{city} {topic} firm {c} has picked up {amount}. {lead} led the {round} round{with_others}.",
    "Investors have put {amount} into {c}. The {round} round was led by {lead}{with_others}. It brings new momentum to the {city} company.",
    "{c} said it completed its {round} round, raising {amount} from {all_investors}.",
)
FUNDING_MORE = (
    "The proceeds will be used to expand the sales team and to speed up product development.",
    "The company plans to hire across engineering, sales and customer success over the coming year.",
    "{c} says it will use the money to enter new markets and to deepen its {topic} offering.",
    "With the new capital the company intends to double its go-to-market organisation.",
    "{lead} will take a seat on the board as part of the transaction.",
    "The company did not disclose its valuation.",
    "Founded in {founded}, {c} employs about {employees} people.",
    "Demand for {topic} has grown steadily over the past two years, the company said.",
)
DEBT_TITLES = (
    "{c} obtains {amount} credit facility",
    "{c} closes {amount} debt financing with {lead}",
    "{lead} provides {amount} in debt to {c}",
)
DEBT_LEADS = (
    "{c} has obtained a {amount} credit facility from {lead}, the {city} company announced.",
    "{lead} has provided {amount} in debt financing to {c}, which offers {topic}.",
    "{c}, active in {topic}, closed a {amount} term loan arranged by {lead}.",
)
INVESTOR_TITLES = (
    "{lead} backs {c}",
    "{lead} invests in {c}",
    "{c} joins the {lead} portfolio",
)
INVESTOR_LEADS = (
    "{lead} has invested in {c}, a {city}-based provider of {topic}.",
    "{lead} today announced that it has led the {round} round of {c}.",
    "{lead} has led a {amount} {round} investment in {c}, the investor said.",
    "{lead} has put money into {c}, a company active in {topic}.",
)
TARGET_TITLES = (
    "{other} acquired by {c}",
    "{other} bought by {c}",
)
TARGET_LEADS = (
    "{other} has been acquired by {c}{for_amount}, the two companies said.",
    "{other} today announced that it has been bought by {c}{for_amount}.",
)
TARGET_PLAN_TITLES = (
    "{other} to be acquired by {c}",
    "{other} agrees to be bought by {c}",
)
TARGET_PLAN_LEADS = (
    "{other} has agreed to be acquired by {c}{for_amount}. The transaction is expected to close next quarter.",
    "{other} will be acquired by {c}{for_amount}, subject to the approval of regulators.",
)
RETRACTION_TITLES = (
    "RETRACTED: {title}",
    "Retraction: an article about {c}",
    "Withdrawn: {title}",
)
RETRACTION_LEADS = (
    "This article has been withdrawn. The event that it reported did not take place.",
    "We have retracted this report about {c}, which was based on a false statement. {c} has made no such announcement.",
    "An article that stood here was wrong in its substance and has been removed.",
)
RUMOUR_TITLES = (
    "{c} said to be in talks to raise new funding",
    "{c} in discussions over fresh capital, sources say",
    "Investors circle {c}, people familiar say",
)
RUMOUR_LEADS = (
    "{c} is in talks to raise {amount} in a new funding round, according to two people familiar with the matter.",
    "The {topic} company {c} plans to raise up to {amount}, people with knowledge of the discussions said. Terms could still change.",
    "{city}-based {c} is considering a {round} round of about {amount}, a person close to the company told this outlet.",
)
ACQUISITION_RUMOUR_LEADS = (
    "{c} is exploring a takeover of {other}, according to people familiar with the matter. No decision has been made.",
    "{c} has held early discussions about buying {other}, sources said.",
)

HIRE_TITLES = (
    "{c} appoints {person} as {title}",
    "{c} names {person} {short}",
    "{person} joins {c} as {title}",
    "{c} hires {person} as new {short}",
    "{person} is the new {short} of {c}",
    "{c} welcomes {title} {person}",
    "New {short} at {c}: {person}",
)
HIRE_LEADS = (
    "{c} today announced the appointment of {person} as {title}{effective}.",
    "{person} has joined {c} as {title}. The {city} company works on {topic}.",
    "{c}, a provider of {topic}, has named {person} its new {title}{effective}.",
    "The {city}-based company {c} has hired {person}, who takes over as {title}.",
    "{c} has recruited {person} from {previous} to serve as {title}{effective}.",
)
HIRE_MORE = (
    "{last} previously held a leading role at {previous}.",
    "In the new role {last} will be responsible for the company's growth in its core markets.",
    '"I am excited to join the team at such an important time," {last} said.',
    '"We are delighted to have {person} with us," said a member of the board.',
    "{last} brings more than fifteen years of experience in the industry.",
    "{last} reports to the management board and is based in {city}.",
)
PROMOTION_TITLES = (
    "{c} promotes {person} to {title}",
    "{person} moves up to {short} at {c}",
    "{c} elevates {person} to {title}",
)
PROMOTION_LEADS = (
    "{c} has promoted {person} to {title}{effective}.",
    "{person}, a long-serving manager of {c}, has been elevated to {title}.",
    "{person} will become {title} of {c}, the company said. {last} has been with the firm since {joined}.",
)
DEPARTURE_TITLES = (
    "{c} {short} {person} steps down",
    "{person} to leave {c}",
    "{title} {person} departs {c}",
    "{c} parts ways with its {short}",
)
DEPARTURE_LEADS = (
    "{person} is stepping down as {title} of {c}{effective}.",
    "{c} announced that {title} {person} has resigned to pursue other interests.",
    "{person}, {title} of {c}, is leaving the {city} company.",
    "{c} said its {title}, {person}, will depart{effective}.",
)
DEPARTURE_MORE = (
    "A search for a successor has begun.",
    "The company thanked {last} for the work of the past years.",
    "{last} will remain available as an adviser during the transition.",
)
SUCCESSOR = (
    "{successor} has been named as successor.",
    "The company appointed {successor} as the new {title}.",
)

OFFICE_TITLES = (
    "{c} opens new office in {to}",
    "{c} expands to {to}",
    "{c} sets up shop in {to}",
    "{to} office for {c}",
)
OFFICE_LEADS = (
    "{c} has opened a new office in {to}, {tocountry}.",
    "The {topic} company {c} has expanded to {to}, where it will employ {heads} people.",
    "{c}, headquartered in {city}, has moved into a new office in {to} with room for {heads} staff.",
)
OFFICE_PLAN_TITLES = (
    "{c} plans {to} office",
    "{c} to open office in {to} next year",
    "{c} eyes {to} for next location",
)
OFFICE_PLAN_LEADS = (
    "{c} plans to open an office in {to}, {tocountry}, creating {heads} jobs.",
    "{c} will open a new location in {to} in the coming months, the {topic} company said.",
    "{c} intends to establish a presence in {to} and to hire {heads} people there.",
)
MARKET_TITLES = (
    "{c} launches in {tocountry}",
    "{c} enters the {tocountry} market",
    "{c} takes its {topic} to {tocountry}",
)
MARKET_LEADS = (
    "{c} has entered the market in {tocountry}, starting with customers in {to}.",
    "{c} today launched its {topic} offering in {tocountry}.",
    "The {city} company {c} is now active in {tocountry}, its first move into the region.",
)
MARKET_PLAN_LEADS = (
    "{c} plans to enter {tocountry} later this year, beginning in {to}.",
    "{c} intends to bring its {topic} offering to {tocountry}.",
)
FACILITY_TITLES = (
    "{c} opens {to} facility",
    "{c} inaugurates new plant in {to}",
    "New {c} distribution centre in {to}",
)
FACILITY_LEADS = (
    "{c} has opened a new facility in {to}, {tocountry}, that will employ {heads} people.",
    "{c} inaugurated a plant in {to} this week. The site creates {heads} jobs.",
)
FACILITY_PLAN_LEADS = (
    "{c} plans to build a facility in {to}, {tocountry}, with {heads} jobs.",
    "{c} will break ground on a new site in {to} and expects to employ {heads} people there.",
)
HEADCOUNT_TITLES = (
    "{c} to add {heads} jobs",
    "{c} grows its team by {heads}",
    "{heads} new jobs at {c}",
)
HEADCOUNT_LEADS = (
    "{c} is adding {heads} jobs in {to} as demand for its {topic} grows.",
    "{c} has increased its workforce by {heads} people, most of them in {to}.",
)
CLOSING_TITLES = (
    "{c} closes {to} office",
    "{c} to shut {to} site",
    "{c} cuts jobs as {to} location closes",
)
CLOSING_LEADS = (
    "{c} is closing its office in {to}; {heads} jobs are affected.",
    "{c} has shut its {to} location and laid off {heads} employees.",
)
EXPANSION_MORE = (
    "The company already serves customers in more than ten countries.",
    "Local officials welcomed the decision.",
    "The step follows a year of strong demand for {topic}.",
    "Recruiting is under way, with a focus on sales and engineering.",
    "{c} was founded in {founded} and has about {employees} employees.",
)

ACQUISITION_TITLES = (
    "{c} acquires {other}",
    "{c} buys {other}{for_amount}",
    "{c} completes acquisition of {other}",
    "{other} taken over by {c}",
)
ACQUISITION_LEADS = (
    "{c} has acquired {other}{for_amount}, adding to its {topic} business.",
    "{c} completed the acquisition of {other}{for_amount}, the {city} company said.",
    "{other} has been bought by {c}{for_amount}.",
)
ACQUISITION_PLAN_TITLES = (
    "{c} to acquire {other}",
    "{c} agrees to buy {other}",
    "{c} signs deal for {other}",
)
ACQUISITION_PLAN_LEADS = (
    "{c} has agreed to acquire {other}{for_amount}. The transaction is expected to close next quarter.",
    "{c} plans to buy {other}{for_amount}, subject to the approval of regulators.",
)
PARTNERSHIP_TITLES = (
    "{c} and {other} announce partnership",
    "{c} teams up with {other}",
    "{c}, {other} join forces",
)
PARTNERSHIP_LEADS = (
    "{c} and {other} have entered into a strategic partnership in {topic}.",
    "{c} has teamed up with {other} to offer {topic} to joint customers.",
    "{c} today announced a collaboration agreement with {other}.",
)
LAUNCH_TITLES = (
    "{c} launches {product}",
    "{c} unveils {product}",
    "{c} introduces {product} for {topic}",
)
LAUNCH_LEADS = (
    "{c} today launched {product}, a new product for {topic}.",
    "{c} has introduced {product}, which the company says makes {topic} simpler.",
    "The {city} company {c} unveiled {product} this week.",
)
GENERAL_MORE = (
    "Financial terms were not disclosed.",
    "Customers will be able to use the offering from next month.",
    "{c} was founded in {founded} and is based in {city}.",
    '"This is a natural next step for us," a spokesperson said.',
    "The company employs about {employees} people.",
)

NOISE_TITLES = {
    "award": ("{c} shortlisted for workplace award", "{c} named among best places to work",
              "{c} wins regional innovation prize"),
    "opinion": ("Opinion: what {topic} can learn from its customers",
                "Comment: why {topic} is harder than it looks"),
    "roundup": ("Five things to know about {topic} this week", "The week in {topic}",
                "Market notes: {topic}"),
    "conference": ("{c} to speak at industry conference", "Who is attending the {city} forum"),
    "results": ("{c} reports quarterly results", "{c} posts steady quarter"),
    "lawsuit": ("{c} settles contract dispute", "Court hears case involving {c}"),
}  # fmt: skip
NOISE_LEADS = {
    "award": ("{c} has been shortlisted for a regional workplace award.",
              "{c} received an innovation prize at a ceremony in {city}."),
    "opinion": ("Buyers of {topic} expect more than features, writes a manager of {c}.",
                "In this guest column a consultant looks at {topic}, with examples from {c}."),
    "roundup": ("Analysts see moderate growth for {topic}. Vendors such as {c} were mentioned as examples.",
                "A new study compares eleven suppliers of {topic}, among them {c}."),
    "conference": ("{c} will present at an industry conference in {city} next month.",
                   "Speakers from {c} and a dozen other companies are expected in {city}."),
    "results": ("{c} reported results for the quarter that were in line with expectations.",
                "{c} said revenue in the quarter rose slightly from a year earlier."),
    "lawsuit": ("{c} has settled a contract dispute with a former supplier.",
                "A court in {city} heard arguments in a case involving {c}."),
}  # fmt: skip
NOISE_MORE = (
    "No further details were given.",
    "The company declined to comment.",
    "Observers expect little change in the near term.",
    "{c} employs about {employees} people in {city} and elsewhere.",
)
CATEGORIES = {
    "funding_round": ("Funding", "Venture Capital", "Startups"),
    "executive_change": ("People", "Appointments", "Management"),
    "expansion": ("Expansion", "Business", "Locations"),
    "acquisition": ("M&A", "Business"),
    "partnership": ("Partnerships", "Business"),
    "product_launch": ("Products", "Technology"),
}

_EXPANSIONS = {
    ("new_office", "done"): (OFFICE_TITLES, OFFICE_LEADS),
    ("new_office", "planned"): (OFFICE_PLAN_TITLES, OFFICE_PLAN_LEADS),
    ("new_market", "done"): (MARKET_TITLES, MARKET_LEADS),
    ("new_market", "planned"): (("{c} to enter {tocountry}", "{c} plans launch in {tocountry}"),
                                MARKET_PLAN_LEADS),
    ("facility_opening", "done"): (FACILITY_TITLES, FACILITY_LEADS),
    ("facility_opening", "planned"): (("{c} to build {to} facility", "{c} plans {to} plant"),
                                      FACILITY_PLAN_LEADS),
    ("headcount_growth", "done"): (HEADCOUNT_TITLES, HEADCOUNT_LEADS),
    ("headcount_growth", "planned"): (("{c} plans {heads} new jobs", "{c} to hire {heads}"),
                                      ("{c} plans to hire {heads} people in {to} over the next year.",
                                       "{c} wants to add {heads} jobs, mainly in {to}.")),
    ("office_closing", "done"): (CLOSING_TITLES, CLOSING_LEADS),
    ("office_closing", "planned"): (("{c} plans to close {to} office",),
                                    ("{c} plans to close its {to} office, affecting {heads} jobs.",)),
}  # fmt: skip


def _templates(article: Article) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    event = article.event or article.claim
    if article.kind == "investor":
        return INVESTOR_TITLES, INVESTOR_LEADS, FUNDING_MORE[4:]
    if article.kind == "target":
        if event is not None and event.status == "planned":
            return TARGET_PLAN_TITLES, TARGET_PLAN_LEADS, GENERAL_MORE[:1]
        return TARGET_TITLES, TARGET_LEADS, GENERAL_MORE[:1]
    if article.kind == "rumour":
        if event is not None and event.type == "acquisition":
            return (
                ("{c} said to weigh takeover of {other}",),
                ACQUISITION_RUMOUR_LEADS,
                NOISE_MORE[:2],
            )
        return RUMOUR_TITLES, RUMOUR_LEADS, NOISE_MORE[:2]
    if event is None:
        return NOISE_TITLES[article.kind], NOISE_LEADS[article.kind], NOISE_MORE
    if event.type == "funding_round":
        if event.subtype == "debt_financing":
            return DEBT_TITLES, DEBT_LEADS, FUNDING_MORE[1:3] + FUNDING_MORE[6:]
        return FUNDING_TITLES, FUNDING_LEADS, FUNDING_MORE
    if event.type == "executive_change":
        return {
            "new_hire": (HIRE_TITLES, HIRE_LEADS, HIRE_MORE),
            "promotion": (PROMOTION_TITLES, PROMOTION_LEADS, HIRE_MORE[1:4]),
            "departure": (DEPARTURE_TITLES, DEPARTURE_LEADS, DEPARTURE_MORE),
        }[event.subtype]
    if event.type == "expansion":
        return (*_EXPANSIONS[event.subtype, event.status], EXPANSION_MORE)
    if event.type == "acquisition":
        if event.status == "planned":
            return ACQUISITION_PLAN_TITLES, ACQUISITION_PLAN_LEADS, GENERAL_MORE
        return ACQUISITION_TITLES, ACQUISITION_LEADS, GENERAL_MORE
    if event.type == "partnership":
        return PARTNERSHIP_TITLES, PARTNERSHIP_LEADS, GENERAL_MORE
    return LAUNCH_TITLES, LAUNCH_LEADS, GENERAL_MORE


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
        others = [name for name in details["investors"] if name != details["lead_investor"]]
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
        sentences.insert(1, _sentence(d.pick(SUCCESSOR).format(**slots)))
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
        title = r.pick(RETRACTION_TITLES).format(title=title, c=company.name)
        sentences = [r.pick(RETRACTION_LEADS).format(c=company.name)]
    paragraphs = "".join(f"<p>{escape(sentence)}</p>" for sentence in sentences)
    if site < 0.45:
        paragraphs += (
            f'<p>More about {escape(company.name)}: <a href="https://www.{company.domain}/">'
            f"www.{company.domain}</a></p>"
        )
    elif site < 0.55:
        paragraphs += f"<p>About {escape(company.legal_name)} (https://{company.domain})</p>"
    kinds = CATEGORIES[event.type] if event is not None else ("Business",)
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
