"""From a pair to a probability with reasons.

Splink's arithmetic, in one pass over the pairs: each comparison's level by the conditions that
Splink trained on, its match weight, their sum with the prior odds. Measures that several levels
look at are computed once a pair, which is what makes millions of pairs affordable; a test holds
that the result is Splink's own.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ml.identity.comparisons import COMPARISONS, MEASURES
from ml.identity.engine import engine
from ml.identity.model import Parameters, present

#: Features that conditions look at.
_COLUMNS = (
    "name_glued", "name_folded", "name_codes", "name_weight", "name_acronym", "domain",
    "address_key", "address_number", "street", "postcode", "city", "country", "phone", "latitude",
    "longitude", "people", "topics",
)  # fmt: skip
#: Measures that a level or two ask for: computed where they do, not for every pair.
_SELDOM = ("alike", "alike_folded")
_LIKENESS = (
    f"coalesce(({MEASURES['alike']} + {MEASURES['alike_folded']}"
    " + shared / cast(name_weight_l + name_weight_r - shared as double)) / 3, 0)"
)
#: A pair below this match weight (log2 of the odds) is of no use to anyone.
LEAST_WEIGHT = -8.0
#: Pairs measured at a time: what is measured of a pair takes half a kilobyte while it is graded.
BATCH = 500_000
#: Pairs that one thread scores in a tenth of a second.
FEW = 10_000


def score(
    features: pa.Table, pairs: pa.Table, parameters: Parameters, least: float = LEAST_WEIGHT
) -> pa.Table:
    """``left_row, right_row, weight, likeness`` and a ``level_<comparison>`` (NULL: not told).

    ``likeness``: how alike the names are, 0 to 1, to order pairs of equal weight. Pairs below
    ``least`` are left out.
    """
    names = present(features)
    levels = ", ".join(f"{_case(name)} as level_{name}" for name in names)
    asked = {"shared"} | {m for m in MEASURES if any(_asks(name, m) for name in names)}
    measures = ", ".join(f"{MEASURES[m]} as {m}" for m in sorted(asked.difference(_SELDOM)))
    # Columns that no told comparison looks at are not carried along.
    carried = [c for c in _COLUMNS if f"{c}_l" in levels + measures + _LIKENESS]
    columns = ", ".join(f"l.{c} as {c}_l, r.{c} as {c}_r" for c in carried)
    weights = " + ".join(
        [f"cast({parameters.prior_weight!r} as double)", *(_weight(n, parameters) for n in names)]
    )
    shown = ", ".join(f"level_{name}" for name in names)
    # Filtered outside: DuckDB would push the condition down and compute everything twice. What is
    # left out has no likeness computed.
    query = f"""
        with sides as (
            select asked.left_row, asked.right_row, {columns}
            from asked
            inner join features as l on asked.left_row = l.row
            inner join features as r on asked.right_row = r.row
        ),
        measured as (select *, {measures} from sides),
        graded as (select *, {levels} from measured),
        weighed as (select *, {weights} as weight from graded)
        select left_row, right_row, weight,
            case when weight >= {least} then {_LIKENESS} end as likeness, {shown}
        from weighed
        """
    scored = []
    with engine(threads=1 if pairs.num_rows < FEW else 2) as connection:
        numbered = features.select(carried).append_column(
            "row", pa.array(np.arange(features.num_rows))
        )
        connection.register("features", numbered)
        for first in range(0, max(pairs.num_rows, 1), BATCH):
            connection.register("asked", pairs.slice(first, BATCH))
            found = connection.sql(query).to_arrow_table()
            scored.append(found.filter(pc.greater_equal(found.column("weight"), least)))
    return pa.concat_tables(scored).sort_by([("left_row", "ascending"), ("right_row", "ascending")])


def probability(weight: float) -> float:
    """Probability of odds whose log2 is ``weight``."""
    return 1.0 / (1.0 + 2.0**-weight)


def reasons(row: dict[str, Any], parameters: Parameters) -> list[str]:
    """Why a pair is as likely as it is: each told comparison in words with its weight in bits."""
    found = []
    for name, (comparison, _) in COMPARISONS.items():
        level = row.get(f"level_{name}")
        if level is None:
            continue
        labels = [
            told["label_for_charts"]
            for told in comparison["comparison_levels"]
            if not told.get("is_null_level")
        ]
        found.append((parameters.weights(name)[level], labels[level]))
    found.sort(key=lambda item: (-abs(item[0]), item[1]))
    return [f"{label} ({weight:+.1f})" for weight, label in found]


def _asks(name: str, measure: str) -> bool:
    """Whether a level of the comparison looks at the measure."""
    levels = COMPARISONS[name][0]["comparison_levels"]
    return any(f"{{{measure}}}" in level["sql_condition"] for level in levels)


def _case(name: str) -> str:
    comparison, _ = COMPARISONS[name]
    own = {m: f"({sql})" if m in _SELDOM else m for m, sql in MEASURES.items()}
    branches, graded = [], 0
    for level in comparison["comparison_levels"]:
        condition = level["sql_condition"].format(**own)
        if level.get("is_null_level"):
            branches.append(f"when {condition} then null")
        elif condition == "ELSE":
            branches.append(f"else {graded}")
        else:
            branches.append(f"when {condition} then {graded}")
            graded += 1
    return f"cast(case {' '.join(branches)} end as tinyint)"


def _weight(name: str, parameters: Parameters) -> str:
    branches = " ".join(
        f"when {level} then cast({weight!r} as double)"
        for level, weight in enumerate(parameters.weights(name))
    )
    return f"coalesce(case level_{name} {branches} end, cast(0 as double))"
