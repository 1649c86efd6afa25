"""Every asset says whose it is and what a row of it is; gates stand where the design puts them."""

import json
import re
from datetime import UTC, datetime
from fnmatch import fnmatchcase

import dagster as dg

from assets.alerts import ALERTS_KEY
from assets.common import DAILY
from assets.gates import OUTGOING_TABLES, UNIFIED_TABLES
from assets.opportunity_report import REPORT_KEY
from assets.publication import PUBLICATION_KEY
from assets.sources import lake_key, lake_keys, mapped_key, mapped_source_keys
from assets.warehouse import manifest_path, second_pass
from orchestration.definitions import build_definitions
from orchestration.picture import group_graph
from orchestration.schedules import daily_line_schedule
from resources.mapped.record_types import RECORD_TYPES
from resources.publication import PUBLISHED_SCHEMAS
from resources.quality.config import load_warehouse
from resources.quality.contract import read_contracts
from resources.settings import PROJECT_ROOT, Settings
from resources.sources.declaration import load_declarations
from resources.sources.registry import STREAMS

#: A description tells the grain in its first paragraph, in one of these ways.
GRAIN = re.compile(r"\bGrain: |\bOne (?:row|record)\b|\bOne [^.]+ per\b", re.I)

SET_ASIDE = dg.AssetKey(["quarantine", "set_aside"])


def downstream(graph, start: dg.AssetKey) -> set[dg.AssetKey]:
    """Every asset that comes after ``start``."""
    found: set[dg.AssetKey] = set()
    queue = [start]
    while queue:
        for child in graph.get(queue.pop()).child_keys - found:
            found.add(child)
            queue.append(child)
    return found


def checks_of(graph, asset: dg.AssetKey) -> dict[str, dg.AssetCheckSpec]:
    keys = graph.get_check_keys_for_assets({asset})
    return {key.name: graph.get_check_spec(key) for key in keys}


def test_every_asset_has_owner_kind_group_and_a_description_with_its_grain(graph):
    wrong = {}
    for key in graph.materializable_asset_keys:
        node = graph.get(key)
        first_paragraph = (node.description or "").strip().split("\n\n")[0]
        lacking = [
            name
            for name, value in {
                "owner": node.owners,
                "kind": node.kinds,
                "group": node.group_name not in (None, "default"),
                "grain": GRAIN.search(first_paragraph),
            }.items()
            if not value
        ]
        if lacking:
            wrong[key.to_user_string()] = lacking
    assert wrong == {}
    assert len(graph.materializable_asset_keys) >= 100


def test_every_asset_the_line_makes_is_one_it_knows(graph):
    """No asset depends on a name nobody makes: such an edge would be a misspelt one."""
    assert {key.to_user_string() for key in graph.external_asset_keys} == set()


def test_every_check_says_what_it_guards(graph):
    unsaid = [
        key
        for key in graph.asset_check_keys
        if not (graph.get_check_spec(key).description or "").startswith("Guards ")
    ]
    assert unsaid == []
    assert len(graph.asset_check_keys) >= 60


def test_dbt_tests_that_can_fail_block(graph):
    """A failed dbt test of error severity holds whatever is downstream of its table."""
    dbt = [
        graph.get_check_spec(key)
        for key in graph.asset_check_keys
        if key.name.startswith(("unique_", "relationships_", "score_is_sum_of_points"))
    ]
    assert len(dbt) >= 30
    assert all(spec.blocking for spec in dbt)


def test_every_stream_of_every_declared_source_is_an_asset(graph):
    settings = Settings()
    for environment in ("world", "sandbox"):
        declared = load_declarations(settings.config_dir, environment).sources
        assert {n for n, item in declared.items() if item.connector == "own"} == set(STREAMS)
    lake = {key for key in graph.materializable_asset_keys if key.path[0] == "lake"}
    assert lake == set(lake_keys())
    assert {mapped_key(kind.plural) for kind in RECORD_TYPES.values()} < lake


def test_a_source_that_fails_harms_no_other(graph):
    for source, streams in STREAMS.items():
        checks = checks_of(graph, lake_key(source, streams[-1]))
        assert not checks["source_answered"].blocking


def test_gates_stand_where_raw_unified_and_outgoing_tables_are(graph):
    gates = {
        "raw_gate": (SET_ASIDE,),
        "unified_gate": UNIFIED_TABLES,
        "outgoing_gate": OUTGOING_TABLES,
    }
    for name, tables in gates.items():
        for table in tables:
            assert checks_of(graph, table)[name].blocking, f"{name} on {table}"


def test_nothing_of_the_warehouse_is_built_before_the_raw_gate(graph):
    """What dbt builds from the lake or from detections waits for the rows that were set aside."""
    after_gate = downstream(graph, SET_ASIDE)
    raw = {key for key in graph.materializable_asset_keys if key.path[0] in ("lake", "detections")}
    readers = {
        child for key in raw for child in graph.get(key).child_keys - raw if child != SET_ASIDE
    }
    op = graph.get(next(iter(UNIFIED_TABLES))).assets_def.op.name
    assert readers
    # Linkage and the tracker read beside dbt, behind the gate as well.
    linked = {key for key in readers if key.path[0] in ("identity", "tracker")}
    assert linked <= after_gate
    assert {graph.get(reader).assets_def.op.name for reader in readers - linked} == {op}
    # One op builds the first pass, so that a gate before any of its tables is before all of them.
    assert op in {graph.get(key).assets_def.op.name for key in after_gate}


