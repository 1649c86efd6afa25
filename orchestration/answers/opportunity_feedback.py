"""Annotations on a terminal: taking them up and showing what became of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from rich.console import Console
from rich.table import Table

from activation.opportunity_questions import ANNOTATIONS
from orchestration.answers.terminal import cell, tell
from resources.annotations.files import AnnotationFileError, read_annotations
from resources.annotations.record import Annotation
from resources.annotations.store import add_annotations, list_annotations
from resources.clock import utc_now
from resources.publication import PublicationError, ask, connect_published
from resources.settings import Settings
from resources.state import StateStore

_NEXT = "`python -m orchestration opportunities publish` applies them now, else the next run does."


def import_file(console: Console, settings: Settings, file: Path, *, as_json: bool) -> bool:
    """Take up a file of annotations; False, after naming its wrong lines, when it cannot be."""
    try:
        annotations = read_annotations(file)
    except AnnotationFileError as error:
        tell(console, str(error), "red")
        return False
    with closing(StateStore(settings.state)) as state:
        added = add_annotations(state, annotations, str(file), utc_now())
    if as_json:
        print(json.dumps({"read": len(annotations), "added": added}))
        return True
    known = len(annotations) - added
    tell(console, f"{added} annotations taken up{f', {known} known before' if known else ''}.")
    if added:
        tell(console, _NEXT)
    return True


def add_one(
    console: Console, settings: Settings, stated: Mapping[str, Any], *, as_json: bool
) -> bool:
    """Take up one annotation made now; False, after saying why, when it cannot be."""
    now = utc_now()
    try:
        annotation = Annotation.model_validate({**stated, "reviewed_at": now})
    except ValidationError as error:
        for item in error.errors():
            field = ".".join(str(part) for part in item["loc"])
            message = item["msg"].removeprefix("Value error, ")
            tell(console, f"{field}: {message}" if field else message, "red")
        return False
    with closing(StateStore(settings.state)) as state:
        add_annotations(state, [annotation], "command", now)
    if as_json:
        print(json.dumps({"annotation_id": annotation.annotation_id}))
    else:
        tell(console, f"{annotation.annotation_id} taken up. {_NEXT}")
    return True


def show_annotations(console: Console, settings: Settings, *, top: int, as_json: bool) -> bool:
    """Print annotations, the latest first, with what the current publication made of them."""
    with closing(StateStore(settings.state)) as state:
        stored = list_annotations(state)
    known: dict[str, dict[str, Any]] = {}
    try:
        with connect_published(settings.published) as connection:
            known = {row["annotation_id"]: row for row in ask(connection, ANNOTATIONS)}
    except PublicationError:
        pass  # Nothing is published yet: all of them wait for the first run.
    shown = []
    for item in reversed(stored[-top:]):
        said = item.annotation
        found = known.get(said.annotation_id, {})
        shown.append(
            {
                "annotation_id": said.annotation_id,
                **said.model_dump(mode="json"),
                "status": found.get("status", "waits for the next run"),
                "opportunity_id": found.get("opportunity_id"),
                "value_before": found.get("value_before"),
                "value_after": found.get("value_after"),
            }
        )
    if as_json:
        print(json.dumps(shown, indent=2, ensure_ascii=False))
        return True
    if not shown:
        console.print("No annotation yet.")
        return True
    table = Table(box=None, pad_edge=False)
    for name in ("When", "Who", "About", "What", "Before", "Status"):
        table.add_column(name, overflow="fold")
    for row in shown:
        what = " ".join(str(row[n]) for n in ("action", "field", "value", "other") if row[n])
        cells = (row["reviewed_at"][:10], row["reviewer"], row["about"], what)
        table.add_row(*(cell(c, 60) for c in (*cells, row["value_before"], row["status"])))
    console.print(table)
    if len(stored) > len(shown):
        tell(console, f"... and {len(stored) - len(shown)} more.")
    return True
