from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from resources.notifiers.outbox_store import OutboxStore
from resources.state import StateStore
from tests.contract.notifiers.helpers import Clock, Receiver, receiver


@pytest.fixture
def state_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'state.sqlite'}"


@pytest.fixture
def store(state_url: str) -> Iterator[OutboxStore]:
    with StateStore(state_url) as state:
        yield OutboxStore(state)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def hook() -> Iterator[Receiver]:
    with receiver() as running:
        yield running
