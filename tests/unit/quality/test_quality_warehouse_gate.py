"""What is built and what leaves is judged by its contract and its suite, and stops the line."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest
from quality_data import DAY, column_test, node

from resources.quality.config import Allowance, WarehouseSuites
from resources.quality.gate import run_gate
from resources.quality.results import RunHistory
from resources.quality.warehouse import WarehouseNotReadableError, warehouse_tables
from resources.quarantine import Quarantine

SUITES = WarehouseSuites.model_validate(
    {
        "include": ["leads.*"],
        "exclude": ["leads.leads"],
        "tables": {
            "leads.lead_scores": {
                "expectations": [
                    {
                        "expect": "column_values_to_be_between",
                        "column": "lead_score",
                        "min_value": 0,
                        "max_value": 100,
                        "why": "Look at the weights.",
                    },
                    {
                        "expect": "column_values_to_be_between",
                        "column": "fit_score",
                        "max_value": 90,
                        "severity": "warning",
                    },
                ]
            },
            "scores as sums of points": {
                "sql": "SELECT company_id, as_of, abs(lead_score - points) AS difference "
                "FROM leads.lead_scores JOIN "
                "(SELECT company_id, sum(points) AS points FROM leads.points GROUP BY 1) "
                "USING (company_id)",
                "key": ["company_id"],
                "expectations": [
                    {
                        "expect": "column_values_to_be_between",
                        "column": "difference",
                        "max_value": 1e-6,
                    }
                ],
            },
        },
    }
)


@pytest.fixture
def warehouse(settings) -> Path:
    settings.warehouse.parent.mkdir(parents=True)
    with duckdb.connect(str(settings.warehouse)) as connection:
        connection.execute(
            """
            CREATE SCHEMA leads;
            CREATE TABLE leads.lead_scores AS
                SELECT 'c' || range AS company_id, DATE '2026-11-20' AS as_of,
                    range::DOUBLE AS lead_score, 50.0::DOUBLE AS fit_score, 'cold' AS tier
                FROM range(100);
            CREATE TABLE leads.points AS
                SELECT company_id, lead_score / 2 AS points FROM leads.lead_scores
                UNION ALL SELECT company_id, lead_score / 2 FROM leads.lead_scores;
            CREATE TABLE leads.leads AS SELECT 1 AS not_judged_here;
            """
        )
    return settings.warehouse


@pytest.fixture
def contract(manifest):
    return manifest(
        m=node(
            "leads",
            "lead_scores",
            {
                "company_id": "text!",
                "as_of": "date",
                "lead_score": "double!",
                "fit_score": "float8",
                "tier": "varchar",
            },
        ),
        u=column_test("m", "unique", "company_id"),
        v=column_test("m", "accepted_values", "tier", values=["hot", "cold"]),
        other=node("leads", "leads", {"x": "varchar"}),
        elsewhere=node("core", "companies", {"x": "varchar"}),
    )


@pytest.fixture
def judge(settings, warehouse, contract):
    def run(sql="", day=DAY, suites=SUITES):
        with duckdb.connect(str(warehouse)) as connection:
            connection.execute(sql or "SELECT 1")
        history = RunHistory(settings.reports)
        tables = warehouse_tables(warehouse, contract, suites, history.before("unified", day))
        return run_gate("unified", tables, day, Quarantine(settings.quarantine), history)

    return run


def failed(result):
    return {
        (c.table, c.column, c.expectation.removeprefix("expect_"))
        for c in result.checks
        if not c.success
    }


def test_a_good_warehouse_passes(judge):
    result = judge()
    assert failed(result) == set()
    assert {t.table: t.rows for t in result.tables} == {
        "leads.lead_scores": 100,
        "scores as sums of points": 100,
    }


@pytest.mark.parametrize(
    ("sql", "column", "expectation", "reason"),
    [
        (
            "UPDATE leads.lead_scores SET lead_score = 104.5 WHERE company_id = 'c7'; "
            "UPDATE leads.points SET points = 52.25 WHERE company_id = 'c7'",
            "lead_score",
            "column_values_to_be_between",
            "lead_score is 104.5; it must be between 0 and 100. Look at the weights.",
        ),
        (
            "UPDATE leads.lead_scores SET tier = 'tepid' WHERE company_id = 'c7'",
            "tier",
            "column_values_to_be_in_set",
            "tier is tepid; it must be one of hot, cold",
        ),
        (
            "DELETE FROM leads.points WHERE company_id = 'c7'; "
            "INSERT INTO leads.points VALUES ('c7', 6.5)",
            "difference",
            "column_values_to_be_between",
            "difference is 0.5; it must be of at most 1e-06",
        ),
    ],
)
def test_one_bad_row_stops_the_line_and_is_named(judge, settings, sql, column, expectation, reason):
    result = judge(sql)
    assert not result.success
    assert column in {c for _, c, e in failed(result) if e == expectation}
    assert expectation in {c.expectation.removeprefix("expect_") for c in result.blocking_failures}
    rows = Quarantine(settings.quarantine).read("unified").to_pylist()
    assert [row["record_id"] for row in rows] == ["c7"]
    assert rows[0]["reason"].startswith(reason)


def test_duplicates_and_nulls_by_contract(judge):
    result = judge("INSERT INTO leads.lead_scores VALUES ('c7', '2026-11-20', NULL, 1, 'hot')")
    assert {
        ("leads.lead_scores", "company_id", "column_values_to_be_unique"),
        ("leads.lead_scores", "lead_score", "column_values_to_not_be_null"),
    } <= failed(result)
    assert "look at the model that builds the table" in result.explain()


def test_another_type_or_a_missing_column_breaks_the_contract(judge):
    result = judge(
        "ALTER TABLE leads.lead_scores DROP fit_score; "
        "ALTER TABLE leads.lead_scores ALTER as_of TYPE VARCHAR"
    )
    blocking = {c.expectation: c.message for c in result.blocking_failures}
    assert (
        "as_of is VARCHAR instead of date; fit_score is missing"
        in (blocking["columns_to_match_contract"])
    )
    # The suite's expectation on the missing column is a warning and says so.
    warning = next(c for c in result.warnings if c.column == "fit_score")
    assert "column fit_score is missing" in warning.message


def test_warnings_let_the_batch_pass(judge, settings):
    result = judge("UPDATE leads.lead_scores SET fit_score = 95 WHERE company_id = 'c7'")
    assert result.success
    assert [(c.column, c.unexpected_count) for c in result.warnings] == [("fit_score", 1)]
    assert len(Quarantine(settings.quarantine).read("unified")) == 0


def test_a_missing_table_names_the_remedy(judge):
    result = judge("DROP TABLE leads.lead_scores")
    assert not result.success
    assert "leads.lead_scores cannot be read" in result.explain()
    assert "dbt build --select" in result.explain()


def test_a_table_that_empties_or_shrinks_since_the_last_run(judge):
    judge(day=DAY - timedelta(days=1))
    shrunk = judge("DELETE FROM leads.lead_scores WHERE lead_score >= 40")
    assert shrunk.success
    assert [c.expectation for c in shrunk.warnings] == ["row_count_not_to_drop"]
    assert "60% fewer than the 100" in shrunk.warnings[0].message
    emptied = judge("DELETE FROM leads.lead_scores")
    assert [c.expectation for c in emptied.blocking_failures] == ["table_not_to_become_empty"]


def test_a_table_may_be_allowed_to_become_empty(judge):
    table = SUITES.tables["leads.lead_scores"].model_copy(update={"may_become_empty": True})
    suites = SUITES.model_copy(update={"tables": {"leads.lead_scores": table}})
    judge(day=DAY - timedelta(days=1), suites=suites)
    assert judge("DELETE FROM leads.lead_scores", suites=suites).success


def test_an_allowance_can_be_given_to_a_table(judge):
    table = SUITES.tables["leads.lead_scores"].model_copy(
        update={"allowance": Allowance(max_quarantined_share=0.02)}
    )
    suites = SUITES.model_copy(update={"tables": {"leads.lead_scores": table}})
    one = judge(
        "UPDATE leads.lead_scores SET lead_score = -1 WHERE company_id = 'c7'", suites=suites
    )
    assert (one.success, one.quarantined_rows) == (True, 1)
    more = judge("UPDATE leads.lead_scores SET lead_score = -1 WHERE lead_score < 5", suites=suites)
    assert not more.success


def test_a_warehouse_held_by_a_writer_is_said_plainly(warehouse, contract, tmp_path):
    script = (
        "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print('open', flush=True); "
        "sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(warehouse)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as writer:
        assert writer.stdout.readline() == b"open\n"
        with pytest.raises(WarehouseNotReadableError, match="wait for it"):
            list(warehouse_tables(warehouse, contract, SUITES))
        writer.stdin.close()
    with pytest.raises(WarehouseNotReadableError, match="run the dbt build first"):
        list(warehouse_tables(tmp_path / "none.duckdb", contract, SUITES))
