"""``funding.rounds_linked.f1``: rounds that two independent exports tell, joined by the line's SQL.

Both exports become rounds in a lake of their own: one row an investor there, one record a round
here. dbt builds the line's own ``int_signal_clusters``, which sees company, date (one export states
only the year), amount, currency and round, and never the investors. The label is what the merge
does not see: two rounds of one company are the same when they fall into the same year and share an
investor, and neither shares one with another round of that year. Rounds that share investors with
several are left out, on both sides. The baseline joins every pair of the same company and year.
"""

from __future__ import annotations

import csv
import json
import re
import tempfile
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.evaluation.measure import (
    FETCHED_AT,
    Evaluation,
    Hits,
    Metric,
    Miss,
    Stopwatch,
    f1_interval,
    f1_of,
    share_interval,
)
from benchmarks.evaluation.warehouse import build_model
from detection.names import normalize_company_name
from resources.lake import Lake, Record

METRIC = "funding.rounds_linked.f1"
FIRST, SECOND = "funding/investments_source_a.csv", "funding/investments_source_b_noheader.csv"
MODEL = "int_signal_clusters"


@dataclass
class Round:
    """One round as one export tells it, with all its investors."""

    key: str
    company: str
    #: "2006-07-01" or "2006".
    day: str
    amount: float | None
    currency: str | None
    stated_type: str | None
    investors: set[str] = field(default_factory=set)

    @property
    def year(self) -> str:
        """Calendar year."""
        return self.day[:4]


def evaluate(data: Path) -> Evaluation:
    """Link the rounds of both exports and compare with the label by shared investors."""
    result = Evaluation()
    if not (data / FIRST).exists() or not (data / SECOND).exists():
        result.skipped.append("funding: not both investment exports")
        return result
    first, second = read_first(data / FIRST), read_second(data / SECOND)
    watch = Stopwatch()
    with tempfile.TemporaryDirectory(prefix="evaluation-funding-") as home:
        write_lake(Path(home), [*first.values(), *second.values()])
        build_model(Path(home), MODEL, FETCHED_AT.date())
        clusters = read_clusters(Path(home))
    seconds = watch.seconds()
    truth, unclear = labels(first, second)
    predicted = pairs(clusters, first, second)
    scored = {p for p in predicted if p not in unclear}
    naive = {p for p in _same_year(first, second) if p not in unclear}
    for a, b in sorted(truth - scored):
        result.misses.append(Miss(METRIC, b, _shown(first[a]), "not linked"))
    for a, b in sorted(scored - truth):
        result.misses.append(Miss(METRIC, b, "not linked", _shown(first[a])))
    cases = _by_company(scored, truth, second)
    right = len(scored & truth)
    for name, value, base, interval in (
        (METRIC, f1_of(cases), f1_of(_by_company(naive, truth, second)), f1_interval(cases)),
        ("funding.rounds_linked.precision", right / len(scored or [0]),
         _share(naive, truth, naive), share_interval(right, len(scored))),
        ("funding.rounds_linked.recall", right / len(truth or [0]),
         _share(naive, truth, truth), share_interval(right, len(truth))),
    ):  # fmt: skip
        result.metrics.append(
            Metric(name, value, len(truth), base, seconds, "every pair of one company and year",
                   interval)
        )  # fmt: skip
    return result


Pairs = set[tuple[str, str]]


def _by_company(found: Pairs, truth: Pairs, second: dict[str, Round]) -> list[Hits]:
    """Pairs counted by company: the rounds of one company are right or wrong together."""
    of: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for pairs_, place in ((found & truth, 0), (found, 1), (truth, 2)):
        for _, key in pairs_:
            of[letters(second[key].company)][place] += 1
    return [Hits(*counts) for _, counts in sorted(of.items())]


def _share(found: Pairs, truth: Pairs, of: Pairs) -> float:
    return len(found & truth) / (len(of) or 1)


def _shown(told: Round) -> str:
    return f"{told.day} {told.amount or '?'}"


def letters(text: str) -> str:
    """The label's own way to compare names: lower case letters and digits only."""
    return re.sub(r"[^a-z0-9]", "", text.lower())


def read_first(path: Path) -> dict[str, Round]:
    """Rounds of the export with a header: company, investor, day, amount in US dollars."""
    found: dict[str, Round] = {}
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            if not row["funded_when"]:
                continue
            key = f"a|{letters(row['company_name'])}|{row['funded_when']}|{row['amount_usd']}"
            told = found.setdefault(
                key,
                Round(key, row["company_name"], row["funded_when"], _number(row["amount_usd"]),
                      "USD" if row["amount_usd"] else None, None),
            )  # fmt: skip
            told.investors.add(letters(row["investor_name"]))
    return found


