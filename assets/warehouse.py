"""The warehouse as assets: every dbt model, seed and test, built in two passes.

Pass one builds staging, identity, signals, scores and features. The models then read the features
and leave predictions as Parquet; pass two builds what shows them (``tag:prediction``) and the
operations tables (``tag:operations``). dbt is the only writer of the warehouse file.
"""

import os
import sys
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import dagster as dg
from dagster_dbt import (
    DagsterDbtTranslator,
    DagsterDbtTranslatorSettings,
    DbtCliResource,
    DbtProject,
    dbt_assets,
)
from packaging import version

from assets.common import OWNERS, WAREHOUSE_POOL, Platform
from resources.settings import PROJECT_ROOT, Settings

DBT_FOLDER = PROJECT_ROOT / "dbt_project"
SECOND_PASS = "tag:prediction tag:operations"


def dbt_project() -> DbtProject:
    """The dbt project; its manifest is made by ``make setup`` (``dbt parse``)."""
    return DbtProject(project_dir=DBT_FOLDER, profiles_dir=DBT_FOLDER)


def manifest_path() -> Path:
    """Where ``dbt parse`` leaves the manifest.

    Raises ``FileNotFoundError`` that says how to make it.
    """
    path = DBT_FOLDER / "target" / "manifest.json"
    if not path.exists():
        raise FileNotFoundError(f"{path} is missing: run `make setup` (it runs `dbt parse`)")
    return path


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
    return {"BUYING_SIGNALS_HOME": str(settings.home)}


def dbt_resource() -> PinnedDbtCli:
    """dbt's command line for this project, the one installed beside this interpreter."""
    return PinnedDbtCli(
        project_dir=os.fspath(DBT_FOLDER),
        profiles_dir=os.fspath(DBT_FOLDER),
        dbt_executable=os.fspath(Path(sys.executable).parent / "dbt"),
    )


def _build(context: dg.AssetExecutionContext, dbt: DbtCliResource, platform: Platform) -> Iterator:
    import json

    os.environ.update(dbt_environment(platform.settings))
    variables = json.dumps({"as_of": platform.as_of(context).isoformat()})
    # Unit tests judge the SQL, not the data: they run with the test suite.
    arguments = ["build", "--exclude-resource-type", "unit_test", "--vars", variables]
    yield from dbt.cli(arguments, context=context).stream()


def warehouse_assets(manifest: Path) -> list[dg.AssetsDefinition]:
    """Both passes over the dbt project described by ``manifest``."""
    settings = DagsterDbtTranslatorSettings(enable_asset_checks=True)
    translator = WarehouseTranslator(settings=settings)

    @dbt_assets(
        manifest=manifest,
        name="warehouse",
        exclude=SECOND_PASS,
        dagster_dbt_translator=translator,
        pool=WAREHOUSE_POOL,
    )
    def warehouse(context: dg.AssetExecutionContext, dbt: DbtCliResource, platform: Platform):
        """Staging, identity, signals, scores and features."""
        yield from _build(context, dbt, platform)

    @dbt_assets(
        manifest=manifest,
        name="warehouse_predictions",
        select=SECOND_PASS,
        dagster_dbt_translator=translator,
        pool=WAREHOUSE_POOL,
    )
    def warehouse_predictions(
        context: dg.AssetExecutionContext, dbt: DbtCliResource, platform: Platform
    ):
        """What shows predictions to people, and the operations tables."""
        yield from _build(context, dbt, platform)

    return [warehouse, warehouse_predictions]
