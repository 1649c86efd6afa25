"""Likeness of people: weighed as Splink does, the same built day by day and in one go."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from assets.person_weights import learn_day, person_comparisons, weights_dataset
from benchmarks.evaluation.people import MODELS, people, tell, tellings, told_table
from ml.identity.model import splink_settings
from ml.identity.people import kind_of
from resources.settings import Settings
from tests.dbt.conftest import Dbt, query

pytestmark = pytest.mark.slow
DAY = date(2026, 12, 31)
BUILT = ("run", "--select", *(name for name in MODELS if name.startswith(("int_", "stg_"))))
IDENTITY = (
    "select record_key, person_id, match_method from intermediate.int_person_identity order by 1"
)
LIKENESS = """select block_id, signature, left_group_id, right_group_id, bits, reasons
    from intermediate.int_person_likeness order by all"""


@pytest.fixture(scope="module")
def told() -> pa.Table:
    return told_table(tellings(people(12)))


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, dbt: Dbt, told: pa.Table) -> Path:
    """Everything known at once, weighed by what was learned on the day before."""
    home = tmp_path_factory.mktemp("people")
    tell(home, told)
    dbt(home, DAY - timedelta(days=1), "build", "--select", *MODELS, "--resource-type", "seed",
        "--resource-type", "model")  # fmt: skip
    assert learn_day(Settings(home=home), DAY).startswith("learned from")
    dbt(home, DAY, *BUILT)
    return home


def test_lessons_are_kept_until_the_house_has_grown(whole: Path) -> None:
    settings = Settings(home=whole)
    assert learn_day(settings, DAY + timedelta(days=1)) == f"the lesson of {DAY} holds"
    # A day run again weighs as before, and a past one knows nothing of later people.
    for day in (DAY, DAY - timedelta(days=9)):
        assert learn_day(settings, day) == f"the warehouse holds {DAY} already"
    assert weights_dataset(settings).days() == [DAY]
    assert query(whole, "select distinct learned_on from intermediate.int_person_weights"
                 " where comparison = 'title'") == [(DAY,)]  # fmt: skip


def test_days_in_any_order_give_what_one_go_gives(
    whole: Path, told: pa.Table, dbt: Dbt, tmp_path: Path
) -> None:
    """Also when records go away again; blocks that nothing new touches are not compared again."""
    (tmp_path / "warehouse").mkdir()
    (tmp_path / "identity").symlink_to(whole / "identity")
    with duckdb.connect(str(tmp_path / "warehouse" / "warehouse.duckdb")) as connection:
        connection.execute(
            f"attach '{whole / 'warehouse' / 'warehouse.duckdb'}' as other (read_only)"
        )
        connection.execute("create schema seeds")
        for seed in ("person_link_weights", "person_nicknames", "role_mailboxes"):
            connection.execute(f"create table seeds.{seed} as from other.seeds.{seed}")
    rng = random.Random(3)
    days = [rng.randrange(3) for _ in range(told.num_rows)]
    for known in ((1, 2), (0, 2), (0, 1, 2)):
        rows = [number for number, day in enumerate(days) if day in known]
        tell(tmp_path, told.take(rows))
        dbt(tmp_path, DAY, *BUILT)
    assert query(tmp_path, LIKENESS) == query(whole, LIKENESS)
    assert query(tmp_path, IDENTITY) == query(whole, IDENTITY)
    # One more record: what stands in other blocks stays, even if it were wrong.
    with duckdb.connect(str(tmp_path / "warehouse" / "warehouse.duckdb")) as connection:
        connection.execute("update intermediate.int_person_likeness set reasons = 'kept'")
    first = told.slice(0, 1).to_pylist()[0]
    more = first | {"telling_id": "new|1", "person_record": "new|1", "email": None,
                    "linkedin_url": None, "known_at": datetime(2026, 12, 30)}  # fmt: skip
    tell(tmp_path, pa.concat_tables([told, pa.Table.from_pylist([more], schema=told.schema)]))
    dbt(tmp_path, DAY, *BUILT)
    again = query(
        tmp_path,
        """select distinct company_id, surname from intermediate.int_person_likeness
        inner join intermediate.int_person_blocks using (block_id) where reasons <> 'kept'""",
    )
    assert again == [(first["company_id"], first["name_key"].split()[-1])]


def test_bits_are_splinks_own(whole: Path) -> None:
    """Beside the odds of the block, which Splink reckons from company and surname."""
    from splink import DuckDBAPI, Linker

    kind = kind_of(person_comparisons())
    names = [name for name in kind.comparisons if name not in ("company", "surname")]
    with duckdb.connect() as connection:
        connection.execute(
            f"attach '{whole / 'warehouse' / 'warehouse.duckdb'}' as house (read_only)"
        )
        levels = {
            name: connection.execute(
                "select m, u from house.intermediate.int_person_weights where comparison = ?"
                " order by list_position(?, level)",
                [name, [*person_comparisons()[name]]],
            ).fetchall()
            for name in names
        }
        # Groups of one row, so that a pair of groups is a pair of records.
        connection.execute(
            """create table records as
            select * replace (group_id as record_key) from house.intermediate.int_person_profiles
            qualify count(*) over (partition by group_id) = 1"""
        )
        settings = splink_settings(names, levels, 0.5, kind)
        settings.blocking_rules_to_generate_predictions = [
            {"blocking_rule": "l.company_id = r.company_id and l.surname = r.surname"}
        ]
        linker = Linker(DuckDBAPI(connection).register("records"), settings, log_level=None)
        predicted = linker.inference.predict().as_duckdbpyrelation().to_arrow_table()
        connection.register("predicted", predicted)
        compared = connection.execute(
            """select likeness.bits - predicted.match_weight, likeness.reasons,
                predicted.gamma_first_name = 4 as is_same,
                log2(weights.u / coalesce(shares.share, unseen.share)) as rarity
            from predicted
            inner join house.intermediate.int_person_likeness as likeness
                on likeness.left_group_id = least(record_key_l, record_key_r)
                and likeness.right_group_id = greatest(record_key_l, record_key_r)
            inner join records on records.record_key = predicted.record_key_l
            left join house.intermediate.int_person_name_shares as shares
                on shares.name_type = 'first_name' and shares.name = records.first_name
            inner join house.intermediate.int_person_name_shares as unseen
                on unseen.name_type = 'first_name' and unseen.name = ''
            inner join house.intermediate.int_person_weights as weights
                on weights.comparison = 'first_name' and weights.level = 'same'"""
        ).fetchall()
    assert len(compared) > 50
    for difference, reasons, is_same, rarity in compared:
        block = float(reasons.split(" expected by chance (")[1].split(")")[0])
        assert difference == pytest.approx(block + (rarity if is_same else 0.0), abs=0.051)
