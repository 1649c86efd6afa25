"""What Splink learns of the house's own people: how telling each likeness of two records is.

How records compare is said once, in the dbt project (variable ``person_comparisons``): the
warehouse weighs pairs by it, and Splink gets the same conditions here. Company and surname are
compared for learning only, because the warehouse compares within a surname at a company; what a
surname and the size of a company tell there is the number of namesakes that chance brings, for
which names are counted (``Lesson.shares``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from ml.identity.model import Kind, Parameters, match_probability, train

#: Fewer records than this teach nothing: the prior serves.
LEAST_RECORDS = 300
#: Records that one lesson looks at, at most: whole companies, so that their pairs stay together.
MOST_RECORDS = 200_000
#: Share of pairs of one person that a full name at one company finds.
NAME_RECALL = 0.7
#: Records for which the prior's number of partners counts.
PRIOR_RECORDS = 500
#: People for which the prior's share of a name counts.
PRIOR_PEOPLE = 1_000
#: Names that so many people bear get a share of their own.
LEAST_BEARERS = 2
#: Pairs by which EM is trained. Equal addresses and profiles are one person nearly always.
TRAINING_BLOCKS = (
    ("company_id", "surname"),
    ("company_id", "first_name"),
    ("email",),
    ("profile",),
)
#: Name of the level of a comparison that says nothing, in ``person_comparisons``.
UNTOLD = "untold"
#: Comparisons that only learning looks at, and the column without which a comparison says nothing.
_LEARNING_ONLY = {"company": "company_id", "surname": "surname"}
_TOLD_BY = {"linkedin": "profile"}

#: Conditions by comparison and level, the most alike first.
Comparisons = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Lesson:
    """What was learned: rows of weights (comparison, level, m, u) and of shares of names."""

    weights: list[dict[str, Any]]
    #: name_type, name (empty for all that are rarer), share.
    shares: list[dict[str, Any]]


def kind_of(comparisons: Comparisons) -> Kind:
    """What Splink is to know of people, from the warehouse's comparisons."""
    found = {}
    for name, column in _LEARNING_ONLY.items():
        found[name] = _comparison(
            name, column, {"same": f"{column}_l = {column}_r", "other": "true"}
        )
    for name, levels in comparisons.items():
        found[name] = _comparison(name, _TOLD_BY.get(name, name), levels)
    certain = (("company_id", "surname", "first_name"),)
    return Kind(found, {}, TRAINING_BLOCKS, certain, NAME_RECALL, lambda features, _: features)


def learn(
    profiles: pa.Table, comparisons: Comparisons, prior: Sequence[Mapping[str, Any]]
) -> Lesson | None:
    """Learn from ``profiles`` (rows of ``int_person_profiles``), weighed against ``prior``.

    ``prior``: rows (comparison, level, m, u) of the seed. None where there are too few records.
    """
    written = profiles.filter(pc.equal(profiles.column("told_by"), "name"))
    if written.num_rows < LEAST_RECORDS:
        return None
    kind = kind_of(comparisons)
    known = {(row["comparison"], row["level"]): (row["m"], row["u"]) for row in prior}
    levels = {
        name: [known[name, level] for level in _levels(kind, name)] for name in kind.comparisons
    }
    packaged = Parameters(1.0 / written.num_rows, levels)
    sample = _whole_companies(written)
    groups = _one_each(sample, ("group_number", "company_id", "first_name", "surname"))
    found = train(_numbered(sample), packaged, kind)
    partners = match_probability(_numbered(groups), packaged, kind) * (groups.num_rows - 1)
    assumed = known["partners", "expected"][0]
    weight = groups.num_rows / (groups.num_rows + PRIOR_RECORDS)
    rows = [_row("partners", "expected", partners * weight + assumed * (1 - weight), 1.0)]
    for name in kind.comparisons:
        for level, (m, u) in zip(_levels(kind, name), found.levels[name], strict=True):
            rows.append(_row(name, level, m, u))
    return Lesson(
        rows, [*_shares(written, known, "first_name"), *_shares(written, known, "surname")]
    )


def _comparison(name: str, column: str, levels: Mapping[str, str]) -> tuple[dict[str, Any], str]:
    made, last = [], list(levels)[-1]
    for level, condition in levels.items():
        told = {"sql_condition": "ELSE" if level == last else condition, "label_for_charts": level}
        made.append(told | ({"is_null_level": True} if level == UNTOLD else {}))
    return {"output_column_name": name, "comparison_levels": made}, column


def _levels(kind: Kind, name: str) -> list[str]:
    told = kind.comparisons[name][0]["comparison_levels"]
    return [level["label_for_charts"] for level in told if not level.get("is_null_level")]


def _row(comparison: str, level: str, m: float, u: float) -> dict[str, Any]:
    return {"comparison": comparison, "level": level, "m": round(m, 9), "u": round(u, 9)}


def _shares(
    profiles: pa.Table, known: Mapping[tuple[str, str], tuple[float, float]], column: str
) -> Iterable[dict[str, Any]]:
    """Share of people who bear each name; what few people are known of is the prior's."""
    usual = known[column, "same"][1] * PRIOR_PEOPLE
    bearers = (
        _one_each(profiles, ("group_number", column))
        .group_by(column)
        .aggregate([([], "count_all")])
    )
    people = pc.count_distinct(profiles.column("group_number")).as_py()
    counted = sorted(
        zip(*(bearers.column(c).to_pylist() for c in (column, "count_all")), strict=True)
    )
    yield {"name_type": column, "name": "", "share": (1 + usual) / (people + PRIOR_PEOPLE)}
    for name, count in counted:
        if name and count >= LEAST_BEARERS:
            share = (count + usual) / (people + PRIOR_PEOPLE)
            yield {"name_type": column, "name": name, "share": round(share, 9)}


def _whole_companies(profiles: pa.Table) -> pa.Table:
    """At most ``MOST_RECORDS`` rows, of the companies whose ids come first: they are hashes."""
    ordered = profiles.sort_by([("company_id", "ascending"), ("record_key", "ascending")])
    return ordered.slice(0, MOST_RECORDS)


def _one_each(profiles: pa.Table, columns: Sequence[str]) -> pa.Table:
    """One row of each combination of ``columns``."""
    numbered = profiles.append_column("row", pa.array(range(profiles.num_rows)))
    rows = numbered.group_by(list(columns)).aggregate([("row", "min")]).column("row_min")
    return profiles.take(rows.take(pc.sort_indices(rows)))


def _numbered(profiles: pa.Table) -> pa.Table:
    """With a key for each row, and one by which of several alike one is drawn as a stranger."""
    keys = pa.array([f"{n:09d}" for n in range(profiles.num_rows)])
    strangers = pc.binary_join_element_wise(
        profiles.column("company_id"), profiles.column("surname"), "|"
    )
    kept = (
        profiles.drop_columns(["record_key"]) if "record_key" in profiles.column_names else profiles
    )
    return kept.append_column("record_key", keys).append_column("name_key", strangers)
