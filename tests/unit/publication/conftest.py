"""A small warehouse to publish from."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest


@pytest.fixture
def warehouse(tmp_path) -> Path:
    path = tmp_path / "warehouse" / "warehouse.duckdb"
    path.parent.mkdir()
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            """
            CREATE SCHEMA core; CREATE SCHEMA leads; CREATE SCHEMA operations;
            CREATE SCHEMA staging; CREATE SCHEMA signals;
            CREATE TABLE core.companies (
                company_id VARCHAR NOT NULL, name VARCHAR, employee_count BIGINT, score DOUBLE
            );
            COMMENT ON TABLE core.companies IS 'One row per company; it''s the firmographic base';
            COMMENT ON COLUMN core.companies.company_id IS 'Stable id';
            INSERT INTO core.companies
                SELECT 'c' || range, 'Company ' || range, range, range / 7.0 FROM range(1000);
            CREATE VIEW leads.leads AS SELECT company_id, score FROM core.companies
                WHERE employee_count < 50;
            COMMENT ON VIEW leads.leads IS 'What a seller reads';
            COMMENT ON COLUMN leads.leads.score IS '0 to 100';
            CREATE TABLE operations.pipeline_runs (run_id VARCHAR, started_at TIMESTAMP);
            INSERT INTO operations.pipeline_runs VALUES ('r1', TIMESTAMP '2026-11-20 08:00:00');
            CREATE TABLE staging.stg_secret (x INTEGER);
            CREATE TABLE signals.buying_signals__dbt_tmp (x INTEGER);
            """
        )
    return path


@pytest.fixture
def change(warehouse):
    """Run SQL on the warehouse and close it, as a dbt build does."""

    def run(sql: str) -> None:
        with duckdb.connect(str(warehouse)) as connection:
            connection.execute(sql)

    return run


@pytest.fixture
def published(tmp_path) -> Path:
    return tmp_path / "published"
