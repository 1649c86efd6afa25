"""dbt's events: debugging is passed over where nobody asked for it, and nothing else is."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest
from dbt_common.events import event_manager_client
from dbt_common.events.base_types import EventLevel
from dbt_common.events.functions import fire_event
from dbt_common.events.logger import LoggerConfig
from dbt_common.events.types import Formatting, Note, PrintEvent

from assets.dbt_events import hear_only_what_is_asked_for


@pytest.fixture(autouse=True)
def events() -> Iterator[None]:
    before = event_manager_client.get_event_manager()
    hear_only_what_is_asked_for()
    yield
    event_manager_client.ctx_set_event_manager(before)


def listen(level: EventLevel) -> tuple[io.StringIO, list[str]]:
    """A logger of a level: what it writes, and what it was given to write."""
    stream, given = io.StringIO(), []
    manager = event_manager_client.get_event_manager()
    manager.add_logger(LoggerConfig(name=f"test {level}", level=level, output_stream=stream))
    [*_, logger] = manager.loggers
    write = logger.write_line
    logger.write_line = lambda msg: (given.append(msg.info.name), write(msg))
    return stream, given


def tell() -> None:
    fire_event(Note(msg="for debugging"), level=EventLevel.DEBUG)
    fire_event(Note(msg="for people"), level=EventLevel.INFO)
    fire_event(Formatting("of no level but its own"))
    fire_event(PrintEvent(msg="asked for"))


def test_debugging_is_not_even_written_out_where_nobody_takes_it() -> None:
    stream, given = listen(EventLevel.ERROR)
    tell()
    # What is printed counts as an error, so that a quiet command prints it.
    assert stream.getvalue() == "asked for\n"
    assert given == ["Note", "Formatting", "PrintEvent"]


def test_debugging_is_told_to_all_where_one_takes_it() -> None:
    quiet, _ = listen(EventLevel.INFO)
    loud, given = listen(EventLevel.DEBUG)
    tell()
    assert "for debugging" not in quiet.getvalue()
    assert "for people" in quiet.getvalue()
    assert "for debugging" in loud.getvalue()
    assert given == ["Note", "Note", "Formatting", "PrintEvent"]
