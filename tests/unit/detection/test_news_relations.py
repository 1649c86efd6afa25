"""Which two companies of a sentence are told of, and which way round: learned from our examples."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from detection.news.mentions import Relation
from detection.news.relation_scorer import RelationScorer
from detection.news.relations import fit_relations
from detection.news.shipped import shipped_engine
from detection.news.shipped_relations import (
    likeliest,
    marked,
    mention_of,
    relation_examples,
    shipped_relations,
)
from detection.press import read_press

WHEN = datetime(2026, 5, 4, 9, tzinfo=UTC)
BOUGHT, BUYS = Relation("acquired_by"), Relation("acquired_by", inverse=True)


def span(sentence: str, name: str) -> tuple[int, int]:
    at = sentence.index(name)
    return at, at + len(name)


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("Aldine Labs has been snapped up by Kestrel Works", BOUGHT),
        ("Aldine Labs to be purchased by Kestrel Works", BOUGHT),
        ("Aldine Labs snaps up Kestrel Works for an undisclosed sum", BUYS),
        ("Aldine Labs will acquire Kestrel Works", BUYS),
        ("Aldine Labs strikes a pact with Kestrel Works", Relation("collaboration")),
        ("Aldine Labs and Kestrel Works seal their merger", Relation("merged_with")),
        ("Aldine Labs invests $4 million in Kestrel Works", Relation("shareholder_of")),
        ("Kestrel Works is a subsidiary of Aldine Labs",
         Relation("subsidiary_of", inverse=True)),
        ("Aldine Labs and Kestrel Works are based in Leeds", Relation("undefined")),
    ],
)  # fmt: skip
def test_relations_of_sentences_not_among_the_examples(sentence, told):
    mention = mention_of(sentence, span(sentence, "Aldine Labs"), span(sentence, "Kestrel Works"))
    mentions, _ = relation_examples()
    assert mention is not None
    assert mention not in mentions
    assert shipped_relations().predict([mention]) == [told]


def test_tables_of_weights_score_as_the_model_they_were_made_of():
    mentions, relations = relation_examples()
    model = fit_relations(mentions, relations)
    scorer = RelationScorer.of(model)
    asked = [*mentions[::9], marked("[Qx] zz <Yy>")]
    for mine, theirs in zip(scorer.scores(asked), model.scores(asked), strict=True):
        assert mine == pytest.approx(theirs, abs=1e-5)
    assert scorer.predict(asked) == model.predict(asked)


def test_examples_mark_two_names_each_and_show_directed_relations_both_ways():
    mentions, relations = relation_examples()
    assert len(mentions) == len(relations) > 90
    ways = {(relation.name, relation.inverse) for relation in relations}
    for name in ("acquired_by", "client_of", "shareholder_of", "subsidiary_of"):
        assert {(name, False), (name, True)} <= ways
    assert ("collaboration", True) not in ways
    mention = marked("<Alpha Foods> buys [Beta-Works], a bakery.")
    assert mention.name(mention.first) == "Beta-Works"
    assert mention.name(mention.second) == "Alpha Foods"
    for wrong in ("[Alpha] buys Beta", "[Alpha] buys [Beta]", "[Alpha] buys < >"):
        with pytest.raises(ValueError, match="mark"):
            marked(wrong)


def test_of_several_pairs_the_likeliest_is_told_and_none_where_nothing_is():
    text = "Analysts at Orlin Bank say Aldine Labs was acquired by Kestrel Works"
    names = [span(text, name) for name in ("Orlin Bank", "Aldine Labs", "Kestrel Works")]
    pairs = [(names[0], names[2]), (names[1], names[2])]
    assert likeliest(text, pairs, frozenset({"acquired_by"})) == (1, BOUGHT)
    assert likeliest(text, pairs, frozenset({"competitor_of"})) is None
    assert likeliest(text, [], frozenset({"acquired_by"})) is None
    assert likeliest("?! ...", [((0, 1), (3, 4))], frozenset({"acquired_by"})) is None


def test_the_line_reads_direction_by_what_was_learned():
    for title, company, other, subtype in (
        ("Wexcombe was swallowed by Dovetail Freight", "Wexcombe", "Dovetail Freight", "acquired"),
        ("Dovetail Freight swallows Wexcombe", "Dovetail Freight", "Wexcombe", "acquirer"),
    ):
        (event,) = read_press(title, published_at=WHEN, engine=shipped_engine)
        assert (event.company_name, event.counterparty_name) == (company, other)
        assert (event.signal_type, event.signal_subtype) == ("acquisition", subtype)
