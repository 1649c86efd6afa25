"""The warehouse as assets: every dbt model, seed and test, built in two passes.

Pass one builds staging, identity, signals, scores and features. The models then read the features
and leave predictions as Parquet; pass two builds what shows them (``tag:prediction``) and the
operations tables (``tag:operations``). dbt is the only writer of the warehouse file.
"""

import json
import os
import sys
from collections.abc import Iterator, Mapping, Set
from functools import cached_property
from pathlib import Path
from typing import Any

import dagster as dg
from dagster_dbt import (
    DagsterDbtTranslator,
    DagsterDbtTranslatorSettings,
    DbtCliResource,
    DbtProject,
)
from packaging import version

from assets import dbt_client, warm_dbt
from assets.common import OWNERS, WAREHOUSE_POOL, Platform
from assets.unfinished import marked_unfinished
from resources.object_store import SCHEME, httpfs_file
from resources.quality.contract import ManifestError
from resources.settings import NO_TELEMETRY, PROJECT_ROOT, Settings

DBT_FOLDER = PROJECT_ROOT / "dbt_project"
#: Tags of what pass two builds.
SECOND_PASS_TAGS = frozenset({"prediction", "operations"})
SECOND_PASS = "tag:prediction tag:operations"
#: The two builds, by the name of their op.
FIRST_BUILD, SECOND_BUILD = "warehouse", "warehouse_predictions"
#: What a dbt test guards, by the test's name; ``{column}`` and the test's arguments are filled in.
CHECK_DESCRIPTIONS = {
    "unique": "Guards the grain: no {column} twice.",
    "unique_together": "Guards the grain: no two rows alike in {columns}.",
    "not_null": "Guards that {column} is always known.",
    "accepted_values": "Guards that {column} is one of {values}.",
    "relationships": "Guards that every {column} is found in {to} ({field}).",
    "in_range": "Guards that {column} lies between {minimum} and {maximum}.",
    "score_is_sum_of_points": "Guards that every score is exactly the sum of its points.",
}


def dbt_project() -> DbtProject:
    """The dbt project; its manifest is made by ``make setup`` (``dbt parse``)."""
    return DbtProject(project_dir=DBT_FOLDER, profiles_dir=DBT_FOLDER)


def manifest_path() -> Path:
    """Where ``dbt parse`` leaves the manifest.

    Raises ``ManifestError`` that says how to make it.
    """
    path = DBT_FOLDER / "target" / "manifest.json"
    if not path.exists():
        raise ManifestError(f"{path} is missing: run `make setup` (it runs `dbt parse`)")
    return path


def require_current_manifest(manifest: Path) -> None:
    """Raise ``ManifestError`` if a file of the dbt project is newer than its manifest.

    The graph was made from the manifest; dbt would answer for nodes that the graph does not know.
    """
    parsed = manifest.stat().st_mtime
    for folder in ("models", "seeds", "macros", "tests", "snapshots"):
        for path in (DBT_FOLDER / folder).rglob("*"):
            if path.is_file() and path.stat().st_mtime > parsed:
                raise ManifestError(
                    f"{path} is newer than {manifest}: run `make setup` (it runs `dbt parse`) and "
                    "reload the definitions"
                )


class WarehouseTranslator(DagsterDbtTranslator):
    """Names dbt nodes as the rest of the graph does.

    Models are ``schema/name``; a source is the asset that wrote its files; groups are the schemas;
    owners are the platform's.
    """

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> dg.AssetKey:
        """Asset key of a dbt node."""
        props = dbt_resource_props
        if props["resource_type"] == "source":
            if props["source_name"] == "lake":
                return dg.AssetKey(["lake", *props["name"].split("__", 1)])
            return dg.AssetKey([props["source_name"], props["name"]])
        return dg.AssetKey([props["schema"], props["name"]])

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str | None:
        """The schema, so that a group holds what a reader finds in one place."""
        return dbt_resource_props["schema"]

    def get_owners(self, dbt_resource_props: Mapping[str, Any]) -> list[str]:
        """The platform's owners."""
        return list(OWNERS)

    def get_automation_condition(
        self, dbt_resource_props: Mapping[str, Any]
    ) -> dg.AutomationCondition | None:
        """Follow upstream changes, but never past a failed blocking check."""
        return guarded_eager()

    def get_asset_check_spec(
        self,
        asset_spec: dg.AssetSpec,
        manifest: Mapping[str, Any],
        unique_id: str,
        project: DbtProject | None,
    ) -> dg.AssetCheckSpec | None:
        """A dbt test as an asset check that says what it guards."""
        spec = super().get_asset_check_spec(asset_spec, manifest, unique_id, project)
        if spec is None or spec.description:
            return spec
        return spec._replace(description=check_description(manifest["nodes"][unique_id]))


