"""Who is asked next and whose value wins, over any orders and any answers."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from resources.enrichment.values import Observation
from resources.enrichment.waterfall import Rule, choose, confidence_of, next_ask

OPERATIONS = ("alpha.one", "beta.one", "gamma.one", "delta.one")
FIELDS = ("email", "phone", "title")
RULE = Rule("email", OPERATIONS, 0.8)


def said(operation: str, value: str, confidence: float, **more) -> Observation:
    return Observation("email", value, confidence, operation, **more)


def test_the_first_confident_answer_wins_over_a_later_surer_one():
    first, later = said("alpha.one", "a@x.example", 0.8), said("beta.one", "b@x.example", 0.99)
    choice = choose(RULE, [later, first])
    assert (choice.winner, choice.is_confident) == (first, True)
    assert choice.reasons == (
        "alpha comes first in the order",
        "first confident answer in the order",
    )


def test_without_a_confident_answer_the_most_confident_one_is_used_and_said_so():
    weak, weaker = said("gamma.one", "a@x.example", 0.7), said("alpha.one", "b@x.example", 0.4)
    choice = choose(RULE, [weaker, weak])
    assert (choice.winner, choice.is_confident) == (weak, False)
    assert choice.reasons == (
        "less confident than gamma",
        "no source reached 0.8; the most confident one",
    )


def test_a_verified_address_keeps_the_source_that_told_it():
    told = said("alpha.one", "a@x.example", 0.5)
    verified = said("beta.one", "a@x.example", 0.97, basis="verification valid")
    choice = choose(RULE, [told, verified])
    assert (choice.winner, choice.is_confident) == (told, True)
    assert choice.reasons == ("confirmed by beta (verification valid)", "agrees with alpha")
    assert confidence_of("a@x.example", [told, verified]) == 0.97


def test_a_value_called_wrong_is_out_whoever_else_tells_it():
    told = said("alpha.one", "a@x.example", 0.95)
    refuted = said("beta.one", "a@x.example", 0.0, basis="verification invalid", is_refuted=True)
    other = said("gamma.one", "b@x.example", 0.6)
    choice = choose(RULE, [told, refuted, other])
    assert (choice.winner, choice.is_confident) == (other, False)
    assert choice.reasons[0] == "beta says that the value is wrong"
    assert confidence_of("a@x.example", [told, refuted]) == 0.0
    assert choose(RULE, [told, refuted]).winner is None


values = st.sampled_from(("a", "b", "c"))
observations = st.lists(
    st.builds(
        Observation,
        field=st.just("email"),
        value=values,
        confidence=st.integers(1, 20).map(lambda n: n / 20),
        operation=st.sampled_from(OPERATIONS),
        is_refuted=st.booleans() if False else st.just(False),
    ),
    max_size=8,
)


@given(observations, st.permutations(OPERATIONS), st.integers(1, 20))
def test_whatever_is_said_the_winner_follows_the_order(told, order, threshold):
    rule = Rule("email", tuple(order), threshold / 20)
    choice = choose(rule, told)
    assert (choice.winner is None) == (not told)
    assert len(choice.reasons) == len(told)
    if choice.winner is None:
        return
    worth = confidence_of(choice.winner.value, told)
    assert choice.is_confident == any(o.confidence >= rule.confident for o in told)
    if choice.is_confident:
        assert worth >= rule.confident
        # Nobody who stands before the winner told a value that is worth as much as is wanted.
        before = order[: order.index(choice.winner.operation)]
        assert not any(
            confidence_of(o.value, told) >= rule.confident for o in told if o.operation in before
        )
    else:
        assert worth == max(o.confidence for o in told)


@given(st.lists(st.sampled_from(OPERATIONS), unique=True), st.data())
def test_the_choice_does_not_depend_on_the_order_of_the_observations(operations, data):
    told = [
        said(name, data.draw(values), data.draw(st.sampled_from((0.5, 0.8, 0.9))))
        for name in operations
    ]
    mixed = data.draw(st.permutations(told))
    one, other = choose(RULE, told), choose(RULE, mixed)
    assert (one.winner, one.is_confident) == (other.winner, other.is_confident)
    reasons = dict(zip([o.operation for o in mixed], other.reasons, strict=True))
    assert one.reasons == tuple(reasons[o.operation] for o in told)


answers = st.dictionaries(
    st.sampled_from(OPERATIONS),
    st.dictionaries(st.sampled_from(FIELDS), st.integers(1, 20).map(lambda n: n / 20)),
)
orders = st.lists(st.sampled_from(OPERATIONS), unique=True, min_size=1).map(tuple)


@settings(max_examples=200)
@given(answers, st.tuples(orders, orders, orders), st.sets(st.sampled_from(OPERATIONS)))
def test_a_waterfall_asks_each_once_in_order_and_stops_when_it_may(world, asks, unaskable):
    rules = [Rule(field, ask, 0.6) for field, ask in zip(FIELDS, asks, strict=True)]
    told: list[Observation] = []
    tried: list[str] = []
    while (
        ask := next_ask(rules, told, set(tried), lambda name: name not in unaskable)
    ) is not None:
        assert ask.operation not in tried
        rule = next(r for r in rules if r.field == ask.field)
        # Asked only for a field that has no confident value yet, and in that field's order.
        assert not choose(rule, [o for o in told if o.field == rule.field]).is_confident
        place = rule.ask.index(ask.operation)
        assert all(name in tried or name in unaskable for name in rule.ask[:place])
        tried.append(ask.operation)
        told += [
            Observation(field, f"{field} of {ask.operation}", confidence, ask.operation)
            for field, confidence in world.get(ask.operation, {}).items()
        ]
    assert not unaskable & set(tried)
    for rule in rules:
        settled = choose(rule, [o for o in told if o.field == rule.field]).is_confident
        assert settled or set(rule.ask) <= set(tried) | unaskable
