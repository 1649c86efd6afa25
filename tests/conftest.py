"""How tests are shared out among processes (``pytest -n``)."""

from __future__ import annotations

import pytest

#: Folders whose tests share something costly: all of one folder run in one process.
SHARED = ("tests/dbt/", "tests/e2e/")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """One file, or one folder of ``SHARED``, to a process; in order, the costly ones first.

    pytest 9.2 keeps node ids where xdist 3.8 does not look for them, so that its ``xdist_group``
    marks are without effect.
    """
    from xdist.scheduler import LoadScopeScheduling

    class OneHomeOneProcess(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return (
                next((folder for folder in SHARED if nodeid.startswith(folder)), "")
                or (nodeid.split("::", 1)[0])
            )

    config.option.loadscopereorder = False
    return OneHomeOneProcess(config, log)
