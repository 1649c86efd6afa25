"""``python -m benchmarks.role_finder --home HOME``: does the role finder name who holds a role?

At the accounts whose staff the simulated market's seller has lists of, the market knows every
title. Each chief officer's role is asked for by its abbreviation, once with the company's name as
it is and once misspelt (two neighbouring letters swapped). An answer is right when the person named
holds the title; saying that nobody is known is right when nobody does. Simulated figures.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from orchestration.answers.role_finder import find_person
from resources.publication import connect_published
from sandbox.market import Market, MarketConfig

#: Titles of the market and how a seller asks for them.
ASKED = {
    "Chief Executive Officer": "CEO",
    "Chief Financial Officer": "CFO",
    "Chief Revenue Officer": "CRO",
    "Chief Technology Officer": "CTO",
    "Chief Marketing Officer": "CMO",
    "Chief Operating Officer": "COO",
    "Chief Information Officer": "CIO",
}


@dataclass(frozen=True)
class Tally:
    """Outcomes of the questions of one kind."""

    asked: int
    #: Questions for a role that somebody holds.
    held: int
    named: int
    right: int
    silent: int
    rightly_silent: int
    ambiguous: int

    def as_row(self) -> dict[str, float]:
        """Counts, the share of names that are right and of holders that are named."""
        return {
            **self.__dict__,
            "precision": self.right / self.named if self.named else 0.0,
            "recall": self.right / self.held if self.held else 0.0,
        }


def misspelt(name: str) -> str:
    """The name with two neighbouring letters of its longest word swapped."""
    word = max(name.split(), key=len)
    at = len(word) // 2
    swapped = word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :]
    return name.replace(word, swapped, 1)


def ask_all(connection: Any, market: Market, *, spoilt: bool) -> Tally:
    """Ask for every role at every account and count what came."""
    counts: Counter[str] = Counter()
    for company in market.companies:
        staff = market.staff(company)
        for title, short in ASKED.items() if staff else ():
            holders = {employee.name for employee in staff if employee.title == title}
            name = misspelt(company.name) if spoilt else company.name
            found = find_person(connection, f"find the {short} at {name}")
            counts["asked"] += 1
            counts["held"] += bool(holders)
            counts["ambiguous"] += found.status == "company_ambiguous"
            if found.person is not None:
                counts["named"] += 1
                counts["right"] += found.person.full_name in holders
            else:
                counts["silent"] += 1
                counts["rightly_silent"] += not holders
    names = ("asked", "held", "named", "right", "silent", "rightly_silent", "ambiguous")
    return Tally(*(counts[name] for name in names))


def main() -> None:
    """Print the figures and write ``build/role_finder.json``."""
    parser = argparse.ArgumentParser(prog="benchmarks.role_finder", description=__doc__)
    parser.add_argument("--home", type=Path, default=Path("var"), help="home of a demo")
    parser.add_argument("--out", type=Path, default=Path("build"))
    asked = parser.parse_args()
    told = json.loads((asked.home / "sandbox" / "market.json").read_text("utf-8"))
    start = date.fromisoformat(told.pop("start"))
    market = Market(MarketConfig(start=start, **told))
    with connect_published(asked.home / "published") as connection:
        result = {
            name: ask_all(connection, market, spoilt=name == "misspelt").as_row()
            for name in ("as_written", "misspelt")
        }
    asked.out.mkdir(parents=True, exist_ok=True)
    (asked.out / "role_finder.json").write_text(json.dumps(result, indent=2) + "\n", "utf-8")
    for name, row in result.items():
        print(name, " ".join(f"{key} {value:g}" for key, value in row.items()))


if __name__ == "__main__":
    main()
