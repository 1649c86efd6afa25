"""What a language model is told of a group, and what of its answer is believed."""

import json

from hypothesis import given
from hypothesis import strategies as st

from activation.group_reading import ROLES, facts, messages, read_answer

GROUP = {"solution_category": "security", "employee_count": 300, "company_name": "Larkspur"}


def member(person_id, role, membership="core", interactions=0, path=None):
    return {
        "person_id": person_id, "full_name": f"Name of {person_id}", "title": "IT Director",
        "department": "information_technology", "seniority_level": "director",
        "interactions": interactions, "introduction_path": path, "membership": membership,
        "buying_role": role, "email": f"{person_id}@larkspur.example",
    }  # fmt: skip


MEMBERS = [
    member("p1", "decision_maker"),
    member("p2", "stakeholder", interactions=2),
    member("p3", "stakeholder", membership="contact"),
]


def answer(*entries):
    return json.dumps(
        {"members": [dict(zip(("number", "role", "reason"), e, strict=True)) for e in entries]}
    )


def test_neither_name_nor_address_is_told():
    told = " ".join(m["content"] for m in messages(facts(GROUP, MEMBERS), "2026-06-15"))
    assert "IT Director" in told
    for word in ("Name of", "larkspur", "Larkspur", "p1"):
        assert word not in told


def test_only_what_can_be_is_believed():
    text = answer(
        (1, "champion", "no behaviour"),
        (1, "introducer", "no path"),
        (1, "blocker", "may object"),
        (1, "decision_maker", "said twice"),
        (2, "champion", "answered us"),
        (3, "stakeholder", "is no core member"),
        (2, "king", "is no role"),
    )
    assert [(o.person_id, o.role, o.agrees) for o in read_answer(text, MEMBERS)] == [
        ("p1", "blocker", False), ("p2", "champion", False),
    ]  # fmt: skip
    [same] = read_answer(answer((1, "decision_maker", "signs")), MEMBERS)
    assert (same.agrees, same.reason) == (True, "signs")


@given(st.text() | st.recursive(
    st.none() | st.integers() | st.text(), lambda x: st.lists(x) | st.dictionaries(st.text(), x)
).map(lambda x: json.dumps({"members": x})))  # fmt: skip
def test_no_answer_breaks_the_reader(text):
    assert all(opinion.role in ROLES for opinion in read_answer(text, MEMBERS))