def read_second(path: Path) -> dict[str, Round]:
    """Rounds of the export without one: company, year, amount, currency, round code, investor."""
    found: dict[str, Round] = {}
    with path.open(encoding="latin-1", newline="") as lines:
        for company, year, amount, currency, code, investor in csv.reader(lines):
            year = year.partition(".")[0]
            key = f"b|{letters(company)}|{year}|{amount}|{currency}|{code}"
            told = found.setdefault(
                key, Round(key, company, year, _number(amount), currency or None, code or None)
            )
            told.investors.add(letters(investor))
    return found


def _number(text: str) -> float | None:
    return float(text) if text else None


def labels(first: dict[str, Round], second: dict[str, Round]) -> tuple[Pairs, Pairs]:
    """Pairs that share an investor in one year and nothing else, and the pairs that are unclear."""
    by_company: dict[tuple[str, str], list[Round]] = defaultdict(list)
    for told in first.values():
        by_company[letters(told.company), told.year].append(told)
    links: dict[str, set[str]] = defaultdict(set)
    back: dict[str, set[str]] = defaultdict(set)
    beside: set[tuple[str, str]] = set()
    for told in second.values():
        for other in by_company[letters(told.company), told.year]:
            beside.add((other.key, told.key))
            if told.investors & other.investors:
                links[told.key].add(other.key)
                back[other.key].add(told.key)
    truth, unclear = set(), set()
    for key, others in links.items():
        if len(others) == 1 and len(back[next(iter(others))]) == 1:
            truth.add((next(iter(others)), key))
        else:
            unclear |= {(other, key) for other in others}
    return truth, unclear


def _same_year(first: dict[str, Round], second: dict[str, Round]) -> Iterable[tuple[str, str]]:
    by_company: dict[tuple[str, str], list[str]] = defaultdict(list)
    for told in first.values():
        by_company[normalize_company_name(told.company), told.year].append(told.key)
    for told in second.values():
        for other in by_company[normalize_company_name(told.company), told.year]:
            yield other, told.key


def write_lake(home: Path, rounds: list[Round]) -> None:
    """The rounds as a funding database would give them, and the companies as a watch list."""
    lake = Lake(str(home / "lake"))
    lake.ensure([("crunchbase", "funding_rounds"), ("company_list", "companies")])
    names: dict[str, str] = {}
    for told in rounds:
        names.setdefault(normalize_company_name(told.company), told.company)
    day = FETCHED_AT.date()
    listed = (_record("company_list", "companies", f"{n}|", {"name": n}) for n in names.values())
    lake.write("company_list", "companies", day, listed)
    lake.write(
        "crunchbase",
        "funding_rounds",
        day,
        (
            _record(
                "crunchbase",
                "funding_rounds",
                told.key,
                {
                    "uuid": told.key,
                    "announced_on": told.day,
                    "investment_type": told.stated_type,
                    "money_raised": {"value": told.amount, "currency": told.currency}
                    if told.amount
                    else None,
                    "funded_organization_identifier": {"value": told.company},
                },
            )
            for told in rounds
        ),
    )


def _record(source: str, stream: str, record_id: str, payload: dict) -> Record:
    return Record(source, stream, record_id, FETCHED_AT, FETCHED_AT, None, json.dumps(payload))


def read_clusters(home: Path) -> dict[str, str]:
    """Signal of each round by its record id."""
    import duckdb

    connection = duckdb.connect(str(home / "warehouse" / "warehouse.duckdb"), read_only=True)
    try:
        return dict(
            connection.execute(
                "select m.record_id, c.signal_id from intermediate.int_signal_mentions as m "
                f"inner join intermediate.{MODEL} as c using (mention_id)"
            ).fetchall()
        )
    finally:
        connection.close()


def pairs(
    clusters: dict[str, str], first: dict[str, Round], second: dict[str, Round]
) -> set[tuple[str, str]]:
    """Pairs of rounds of both exports that are one signal."""
    of_signal: dict[str, list[str]] = defaultdict(list)
    for key in first:
        if key in clusters:
            of_signal[clusters[key]].append(key)
    return {
        (other, key)
        for key in second
        if key in clusters
        for other in of_signal.get(clusters[key], ())
    }
