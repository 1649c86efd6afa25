"""Profiles of employees as the moves that their positions tell."""

from __future__ import annotations

from collections.abc import Iterator

from detection.readers.lake_row import (
    ENVELOPE,
    Row,
    json_text,
    payload_of,
    required_text,
    shared_columns,
)
from detection.readers.reader import Reader
from detection.records import DETECTIONS, Detection

MOVES_VERSION = "1"


def read_employee_moves_row(row: Row) -> Iterator[Detection]:
    """An employee's profile as the moves its positions tell; none is no fault."""
    from detection.employee_moves import read_moves

    payload = payload_of(row)
    person = required_text(payload, "full_name")
    for ordinal, move in enumerate(read_moves(payload)):
        yield DETECTIONS["employee_moves"](
            **shared_columns(
                row,
                "employee_moves",
                MOVES_VERSION,
                ordinal,
                0.9 if move.changed.precision == "month" else 0.75,
                f"{person}: {move.evidence}",
            ),
            company_name=move.position.company,
            company_domain=move.position.domain,
            person_name=person,
            position=move.position.title,
            level=move.level,
            department=move.department,
            change_type=move.change_type,
            direction=move.direction,
            changed_on=move.changed.first_day,
            date_precision=move.changed.precision,
            is_interim=move.is_interim,
            is_board_only=move.is_board_only,
            earlier_companies=json_text(list(move.earlier_companies)),
        )


READER = Reader(
    table="employee_moves",
    streams=(("coresignal", "employees"),),
    record=DETECTIONS["employee_moves"],
    name="employee_moves",
    version=MOVES_VERSION,
    read=read_employee_moves_row,
    columns=ENVELOPE,
)
