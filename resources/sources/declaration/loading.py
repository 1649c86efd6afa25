"""The configuration's folder, read, merged and validated."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from resources.config_errors import ConfigurationError
from resources.config_files import read_mapping, validated
from resources.sources.declaration.declarations import ROUTES_FILE, Declarations, Route
from resources.sources.declaration.environment import override, read_environment
from resources.sources.declaration.inbound import declaration_of_drop, declaration_of_webhook
from resources.sources.declaration.source import Declaration

#: Folder of the configuration that holds one file per file drop.
DROPS_FOLDER = "drops"


#: Folder of the configuration that holds one file per webhook.
WEBHOOKS_FOLDER = "webhooks"


def load_declarations(config_dir: Path, environment: str = "world") -> Declarations:
    """Read ``sources.yaml`` and the environment's file, merge and validate them.

    Reads no environment variable, so it works anywhere; variables are looked at when a source is
    asked. Raises ``ConfigurationError`` naming file, source and field.
    """
    path = config_dir / "sources.yaml"
    listed = read_mapping(path).get("sources")
    if not isinstance(listed, dict) or not listed:
        raise ConfigurationError(f"{path}: 'sources' must map each source's name to its settings")
    listed = {**listed, **_read_folder(config_dir / DROPS_FOLDER, listed, declaration_of_drop)}
    listed = {
        **listed,
        **_read_folder(config_dir / WEBHOOKS_FOLDER, listed, declaration_of_webhook),
    }
    overrides, override_path = read_environment(config_dir, environment)
    unknown = set(overrides.sources) - set(listed)
    if unknown:
        raise ConfigurationError(
            f"{override_path}: sources {sorted(unknown)} are not in {path.name}; "
            f"declared are {sorted(listed)}"
        )
    sources = {}
    for name, settings in listed.items():
        if not isinstance(settings, dict):
            raise ConfigurationError(f"{path}: source {name!r} must be a mapping")
        folder = DROPS_FOLDER if "files" in settings else WEBHOOKS_FOLDER
        has_own_file = "files" in settings or "events" in settings
        where = config_dir / folder / f"{name}.yaml" if has_own_file else path
        declared = validated(Declaration, {"name": name, **settings}, where, f"sources.{name}")
        if declared.auth.public_value:
            raise ConfigurationError(
                f"{path}: sources.{name}.auth.public_value belongs in an environment file; here "
                "set 'variable' and keep the key in the environment"
            )
        sources[name] = override(declared, overrides, override_path)
    return Declarations(
        environment=environment,
        replayable=overrides.replayable,
        sources=sources,
        routes=_read_routes(config_dir / ROUTES_FILE),
    )


def declare_providers(
    listed: Mapping[str, Mapping[str, Any]], path: Path, config_dir: Path, environment: str
) -> dict[str, Declaration]:
    """Providers that are asked about single companies and people, as the environment has them.

    They are declared like sources and asked by the same session; what belongs to a source's lake
    streams is filled in. Raises ``ConfigurationError`` naming file, provider and field.
    """
    overrides, override_path = read_environment(config_dir, environment)
    unknown = set(overrides.enrichment) - set(listed)
    if unknown:
        raise ConfigurationError(
            f"{override_path}: enrichment {sorted(unknown)} are not in {path.name}; declared are "
            f"{sorted(listed)}"
        )
    own = overrides.model_copy(update={"sources": overrides.enrichment})
    filled = {"families": ["accounts"], "kind": "snapshot", "streams": ["answers"]}
    declared = {}
    for name, settings in listed.items():
        values = {"name": name, "freshness_hours": 720, **filled, **settings}
        provider = validated(Declaration, values, path, f"providers.{name}")
        if provider.auth.public_value:
            raise ConfigurationError(
                f"{path}: providers.{name}.auth.public_value belongs in an environment file"
            )
        declared[name] = override(provider, own, override_path)
    return declared


def _read_routes(path: Path) -> dict[str, Route]:
    listed = (read_mapping(path).get("routes") or {}) if path.exists() else {}
    return {name: validated(Route, said, path, f"routes.{name}") for name, said in listed.items()}


def _read_folder(
    folder: Path,
    listed: Mapping[str, Any],
    read: Callable[[str, dict[str, Any], Path], dict[str, Any]],
) -> dict[str, dict[str, Any]]:
    """Sources with a file each, named after the source, in the order of names."""
    found = {}
    for path in sorted(folder.glob("*.y*ml")):
        name = path.stem
        if name in listed:
            raise ConfigurationError(f"{path}: source {name!r} is declared elsewhere too")
        found[name] = read(name, read_mapping(path), path)
    return found
