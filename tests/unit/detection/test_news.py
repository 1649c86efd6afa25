"""The learned classifiers: what they learn, what the shipped one must know, and what it adds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np
import pytest

from detection.news import events
from detection.news.engine import TypedEvent
from detection.news.events import SentenceScorer, fit_events
from detection.news.mentions import Mention, Relation
from detection.news.relations import fit_relations
from detection.news.shipped import examples, shipped_engine, version
from detection.press import read_press
from detection.press.articles import named_in_headline
from detection.press.learned import LEAST

WHEN = datetime(2026, 6, 15, 8, tzinfo=UTC)
#: Sentences that stand in no example, and what they tell.
UNSEEN = [
    ("Wexcombe was swallowed by Dovetail Freight.", "acquisition"),
    ("Marlowe Optics reports record quarterly earnings.", "earnings_call"),
    ("Marlowe Optics will webcast its second-quarter results call.", "earnings_call"),
    ("Marlowe Optics has filed its annual report on Form 10-K.", "regulatory_filing"),
    ("Backers put another $60 million into Marlowe Optics.", "funding_round"),
    ("Marlowe Optics launches a new scanner for hospitals.", "product_launch"),
    ("Marlowe Optics appoints a new chief executive officer.", "executive_change.incoming"),
    ("The chief executive of Marlowe Optics resigned on Monday.", "executive_change.outgoing"),
]


@pytest.mark.parametrize(("sentence", "label"), UNSEEN)
def test_the_shipped_engine_types_sentences_it_has_not_seen(sentence, label):
    assert sentence not in examples()[0]
    (told,) = shipped_engine().classify([sentence])
    assert told[0].label == label
    assert told[0].confidence >= 0.5


@pytest.mark.parametrize(
    "sentence",
    [
        "The museum is closed on Mondays.",
        "Marlowe Optics is based in Turku.",
        "Why good software matters, an opinion.",
    ],
)
def test_what_tells_nothing_gives_nothing(sentence):
    (told,) = shipped_engine().classify([sentence])
    assert [event for event in told if event.confidence >= LEAST] == []


def test_every_label_is_a_signal_type_with_enough_examples():
    sentences, labels = examples()
    assert len(set(sentences)) == len(sentences)
    counts: dict[str, int] = {}
    for each in labels:
        for label in each:
            counts[label] = counts.get(label, 0) + 1
    types = {"funding_round", "executive_change", "expansion", "acquisition", "partnership",
             "product_launch", "earnings_call", "regulatory_filing"}  # fmt: skip
    assert {label.partition(".")[0] for label in counts} == types
    assert min(counts.values()) >= 12


def test_the_table_of_weights_gives_the_models_own_figures_every_time():
    sentences, labels = examples()
    part, theirs = sentences[::8], labels[::8]
    model = fit_events(part, theirs, parts=False)
    again = SentenceScorer.of(fit_events(part, theirs, parts=False))
    scorer = SentenceScorer.of(model)
    asked = [sentence for sentence, _ in UNSEEN]
    for row, sentence in zip(model.probabilities(asked), asked, strict=True):
        assert scorer.probabilities(sentence) == pytest.approx(list(row), abs=1e-9)
    assert scorer.classify(asked) == again.classify(asked)
    with pytest.raises(ValueError, match="only a model without word parts"):
        SentenceScorer.of(fit_events(part, theirs))


def test_a_label_that_is_rarer_in_what_is_read_asks_for_more():
    # Twenty sentences bear the label, forty do not; ten of these look as if they did.
    truth = np.repeat([1, 0, 0], 20)
    said = np.concatenate([np.linspace(0.5, 0.88, 20), np.linspace(0.4, 0.6, 10), np.full(30, 0.1)])
    as_written, as_read = events._least(truth, said, 1.0), events._least(truth, said, 20.0)
    assert 0.45 <= as_written <= 0.54
    assert 0.58 <= as_read <= 0.7
    assert events._least(truth[10:], said[10:], 20.0) == 0.5  # Too few bear it to learn from.


def test_nothing_to_learn_is_said():
    with pytest.raises(ValueError, match="no example bears a label"):
        fit_events(["one", "two"], [(), ()])
    mention = Mention(("Acme", "bought", "Globex"), (0, 0), (2, 2))
    with pytest.raises(ValueError, match="one relation only"):
        fit_relations([mention], [Relation("buys")])


def relation(text: str, name: str, *, inverse: bool = False) -> tuple[Mention, Relation]:
    tokens = tuple(text.split())
    one, two = tokens.index("Alpha"), tokens.index("Beta")
    return Mention(tokens, (one, one), (two, two)), Relation(name, inverse)


def test_a_relation_learned_one_way_holds_the_other_way_round():
    told = [
        relation("Alpha has bought Beta", "buys"),
        relation("Alpha acquired rival Beta", "buys"),
        relation("Alpha was bought by Beta", "buys", inverse=True),
        relation("Alpha was acquired by rival Beta", "buys", inverse=True),
        relation("Alpha and Beta announce a partnership", "partners"),
        relation("Alpha teams up with Beta", "partners"),
    ]
    model = fit_relations([m for m, _ in told], [r for _, r in told])
    asked = [
        relation("Beta has bought Alpha", "buys", inverse=True),
        relation("Beta was acquired by Alpha", "buys"),
        relation("Beta teams up with Alpha", "partners"),
    ]
    assert model.predict([m for m, _ in asked]) == [r for _, r in asked]
    assert model.predict([]) == []


def test_the_line_reads_what_no_rule_foresaw_and_says_who_read_it():
    title = "Wexcombe was swallowed by Dovetail Freight"
    assert read_press(title, published_at=WHEN) == []
    (event,) = read_press(title, published_at=WHEN, engine=shipped_engine)
    assert (event.signal_type, event.signal_subtype) == ("acquisition", "acquired")
    assert (event.company_name, event.counterparty_name) == ("Wexcombe", "Dovetail Freight")
    assert event.engine == f"news_events {version()}"
    assert event.confidence <= 0.65
    assert event.sentence == title


class Engine:
    """Another engine in the place of the learned one."""

    name, version = "stand-in", "9"

    def __init__(self) -> None:
        self.asked: list[str] = []

    def classify(self, sentences: Sequence[str]) -> list[tuple[TypedEvent, ...]]:
        self.asked += sentences
        told = (TypedEvent("expansion.growth", 0.9, "new"),)
        return [told if "new" in sentence else () for sentence in sentences]


def test_another_engine_may_stand_in_and_is_asked_only_where_rules_are_silent():
    engine = Engine()
    read_press("Marlowe Optics raises $25 million Series B", published_at=WHEN,
               engine=lambda: engine)  # fmt: skip
    assert engine.asked == []
    (event,) = read_press("Marlowe Optics cuts the ribbon at its new hall and office in Oslo",
                          published_at=WHEN, engine=lambda: engine)[:1]  # fmt: skip
    assert event.signal_type == "expansion"
    (other,) = read_press("Marlowe Optics shows new faces at its base in Oslo", published_at=WHEN,
                          engine=lambda: engine)  # fmt: skip
    assert (other.signal_subtype, other.city, other.engine) == ("new_office", "Oslo", "stand-in 9")
    # A type without its parts, a question and a rumour are no events.
    for title in ("Marlowe Optics has new ideas", "Is a new Oslo office of Marlowe Optics near?",
                  "Marlowe Optics could get a new base in Oslo"):  # fmt: skip
        assert read_press(title, published_at=WHEN, engine=lambda: engine) == []


def test_a_headline_that_only_names_the_company_is_a_mention():
    (event,) = named_in_headline("Ten firms to watch: Marlowe Optics leads", "Marlowe Optics", WHEN)
    assert (event.signal_type, event.occurred_on) == ("news_mention", WHEN.date())
    assert named_in_headline("Ten firms to watch", "Marlowe Optics", WHEN) == []
    assert named_in_headline("Marlowe Opticstore opens", "Marlowe Optics", WHEN) == []
    assert named_in_headline("RETRACTED: Marlowe Optics to float", "Marlowe Optics", WHEN) == []
