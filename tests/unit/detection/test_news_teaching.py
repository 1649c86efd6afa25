"""Teaching the upper layers of an encoder: the way back of the error, and what is learned."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from detection.news.encoder import Encoder, Transformer
from detection.news.likeness_events import fit_likeness_events, sentence_lesson
from detection.news.mention_states import mention_lesson
from detection.news.mentions import Mention, Relation
from detection.news.relations import fit_relations
from detection.news.taught import Case, Packed, Reading, Taught, untaught
from detection.news.teaching import teach
from detection.news.transformer import Layer
from tests.unit.detection.small_encoder import WIDTH, Pieces, invented_weights


def an_encoder() -> Encoder:
    return Encoder(Transformer(invented_weights(), heads=4), Pieces(), lower_layers=1)


@pytest.mark.parametrize("asked", [None, np.array([[1, 3], [0, 0]])])
def test_the_error_that_flows_back_is_the_slope_of_the_loss(asked):
    random = np.random.default_rng(0)
    name = "encoder.layer.0."
    weights = {n: w.astype(float) for n, w in invented_weights().items() if n.startswith(name)}
    layer = Layer(weights, name, heads=4)
    state = random.normal(size=(2, 5, WIDTH))
    void = np.zeros((2, 1, 1, 5))
    void[1, ..., 3:] = -1e4
    pull = random.normal(size=layer.forward(state, void, asked).shape)

    def loss() -> float:
        return float((layer.forward(state, void, asked) * pull).sum())

    def slope(values: np.ndarray, at: int) -> float:
        kept, around = values.flat[at], []
        for step in (1e-5, -1e-5):
            values.flat[at] = kept + step
            around.append(loss())
        values.flat[at] = kept
        return (around[0] - around[1]) / 2e-5

    changes = {n: np.full_like(w, np.nan) for n, w in weights.items()}
    loss()
    back = layer.backward(pull, changes)
    for values, told in [(state, back), *((weights[n], changes[n]) for n in weights)]:
        for at in random.integers(0, values.size, 4):
            assert told.flat[at] == pytest.approx(slope(values, at), rel=1e-4, abs=1e-6)


def test_layers_learn_what_the_marked_place_says():
    random = np.random.default_rng(1)
    kinds = random.normal(size=(2, WIDTH))
    cases, targets = [], []
    for number in range(64):
        states = random.normal(size=(4 + number % 3, WIDTH)) * 0.5
        told, other = number % 2, number // 2 % 2
        states[1] += kinds[told]
        states[2] += kinds[other]
        cases.append(Case(states.astype(np.float16), ((1,), (0,)), marks=(0,)))
        targets.append(np.eye(2)[told])
    learned = teach(
        invented_weights(),
        1,
        cases[:48],
        np.array(targets[:48]),
        Reading(),
        rounds=12,
        heads=4,
    )
    scores = learned.scores(cases[48:])
    assert scores.sum(axis=1) == pytest.approx(np.ones(16), abs=1e-5)
    assert (scores.argmax(axis=1) == np.array(targets[48:]).argmax(axis=1)).mean() >= 0.9
    assert learned.scores(cases[50:51])[0] == pytest.approx(scores[2], abs=1e-4)
    again = teach(
        invented_weights(),
        1,
        cases[:48],
        np.array(targets[:48]),
        Reading(),
        rounds=12,
        heads=4,
    )
    assert (again.scores(cases[48:]) == scores).all()


PAIR = Reading(exchange=np.array([1, 0, 2]))
EVENTS = Reading(exclusive=False, loudest=True)


def a_pair(order: tuple[int, int] = (0, 1)) -> Case:
    states = np.random.default_rng(2).normal(size=(5, WIDTH))
    spans = ((1, 2), (4,))
    return Case(states, (spans[order[0]], spans[order[1]], (0,)), marks=(0, 0))


def doubled(taught: Taught, packed: Packed) -> None:
    """All values in double precision, so that small differences tell the slope."""
    for held in (taught.weights, vars(packed)):
        held.update({k: v.astype(float) for k, v in held.items()
                     if isinstance(v, np.ndarray) and v.dtype == np.float32})  # fmt: skip


@pytest.mark.parametrize(("reading", "labels"), [(PAIR, 3), (EVENTS, 2)])
def test_the_error_of_what_reads_labels_is_the_slope_of_the_loss(reading, labels):
    targets = np.eye(labels)[[1, 0]]
    cases = [a_pair(), a_pair((1, 0))]
    taught, _, _ = untaught(
        invented_weights(), 1, cases[0], targets, reading, 4, np.random.default_rng(0)
    )
    packed = Packed(cases)
    doubled(taught, packed)
    changes = {n: np.full_like(w, np.nan) for n, w in taught.weights.items()}

    def loss() -> float:
        # The same values are left out each time, so that they are part of the slope.
        told = taught.forward(packed, np.random.default_rng(9))
        missed = 0.0 if reading.exclusive else ((1 - targets) * np.log(1 - told)).sum()
        return -float((targets * np.log(told)).sum() + missed)

    error = taught.forward(packed, np.random.default_rng(9)) - targets
    taught.backward(packed, error, changes)
    random = np.random.default_rng(1)
    for name, values in taught.weights.items():
        for at in random.integers(0, values.size, 3):
            kept, around = values.flat[at], []
            for step in (1e-4, -1e-4):
                values.flat[at] = kept + step
                around.append(loss())
            values.flat[at] = kept
            slope = (around[0] - around[1]) / 2e-4
            assert changes[name].flat[at] == pytest.approx(slope, rel=1e-3, abs=1e-5), name


def test_exchanging_the_two_names_turns_the_labels_round():
    taught, _, _ = untaught(
        invented_weights(), 1, a_pair(), np.eye(3), PAIR, 4, np.random.default_rng(0)
    )
    one, other = taught.scores([a_pair(), a_pair((1, 0))])
    assert other == pytest.approx(one[[1, 0, 2]], abs=1e-6)
    assert one[0] != pytest.approx(one[1], abs=1e-4)


def test_events_are_learned_with_finer_labels_beside():
    told = ("has bought a rival", "opens a plant in Leeds", "is based there")
    sentences = [f"{name} {t}" for t in told for name in ("Aldine", "Kestrel", "Oberon", "Corvane")]
    labels = [("acquisition",)] * 4 + [("expansion",)] * 4 + [()] * 4
    finer = [("whole",)] * 4 + [("site", "abroad")] * 4 + [()] * 4
    lesson = sentence_lesson(an_encoder().keeping())
    model = fit_likeness_events(sentences, labels, lesson=lesson, finer=finer)
    assert model.labels == ("acquisition", "expansion")
    assert model.taught is not None
    assert model.taught(sentences).shape == (12, 5)
    assert all(0 < least <= 0.5 for least in model.least)
    found = [[event.label for event in each] for each in model.classify(sentences)]
    assert found == [list(each) for each in labels]


def test_names_are_spelled_out_with_what_hangs_on_them():
    said = Mention(("Its", "shares", "trade", "on", "the", "LSE", "."), (0, 0), (5, 5))
    full = said.spelled_out("Aldine Foods, Inc.", "London Stock Exchange")
    assert full.name(full.first) == "Aldine Foods , Inc . 's"
    assert full.name(full.second) == "London Stock Exchange"
    assert full.tokens[6:10] == ("shares", "trade", "on", "the")
    turned = said.turned().spelled_out("London Stock Exchange", "Aldine")
    assert turned.name(turned.first) == "London Stock Exchange"
    assert turned.tokens[:3] == ("Aldine", "'s", "shares")
    assert said.spelled_out("", "") == said
    inside = Mention(("Aldine", "Foods", "Leeds"), (0, 1), (1, 1))
    assert inside.spelled_out("Other", "Another") == inside


def test_relations_are_learned_in_both_orders():
    names = ("Aldine", "Kestrel", "Oberon", "Corvane", "Tallow")
    mentions, relations = [], []
    for one, two in pairwise(names):
        for verb, name in (("bought", "acquired_by"), ("meets", "undefined")):
            mentions.append(Mention((one, verb, two), (0, 0), (2, 2)))
            relations.append(Relation(name, inverse=name == "acquired_by"))
    model = fit_relations(mentions, relations, lesson=mention_lesson(an_encoder().keeping()))
    assert model.labels == ("acquired_by", "acquired_by~", "undefined")
    turned = [mention.turned() for mention in mentions]
    both, other = model.scores(mentions), model.scores(turned)
    taught = model.taught
    assert taught is not None
    assert both.shape == (8, 3)
    assert model.predict(mentions) == relations
    assert [r.label for r in model.predict(turned)] == ["acquired_by", "undefined"] * 4
    assert other[0, 0] == pytest.approx(both[0, 1], abs=0.05)
