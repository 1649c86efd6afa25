"""``entity.people.simulated.*``: one person over all sources, on invented people.

No file at hand says which records are one person. So people of invented companies are told by four
kinds of sources as such sources write: the CRM (names by hand, addresses), contact exports (profile
addresses), leadership pages and news (a name and a title). Namesakes, shared mailboxes, shared
profile addresses, moves and married names are among them. The line's own SQL
(``int_person_identity`` and all between it and the tellings) joins them; the truth is looked at
afterwards. Simulated figures: who wrote the ways of writing also wrote the linkage.

Baseline: the same name at one company, or the same address, are one person.
"""

from __future__ import annotations

import random
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pyarrow as pa

from benchmarks.evaluation.entity import SHOWN, interval, pairwise, scores
from benchmarks.evaluation.measure import SEED, Evaluation, Metric, Miss, Stopwatch
from benchmarks.evaluation.warehouse import build
from benchmarks.pandas_pipeline.keys import person_key
from detection.titles import read_title

AS_OF = date(2026, 12, 31)
METRIC = "entity.people.simulated.pairwise_f1"
#: The same with the weights of the seed, as in a house that is new.
AS_SHIPPED = "entity.people.simulated.as_shipped.pairwise_f1"
BASELINE = "same name at a company, or same address"
COMPANIES = 150
#: What stands between the tellings and the people, and what it reads.
MODELS = (
    "stg_reference__identity_decisions", "stg_identity__person_link_weights",
    "stg_identity__person_name_shares", "role_mailboxes", "person_nicknames",
    "person_link_weights", "int_person_keys", "int_person_decisions", "int_person_groups",
    "int_person_profiles", "int_person_weights", "int_person_name_shares", "int_person_blocks",
    "int_person_likeness", "int_person_pairs", "int_person_joined", "int_person_moves",
    "int_person_identity",
)  # fmt: skip
FIRST = (
    "Alexandra", "Alexander", "Andrew", "Anthony", "Barbara", "Catherine", "Charles", "Daniel",
    "Deborah", "Edward", "Elizabeth", "Frederick", "Gerhard", "Gregory", "Jacqueline", "Jessica",
    "Jonathan", "José", "Katharina", "Margaret", "Matthew", "Michael", "Nicholas", "Patricia",
    "Priya", "Rebecca", "Richard", "Robert", "Samantha", "Stephen", "Søren", "Thomas", "Timothy",
    "Valérie", "William", "Zoë",
)  # fmt: skip
LAST = (
    "Abernathy", "Brandvold", "Castellane", "Dahlqvist", "Eberhardt", "Fairweather", "Grünewald",
    "Hollister", "Ivanescu", "Jankowski", "Kettering", "Lindholm", "Marchand", "Nakagawa",
    "Okonkwo", "Pemberley", "Quennell", "Rasmusson", "Sørvik", "Thistlewood", "Umarov",
    "Vandermeer", "Winterbourne", "Yardley", "Zielinska",
)  # fmt: skip
#: Short forms as people use them; some are in no list of the line.
SHORT = {
    "Alexandra": ("Alex", "Sandra", "Lexi"), "Alexander": ("Alex", "Sascha"), "Andrew": ("Andy",),
    "Anthony": ("Tony",), "Barbara": ("Barb",), "Catherine": ("Cathy", "Kate"),
    "Charles": ("Charlie", "Chuck"), "Daniel": ("Dan",), "Deborah": ("Debbie",),
    "Edward": ("Ed", "Ted"), "Elizabeth": ("Liz", "Betsy"), "Frederick": ("Fred",),
    "Gerhard": ("Gerd",), "Gregory": ("Greg",), "Jacqueline": ("Jackie",), "Jessica": ("Jess",),
    "Jonathan": ("Jon",), "José": ("Pepe",), "Katharina": ("Kathi",), "Margaret": ("Maggie",),
    "Matthew": ("Matt",), "Michael": ("Mike",), "Nicholas": ("Nick",), "Patricia": ("Pat",),
    "Rebecca": ("Becky",), "Richard": ("Rick", "Dick"), "Robert": ("Bob", "Rob"),
    "Samantha": ("Sam",), "Stephen": ("Steve",), "Thomas": ("Tom",), "Timothy": ("Tim",),
    "William": ("Bill", "Will"),
}  # fmt: skip
#: A title, and how others write it or what comes next in a career.
TITLES = (
    ("Chief Financial Officer", ("CFO", "Chief Finance Officer")),
    ("Vice President of Sales", ("VP Sales", "VP, Sales", "Chief Revenue Officer")),
    ("Director of Engineering", ("Engineering Director", "VP Engineering")),
    ("Marketing Manager", ("Manager, Marketing", "Senior Marketing Manager")),
    ("Head of Data", ("Director of Data", "Data Lead")),
    ("Procurement Manager", ("Purchasing Manager", "Head of Procurement")),
    ("Software Engineer", ("Senior Software Engineer", "Developer")),
    ("General Counsel", ("Chief Legal Officer",)),
    ("Account Executive", ("Senior Account Executive",)),
    ("HR Business Partner", ("Human Resources Partner",)),
)


