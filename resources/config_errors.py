"""Errors that a user can mend: which file, which field or command, what to change."""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError


class ConfigurationError(Exception):
    """What the platform was given cannot be used; the message says what to change."""


def explain(path: Path, error: ValidationError) -> ConfigurationError:
    """Turn a validation error into one line per field of ``path``."""
    lines = []
    for item in error.errors():
        field = ".".join(str(part) for part in item["loc"]) or "(whole file)"
        message = item["msg"].removeprefix("Value error, ")
        got = "" if item["type"] == "extra_forbidden" else f" (got {item['input']!r:.80})"
        lines.append(f"  {field}: {message}{got}")
    return ConfigurationError(f"{path} is not usable, change:\n" + "\n".join(lines))
