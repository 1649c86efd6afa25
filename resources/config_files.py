"""Files of ``config/``: read as YAML, checked by a model, with errors that name file and field."""

from __future__ import annotations

import re
from collections.abc import Hashable
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from resources.config_errors import ConfigurationError, explain

Model = TypeVar("Model", bound=BaseModel)

#: libyaml where PyYAML has it: six times faster, and a run reads the declarations several times.
_SafeLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_SafeLoader):
    """Plain values; only true and false are booleans, as in YAML 1.2; a key given twice is
    an error.

    YAML 1.1 reads the country code NO as false, and its readers keep the last of two equal keys.
    """

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode) and key.tag != "tag:yaml.org,2002:merge":
                if (key.tag, key.value) in seen:
                    raise yaml.constructor.ConstructorError(
                        None, None, f"the key {key.value!r} is given twice", key.start_mark
                    )
                seen.add((key.tag, key.value))
        return super().construct_mapping(node, deep)


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith(":bool")]
    for first, resolvers in _SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:bool", re.compile(r"^(?:true|True|TRUE|false|False|FALSE)$"), list("tTfF")
)


def read_yaml(path: Path) -> Any:
    """What a file says; None for an empty one.

    Raises ``ConfigurationError`` naming the file when it is missing, no UTF-8, no YAML, or gives a
    key twice.
    """
    try:
        return yaml.load(path.read_text("utf-8"), Loader=_Loader)
    except FileNotFoundError:
        raise ConfigurationError(
            f"{path} does not exist; restore it from the repository, or name the folder that holds "
            "it in BUYING_SIGNALS_CONFIG_DIR"
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path} cannot be read: {error}") from error
    except yaml.YAMLError as error:
        raise ConfigurationError(f"{path} is not valid YAML: {error}") from error


def read_mapping(path: Path) -> dict[str, Any]:
    """What a file says that must be a mapping at the top. Raises ``ConfigurationError``."""
    stated = read_yaml(path)
    if not isinstance(stated, dict):
        raise ConfigurationError(f"{path} must be a mapping at the top")
    return stated


def validated(model: type[Model], stated: Any, path: Path, where: str = "") -> Model:
    """``stated`` as ``model``; ``where`` says which part of the file it is.

    Raises ``ConfigurationError`` with one line per wrong field.
    """
    try:
        return model.model_validate(stated)
    except ValidationError as error:
        raise explain(Path(f"{path} ({where})") if where else path, error) from error


def load_config(path: Path, model: type[Model]) -> Model:
    """What a file asks for, checked by ``model``; its defaults where there is no such file.

    Raises ``ConfigurationError`` naming file and field.
    """
    return validated(model, (read_yaml(path) if path.exists() else None) or {}, path)