@dataclass(frozen=True)
class Person:
    """Somebody as they are: the truth behind the records."""

    number: int
    first: str
    last: str
    company: int
    title: tuple[str, tuple[str, ...]]
    profile: str


@dataclass(frozen=True)
class Telling:
    """What one record says of somebody. ``person``: the truth, which the linkage never sees."""

    record: str
    person: int
    company: int
    name: str
    title: str | None
    email: str | None
    linkedin: str | None
    day: int


def people(companies: int = COMPANIES, seed: int = SEED) -> list[Person]:
    """Five to twenty-five people a company; one in forty has a namesake there."""
    rng = random.Random(seed)
    made: list[Person] = []
    for company in range(companies):
        here: list[Person] = []
        for _ in range(rng.randrange(5, 26)):
            number = len(made) + len(here)
            person = Person(
                number, rng.choice(FIRST), rng.choice(LAST), company, rng.choice(TITLES),
                f"in/p{rng.randrange(10**9)}",
            )  # fmt: skip
            if here and rng.random() < 0.025:
                namesake = rng.choice(here)
                person = replace(person, first=namesake.first, last=namesake.last)
            here.append(person)
        made += here
    return made


def tellings(known: Sequence[Person], seed: int = SEED) -> list[Telling]:
    """One to four records of each person, each as its kind of source writes."""
    rng = random.Random(seed + 1)
    companies = 1 + max(person.company for person in known)
    told: list[Telling] = []
    for person in known:
        sources = rng.sample(("crm", "export", "page", "news"), rng.choice((1, 2, 2, 3, 3, 4)))
        married = rng.choice(LAST) if rng.random() < 0.03 else None
        for source in sources:
            last = married if married and rng.random() < 0.5 else person.last
            first = _first(person.first, source, rng)
            told.append(
                Telling(
                    f"{source}|{len(told)}", person.number, person.company,
                    _name(first, last, source, rng), _title(person, rng),
                    _email(person, source, rng), _profile(person, source, rng),
                    rng.randrange(300),
                )
            )  # fmt: skip
        # Who moves on is told with the same profile elsewhere.
        if rng.random() < 0.05:
            elsewhere = rng.randrange(companies)
            told.append(
                Telling(
                    f"export|{len(told)}", person.number, elsewhere,
                    f"{person.first} {person.last}", rng.choice(TITLES)[0], None,
                    f"https://www.linkedin.com/{person.profile}", 301,
                )
            )  # fmt: skip
    return told


