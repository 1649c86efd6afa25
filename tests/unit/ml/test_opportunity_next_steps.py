"""A next step is open until its day has passed or a later source fulfils it."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from ml.opportunities.next_steps import next_steps_of
from ml.opportunities.records import Fragment, NextStep

AS_OF = date(2026, 3, 20)


def source(day: int, stage: str | None, *steps: NextStep, kind: str = "mail") -> Fragment:
    return Fragment(
        fragment_id=f"{kind}:{day}",
        kind=kind,
        occurred_at=datetime(2026, 3, day, tzinfo=UTC),
        is_ours=stage == "quoting",
        stage_cues=((stage, 0.9, stage),) if stage else (),
        next_steps=steps,
    )


def step(text: str, due: int | None = None) -> NextStep:
    return NextStep(text, "Bo", True, date(2026, 3, due) if due else None, False)


QUOTE = step("Please send us your quotation.", 10)
ASKED = source(2, "rfq", QUOTE, step("Please send two samples.", 10), step("Please confirm it."))


@pytest.mark.parametrize(
    ("later", "stage", "expected"),
    [
        ([], "rfq", ["overdue", "overdue", "open"]),
        ([source(5, "quoting")], "quoting", ["done", "overdue", "open"]),
        ([source(5, "po_in_progress")], "po_in_progress", ["done", "overdue", "open"]),
        # By a reviewer's word.
        ([], "quoting", ["done", "overdue", "open"]),
        ([source(5, "lost")], "lost", ["done", "done", "done"]),
    ],
)
def test_status(later: list[Fragment], stage: str, expected: list[str]) -> None:
    steps = {s.text: s.status for s in next_steps_of([ASKED, *later], stage, AS_OF)}
    assert [steps[s.text] for s in ASKED.next_steps] == expected


def test_a_quotation_asked_for_again_is_open_again() -> None:
    again = source(7, None, step("Please quote 900 instead."))
    steps = next_steps_of([ASKED, source(5, "quoting"), again], "quoting", AS_OF)
    assert {s.text: s.status for s in steps}["Please quote 900 instead."] == "open"


def test_a_call_asked_for_is_done_by_a_later_call() -> None:
    wish = source(2, "rfq", step("Could we have a call about it?"))
    assert next_steps_of([wish], "rfq", AS_OF)[0].status == "open"
    held = source(4, None, kind="call")
    assert next_steps_of([wish, held], "rfq", AS_OF)[0].status == "done"
