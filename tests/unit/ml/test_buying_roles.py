"""What rules weigh is learned, kept near the rules of thumb, and never against their sign."""

import math
import random

import pytest

from ml.buying_roles import OUTSIDER, Person, Weights, learn

THUMB = Weights(
    {"decision_maker": -2.0, "champion": -2.0, "introducer": -1.5, OUTSIDER: 1.0},
    {
        ("chief", "decision_maker"): 3.0,
        ("clerk", OUTSIDER): 1.5,
        ("misleading", "decision_maker"): 1.0,
        ("path", "introducer"): 2.0,
    },
)
ROLES = frozenset(THUMB.base)


def people(count: int, seed: int = 5) -> list[Person]:
    """Chiefs decide in six of ten, others in one; who has the misleading mark never does."""
    drawn = random.Random(seed)
    made = []
    for number in range(count):
        rules = {"chief"} if number % 2 else {"clerk"}
        chance = 0.6 if number % 2 else 0.1
        if number % 5 == 0:
            rules.add("misleading")
            chance = 0.0
        part = "decision_maker" if drawn.random() < chance else OUTSIDER
        made.append(Person(frozenset(rules), ROLES - {"champion", "introducer"}, part))
    return made


def share(weights: Weights, rules: set[str]) -> float:
    odds = {
        role: weights.base[role] + sum(weights.rules.get((rule, role), 0.0) for rule in rules)
        for role in ("decision_maker", OUTSIDER)
    }
    return 1 / (1 + math.exp(odds[OUTSIDER] - odds["decision_maker"]))


def test_probabilities_become_the_shares_that_were_seen():
    learned = learn(people(4000), THUMB)
    # A fifth of both bears the mark and never decides.
    assert share(learned, {"chief"}) == pytest.approx(0.48, abs=0.04)
    assert share(learned, {"clerk"}) == pytest.approx(0.08, abs=0.03)
    # The rule of thumb was far too sure of a clerk and a chief alike.
    assert share(THUMB, {"clerk"}) < 0.02


def test_a_rule_that_misleads_loses_its_weight_and_never_turns_round():
    learned = learn(people(4000), THUMB)
    assert learned.rules["misleading", "decision_maker"] == 0
    assert learned.rules["chief", "decision_maker"] > 0


def test_a_role_that_nobody_took_keeps_its_rules_of_thumb():
    learned = learn(people(400), THUMB)
    assert learned.base["introducer"] == -1.5
    assert learned.rules["path", "introducer"] == 2.0
    assert learned.base["champion"] == -2.0


def test_few_people_move_little_and_the_pull_holds_more():
    few = people(20)
    near, far = learn(few, THUMB, pull=100.0), learn(few, THUMB, pull=0.1)
    chief = ("chief", "decision_maker")
    assert abs(near.rules[chief] - 3.0) < 0.1
    assert abs(far.rules[chief] - 3.0) > abs(near.rules[chief] - 3.0)


def test_who_took_an_impossible_part_teaches_nothing():
    impossible = [Person(frozenset({"chief"}), ROLES - {"champion"}, "champion")]
    assert learn(people(200) + impossible, THUMB) == learn(people(200), THUMB)
    with pytest.raises(ValueError, match="nobody whose part is known"):
        learn(impossible, THUMB)