def _first(first: str, source: str, rng: random.Random) -> str:
    drawn = rng.random()
    if source == "crm" and drawn < 0.06:
        return first[0] + rng.choice(("", "."))
    if drawn < 0.16:
        return rng.choice(SHORT.get(first, (first,)))
    if source == "crm" and drawn < 0.20 and len(first) > 4:
        at = rng.randrange(1, len(first) - 2)
        return first[:at] + first[at + 1] + first[at] + first[at + 2 :]
    return first


def _name(first: str, last: str, source: str, rng: random.Random) -> str:
    drawn = rng.random()
    if drawn < 0.10:
        return f"{first} {rng.choice('ABDEGHKLMR')}. {last}"
    if source == "news" and drawn < 0.15:
        return f"Dr. {first} {last}"
    if source == "crm" and drawn < 0.15:
        return f"{first} {last}".upper()
    if source == "export" and drawn < 0.12:
        return f"{last}, {first}"
    return f"{first} {last}"


def _title(person: Person, rng: random.Random) -> str | None:
    drawn = rng.random()
    if drawn < 0.08:
        return None
    return rng.choice(person.title[1]) if drawn < 0.38 else person.title[0]


def _email(person: Person, source: str, rng: random.Random) -> str | None:
    domain = f"c{person.company}.example"
    drawn = rng.random()
    if source in ("page", "news") or drawn < 0.15:
        return None
    if drawn < 0.18:
        return f"info@{domain}"
    first, last = (
        "".join(c for c in text.lower() if c.isascii() and c.isalpha())
        for text in (person.first, person.last)
    )
    # The company's own pattern, with the number that namesakes get; some lists guess another.
    own = f"{first}.{last}{person.number % 7 or ''}@{domain}"
    return f"{first[:1]}{last}@{domain}" if source == "export" and drawn < 0.26 else own


def _profile(person: Person, source: str, rng: random.Random) -> str | None:
    drawn = rng.random()
    if source in ("page", "news") or drawn < (0.7 if source == "crm" else 0.25):
        return None
    if drawn > 0.98:
        return "https://www.linkedin.com/"
    return f"https://www.linkedin.com/{person.profile}"


def by_plain_rule(told: Sequence[Telling]) -> list[str]:
    """The baseline: the smallest record that one's name and company, or address, leads to."""
    root = list(range(len(told)))

    def top(at: int) -> int:
        while root[at] != at:
            at = root[at]
        return at

    seen: dict[tuple[object, ...], int] = {}
    for at, telling in enumerate(told):
        keys: list[tuple[object, ...]] = [(telling.company, person_key(telling.name))]
        keys += [("mail", telling.email)] if telling.email else []
        for key in keys:
            low, high = sorted((top(seen.setdefault(key, at)), top(at)))
            root[high] = low
    return [str(top(at)) for at in range(len(told))]


def told_table(told: Sequence[Telling]) -> pa.Table:
    """What the linkage is given of the records: columns of ``int_person_tellings``."""
    start = datetime(2026, 1, 1)
    rows = []
    for telling in told:
        reading = read_title(telling.title) if telling.title else None
        rows.append(
            {
                "telling_id": telling.record, "person_record": telling.record,
                "company_id": f"c{telling.company}", "full_name": telling.name,
                "name_key": person_key(telling.name), "title": telling.title,
                "level": reading.level if reading else None,
                "department": reading.department if reading else None,
                "email": telling.email, "linkedin_url": telling.linkedin,
                "known_at": start + timedelta(days=telling.day),
                "told_on": (start + timedelta(days=telling.day)).date(),
                "started_on": None, "ended_on": None, "is_left": False, "evidence": None,
            }
        )  # fmt: skip
    dates = dict.fromkeys(("told_on", "started_on", "ended_on"), pa.date32())
    made = pa.Table.from_pylist(rows)
    for name, kind in (dates | {"evidence": pa.string()}).items():
        at = made.schema.get_field_index(name)
        made = made.set_column(at, name, made.column(name).cast(kind))
    return made


