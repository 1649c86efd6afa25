"""The configuration of what comes together is validated where it is read."""

from pathlib import Path

import pytest

from assets.associations import CONFIG, load_association_config
from ml.config import AssociationConfig
from resources.config_errors import ConfigurationError
from resources.settings import PROJECT_ROOT


def test_the_shipped_file_states_the_defaults() -> None:
    assert load_association_config(PROJECT_ROOT / "config" / CONFIG) == AssociationConfig()


def test_a_changed_value_counts_and_a_missing_file_is_no_fault(tmp_path: Path) -> None:
    path = tmp_path / CONFIG
    assert load_association_config(path) == AssociationConfig()
    path.write_text("minimum_support: 25\n", "utf-8")
    assert load_association_config(path).minimum_support == 25


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("minimum_suport: 5", "minimum_suport: Extra inputs are not permitted"),
        ("false_discovery_rate: 1.5", "false_discovery_rate: Input should be less than 1"),
        ("window_days: [", "is not valid YAML"),
    ],
)
def test_a_fault_names_file_and_field(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / CONFIG
    path.write_text(text, "utf-8")
    with pytest.raises(ConfigurationError) as raised:
        load_association_config(path)
    assert str(path) in str(raised.value)
    assert said in str(raised.value)
