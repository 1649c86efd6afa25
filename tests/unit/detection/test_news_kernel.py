"""The learner by likeness: held-out scores without fitting again, thresholds, vectors, encoder."""

from __future__ import annotations

import json
import logging

import numpy as np
import pytest

from detection.news import encoder as encoders
from detection.news.encoder import Encoder, Transformer, remembering
from detection.news.kernel import best_threshold, fit_ridge, fit_ridge_held_out
from detection.news.likeness_events import fit_likeness_events
from detection.news.mention_states import mention_vectors
from detection.news.mentions import Mention
from tests.unit.detection.small_encoder import WIDTH, Pieces, invented_weights


def test_scores_without_a_group_equal_those_of_a_model_that_never_saw_it():
    random = np.random.default_rng(5)
    rows = random.normal(size=(12, 4))
    alike, groups = rows @ rows.T, [at // 3 for at in range(12)]
    # One label more in each half keeps every label's share equal with and without a group.
    targets = np.tile([[1.0, 0.0], [0.0, 1.0], [0.0, 0.0]], (4, 1))
    ridge, held_out = fit_ridge_held_out(alike, targets, 0.7, groups)
    for group in range(4):
        own = [at for at in range(12) if groups[at] == group]
        rest = [at for at in range(12) if groups[at] != group]
        apart = fit_ridge(alike[np.ix_(rest, rest)], targets[rest], 0.7)
        assert held_out[own] == pytest.approx(apart.scores(alike[np.ix_(own, rest)]), abs=1e-5)
    whole = fit_ridge(alike, targets, 0.7)
    assert ridge.scores(alike) == pytest.approx(whole.scores(alike), abs=1e-5)


def test_the_threshold_is_where_f1_is_highest():
    truth, scores = np.array([1, 0, 1, 0, 0.0]), np.array([0.9, 0.1, 0.6, 0.4, 0.2])
    assert best_threshold(truth, scores) == pytest.approx(0.5)
    assert best_threshold(np.zeros(3), np.array([0.1, 0.2, 0.3])) == float("inf")


SENTENCES = [
    f"{name} {told}" for told in ("has bought a rival", "opens a plant in Leeds", "is based there")
    for name in ("Aldine", "Kestrel", "Oberon", "Tallowby", "Corvane")
]  # fmt: skip
LABELS = [("acquisition",)] * 5 + [("expansion",)] * 5 + [()] * 5


def test_events_are_learned_from_likeness_to_examples():
    model = fit_likeness_events(SENTENCES, LABELS)
    told = model.classify(["Wexcombe bought a rival", "Wexcombe opens a plant", "Wexcombe is"])
    assert [[event.label for event in each] for each in told] == [
        ["acquisition"],
        ["expansion"],
        [],
    ]
    assert 0 < told[0][0].confidence <= 1
    assert model.classify([]) == []
    again = fit_likeness_events(SENTENCES, LABELS)
    assert again.classify(SENTENCES) == model.classify(SENTENCES)
    with pytest.raises(ValueError, match="no example bears a label"):
        fit_likeness_events(["one", "two"], [(), ()])


def test_vectors_tell_what_words_do_not():
    meaning = {"bought": 0, "scoops": 0, "opens": 1, "inaugurates": 1}

    def encode(texts):
        rows = [[sum(meaning.get(w) == k for w in text.split()) for k in (0, 1)] for text in texts]
        return np.array(rows, dtype=float)

    asked = ["Wexcombe scoops it", "Wexcombe inaugurates it"]
    by_words = fit_likeness_events(SENTENCES, LABELS)
    by_both = fit_likeness_events(SENTENCES, LABELS, encode=encode)
    labels = [[event.label for event in each] for each in by_both.classify(asked)]
    assert labels == [["acquisition"], ["expansion"]]
    assert [list(each) for each in by_words.classify(asked)] != labels


def test_what_was_encoded_is_not_encoded_again():
    asked: list[list[str]] = []

    def encode(texts):
        asked.append(list(texts))
        return np.array([[len(text)] for text in texts])

    recall = remembering(encode)
    assert recall(["a", "bb", "a"]).tolist() == [[1], [2], [1]]
    assert recall(["bb", "ccc"]).tolist() == [[2], [3]]
    assert asked == [["a", "bb"], ["ccc"]]


def test_a_text_reads_the_same_whatever_stands_beside_it_in_the_batch():
    model = Transformer(invented_weights(), heads=4)
    assert model.layers == 2
    alone = model.states([[1, 7, 9, 2]])
    beside = model.states([[1, 7, 9, 2], [1, 5, 6, 7, 8, 9, 10, 2]])
    assert beside[0, :4] == pytest.approx(alone[0], abs=1e-5)
    other_order = model.states([[1, 9, 7, 2]])
    assert np.abs(other_order[0, 3] - alone[0, 3]).max() > 1e-4
    assert np.abs(model.states([[1, 7, 9, 2]], layer=1) - alone).max() > 1e-3


def test_texts_and_words_have_vectors_in_their_own_order():
    encoder = Encoder(Transformer(invented_weights(), heads=4), Pieces(), lower_layers=1)
    texts = ["plant", "a", "bought it"]
    vectors = encoder.texts(texts)
    assert vectors.shape == (3, WIDTH)
    assert vectors[1] == pytest.approx(encoder.texts(["a"])[0], abs=1e-5)
    short, long = encoder.words([("ab", "", "c"), ("x" * 300, "end")])
    assert short.shape == (3, WIDTH)
    assert not short[1].any()
    assert short[0].any()
    assert not long[1].any()
    encode = mention_vectors(encoder)
    there = Mention(("ab", "buys", "cd"), (0, 0), (2, 2))
    back = Mention(there.tokens, there.second, there.first)
    one, two = encode([there, back])
    assert one[:WIDTH] == pytest.approx(two[WIDTH : 2 * WIDTH])
    assert one[2 * WIDTH :] == pytest.approx(two[2 * WIDTH :])
    beside = encode([Mention(("ab", "cd"), (0, 0), (1, 1))])[0]
    assert not beside[2 * WIDTH : 3 * WIDTH].any()


def test_stored_weights_are_read_as_they_were_written(tmp_path):
    first, second = np.arange(6, dtype=np.float32).reshape(2, 3), np.float32([7, 8])
    header = json.dumps({
        "__metadata__": {"format": "pt"},
        "one": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]},
        "two": {"dtype": "F32", "shape": [2], "data_offsets": [24, 32]},
        "places": {"dtype": "I64", "shape": [1], "data_offsets": [32, 40]},
    }).encode()  # fmt: skip
    file = tmp_path / "model.safetensors"
    file.write_bytes(
        len(header).to_bytes(8, "little") + header + first.tobytes() + second.tobytes() + bytes(8)
    )
    read = encoders._stored_weights(file)
    assert set(read) == {"one", "two"}
    assert (read["one"] == first).all()
    assert (read["two"] == second).all()


def test_without_the_package_there_is_no_encoder_and_the_log_says_so(monkeypatch, caplog):
    monkeypatch.setattr(encoders, "WEIGHTS_PACKAGE", "no_such_package_of_weights")
    with caplog.at_level(logging.WARNING):
        assert encoders.installed_encoder.__wrapped__() is None
    assert "no_such_package_of_weights" in caplog.text
    assert "make encoder" in caplog.text


def test_the_installed_encoder_knows_what_means_alike():
    encoder = encoders.installed_encoder()
    if encoder is None:
        pytest.skip("the optional encoder is not installed (make encoder)")
    rows = encoder.texts(
        ["A company hires a chief.", "The firm appoints a manager.", "Bananas are yellow."]
    )
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    near, far = rows[0] @ rows[1], rows[0] @ rows[2]
    assert near > 0.4
    assert far < 0.2
