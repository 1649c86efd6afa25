"""Parameters of the model: the packaged ones, and those that Splink learns from the data at hand.

Splink estimates u from random pairs and m by expectation maximisation, both without labels and with
a fixed seed. Small or lopsided data would mislead it - one company that fills half of a register
makes "same name" look usual among strangers - so what it finds is weighed against the packaged
parameters, each side by the number of pairs it rests on.
"""

from __future__ import annotations

import json
import logging
import math
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from functools import cache
from hashlib import sha256
from importlib import resources
from statistics import median
from typing import Any

import pyarrow as pa

from ml.identity.comparisons import COMPARISONS, MEASURES

#: Seed of Splink's sampling, for equal parameters from equal data.
SEED = 11
#: Pairs that Splink draws for u and at most uses in one run of EM.
SAMPLED_PAIRS = 1_000_000
EM_PAIRS = 200_000
#: Pairs that the packaged m and u count for beside what is measured; m is measured on matches,
#: which are rarer.
PRIOR_MATCHES = 500
PRIOR_PAIRS = 50_000
#: Pairs that one estimate of m counts for at most.
LEARNED_MATCHES = 4_000
#: u of a level never falls below this share of the packaged one.
LEAST_OF_PRIOR = 0.5
#: Share of all matches that equal keys are assumed to find; sets the prior odds of a random pair.
ASSUMED_RECALL = 0.5

#: Pairs by which EM is trained: each of these equal, for the columns that it does not look at.
TRAINING_BLOCKS: tuple[tuple[str, ...], ...] = (
    ("name_folded",),
    ("address_key",),
    ("phone",),
    ("domain",),
)
#: Equal keys that nearly always mean one company: they set the odds of a random pair.
CERTAIN: tuple[tuple[str, ...], ...] = (
    ("name_folded", "address_key"),
    ("name_folded", "phone"),
    ("name_folded", "domain"),
)

Levels = dict[str, list[tuple[float, float]]]


@dataclass(frozen=True)
class Kind:
    """What is linked, and by what Splink learns of it; ``COMPANIES`` unless said otherwise."""

    #: Each comparison as Splink takes it, with the columns (``a|b``) of which one must be told.
    comparisons: Mapping[str, tuple[dict[str, Any], str]]
    #: Measures that conditions name in braces.
    measures: Mapping[str, str]
    #: As ``TRAINING_BLOCKS``, ``CERTAIN`` and ``ASSUMED_RECALL``.
    training_blocks: tuple[tuple[str, ...], ...]
    certain: tuple[tuple[str, ...], ...]
    recall: float
    #: Records of which no two should be one, given the packaged parameters.
    strangers: Callable[[pa.Table, Parameters], pa.Table]


@dataclass(frozen=True)
class Parameters:
    """What scoring needs: prior odds and (m, u) of every level, from most to least alike."""

    #: Probability that two records drawn at random are one company.
    probability: float
    levels: Levels

    @property
    def version(self) -> str:
        """Short name of exactly these parameters and levels."""
        told = json.dumps([asdict(self), COMPARISONS], sort_keys=True)
        return sha256(told.encode()).hexdigest()[:12]

    @property
    def prior_weight(self) -> float:
        """Log2 of the prior odds."""
        return math.log2(self.probability / (1 - self.probability))

    def weights(self, comparison: str) -> list[float]:
        """Match weight (log2 of m / u) of each level of a comparison."""
        return [math.log2(m / u) for m, u in self.levels[comparison]]

    def to_json(self) -> str:
        """For storing; the inverse of ``from_json``."""
        return json.dumps(asdict(self), indent=1)

    @classmethod
    def from_json(cls, text: str) -> Parameters:
        """Read stored parameters. Raises ValueError where levels do not fit the comparisons."""
        told = json.loads(text)
        levels = {
            name: [(float(m), float(u)) for m, u in pairs] for name, pairs in told["levels"].items()
        }
        for name, (comparison, _) in COMPARISONS.items():
            expected = len(comparison["comparison_levels"]) - 1
            if len(levels.get(name, ())) != expected:
                raise ValueError(
                    f"identity parameters: {name} has {len(levels.get(name, ()))} levels,"
                    f" the model compares by {expected}; train again"
                )
        return cls(float(told["probability"]), levels)


@cache
def packaged() -> Parameters:
    """Parameters that come with the package."""
    folder = resources.files("ml.identity.data")
    return Parameters.from_json(folder.joinpath("company_model.json").read_text("utf-8"))


