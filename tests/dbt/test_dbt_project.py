"""The dbt project's own rules, checked on its files without running dbt.

dbt takes an unknown key in a yml file without a word, so that a misspelt test never runs. The keys
allowed here are those of dbt 1.11 that this project uses.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pyarrow as pa
import pytest
import yaml

from assets.icp_terms import ICP_TERMS
from assets.opportunity_care import TABLES as CARE_TABLES
from assets.opportunity_rows import TABLES
from assets.reference import ENRICHMENT_OPERATIONS, PLAYS, TECHNOLOGY_NAMES
from detection.records import DETECTIONS, arrow_schema
from ml.associations import CORRELATIONS_SCHEMA, PATTERNS_SCHEMA
from resources.icp import ICP_PROFILES, SCORE_RULES, load_icp_profiles
from resources.identity_decisions import IDENTITY_DECISIONS
from resources.lake import ENVELOPE
from resources.mapped.record_types import RECORD_TYPES
from resources.quality.config import load_warehouse
from resources.quarantine import QUARANTINE
from resources.sources.registry import all_streams

ROOT = Path(__file__).resolve().parents[2]
PROJECT = ROOT / "dbt_project"
MODELS = PROJECT / "models"
YMLS = sorted([*MODELS.rglob("*.yml"), *(PROJECT / "seeds").glob("*.yml")])
SQLS = sorted(MODELS.rglob("*.sql"))

TOP = {"models", "sources", "seeds", "unit_tests", "exposures", "version"}
COLUMN = {"name", "data_type", "description", "data_tests", "constraints", "config"}
KEYS = {
    "models": {"name", "description", "columns", "data_tests", "config"},
    "seeds": {"name", "description", "columns", "data_tests", "config"},
    "sources": {"name", "schema", "description", "tables", "config"},
    "unit_tests": {"name", "description", "model", "given", "expect", "overrides", "config"},
    "exposures": {
        "name", "label", "type", "maturity", "owner", "depends_on", "description", "url", "config",
    },
}  # fmt: skip
TABLE = {"name", "description", "columns", "config", "data_tests"}
CONFIG = {"meta", "tags", "severity", "where", "column_types"}
TESTS = {
    "unique": set(), "not_null": set(), "relationships": {"to", "field"},
    "accepted_values": {"values", "quote"}, "unique_together": {"columns"},
    "in_range": {"minimum", "maximum"}, "score_is_sum_of_points": set(),
}  # fmt: skip

ARROW_TO_DUCKDB = {
    pa.string(): "varchar", pa.int64(): "bigint", pa.float64(): "double", pa.bool_(): "boolean",
    pa.date32(): "date", pa.timestamp("us", tz="UTC"): "timestamptz", pa.binary(): "blob",
}  # fmt: skip


def _unknown(where: str, given: dict, allowed: set[str]) -> list[str]:
    return [f"{where}: unknown key {key!r}" for key in given if key not in allowed]


def _test_problems(where: str, tests: list) -> Iterator[str]:
    for test in tests:
        if isinstance(test, str):
            if TESTS.get(test, {None}):
                yield f"{where}: test {test!r} is unknown or lacks its arguments"
            continue
        for name, body in test.items():
            if name not in TESTS:
                yield f"{where}: unknown test {name!r}"
                continue
            yield from _unknown(f"{where} {name}", body, {"arguments", "config", "name"})
            yield from _unknown(f"{where} {name}", body.get("arguments", {}), TESTS[name])


def _node_problems(where: str, node: dict, allowed: set[str]) -> Iterator[str]:
    yield from _unknown(where, node, allowed)
    yield from _unknown(f"{where} config", node.get("config", {}), CONFIG)
    yield from _test_problems(where, node.get("data_tests", []))
    for column in node.get("columns", []):
        at = f"{where}.{column.get('name')}"
        yield from _unknown(at, column, COLUMN)
        yield from _test_problems(at, column.get("data_tests", []))


def yml_problems(document: dict, where: str) -> list[str]:
    """Everything in a yml document that dbt would pass over in silence."""
    found = _unknown(where, document, TOP)
    for kind, allowed in KEYS.items():
        for node in document.get(kind, []):
            at = f"{where} {node.get('name')}"
            found += _node_problems(at, node, allowed)
            for table in node.get("tables", []):
                found += _node_problems(f"{at}.{table.get('name')}", table, TABLE)
            if kind == "unit_tests":
                for given in node.get("given", []):
                    found += _unknown(f"{at} given", given, {"input", "rows", "format"})
                found += _unknown(f"{at} expect", node.get("expect", {}), {"rows", "format"})
                found += _unknown(f"{at} overrides", node.get("overrides", {}),
                                  {"macros", "vars", "env_vars"})  # fmt: skip
    return found


def _load(path: Path) -> dict:
    return yaml.safe_load(path.read_text("utf-8"))


def test_no_yml_has_an_unknown_key() -> None:
    assert [p for path in YMLS for p in yml_problems(_load(path), path.name)] == []


def test_the_lint_sees_what_dbt_does_not() -> None:
    document = {
        "models": [{
            "name": "a", "descripton": "typo",
            "columns": [{"name": "b", "tests": ["unique"], "data_tests": ["uniqe", {
                "relationships": {"to": "x", "field": "y"}}]}],
        }]
    }  # fmt: skip
    assert yml_problems(document, "f") == [
        "f a: unknown key 'descripton'",
        "f a.b: unknown key 'tests'",
        "f a.b: test 'uniqe' is unknown or lacks its arguments",
        "f a.b relationships: unknown key 'to'",
        "f a.b relationships: unknown key 'field'",
    ]


@pytest.mark.parametrize("path", SQLS, ids=lambda path: path.stem)
def test_every_model_has_one_yml_beside_it_with_its_grain(path: Path) -> None:
    [model] = _load(path.with_suffix(".yml"))["models"]
    assert model["name"] == path.stem
    assert re.match(r"One (row|reading) per ", model["description"]), model["description"]


def _marts() -> list[Path]:
    return sorted((MODELS / "marts").rglob("*.sql"))


def test_every_mart_has_an_enforced_contract() -> None:
    project = _load(PROJECT / "dbt_project.yml")
    assert project["models"]["buying_signals"]["marts"]["+contract"] == {"enforced": True}
    assert not [path.name for path in _marts() if re.search(r"contract\s*[=:]", path.read_text())]
    schemas = {path.parent.name for path in _marts()}
    assert schemas == {
        "core", "signals", "leads", "buying_groups", "opportunities", "predictions", "outcomes",
        "operations", "features",
    }  # fmt: skip


@pytest.mark.parametrize("path", _marts(), ids=lambda path: path.stem)
def test_every_column_of_a_mart_is_typed_and_described(path: Path) -> None:
    [model] = _load(path.with_suffix(".yml"))["models"]
    assert model["columns"]
    for column in model["columns"]:
        assert column.get("data_type"), column["name"]
        assert len(column.get("description", "")) > 3, column["name"]


def test_layers_look_down_only() -> None:
    wrong = []
    for path in SQLS:
        layer = path.relative_to(MODELS).parts[0]
        text = path.read_text()
        refs = set(re.findall(r"ref\('(\w+)'\)", text))
        if layer == "staging" and refs:
            wrong.append(f"{path.stem} refers to {refs}")
        if layer == "intermediate":
            if "source(" in text:
                wrong.append(f"{path.stem} reads a source past staging")
            known = {p.stem for p in _marts()}
            if refs & known:
                wrong.append(f"{path.stem} refers to marts {refs & known}")
        own = {"predictions", "operations"}
        if layer == "marts" and "source(" in text and path.parent.name not in own:
            wrong.append(f"{path.stem} reads a source past staging")
    assert wrong == []


def _declared(name: str) -> dict[str, dict[str, str]]:
    found = {}
    for path in (MODELS / "staging").glob("_*.yml"):
        for source in _load(path)["sources"]:
            if source["name"] == name:
                for table in source["tables"]:
                    found[table["name"]] = {c["name"]: c["data_type"] for c in table["columns"]}
    return found


def _columns(schema: pa.Schema) -> dict[str, str]:
    return {field.name: ARROW_TO_DUCKDB[field.type] for field in schema}


def test_sources_declare_what_python_writes() -> None:
    lake = _declared("lake")
    own = {f"{source}__{stream}" for source, stream in all_streams()}
    own |= {f"mapped__{kind.plural}" for kind in RECORD_TYPES.values()}
    # Under the name of one source, the documents of all.
    assert set(lake) == own | {"drive__documents"}
    assert all(columns == _columns(ENVELOPE) for columns in lake.values())
    assert _declared("detections") == {
        name: _columns(arrow_schema(record)) for name, record in DETECTIONS.items()
    }
    assert _declared("quarantine")["set_aside"] == _columns(QUARANTINE)
    assert _declared("reference")["icp_profiles"] == _columns(ICP_PROFILES)
    assert _declared("reference")["icp_terms"] == _columns(ICP_TERMS)
    assert _declared("reference")["technology_names"] == _columns(TECHNOLOGY_NAMES)
    assert _declared("reference")["plays"] == _columns(PLAYS)
    assert _declared("reference")["enrichment_operations"] == _columns(ENRICHMENT_OPERATIONS)
    assert _declared("reference")["identity_decisions"] == _columns(IDENTITY_DECISIONS)
    # The day of a partition is its folder's name; only a run says it in a column.
    assert _declared("tracker") == {
        name: _columns(arrow_schema(record)) | {"as_of": "date"}
        for name, (record, _) in (TABLES | CARE_TABLES).items()
    }
    output = _declared("model_output")
    assert output["signal_correlations"] == _columns(CORRELATIONS_SCHEMA)
    assert output["signal_patterns"] == _columns(PATTERNS_SCHEMA)


def test_staging_of_mapped_records_has_their_fields() -> None:
    for kind in RECORD_TYPES.values():
        text = (MODELS / "staging" / "mapped" / f"stg_mapped__{kind.plural}.sql").read_text()
        staged = dict(re.findall(r"'([a-z_]+)': '([a-z]+)'", text))
        # When a record was last changed is its observed_at.
        assert list(staged) == [name for name in kind.fields if name != "updated_at"], kind.name


def test_lead_score_rules_are_the_documented_ones() -> None:
    with (PROJECT / "seeds" / "lead_score_rules.csv").open() as text:
        rows = list(csv.DictReader(text))
    points = {
        component: [int(r["max_points"]) for r in rows if r["component"] == component]
        for component in ("intent", "fit", "accessibility")
    }
    assert points == {
        "intent": [30, 25, 20, 15, 10, 0, 0],
        "fit": [25, 25, 20, 15, 15, 0],
        "accessibility": [30, 25, 20, 15, 10],
    }
    # The profile's own copy, by which a user's points are validated.
    assert {
        component: {r["rule_id"]: int(r["max_points"]) for r in rows if r["component"] == component}
        for component in points
    } == SCORE_RULES
    weights = {(r["component"], r["weight"]) for r in rows}
    assert weights == {("intent", "0.40"), ("fit", "0.35"), ("accessibility", "0.25")}


def test_the_default_profile_is_valid() -> None:
    [profile] = [p for p in load_icp_profiles(ROOT / "config" / "icp") if p.is_default]
    assert profile.company_size_min < profile.company_size_max


def test_the_unified_gate_guards_nothing_that_is_built_after_it() -> None:
    suites = load_warehouse(ROOT / "config", "unified")
    late = [
        f"{path.parent.name}.{path.stem}"
        for path in (PROJECT / "models" / "marts").rglob("*.sql")
        if re.search(r"tags=\[[^\]]*'(?:prediction|operations)'", path.read_text("utf-8"))
    ]
    assert "signals.signal_correlations" in late
    guarded = [
        name
        for name in late
        if any(fnmatchcase(name, pattern) for pattern in suites.include)
        and not any(fnmatchcase(name, pattern) for pattern in suites.exclude)
    ]
    assert guarded == []


def test_every_source_that_tells_signals_has_its_trust() -> None:
    with (PROJECT / "seeds" / "source_trust.csv").open() as text:
        rows = {row["source"]: row for row in csv.DictReader(text)}
    families = {
        name: set(source["families"])
        for name, source in _load(ROOT / "config" / "sources.yaml")["sources"].items()
    }
    for path in (ROOT / "config" / "drops").glob("*.yaml"):
        families[path.stem] = set(_load(path)["families"])
    # Letters, meetings and the visits of our own site make opportunities and intent, not signals.
    own = {"correspondence", "outcomes", "engagement"}
    telling = {name for name, kinds in families.items() if kinds - own}
    assert len(telling) > 30
    assert telling - set(rows) == set(), "give it a row in dbt_project/seeds/source_trust.csv"
    assert set(rows) - set(families) == set()
    assert all(0 < float(row["trust"]) < 1 <= int(row["priority"]) for row in rows.values())


def test_the_data_dictionary_is_up_to_date() -> None:
    found = spec_from_file_location("data_dictionary", PROJECT / "data_dictionary.py")
    dictionary = module_from_spec(found)
    found.loader.exec_module(dictionary)
    remedy = "run `python dbt_project/data_dictionary.py`"
    assert (ROOT / "docs" / "data-dictionary.md").read_text("utf-8") == dictionary.render(), remedy
