"""Configuration that is one YAML file and one validated model."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from resources.config_errors import ConfigurationError, explain

Model = TypeVar("Model", bound=BaseModel)


def load_config(path: Path, model: type[Model]) -> Model:
    """What a file asks for, checked by ``model``; its defaults where there is no such file.

    Raises ``ConfigurationError`` naming file and field.
    """
    stated = None
    try:
        if path.exists():
            stated = yaml.safe_load(path.read_text("utf-8"))
        return model.model_validate(stated or {})
    except yaml.YAMLError as error:
        raise ConfigurationError(f"{path} is not valid YAML: {error}") from error
    except ValidationError as error:
        raise explain(path, error) from error