def present(features: pa.Table, kind: Kind | None = None) -> list[str]:
    """Comparisons for which at least two records tell something."""
    return [
        name
        for name, (_, columns) in (kind or COMPANIES).comparisons.items()
        if any(
            features.num_rows - features.column(column).null_count >= 2
            for column in columns.split("|")
        )
    ]


def train(
    features: pa.Table, prior: Parameters | None = None, kind: Kind | None = None
) -> Parameters:
    """Learn from ``features`` without labels, weighed against ``prior`` (the packaged parameters).

    Comparisons of which the data tells nothing keep the prior's values.
    """
    import duckdb
    from splink import DuckDBAPI

    logging.getLogger("splink").setLevel(logging.ERROR)
    prior, kind = prior or packaged(), kind or COMPANIES
    names = present(features, kind)
    if features.num_rows < 10 or not names:
        return prior
    with duckdb.connect() as connection:
        connection.execute("set threads = 2")
        connection.register("given", features)
        connection.execute("create table records as select * from given order by record_key")
        api = DuckDBAPI(connection)
        probability = _learn_probability(api, features, names, prior, kind)
        connection.register(
            "alone", kind.strangers(features, Parameters(probability, prior.levels))
        )
        connection.execute(
            "create table strangers as select * from alone qualify row_number() over"
            " (partition by coalesce(name_key, record_key) order by record_key) = 1"
        )
        u = _learn_u(api, names, prior, kind)
        mixed = {
            name: [(m, found) for (m, _), found in zip(prior.levels[name], u[name], strict=True)]
            for name in names
        }
        m = _learn_m(api, features, names, mixed, probability, prior, kind)
    learned = {
        name: list(zip(m[name], u[name], strict=True)) if name in names else prior.levels[name]
        for name in kind.comparisons
    }
    return Parameters(probability, learned)


def match_probability(features: pa.Table, prior: Parameters, kind: Kind) -> float:
    """Splink's estimate of how likely two records drawn at random are one."""
    import duckdb
    from splink import DuckDBAPI

    logging.getLogger("splink").setLevel(logging.ERROR)
    with duckdb.connect() as connection:
        connection.register("given", features)
        connection.execute("create table records as select * from given order by record_key")
        names = present(features, kind)
        return _learn_probability(DuckDBAPI(connection), features, names, prior, kind)


def _learn_u(api: Any, names: list[str], prior: Parameters, kind: Kind) -> dict[str, list[float]]:
    linker = _linker(api, "strangers", names, {}, kind)
    count = api.duckdb_con.execute("select count(*) from strangers").fetchall()[0][0]
    pairs = min(count * (count - 1) / 2, SAMPLED_PAIRS)
    if count >= 2:
        linker.training.estimate_u_using_random_sampling(
            max_pairs=SAMPLED_PAIRS, seed=SEED, min_count_per_level=None
        )
    found = _found(linker, "u")
    learned = {}
    for name in names:
        known = [u for _, u in prior.levels[name]]
        # Strangers were told apart by likeness, so the most alike of them are missing.
        floor = [u * LEAST_OF_PRIOR for u in known]
        mixed = _mixed(found[name], pairs, known, PRIOR_PAIRS)
        learned[name] = _mixed(
            [max(*both) for both in zip(mixed, floor, strict=True)], 1.0, known, 0
        )
    return learned


def _strangers(features: pa.Table, prior: Parameters) -> pa.Table:
    """One record of each group that the packaged parameters make: no two should be one company."""
    from ml.identity.candidates import blocks, pairs
    from ml.identity.clusters import cluster
    from ml.identity.scoring import score

    scored = score(features, pairs(blocks(features)), prior)
    labels = cluster(features.num_rows, scored)
    return features.take(pa.array(sorted(set(labels.tolist()))))


def _told(features: pa.Table, columns: tuple[str, ...]) -> bool:
    return all(features.num_rows - features.column(c).null_count >= 2 for c in columns)


def _learn_probability(
    api: Any, features: pa.Table, names: list[str], prior: Parameters, kind: Kind
) -> float:
    from splink import block_on

    linker = _linker(api, "records", names, prior.levels, kind)
    certain = [block_on(*columns) for columns in kind.certain if _told(features, columns)]
    linker.training.estimate_probability_two_random_records_match(
        certain or [block_on(*kind.training_blocks[0])], recall=kind.recall
    )
    found = linker.misc.save_model_to_json()["probability_two_random_records_match"]
    return min(max(found, 1e-9), 0.5)


