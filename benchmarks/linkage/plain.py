"""Splink as its documentation sets it up, on columns as they are: the baseline and the peer.

Text is put into lower case and nothing else; Jaro-Winkler on names and addresses, equality on the
rest; blocks by beginnings and equal columns; u by random sampling, m by EM; connected components.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from ml.identity.model import SEED

#: Probabilities from which two records are called one; who judges takes the best of them.
THRESHOLDS = (0.5, 0.9, 0.99)


def _api() -> Any:
    import duckdb
    from splink import DuckDBAPI

    logging.getLogger("splink").setLevel(logging.ERROR)
    connection = duckdb.connect()
    connection.execute("set threads = 2")
    return DuckDBAPI(connection)


def _lower(records: pa.Table, columns: list[str]) -> pa.Table:
    import pyarrow.compute as pc

    return pa.table(
        {
            "unique_id": records.column("record_key"),
            **{c: pc.utf8_trim_whitespace(pc.utf8_lower(records.column(c))) for c in columns},
        }
    )


def _comparisons(columns: list[str]) -> list[Any]:
    import splink.comparison_library as cl

    return [
        cl.JaroWinklerAtThresholds(column, [0.95, 0.88])
        if column in ("name", "address")
        else cl.ExactMatch(column)
        for column in columns
    ]


def group(
    records: pa.Table,
    columns: list[str],
    max_pairs: float = 1e6,
    thresholds: tuple[float, ...] = THRESHOLDS,
    blocks: Sequence[Sequence[str]] | None = None,
) -> list[list[str]]:
    """Cluster of each record by the text ``columns`` ("name" first), at each threshold.

    ``blocks``: expressions that are to be equal, together, for two records to be compared; by
    default the beginning of the name, and each other column by itself.
    """
    from splink import Linker, SettingsCreator, block_on
    from splink.internals.exceptions import EMTrainingException

    api = _api()
    api.duckdb_con.register("given", _lower(records, columns))
    api.duckdb_con.execute("create table records as select * from given")
    if blocks is None:
        blocks = [["substr(name, 1, 6)"], *([c] for c in columns[1:])]
    linker = Linker(
        api.register("records"),
        SettingsCreator(
            link_type="dedupe_only",
            comparisons=_comparisons(columns),
            blocking_rules_to_generate_predictions=[block_on(*some) for some in blocks],
        ),
        log_level=None,
    )
    linker.training.estimate_probability_two_random_records_match([block_on("name")], recall=0.7)
    linker.training.estimate_u_using_random_sampling(max_pairs=max_pairs, seed=SEED)
    for column in columns[:2] if len(columns) > 1 else ():
        try:
            linker.training.estimate_parameters_using_expectation_maximisation(
                block_on(column), max_pairs=max_pairs
            )
        except EMTrainingException:
            continue
    predicted = linker.inference.predict(threshold_match_probability=min(thresholds))
    answers = []
    for threshold in thresholds:
        clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(predicted, threshold)
        rows = api.duckdb_con.execute(
            f"select unique_id, cluster_id from {clusters.physical_name}"
        ).fetchall()
        found = dict(rows)
        answers.append([str(found[key]) for key in records.column("record_key").to_pylist()])
    return answers


def find(names: list[str], register: list[str]) -> list[int | None]:
    """Entry of ``register`` that Splink holds likeliest for each name; None where there is none."""
    import splink.comparison_library as cl
    from splink import Linker, SettingsCreator, block_on

    api = _api()
    for table, texts in (("asked", names), ("known", register)):
        made = pa.table(
            {"unique_id": list(range(len(texts))), "name": [t.lower().strip() for t in texts]}
        )
        api.duckdb_con.register(f"given_{table}", made)
        api.duckdb_con.execute(f"create table {table} as select * from given_{table}")
    linker = Linker(
        [api.register("known"), api.register("asked")],
        SettingsCreator(
            link_type="link_only",
            comparisons=[cl.JaroWinklerAtThresholds("name", [0.99, 0.95, 0.9, 0.85, 0.8])],
            blocking_rules_to_generate_predictions=[block_on("substr(name, 1, 4)")],
        ),
        log_level=None,
    )
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=SEED)
    predicted = linker.inference.predict()
    rows = api.duckdb_con.execute(
        f"""
        select
            case when source_dataset_l = 'asked' then unique_id_l else unique_id_r end as asked,
            arg_max(
                case when source_dataset_l = 'asked' then unique_id_r else unique_id_l end,
                match_weight
            ) as known
        from {predicted.physical_name}
        group by asked
        """
    ).fetchall()
    best = dict(rows)
    return [best.get(number) for number in range(len(names))]
