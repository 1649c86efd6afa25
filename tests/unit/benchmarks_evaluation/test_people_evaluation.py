"""Invented people and the judgement of who is one, without the warehouse."""

from benchmarks.evaluation.people import Telling, by_plain_rule, judged, people, tellings


def telling(number, person, name, email=None, company=0):
    return Telling(f"crm|{number}", person, company, name, None, email, None, number)


TOLD = [
    telling(0, 1, "Ann Lind", "ann@c0.example"),
    telling(1, 1, "Annie Lind", "ann@c0.example"),
    telling(2, 1, "A. Lind"),
    telling(3, 2, "Bo Dahl"),
    telling(4, 3, "Bo Dahl"),
    telling(5, 2, "Bo Dahl", company=1),
]


def values(result):
    return {metric.name.rpartition("_")[2]: metric for metric in result.metrics}


def test_the_plain_rule_joins_by_address_and_by_name_at_a_company():
    assert by_plain_rule(TOLD) == ["0", "0", "2", "3", "3", "5"]


def test_right_answers_are_worth_one_and_each_mistake_stands_among_the_misses():
    right = judged(TOLD, ["1", "1", "1", "2", "3", "2"], 0.5)
    found = values(right)
    assert [found[name].value for name in ("precision", "recall", "f1")] == [1.0, 1.0, 1.0]
    # One pair of three of Ann's, one wrong of two.
    assert (found["precision"].baseline, found["recall"].baseline) == (0.5, 0.25)
    assert found["f1"].n == 6
    assert right.misses == []
    wrong = judged(TOLD, ["1", "1", "4", "2", "2", "2"], 0.5)
    assert [miss.record for miss in wrong.misses] == ["crm|2", "crm|4"]
    assert values(wrong)["f1"].value == 0.5


def test_people_and_records_are_the_same_every_time_and_hold_what_is_hard():
    known = people(20)
    told = tellings(known)
    assert told == tellings(people(20))
    assert {record.person for record in told} == {person.number for person in known}
    assert len(known) > len({(p.company, p.first, p.last) for p in known})
    assert any(record.name.count(",") for record in told)
    assert any(record.email and record.email.startswith("info@") for record in told)
    companies = {}
    for record in told:
        companies.setdefault(record.person, set()).add(record.company)
    assert any(len(found) > 1 for found in companies.values())
