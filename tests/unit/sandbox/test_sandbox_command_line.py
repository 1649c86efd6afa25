"""The truth is written on request, as files that tests and reports read."""

from __future__ import annotations

import pyarrow.parquet as pq

from sandbox.__main__ import main
from sandbox.truth import TABLES


def test_truth_writes_every_table(tmp_path, capsys) -> None:
    arguments = ["truth", "--companies", "20", "--start", "2026-01-01", "--days", "60"]
    assert main([*arguments, "--out", str(tmp_path)]) == 0
    assert {path.stem for path in tmp_path.iterdir()} == set(TABLES)
    assert pq.read_table(tmp_path / "companies.parquet").num_rows == 20
    assert "companies.parquet: 20 rows" in capsys.readouterr().out


def test_a_home_folder_names_the_market(tmp_path) -> None:
    home = tmp_path / "home"
    first = ["truth", "--home", str(home), "--companies", "12", "--days", "40"]
    main([*first, "--out", str(tmp_path / "one")])
    main(["truth", "--home", str(home), "--companies", "99", "--out", str(tmp_path / "two")])
    one, two = (pq.read_table(tmp_path / name / "market.parquet") for name in ("one", "two"))
    assert one.equals(two)
    assert one["companies"].to_pylist() == [12]