def check_description(test: Mapping[str, Any]) -> str:
    """What a dbt test guards: its own description, else one made from its kind and arguments."""
    if test.get("description"):
        return test["description"]
    metadata = test.get("test_metadata") or {}
    values = {
        name: ", ".join(map(str, value)) if isinstance(value, list) else value
        for name, value in metadata.get("kwargs", {}).items()
    }
    values = {"minimum": "its least", "maximum": "its most", **values}
    values["column"] = values.get("column_name") or "row"
    pattern = CHECK_DESCRIPTIONS.get(metadata.get("name", ""))
    if pattern is None:
        return f"Guards that the dbt test {test['name']} finds no row."
    return pattern.format(**values)


def guarded_eager() -> dg.AutomationCondition:
    """Eager, held back while a blocking check upstream has failed.

    Bare ``eager()`` asks for downstream in the next tick although the gate before it failed.
    """
    return dg.AutomationCondition.eager() & dg.AutomationCondition.all_deps_blocking_checks_passed()


class PinnedDbtCli(DbtCliResource):
    """dbt's command line with its version taken from the installed package.

    The stock resource asks ``dbt --version``, which takes seconds and calls the package index, and
    opens an adapter in this process, which only its metadata fetchers use and which would keep the
    warehouse file locked.
    """

    @cached_property
    def _cli_version(self) -> version.Version:
        from importlib.metadata import version as installed

        return version.parse(installed("dbt-core"))

    def _initialize_dbt_core_adapter(self, args: Any) -> None:
        return None


def dbt_environment(settings: Settings) -> dict[str, str]:
    """Variables that dbt reads: where everything lies."""
    settings.warehouse.parent.mkdir(parents=True, exist_ok=True)
    variables = {"BUYING_SIGNALS_HOME": str(settings.home)}
    if settings.lake_url:
        variables["BUYING_SIGNALS_LAKE_URL"] = settings.lake_url
        if settings.lake_url.startswith(SCHEME) and (extension := httpfs_file()):
            variables["BUYING_SIGNALS_HTTPFS"] = str(extension)
    return variables


def dbt_resource() -> PinnedDbtCli:
    """dbt's command line for this project, run by the process that has read it if there is one."""
    return PinnedDbtCli(
        project_dir=os.fspath(DBT_FOLDER),
        profiles_dir=os.fspath(DBT_FOLDER),
        dbt_executable=sys.executable,
        global_config_flags=[dbt_client.__file__],
    )


def dbt_folders(settings: Settings) -> list[str]:
    """dbt's arguments for a home: the project, and one folder for what it leaves there."""
    left = str(settings.home / "dbt")
    return [
        "--project-dir", str(DBT_FOLDER), "--profiles-dir", str(DBT_FOLDER),
        "--target-path", left, "--log-path", left,
    ]  # fmt: skip


def read_ahead(settings: Settings) -> None:
    """Let dbt start and read its project for this home beside what is done meanwhile.

    Both builds find it ready, where each would take seconds to start (a home's first one more than
    ten). Started anew when the project was parsed again. Raises ``ManifestError`` when the project
    was changed since, before anything is fetched for a build that could not begin.
    """
    require_current_manifest(manifest_path())
    environment = os.environ | NO_TELEMETRY | dbt_environment(settings)
    state = (settings.home, settings.lake_url, manifest_path().stat().st_mtime_ns)
    warm_dbt.keep_warm(state, dbt_folders(settings), environment)


