"""Annotations where they come in: files, what is refused and how it is told, and the store."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from pydantic import ValidationError

from ml.opportunities import records
from resources.annotations import record
from resources.annotations.files import AnnotationFileError, read_annotations
from resources.annotations.record import Annotation, Value
from resources.annotations.store import add_annotations, list_annotations
from resources.state import StateStore

NOW = datetime(2026, 3, 10, 8, tzinfo=UTC)
HEADER = "about,action,field,value,other,reviewer,reviewed_at,comment\n"


def annotation(**stated: object) -> Annotation:
    base = {"about": "mail:1", "action": "set", "field": "stage", "value": "won",
            "reviewer": "R. One", "reviewed_at": "2026-03-02T09:30:00+01:00"}  # fmt: skip
    return Annotation.model_validate(base | stated)


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def test_fields_and_stages_are_those_that_opportunities_are_built_of() -> None:
    assert record.STAGES == records.STAGES
    assert set(record.CONFLICT_FIELDS) == set(records.SINGLE_FIELDS)
    assert set(record.LIST_FIELDS) == set(records.MANY_FIELDS)


def test_the_id_is_what_is_said_and_times_are_utc() -> None:
    one = annotation()
    assert one.reviewed_at == datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
    assert one.annotation_id == annotation(reviewed_at="2026-03-02T08:30:00Z").annotation_id
    assert one.annotation_id != annotation(value="lost").annotation_id
    assert one.annotation_id != annotation(comment="sure").annotation_id
    assert annotation(reviewed_at="2026-03-02").reviewed_at == datetime(2026, 3, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        ("quantity", "5000", Value(5000, 5000)),
        ("quantity", "5000-10000", Value(5000, 10000)),
        ("quantity", "5 to 7", Value(5, 7)),
        ("unit_price", "4.20 eur", Value(4.2, 4.2, "EUR")),
        ("margin", "22-25 %", Value(22, 25)),
        ("lead_time", "42", Value(42, 42)),
        ("delivery_date", "2026-09-15", Value(day=date(2026, 9, 15))),
        ("payment_terms", "net 30", Value(text="net 30")),
        ("product", "driver; housing", Value(text="driver; housing")),
    ],
)
def test_values_are_read_by_their_field(field: str, value: str, expected: Value) -> None:
    assert annotation(field=field, value=value).stated() == expected


@pytest.mark.parametrize(
    ("stated", "told"),
    [
        ({"value": "qouting"}, "'qouting' is no stage; there are research_concept"),
        ({"field": "stagee"}, "knows no 'stagee'; there are stage, priority"),
        ({"field": "quantity", "value": "5.000,00"}, "is no number; write 5000"),
        ({"field": "quantity", "value": "9-5"}, "ends below where it begins"),
        ({"field": "quantity", "value": "5 EUR"}, "quantity is no money"),
        ({"field": "unit_price", "value": "4.20"}, "needs a currency, as in 4.20 EUR"),
        ({"field": "delivery_date", "value": "15.09.2026"}, "is no day; write 2026-09-15"),
        ({"value": None}, "value: 'set' needs it"),
        ({"action": "merge", "value": None}, "other: 'merge' needs it"),
        ({"action": "clear", "value": None}, "'clear' knows no 'stage'"),
        ({"action": "confirm"}, "'confirm' takes none"),
        ({"action": "withdraw", "field": None, "value": None, "other": "mail:2"}, "ann_"),
        ({"about": "the Kestrel deal"}, "names no source and no opportunity"),
        ({"reviewed_at": "yesterday"}, "write 2026-03-02T09:30:00Z"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_the_remedy(stated: dict, told: str) -> None:
    with pytest.raises(ValidationError, match=told.replace("(", r"\(")):
        annotation(**stated)


def test_csv_and_json_say_the_same(tmp_path: Path) -> None:
    rows = HEADER + (
        'mail:1,set,stage,won,,R. One,2026-03-02T08:30:00Z,"sure,\nquite"\n'
        "\n"
        "opp_0123456789abcdef0123,merge,,,mail:2; mail:3,R. One,2026-03-02,\n"
    )
    from_csv = read_annotations(written(tmp_path, "a.csv", rows))
    assert [a.comment for a in from_csv] == ["sure,\nquite", None]
    assert from_csv[1].others() == ("mail:2", "mail:3")
    said = [{k: v for k, v in a.model_dump(mode="json").items() if v} for a in from_csv]
    as_list = read_annotations(written(tmp_path, "a.json", json.dumps(said)))
    named = read_annotations(written(tmp_path, "b.json", json.dumps({"annotations": said})))
    semicolons = "about;action;reviewer;reviewed_at\nmail:1;no_opportunity;R;2026-03-02\n"
    (dropped,) = read_annotations(written(tmp_path, "c.csv", "\ufeff" + semicolons))
    assert from_csv == as_list == named
    assert (dropped.action, dropped.reviewer) == ("no_opportunity", "R")


def test_numbers_in_json_are_values_too(tmp_path: Path) -> None:
    row = {"about": "call:1", "action": "set", "field": "quantity", "value": 5000,
           "reviewer": "R", "reviewed_at": "2026-03-02"}  # fmt: skip
    (got,) = read_annotations(written(tmp_path, "a.json", json.dumps([row])))
    assert got.stated() == Value(5000, 5000)


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        (
            "a.csv",
            HEADER + "mail:1,set,stage,won,,R,2026-03-02,\nmail:1,set,stage,gone,,R,2026-03-02,\n",
            "a.csv, line 3, value: 'gone' is no stage; there are",
        ),
        (
            "a.csv",
            HEADER + 'mail:1,comment,,,,R,2026-03-02,"two\nlines"\nmail:1,set,stage,won,,,soon,\n',
            "a.csv, line 4, reviewer: String should have at least 1 character (got '')",
        ),
        ("a.csv", "about,action,reviewer\n", "a.csv, line 1: no column reviewed_at"),
        ("a.csv", HEADER + "mail:1,comment,,,,R,2026-03-02,one,two\n", "9 cells under 8 columns"),
        (
            "a.csv",
            HEADER.replace("comment", "remark") + "mail:1,confirm,,,,R,2026-03-02,fine\n",
            "line 2, remark: there is no such field; there are about",
        ),
        ("a.json", "{", "a.json is not valid JSON"),
        ("a.json", '{"notes": []}', "write a list of annotations"),
        ("a.json", '[{"about": "mail:1"}]', "entry 1, action: it is missing"),
        ("a.json", "[3]", "a.json, entry 1, "),
        ("a.xlsx", "", "is neither .csv nor .json"),
    ],
)
def test_a_wrong_file_is_told_by_file_line_and_field(
    tmp_path: Path, name: str, text: str, told: str
) -> None:
    with pytest.raises(AnnotationFileError) as error:
        read_annotations(written(tmp_path, name, text))
    assert told in str(error.value)


def test_a_file_that_is_no_text_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"about,\xff\xfe\x00")
    with pytest.raises(AnnotationFileError, match="save it as UTF-8"):
        read_annotations(path)


def test_the_store_keeps_each_statement_once_and_for_good(tmp_path: Path) -> None:
    with StateStore(f"sqlite:///{tmp_path / 'state.sqlite'}") as state:
        first, second = annotation(), annotation(value="lost", reviewed_at="2026-03-01")
        assert add_annotations(state, [first, first], "a.csv", NOW) == 1
        assert add_annotations(state, [first, second], "b.csv", NOW) == 1
        stored = list_annotations(state)
    assert [(s.annotation, s.origin, s.stored_at) for s in stored] == [
        (second, "b.csv", NOW),
        (first, "a.csv", NOW),
    ]


def test_what_was_missed_needs_a_title_and_a_source_or_a_name_of_its_own() -> None:
    told = {"action": "missed", "field": None, "value": "Pumps"}
    assert annotation(**told, about="review:yard").value == "Pumps"
    assert annotation(**told, other="mail:2; crm:hubspot:3").others() == ("mail:2", "crm:hubspot:3")
    with pytest.raises(ValidationError, match="'missed' needs it"):
        annotation(action="missed", field=None, value=None)
    with pytest.raises(ValidationError, match="has no name yet"):
        annotation(**told, about="opp_" + "0" * 20)
