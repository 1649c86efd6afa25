"""Reading the package's own YAML files, the fast way where there is one."""

from __future__ import annotations

from typing import Any


def read_yaml(text: str | bytes) -> Any:
    """What a YAML text says, by the parser in C where it is installed: a tenth of the time."""
    import yaml

    return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
