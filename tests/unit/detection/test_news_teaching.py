"""Teaching the upper layers of an encoder: the way back of the error, and what is learned."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from detection.news.encoder import Encoder, Transformer
from detection.news.relations import Mention, Relation, fit_relations, mention_lesson
from detection.news.teaching import Case, teach
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
        cases.append(Case(states.astype(np.float16), ((1,), (0,)), marked=1))
        targets.append(np.eye(2)[told])
    learned = teach(
        invented_weights(),
        1,
        cases[:48],
        np.array(targets[:48]),
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
        rounds=12,
        heads=4,
    )
    assert (again.scores(cases[48:]) == scores).all()


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