def _build(
    build: str, context: dg.AssetExecutionContext, dbt: DbtCliResource, platform: Platform
) -> Iterator:
    import pyarrow as pa
    from fsspec.implementations.local import LocalFileSystem

    from resources.parquet import PART, write_table

    settings = platform.settings
    os.environ.update(dbt_environment(settings))
    read_ahead(settings)
    # The day goes in as data: a dbt variable would make dbt read the whole project anew.
    run = pa.table({"as_of": [platform.as_of(context)]})
    write_table(LocalFileSystem(), str(settings.reference / "run" / PART), run)
    # Unit tests judge the SQL, not the data: they run with the test suite. Nothing reads the plan
    # and the results that dbt would write as JSON, which takes it longer than many a build.
    arguments = ["build", "--exclude-resource-type", "unit_test", "--no-write-json"]
    # One folder for a home's builds: what dbt has parsed holds only for the same warehouse path.
    target = settings.home / "dbt"
    day, whole = str(platform.as_of(context)), not context.is_subset
    with marked_unfinished(settings, build, day, whole=whole):
        yield from dbt.cli(arguments, context=context, target_path=target).stream()


def second_pass(manifest: Mapping[str, Any]) -> Set[str]:
    """Ids of the nodes of pass two: those with its tags, and every test that needs one of them."""
    tagged = {
        unique_id
        for unique_id, node in manifest["nodes"].items()
        if SECOND_PASS_TAGS.intersection(node["tags"])
    }
    return tagged | {
        unique_id
        for unique_id, node in manifest["nodes"].items()
        if node["resource_type"] == "test" and tagged.intersection(node["depends_on"]["nodes"])
    }


def _specs(
    manifest: Mapping[str, Any], nodes: Set[str], translator: WarehouseTranslator
) -> tuple[list[dg.AssetSpec], list[dg.AssetCheckSpec]]:
    """Assets and checks of the given dbt nodes."""
    specs, checks = [], {}
    for unique_id in sorted(nodes):
        node = manifest["nodes"][unique_id]
        is_table = node["resource_type"] in ("model", "seed", "snapshot")
        if not is_table or node["config"]["materialized"] == "ephemeral":
            continue
        spec = translator.get_asset_spec(manifest, unique_id, None)
        specs.append(spec)
        for child in nodes.intersection(manifest["child_map"][unique_id]):
            if manifest["nodes"][child]["resource_type"] != "test":
                continue
            check = translator.get_asset_check_spec(spec, manifest, child, None)
            if check is not None:
                checks[check.key] = check
    return specs, list(checks.values())


def warehouse_assets(manifest_file: Path) -> list[dg.AssetsDefinition]:
    """Both passes over the dbt project described by ``manifest_file``.

    The tags are matched here rather than by ``dbt_assets``, whose selection loads dbt's own graph
    engine: a quarter of the time that the definitions take to load.
    """
    manifest = json.loads(manifest_file.read_text("utf-8"))
    settings = DagsterDbtTranslatorSettings(enable_asset_checks=True)
    translator = WarehouseTranslator(settings=settings)
    second = second_pass(manifest)
    first_specs, first_checks = _specs(manifest, manifest["nodes"].keys() - second, translator)
    second_specs, second_checks = _specs(manifest, second, translator)

    @dg.multi_asset(
        name=FIRST_BUILD,
        specs=first_specs,
        check_specs=first_checks,
        op_tags={"dagster_dbt/exclude": SECOND_PASS},
        can_subset=True,
        pool=WAREHOUSE_POOL,
        allow_arbitrary_check_specs=True,
    )
    def warehouse(context: dg.AssetExecutionContext, dbt: DbtCliResource, platform: Platform):
        """Staging, identity, signals, scores and features."""
        yield from _build(FIRST_BUILD, context, dbt, platform)

    @dg.multi_asset(
        name=SECOND_BUILD,
        specs=second_specs,
        check_specs=second_checks,
        op_tags={"dagster_dbt/select": SECOND_PASS},
        can_subset=True,
        pool=WAREHOUSE_POOL,
        allow_arbitrary_check_specs=True,
    )
    def warehouse_predictions(
        context: dg.AssetExecutionContext, dbt: DbtCliResource, platform: Platform
    ):
        """What shows predictions to people, and the operations tables."""
        yield from _build(SECOND_BUILD, context, dbt, platform)

    return [warehouse, warehouse_predictions]
