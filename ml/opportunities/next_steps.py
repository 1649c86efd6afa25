"""Next steps of a deal, each once, and whether they are open, done or overdue.

A step is done when a later source fulfils it: a quotation asked for is done once we quote, an order
once it is placed, a call once there was one. Of a deal that is won or lost nothing is left to do.
What nobody tells stays open; once its day has passed it is overdue.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from ml.opportunities.records import STAGES, Fragment, NextStep
from ml.opportunities.stages import stage_of_fragment

_RANK = {stage: rank for rank, stage in enumerate(STAGES)}
_CLOSED = frozenset({"won", "lost"})
#: What is to be done, by the stage from which on it is done; the first that matches counts.
_STAGE_OF = (
    (
        "po_in_progress",
        re.compile(
            r"\b(?:(?:place|release|issue|send|raise|submit)\b[^.?!]{0,30}\b(?:order|po)\b"
            r"|sign(?:ed)?\b[^.?!]{0,20}\bcontract|contract terms)",
            re.I,
        ),
    ),
    (
        "quoting",
        re.compile(
            r"""\b(?:re-?)?quot(?:e|es|ation|ations|ing)\b|\b(?:best\ )?pric(?:e|es|ing)\b
            |\b(?:offer|proposal|bid)s?\b|\bat\ what\ cost\b|\bcharge\ us\b|\byour\ numbers\b
            |\bsupply\b[^.]{0,60}\?|\bangebot\b|\bhow\ much\b""",
            re.I | re.X,
        ),
    ),
)
_CALL = re.compile(
    r"\b(?:call|phone|ring|meet(?:ing)?|speak|talk|conference|demo)\b(?!-?\s?off)", re.I
)


def next_steps_of(ordered: Sequence[Fragment], stage: str, as_of: date) -> tuple[NextStep, ...]:
    """Steps of sources in order of time, by due day, those without one last.

    The same words twice are one step, the later said. ``stage`` is the deal's, ``as_of`` the day
    (UTC) by which days have passed.
    """
    found: dict[str, tuple[NextStep, Fragment]] = {}
    for fragment in ordered:
        for step in fragment.next_steps:
            found[" ".join(step.text.lower().split())] = step, fragment
    told = [(f, change[0]) for f in ordered if (change := stage_of_fragment(f))]
    calls = [f.occurred_at for f in ordered if f.kind == "call"]
    steps = [
        replace(step, status=_status(step, fragment, stage, as_of, told, calls))
        for step, fragment in found.values()
    ]
    return tuple(sorted(steps, key=lambda s: (s.due_on or date.max, s.text, s.fragment_id)))


def status_on(is_done: bool, due_on: date | None, as_of: date) -> str:
    """``done``, ``overdue`` or ``open``: what the day ``as_of`` (UTC) makes of a step."""
    if is_done:
        return "done"
    return "overdue" if due_on is not None and due_on < as_of else "open"


def _status(
    step: NextStep,
    said_in: Fragment,
    stage: str,
    as_of: date,
    told: Sequence[tuple[Fragment, str]],
    calls: Sequence[datetime],
) -> str:
    is_done = stage in _CLOSED or _is_fulfilled(step, said_in, stage, told, calls)
    return status_on(is_done, step.due_on, as_of)


def _is_fulfilled(
    step: NextStep,
    said_in: Fragment,
    stage: str,
    told: Sequence[tuple[Fragment, str]],
    calls: Sequence[datetime],
) -> bool:
    reached = next((to for to, pattern in _STAGE_OF if pattern.search(step.text)), None)
    if reached is None:
        is_call = said_in.kind != "crm" and _CALL.search(step.text)
        return bool(is_call) and any(at > said_in.occurred_at for at in calls)
    least = _RANK[reached]
    far = [f for f, other in told if _RANK[other] >= least]
    if any(f.occurred_at > said_in.occurred_at for f in far):
        return True
    # Reached by no source that bears a time, but by a reviewer's word.
    return not far and _RANK[stage] >= least
