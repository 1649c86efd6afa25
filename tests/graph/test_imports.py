"""Imports run one way: each room may know only the rooms below it."""

import ast
from pathlib import Path

import pytest

from resources.settings import PROJECT_ROOT

#: Which rooms a room may import, besides itself.
ALLOWED = {
    "orchestration": {"assets", "activation", "ml", "detection", "resources", "sandbox"},
    "assets": {"activation", "ml", "detection", "resources"},
    "activation": set(),
    "ml": set(),
    "detection": set(),
    "resources": set(),
    "api": {"resources"},
    "sandbox": set(),
    "benchmarks": {
        "orchestration", "assets", "activation", "ml", "detection", "resources", "sandbox", "api",
    },
}  # fmt: skip

#: The product meets the simulated market over HTTP; only these start one.
STARTS_A_MARKET = {
    "orchestration/demo.py",
    "orchestration/commands/servers.py",
    "orchestration/market.py",
}

#: Libraries that a room must do without, so that it stays what it is.
FORBIDDEN_LIBRARIES = {
    "detection": {"dagster", "requests", "sqlalchemy", "duckdb", "mlflow"},
    "ml": {"dagster", "requests", "duckdb"},
    "activation": {"dagster", "requests", "sqlalchemy", "duckdb", "apprise"},
    "resources": {"dagster"},
    "sandbox": {"dagster"},
}

#: What a folder may use all the same: Splink runs on DuckDB, there as an engine in memory only.
EXCEPT = {("ml/identity/", "duckdb")}

MODULES = sorted(
    path for room in ALLOWED for path in (PROJECT_ROOT / room).rglob("*.py") if path.exists()
)


def imported(path: Path) -> set[str]:
    """Every module that a file imports, also inside functions."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively; write the room's name"
            names.add(node.module or "")
    return names


def room(path: Path) -> str:
    return path.relative_to(PROJECT_ROOT).parts[0]


def test_every_room_of_the_design_is_looked_at():
    assert {room(path) for path in MODULES} >= set(ALLOWED)
    assert len(MODULES) > 100


def test_imports_run_in_one_direction():
    wrong = {
        f"{path.relative_to(PROJECT_ROOT)} imports {name}"
        for path in MODULES
        for name in imported(path)
        if (other := name.split(".")[0]) in ALLOWED
        and other != room(path)
        and other not in ALLOWED[room(path)]
    }
    assert wrong == set()


def test_only_the_demo_and_the_ui_start_a_simulated_market():
    meet = {
        str(path.relative_to(PROJECT_ROOT))
        for path in MODULES
        if room(path) not in ("sandbox", "benchmarks")
        and any(name.split(".")[0] == "sandbox" for name in imported(path))
    }
    assert meet == STARTS_A_MARKET


@pytest.mark.parametrize("name", sorted(FORBIDDEN_LIBRARIES))
def test_rooms_do_without_the_libraries_of_others(name):
    found = {
        f"{path.relative_to(PROJECT_ROOT)} imports {library}"
        for path in MODULES
        if room(path) == name
        for library in imported(path)
        if library.split(".")[0] in FORBIDDEN_LIBRARIES[name]
        and not any(
            str(path.relative_to(PROJECT_ROOT)).startswith(folder) and library == allowed
            for folder, allowed in EXCEPT
        )
    }
    assert found == set()


def test_linkage_uses_duckdb_in_memory_only():
    opened = [
        (path.name, len(call.args) + len(call.keywords))
        for path in MODULES
        if str(path.relative_to(PROJECT_ROOT)).startswith("ml/identity/")
        for call in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "duckdb.connect"
    ]
    assert len(opened) >= 2
    assert {arguments for _, arguments in opened} == {0}


def test_product_and_tests_are_apart():
    for path in MODULES:
        assert not {n for n in imported(path) if n.split(".")[0] in ("tests", "pytest")}, path


def test_assets_hold_no_sql_and_no_http():
    for path in MODULES:
        if room(path) == "assets":
            libraries = {name.split(".")[0] for name in imported(path)}
            assert not libraries & {"requests", "httpx", "sqlalchemy"}, path


@pytest.mark.parametrize("name", sorted(set(ALLOWED)))
def test_every_room_says_what_belongs_there_and_what_does_not(name):
    said = ast.get_docstring(ast.parse((PROJECT_ROOT / name / "__init__.py").read_text("utf-8")))
    flat = " ".join((said or "").split())
    assert "Belongs here: " in flat
    assert "Does not belong here: " in flat


def test_every_module_says_what_it_is():
    without = [str(p) for p in MODULES if not ast.get_docstring(ast.parse(p.read_text("utf-8")))]
    assert without == []
