"""The text of a job posting, shared by the three boards."""

from __future__ import annotations

from html import escape

from sandbox.market.companies import Company
from sandbox.market.draws import Draws, number
from sandbox.market.jobs import Posting
from sandbox.market.technologies import TELLING_DRAW

INTRO = (
    "{c} builds {topic} for customers around the world.",
    "At {c} we work on {topic} from our home in {city}.",
    "{c} is a team of about {employees} people who care about {topic}.",
)
ROLE = (
    "As {title} you will work closely with colleagues in {department} and beyond.",
    "We are looking for a {title} to strengthen our {department} team.",
    "You will own your area from first idea to daily operation.",
)
DUTIES = (
    "Plan and carry out projects together with other departments",
    "Report progress to the head of {department}",
    "Keep our processes simple and well documented",
    "Work with partners and suppliers",
    "Help to choose and introduce new tools",
    "Coach newer colleagues",
)
WANTS = (
    "Several years of experience in a comparable role",
    "A structured way of working and clear writing",
    "Experience with {tool} is a plus",
    "Good command of English",
    "Curiosity about how our customers work",
)
SOME_YEARS = WANTS[0]
#: The years that a posting asks for, in words of their own.
YEARS = (
    "{years} of experience in a comparable role",
    "{years} of professional experience",
    "{years} of relevant experience, some of it abroad",
)
#: First words of an agency's posting for a client.
CLIENT = (
    "Our client, a company in {city}, is looking for reinforcement.",
    "On behalf of our client we are looking for a {title}.",
    "We are recruiting for our client in {city}.",
)


def _years(asked: tuple[int, int | None], at: int) -> str:
    low, high = asked
    if high is not None:
        return (f"{low}-{high} years", f"{low} to {high} years")[at % 2]
    plural = "year" if low == 1 else "years"
    return (f"{low}+ years", f"At least {low} {plural}", f"{low} or more years")[at % 3]


def sections(
    company: Company, posting: Posting, title: str
) -> tuple[list[str], list[str], list[str]]:
    """Paragraphs, duties and requirements of a posting, plain text."""
    d = Draws.of(f"posting|{posting.text_key}|{company.domain}")
    slots = {
        "c": company.name,
        "topic": company.topic,
        "city": company.place.city,
        "employees": f"{company.employees:,}",
        "title": title,
        "department": posting.department,
        "tool": d.weighted(TELLING_DRAW).name,
    }
    paragraphs = [d.pick(INTRO).format(**slots), *(t.format(**slots) for t in d.sample(ROLE, 2))]
    duties = [t.format(**slots) for t in d.sample(DUTIES, 3)]
    wants = [t.format(**slots) for t in d.sample(WANTS, 3)]
    if posting.years is not None:
        told = next((n for n, want in enumerate(wants) if want == SOME_YEARS), 0)
        wants[told] = YEARS[number(f"wording|{posting.text_key}") % len(YEARS)].format(
            years=_years(posting.years, number(posting.text_key))
        )
    if posting.for_client:
        paragraphs[0] = CLIENT[number(posting.text_key) % len(CLIENT)].format(**slots)
    return paragraphs, duties, wants


def html_list(items: list[str]) -> str:
    """Items as HTML list elements."""
    return "".join(f"<li>{escape(item)}</li>" for item in items)


def html_paragraphs(texts: list[str]) -> str:
    """Texts as HTML paragraphs."""
    return "".join(f"<p>{escape(text)}</p>" for text in texts)
