"""Linkage from end to end: records in, companies or the best namesake out."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import pyarrow as pa

from ml.identity.candidates import blocks, pairs
from ml.identity.clusters import cluster
from ml.identity.model import Parameters, packaged, train
from ml.identity.records import WordWeights, features
from ml.identity.scoring import LEAST_WEIGHT, score
from ml.identity.sketches import promising, sketches


class Unit(StrEnum):
    """What one entity of a data set is."""

    #: An organisation, wherever it sits.
    COMPANY = "company"
    #: One place of an organisation: two house numbers are two.
    SITE = "site"


#: Features of which an entity has one value only: two different ones are two entities.
SINGLE_VALUED: dict[Unit, tuple[str, ...]] = {
    Unit.COMPANY: ("cik", "domain"),
    Unit.SITE: ("cik", "domain", "address_number"),
}


@dataclass(frozen=True)
class Linked:
    """Records told apart and together."""

    #: Entity of each record, as the row number of its first record.
    labels: np.ndarray
    features: pa.Table
    #: Compared pairs with weight and levels.
    scored: pa.Table
    parameters: Parameters


def link(records: pa.Table, unit: Unit = Unit.COMPANY, learn: bool = True) -> Linked:
    """Group ``records`` (``RECORD_SCHEMA``) into entities.

    ``learn``: estimate parameters from these records, without labels; else the packaged ones serve.
    """
    names = records.column("name").to_pylist()
    found = features(records, WordWeights.learn(name for name in names if name))
    parameters = train(found) if learn else packaged()
    compared = promising(sketches(found), pairs(blocks(found)), parameters, LEAST_WEIGHT)
    scored = score(found, compared, parameters)
    keys = [found.column(column).to_pylist() for column in SINGLE_VALUED[unit]]
    labels = cluster(found.num_rows, scored, keys=[k for k in keys if any(k)])
    return Linked(labels, found, scored, parameters)


@dataclass(frozen=True)
class Namesake:
    """The register's entry that a name most likely means."""

    row: int
    #: Log2 of the odds.
    weight: float
    #: Likeness of the names, 0 to 1.
    likeness: float

    @property
    def rank(self) -> float:
        """What orders entries: the weight, refined within and a little across its steps."""
        return self.weight + LIKENESS_WEIGHT * self.likeness


#: Bits between names that are not alike at all and equal ones, beside the weight of their level.
LIKENESS_WEIGHT = 40.0
#: A namesake less alike than this may not be the one that was meant.
SURE_LIKENESS = 0.9
#: Registers up to this size are compared whole where blocks find nothing alike.
LARGEST_REGISTER = 100_000
#: Entries below this weight are not even a guess.
LEAST_NAMESAKE = -30.0


def find(names: list[str], register: pa.Table) -> list[list[Namesake]]:
    """Entries of ``register`` (``RECORD_SCHEMA``) that each name may mean, best first."""
    asked = pa.table(
        {
            "record_key": [f"asked|{number}" for number in range(len(names))],
            "name": pa.array(names, pa.string()),
        }
    )
    weights = WordWeights.learn(n for n in register.column("name").to_pylist() if n)
    known = features(register, weights)
    both = pa.concat_tables([known, features(asked, weights)])
    first = register.num_rows
    compared = pairs(blocks(both), np.arange(first, both.num_rows))
    between = np.asarray(compared.column("left_row")) < first
    compared = compared.filter(pa.array(between))
    found: list[list[Namesake]] = [[] for _ in names]
    _collect(found, score(both, compared, packaged(), least=-1e9), first)
    # Where the blocks held nothing alike, a slip stands in the telling word itself: compare all.
    unsure = [n for n, e in enumerate(found) if not e or e[0].likeness < SURE_LIKENESS]
    if unsure and first <= LARGEST_REGISTER:
        rows = np.array(unsure, dtype=np.int64) + first
        every = pa.table(
            {"left_row": np.tile(np.arange(first), len(rows)), "right_row": np.repeat(rows, first)}
        )
        for name in unsure:
            found[name] = []
        _collect(found, score(both, every, packaged(), least=LEAST_NAMESAKE), first)
    return found


def _collect(found: list[list[Namesake]], scored: pa.Table, first: int) -> None:
    columns = ("left_row", "right_row", "weight", "likeness")
    for entry, name, weight, likeness in zip(
        *(scored.column(column).to_pylist() for column in columns), strict=True
    ):
        found[name - first].append(Namesake(entry, weight, likeness))
    for entries in found:
        entries.sort(key=lambda e: (-e.rank, e.row))
