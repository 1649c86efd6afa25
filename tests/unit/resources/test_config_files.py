"""Files of the configuration are read as they are meant, and their faults are named."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import BaseModel, ConfigDict

from resources.config_errors import ConfigurationError
from resources.config_files import load_config, read_mapping, read_yaml


class Settings(BaseModel):
    """Of these tests."""

    model_config = ConfigDict(extra="forbid")

    days: int = 30


def write(folder: Path, content: str | bytes) -> Path:
    path = folder / "settings.yaml"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def test_countries_and_keys_stay_what_they_are(tmp_path):
    said = read_yaml(write(tmp_path, "geographies: [NO, SE]\non: yes\nactive: true\n"))
    assert said == {"geographies": ["NO", "SE"], "on": "yes", "active": True}


def test_a_merge_key_gives_defaults_that_may_be_changed(tmp_path):
    said = read_yaml(write(tmp_path, "a: &a {x: 1, y: 2}\nb:\n  <<: *a\n  y: 3\n"))
    assert said["b"] == {"x": 1, "y": 3}


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("days: 3\ndays: 4\n", r"settings\.yaml is not valid YAML: the key 'days' is given twice"),
        ("days: [", r"settings\.yaml is not valid YAML"),
        (b"days: \xff", r"settings\.yaml cannot be read"),
        ("days: soon", r"settings\.yaml is not usable, change:\n  days: .*got 'soon'"),
        ("weeks: 3", r"settings\.yaml is not usable, change:\n  weeks: Extra inputs"),
    ],
)
def test_a_fault_names_file_and_field(tmp_path, content, fault):
    with pytest.raises(ConfigurationError, match=fault):
        load_config(write(tmp_path, content), Settings)


def test_no_file_means_defaults_only_where_it_may_be_left_out(tmp_path):
    assert load_config(tmp_path / "none.yaml", Settings).days == 30
    with pytest.raises(ConfigurationError, match=r"none\.yaml does not exist; restore it"):
        read_yaml(tmp_path / "none.yaml")


def test_a_list_is_no_mapping(tmp_path):
    with pytest.raises(ConfigurationError, match="must be a mapping at the top"):
        read_mapping(write(tmp_path, "- days"))