def linked(told: Sequence[Telling], home: Path, learned: bool = True) -> list[str]:
    """Person of each record by the line's SQL, in a warehouse of its own in ``home``.

    ``learned``: on a second day, weighed by what Splink learned from the first.
    """
    tell(home, told_table(told))
    for day in (AS_OF - timedelta(days=1), AS_OF) if learned else (AS_OF,):
        build_day(home, day)
    return people_of(home, told)


def tell(home: Path, told: pa.Table) -> None:
    """Put ``told_table``'s rows where the line's tellings stand."""
    import duckdb

    (home / "warehouse").mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(home / "warehouse" / "warehouse.duckdb")) as connection:
        connection.register("told", told)
        connection.execute("create schema if not exists intermediate")
        connection.execute(
            "create or replace table intermediate.int_person_tellings as select * from told"
        )
        # Companies by name, with which arrivals are searched for whom somebody left.
        connection.execute(
            "create or replace table intermediate.int_companies as select distinct company_id,"
            " 'company ' || company_id as name from told"
        )


def build_day(home: Path, day: date) -> str:
    """Learn where it is time to, as the line does before a build, and build; tells what it learned.

    On a first day there is no build to learn from.
    """
    from fsspec.implementations.local import LocalFileSystem

    from assets.person_weights import learn_day
    from resources.parquet import PART, write_table
    from resources.settings import Settings

    settings = Settings(home=home)
    done = learn_day(settings, day)
    run = pa.table({"as_of": [day]})
    write_table(LocalFileSystem(), str(settings.reference / "run" / PART), run)
    build(home, MODELS, day)
    return done


def people_of(home: Path, told: Sequence[Telling]) -> list[str]:
    """Person of each record as the last build has it."""
    import duckdb

    warehouse = str(home / "warehouse" / "warehouse.duckdb")
    with duckdb.connect(warehouse, read_only=True) as connection:
        found = dict(
            connection.execute(
                "select record_key, person_id from intermediate.int_person_identity"
            ).fetchall()
        )
    return [found[telling.record] for telling in told]


def evaluate(data: Path) -> Evaluation:
    """Link the invented people; ``data`` has no part in it."""
    told = tellings(people())
    watch = Stopwatch()
    with tempfile.TemporaryDirectory(prefix="evaluation-people-") as home:
        found = linked(told, Path(home))
    seconds = watch.seconds()
    with tempfile.TemporaryDirectory(prefix="evaluation-people-") as home:
        shipped = judged(told, linked(told, Path(home), learned=False), 0.0, AS_SHIPPED)
    result = judged(told, found, seconds)
    result.metrics += shipped.metrics
    return result


def judged(
    told: Sequence[Telling], found: Sequence[str], seconds: float, called: str = METRIC
) -> Evaluation:
    """Pairs of records rightly joined, beside the plain rule's, and what went wrong."""
    result = Evaluation()
    truth = [str(telling.person) for telling in told]
    parts, plain = pairwise(truth, found), pairwise(truth, by_plain_rule(told))
    for name, value, beside, ends in zip(
        ("precision", "recall", "f1"), scores(parts), scores(plain),
        (None, None, interval(truth, parts)), strict=True,
    ):  # fmt: skip
        metric = called.replace("f1", name)
        result.metrics.append(Metric(metric, value, len(told), beside, seconds, BASELINE, ends))
    first: dict[str, str] = {}
    for telling, label in zip(told, found, strict=True):
        usual = first.setdefault(str(telling.person), label)
        if usual != label:
            result.misses.append(Miss(METRIC, telling.record, "one person", "another person"))
    owner: dict[str, int] = {}
    for telling, label in zip(told, found, strict=True):
        if owner.setdefault(label, telling.person) != telling.person:
            result.misses.append(Miss(METRIC, telling.record, "another person", "one person"))
    del result.misses[SHOWN:]
    return result
