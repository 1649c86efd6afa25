"""Definitions load fast, alone: without a network, an environment or the heavy libraries."""

import json
import os
import subprocess
import sys

import pytest

from resources.settings import PROJECT_ROOT

#: Seconds of processor time; wall time would measure what else runs on the machine.
LIMIT = 5.0

#: Imported inside the functions that need them, because each costs seconds.
HEAVY = ("mlflow", "lightgbm", "great_expectations", "sklearn", "matplotlib", "hyperscan", "scipy")

#: A network that answers nobody, put in before anything else is imported.
NO_NETWORK = """
import socket

_connect, _resolve = socket.socket.connect, socket.getaddrinfo


def connect(self, address):
    if self.family != socket.AF_UNIX and address[0] not in ("127.0.0.1", "::1", "localhost"):
        raise AssertionError(f"definitions connect to {address} while loading")
    return _connect(self, address)


def resolve(host, *arguments, **options):
    if host not in (None, "127.0.0.1", "::1", "localhost"):
        raise AssertionError(f"definitions ask for the address of {host} while loading")
    return _resolve(host, *arguments, **options)


socket.socket.connect = connect
socket.getaddrinfo = resolve
"""

PROBE = f"""
import json, resource, sys
import orchestration.definitions as entry
usage = resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps({{
    "seconds": usage.ru_utime + usage.ru_stime,
    "assets": len(list(entry.defs.resolve_all_asset_specs())),
    "heavy": sorted(set({HEAVY!r}) & set(sys.modules)),
    "project": entry.__file__,
}}))
"""


@pytest.fixture(scope="module")
def loads(tmp_path_factory):
    """Two loads, each in a process of its own. The first compiles what nobody compiled before."""
    folder = tmp_path_factory.mktemp("bare")
    (folder / "sitecustomize.py").write_text(NO_NETWORK, "utf-8")
    found = []
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, "-c", PROBE],
            cwd=PROJECT_ROOT,
            env={
                "PATH": os.defpath,
                "HOME": str(folder),
                "PYTHONPATH": os.pathsep.join((str(folder), str(PROJECT_ROOT))),
            },
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == 0, done.stderr[-3000:]
        found.append(json.loads(done.stdout.splitlines()[-1]))
    return found


def test_definitions_load_without_network_and_environment(loads):
    assert all(load["assets"] >= 100 for load in loads)
    assert all(load["project"].startswith(str(PROJECT_ROOT)) for load in loads)


def test_definitions_load_in_under_five_seconds(loads):
    assert min(load["seconds"] for load in loads) < LIMIT


def test_no_heavy_library_is_loaded_with_the_definitions(loads):
    assert [load["heavy"] for load in loads] == [[], []]


def test_a_missing_manifest_says_how_to_make_it(monkeypatch, tmp_path):
    import assets.warehouse
    from resources.quality.contract import ManifestError

    monkeypatch.setattr(assets.warehouse, "DBT_FOLDER", tmp_path)
    with pytest.raises(ManifestError, match="make setup"):
        assets.warehouse.manifest_path()
