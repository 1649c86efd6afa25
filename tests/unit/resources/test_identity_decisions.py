"""A person's decisions on identity are read strictly, and added below what stands there."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from resources.config_errors import ConfigurationError
from resources.identity_decisions import (
    Decision,
    add_decision,
    decisions_table,
    key_of,
    load_decisions,
)

DAY = date(2026, 5, 1)
ID = "0123456789abcdef0123456789abcdef"


def merge(*these: str, **more: object) -> Decision:
    stated = {"decision": "merge", "these": these, "reason": "one firm", "decided_on": DAY}
    return Decision.model_validate(stated | more)


@pytest.mark.parametrize(
    ("text", "entity", "key"),
    [
        ("https://www.Acme.example/about", "company", "domain:acme.example"),
        ("cik:1234", "company", "cik:0000001234"),
        ("crm:001A3", "company", "crm:001A3"),
        ("board:lever:acme", "company", "board:lever:acme"),
        ("crm|001A3", "company", "record:crm|001A3"),
        (ID, "company", f"company_id:{ID}"),
        ("Ida.Brandt@acme.example", "person", "email:ida.brandt@acme.example"),
        ("https://www.linkedin.example/in/ida-b/", "person", "linkedin:ida-b"),
        (f"person_id:{ID}", "person", f"person_id:{ID}"),
    ],
)
def test_keys_are_read_in_the_forms_that_tables_show(text: str, entity: str, key: str) -> None:
    assert key_of(text, entity) == key


@pytest.mark.parametrize(
    ("text", "entity", "says"),
    [
        ("Acme Inc", "company", "is no key of a company"),
        ("gmail.com", "company", "shared by many companies"),
        ("cik:0", "company", "is no key of a company"),
        ("acme.example", "person", "is no key of a person"),
    ],
)
def test_what_names_nobody_is_refused(text: str, entity: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        key_of(text, entity)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("decisions: [{decision: join}]", "decisions.0.decision: Input should be 'merge'"),
        (
            "decisions: [{decision: merge, record: 'crm|1', of: a.example, reason: one firm,"
            " decided_on: 2026-05-01}]",
            "a merge states these, not of and record",
        ),
        (
            "decisions: [{decision: split, record: a.example, not_of: b.example, reason: two firms,"
            " decided_on: 2026-05-01}]",
            "'a.example' is no record: give source|id",
        ),
        (
            "decisions: [{decision: merge, these: [a.example, www.a.example], reason: one firm,"
            " decided_on: 2026-05-01}]",
            "two different keys",
        ),
        (
            "decisions:\n"
            "- {decision: pin, record: 'crm|1', of: a.example, reason: ours,"
            " decided_on: 2026-05-01}\n"
            "- {decision: split, record: 'crm|1', not_of: a.example, reason: two firms,"
            " decided_on: 2026-05-01}",
            "decisions.0 and decisions.1 contradict each other on record:crm|1 and"
            " domain:a.example",
        ),
        (
            "decisions:\n"
            "- {decision: pin, record: 'crm|1', of: a.example, reason: ours,"
            " decided_on: 2026-05-01}\n"
            "- {decision: pin, record: 'crm|1', of: b.example, reason: ours,"
            " decided_on: 2026-05-01}",
            "pin record:crm|1 to two",
        ),
        ("decisions: [", "is not valid YAML"),
        ("decision: []", "decision: Extra inputs are not permitted"),
    ],
)
def test_a_file_that_cannot_hold_is_refused_by_field(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "identity_decisions.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(ConfigurationError) as refused:
        load_decisions(path)
    assert says in str(refused.value)
    assert str(path) in str(refused.value)


def test_decisions_are_added_below_what_stands_there(tmp_path: Path) -> None:
    path = tmp_path / "identity_decisions.yaml"
    path.write_text("# our notes\ndecisions: []\n", "utf-8")
    assert add_decision(path, merge("a.example", "b.example"))
    assert add_decision(path, merge("cik:7", "b.example", decided_by="mara"))
    # The same in another order and spelling is the same decision.
    assert not add_decision(path, merge("a.example", "https://www.b.example", reason="again"))
    assert path.read_text("utf-8").startswith("# our notes\n")
    first, second = load_decisions(path)
    assert first.pairs() == [("domain:a.example", "domain:b.example")]
    assert (second.pairs(), second.decided_by) == (
        [("cik:0000000007", "domain:b.example")],
        "mara",
    )


def test_a_contradiction_is_not_written(tmp_path: Path) -> None:
    path = tmp_path / "identity_decisions.yaml"
    stated = {"record": "crm|1", "not_of": "a.example", "reason": "no", "decided_on": DAY}
    split = Decision.model_validate({"decision": "split"} | stated | {"reason": "two firms"})
    add_decision(path, split)
    before = path.read_text("utf-8")
    with pytest.raises(ConfigurationError, match="contradict"):
        add_decision(path, merge("crm|1", "a.example"))
    assert path.read_text("utf-8") == before


def test_a_merge_of_three_is_two_rows_with_lasting_ids() -> None:
    rows = decisions_table([merge("a.example", "b.example", "cik:7")]).to_pylist()
    assert {(r["subject_key"], r["other_key"]) for r in rows} == {
        ("domain:a.example", "domain:b.example"),
        ("domain:a.example", "cik:0000000007"),
    }
    again = decisions_table([merge("a.example", "b.example", "cik:7", reason="told better")])
    assert again.column("decision_id").to_pylist() == [r["decision_id"] for r in rows]