def test_models_learn_only_behind_the_unified_gate(graph):
    learned = {
        key for key in graph.materializable_asset_keys if key.path[0] in ("models", "model_output")
    }
    assert learned
    behind = set.union(*(downstream(graph, table) for table in UNIFIED_TABLES))
    assert learned <= behind


def test_the_publication_comes_after_every_gate_and_alerts_after_the_publication(graph):
    for table in (SET_ASIDE, *UNIFIED_TABLES, *OUTGOING_TABLES):
        assert PUBLICATION_KEY in downstream(graph, table), table
    assert set(OUTGOING_TABLES) <= graph.get(PUBLICATION_KEY).parent_keys
    assert graph.get(PUBLICATION_KEY).child_keys == {ALERTS_KEY, REPORT_KEY}


def test_the_publication_is_made_of_all_tables_that_people_read(graph):
    shown = {
        key
        for key in graph.materializable_asset_keys
        if graph.get(key).group_name in PUBLISHED_SCHEMAS and key.path[0] != "platform_state"
    }
    assert shown == graph.get(PUBLICATION_KEY).parent_keys
    assert {key.path[0] for key in shown} == set(PUBLISHED_SCHEMAS)


def test_automation_never_passes_a_failed_gate(graph):
    """Bare ``eager`` asks for downstream in the tick after a gate has failed."""
    guard = "all_deps_blocking_checks_passed"
    guarded = 0
    for key in graph.materializable_asset_keys:
        condition = graph.get(key).automation_condition
        if condition is not None:
            assert guard in str(condition.get_label() or condition), key
            guarded += 1
    assert guarded > 50


def test_jobs_schedules_and_sensors_resolve(definitions):
    repository = definitions.get_repository_def()
    jobs = {job.name: definitions.resolve_job_def(job.name) for job in repository.get_all_jobs()}
    assert {"daily_line", "ingest_sources", "follow_events", "retrain_models"} <= set(jobs)
    assert all(job.description for name, job in jobs.items() if not name.startswith("__"))
    for triggered in (*repository.schedule_defs, *repository.sensor_defs):
        assert triggered.description or not triggered.has_jobs
        assert set(triggered.job_names if hasattr(triggered, "job_names") else []) <= set(jobs)
    assert [schedule.name for schedule in repository.schedule_defs] == ["daily_line_schedule"]
    assert {"new_publication", "new_events"} <= {s.name for s in repository.sensor_defs}


def test_following_events_asks_no_other_source_and_trains_nothing(definitions):
    followed = definitions.resolve_job_def("follow_events").asset_layer.executable_asset_keys
    line = definitions.resolve_job_def("daily_line").asset_layer.executable_asset_keys
    assert {key for key in followed if key.path[0] == "lake"} == set(mapped_source_keys())
    assert PUBLICATION_KEY in followed
    assert ALERTS_KEY not in followed
    left_out = {key.path[0] for key in line - followed}
    assert left_out == {"lake", "enrichment", "models", "model_output"}


def test_alerting_is_no_part_of_the_daily_line(definitions):
    """It follows by sensor, so that a notifier that hangs holds up no publication."""
    line = definitions.resolve_job_def("daily_line").asset_layer.executable_asset_keys
    assert ALERTS_KEY not in line
    assert PUBLICATION_KEY in line
    alerts = definitions.resolve_job_def("deliver_alerts").asset_layer.executable_asset_keys
    assert alerts == {ALERTS_KEY}


def test_the_daily_schedule_asks_for_its_own_day():
    """Sources answer only for today; yesterday's partition could not be fetched."""
    moment = datetime(2026, 3, 29, 5, 0, tzinfo=UTC)
    request = daily_line_schedule(dg.build_schedule_context(scheduled_execution_time=moment))
    assert (request.partition_key, request.run_key) == ("2026-03-29", "2026-03-29")
    assert daily_line_schedule.cron_schedule == "0 5 * * *"
    assert daily_line_schedule.execution_timezone == "UTC"
    # Today's partition is open from the day's first moment, not only once the day is over.
    just_begun = datetime(2026, 3, 29, 0, 1, tzinfo=UTC)
    assert DAILY.get_partition_keys(current_time=just_begun)[-1] == "2026-03-29"


def test_resources_can_be_replaced_by_name():
    replacement = object()
    made = build_definitions({"dbt": replacement})
    assert made.resources["dbt"] is replacement
    assert set(made.resources) == {"dbt", "platform"}


def test_each_gate_guards_only_what_is_built_before_it():
    """A table of the second pass does not exist yet when the unified gate looks."""
    manifest = manifest_path()
    nodes = json.loads(manifest.read_text("utf-8"))["nodes"]
    later = {
        f"{nodes[unique_id]['schema']}.{nodes[unique_id]['name']}"
        for unique_id in second_pass({"nodes": nodes})
        if nodes[unique_id]["resource_type"] == "model"
    }
    contracts = read_contracts(manifest)

    def guarded(gate: str) -> set[str]:
        suites = load_warehouse(PROJECT_ROOT / "config", gate)
        return {
            name
            for name in contracts
            if any(fnmatchcase(name, pattern) for pattern in suites.include)
            and not any(fnmatchcase(name, pattern) for pattern in suites.exclude)
        }

    assert guarded("unified") & later == set()
    published = {n for n in later & contracts.keys() if n.split(".")[0] in ("signals", "leads")}
    assert published >= {"signals.signal_correlations", "leads.leads"}
    assert published <= guarded("outgoing")


def test_the_readme_shows_the_graph_as_it_is(definitions):
    """``python -m orchestration picture`` prints it anew."""
    readme = (PROJECT_ROOT / "README.md").read_text("utf-8")
    assert group_graph(definitions).strip() in readme