def _learn_m(
    api: Any,
    features: pa.Table,
    names: list[str],
    levels: Levels,
    probability: float,
    prior: Parameters,
    kind: Kind,
) -> dict[str, list[float]]:
    from splink import block_on
    from splink.internals.exceptions import EMTrainingException

    measured: dict[str, list[tuple[float, list[float]]]] = {name: [] for name in names}
    for columns in kind.training_blocks:
        pairs = _pairs_within(api, columns) if _told(features, columns) else 0
        others = [name for name in names if not _looks_at(name, columns, kind)]
        if pairs < 2 or not others:
            continue
        linker = _linker(api, "records", names, levels, kind, probability)
        try:
            linker.training.estimate_parameters_using_expectation_maximisation(
                block_on(*columns), max_pairs=EM_PAIRS if pairs > EM_PAIRS else None
            )
        # All pairs alike, or a level that no match is on, from which Splink cannot go on: nothing
        # to learn from this block.
        except (EMTrainingException, ValueError):
            continue
        found = _found(linker, "m")
        for name in others:
            if found[name] is not None:
                measured[name].append((min(pairs, LEARNED_MATCHES), found[name]))
    learned = {}
    for name in names:
        known = [m for m, _ in prior.levels[name]]
        if not measured[name]:
            learned[name] = known
            continue
        size = max(pairs for pairs, _ in measured[name])
        middle = [median(values) for values in zip(*(v for _, v in measured[name]), strict=True)]
        learned[name] = _mixed(middle, size, known, PRIOR_MATCHES)
    return learned


def _pairs_within(api: Any, columns: tuple[str, ...]) -> int:
    keys = ", ".join(columns)
    told = " and ".join(f"{c} is not null" for c in columns)
    return int(
        api.duckdb_con.execute(
            f"select coalesce(sum(n * (n - 1) / 2), 0) from"
            f" (select count(*) as n from records where {told} group by {keys})"
        ).fetchall()[0][0]
    )


def _looks_at(name: str, columns: tuple[str, ...], kind: Kind) -> bool:
    levels = splink_comparison(name, kind=kind)["comparison_levels"]
    sql = " ".join(level["sql_condition"] for level in levels)
    return any(f"{column}_l" in sql for column in columns)


def _mixed(
    measured: list[float] | None, pairs: float, prior: list[float], prior_pairs: float
) -> list[float]:
    """Both estimates, each weighed by its pairs, summing to 1."""
    if measured is None:
        return prior
    values = [
        found * pairs + known * prior_pairs for found, known in zip(measured, prior, strict=True)
    ]
    total = sum(values)
    return [value / total for value in values]


def splink_comparison(
    name: str, levels: Levels | None = None, kind: Kind | None = None
) -> dict[str, Any]:
    """A comparison as Splink takes it, with m and u where ``levels`` has them."""
    kind = kind or COMPANIES
    comparison, _ = kind.comparisons[name]
    found, graded = [], 0
    for level in comparison["comparison_levels"]:
        copy = {**level, "sql_condition": level["sql_condition"].format(**kind.measures)}
        if not level.get("is_null_level") and levels and name in levels:
            copy["m_probability"], copy["u_probability"] = levels[name][graded]
            graded += 1
        found.append(copy)
    return {**comparison, "comparison_levels": found}


def splink_settings(
    names: list[str], levels: Levels, probability: float = 1e-4, kind: Kind | None = None
) -> Any:
    """Settings of a Splink model of these comparisons."""
    from splink import SettingsCreator

    return SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="record_key",
        comparisons=[splink_comparison(name, levels, kind) for name in names],
        blocking_rules_to_generate_predictions=[],
        probability_two_random_records_match=probability,
        max_iterations=50,
    )


def _linker(
    api: Any, table: str, names: list[str], levels: Levels, kind: Kind, probability: float = 1e-4
) -> Any:
    from splink import Linker

    settings = splink_settings(names, levels, probability, kind)
    return Linker(api.register(table), settings, log_level=None)


def _found(linker: Any, which: str) -> dict[str, list[float] | None]:
    """m or u of each level as Splink measured it (0 where none was met); None if not measured."""
    found: dict[str, list[float] | None] = {}
    for comparison in linker._settings_obj.comparisons:
        values: list[float | None] = []
        for level in comparison.comparison_levels:
            if not level.is_null_level:
                values.append(level._trained_m_median if which == "m" else level._trained_u_median)
        measured = any(value is not None for value in values)
        found[comparison.output_column_name] = [v or 0.0 for v in values] if measured else None
    return found


COMPANIES = Kind(COMPARISONS, MEASURES, TRAINING_BLOCKS, CERTAIN, ASSUMED_RECALL, _strangers)
