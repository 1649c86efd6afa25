"""``news.sentivent.macro_f1`` and ``news.relations.macro_f1``: what business news tells.

**Events**: annotated sentences (SENTiVENT) of six classes; a sentence may bear several. A class is
told rightly where the annotators tell it of the same sentence. The learner of
``detection.news`` learns from the sentences of the folder given as TRAIN, and there also from the
annotators' other types and subtypes; without one it is measured by cross-validation inside DATA
with documents kept whole. What the engine that is shipped, which has seen none of them, says is
measured beside it as ``news.sentivent.as_shipped.macro_f1``. The baseline calls a class told when
its plain word stands in the sentence.

**Relations**: pairs of names in one sentence (CORE) with what holds between them. As is usual for
relations with a direction, an answer is right only when name and direction are, the F1 of each
relation is averaged, and "undefined", the absence of a relation, is not averaged in. Collaboration,
competition and merger have no direction. Where the sentence says "the company", the name that the
file gives for it is read. Equal sentences stay in one fold. What the learner tells that the line
asks, which has seen the project's own examples alone, is ``news.relations.as_shipped.macro_f1``.
"""

from __future__ import annotations

import ast
import csv
import json
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.evaluation.measure import DRAWS, SEED, Evaluation, Metric, Miss, Stopwatch
from detection.news.encoder import installed_encoder, remembering
from detection.news.features import untokenised
from detection.news.likeness_events import fit_likeness_events, sentence_lesson
from detection.news.mention_states import mention_lesson, mention_vectors
from detection.news.mentions import Mention, Relation
from detection.news.relations import fit_relations
from detection.news.shipped import shipped_engine
from detection.news.shipped_relations import shipped_relations

EVENTS, RELATIONS = "news/sentivent_subtype.tsv", "news/core_relations_train.json"
FOLDS = 5
#: Our classes, each with the annotators' types or subtypes and the word by which the baseline
#: knows it.
CLASSES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "employment": (("Employment.Start", "Employment.End"), ("appoint", "hire", "resign", "jobs")),
    "acquisition": (("Merger/Acquisition",), ("acqui", "merger", "takeover")),
    "deal": (("Deal",), ("deal", "agreement", "partner")),
    "financing": (("Financing", "Investment"), ("invest", "financing", "funding")),
    "facility": (("Facility",), ("facility", "plant", "store")),
    "launch": (("Product/Service.Launch",), ("launch", "unveil", "introduc")),
}
#: What the shipped engine calls them.
_SHIPPED = {
    "executive_change": "employment",
    "acquisition": "acquisition",
    "partnership": "deal",
    "funding_round": "financing",
    "expansion": "facility",
    "product_launch": "launch",
}
SYMMETRIC = frozenset({"collaboration", "competitor_of", "merged_with", "undefined"})
NOTHING = "undefined"
#: What a plain reader would take for each relation; the first name's side is said to act.
_PLAIN = (
    ("acquired_by~", ("acquir", "bought", "takeover")),
    ("merged_with", ("merge",)),
    ("traded_on", ("stock exchange", "nasdaq", "nyse", "listed")),
    ("shareholder_of~", ("invest", "stake", "raised")),
    ("subsidiary_of", ("subsidiary", "division", "unit of")),
    ("competitor_of", ("compet", "rival")),
    ("collaboration", ("partner", "joint", "collaborat")),
    ("client_of~", ("client", "customer", "contract", "suppl")),
    ("brand_of~", ("brand",)),
    ("regulated_by", ("regulat", "authority")),
    ("product_or_service_of~", ("develop", "produc", "releas", "launch")),
)
Sets = list[frozenset[str]]


def evaluate(data: Path, train: Path | None = None) -> Evaluation:
    """Both files; one that is absent is named."""
    result = Evaluation()
    for name, measure in ((EVENTS, _events), (RELATIONS, _relations)):
        if (data / name).exists():
            learnt = train / name if train is not None else None
            if learnt is not None and (not learnt.exists() or learnt.samefile(data / name)):
                learnt = None
            measure(result, data / name, learnt)
        else:
            result.skipped.append(f"{name}: not in {data}")
    return result


# --- Events ---------------------------------------------------------------------------------------
def read_events(path: Path) -> tuple[list[str], Sets, list[str], list[list[str]]]:
    """Sentences as people write them, the classes of each, its document, and what else it bears.

    The last are the annotators' own types and subtypes, of any kind, which may be learned beside.
    """
    before = csv.field_size_limit(1 << 24)
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file, delimiter="\t"))
    finally:
        # One limit holds for the whole process: other readers keep to theirs.
        csv.field_size_limit(before)
    subtypes = [ast.literal_eval(row["subtypes_event_unq"]) for row in rows]
    return (
        [untokenised(row["text"]) for row in rows],
        [classes_of(each) for each in subtypes],
        [row["document_id"] for row in rows],
        [sorted({*each, *(subtype.partition(".")[0] for subtype in each)}) for each in subtypes],
    )


def classes_of(subtypes: Sequence[str]) -> frozenset[str]:
    """Our classes of a sentence that bears the annotators' subtypes ("Type.Subtype")."""
    return frozenset(
        name
        for name, (theirs, _) in CLASSES.items()
        for subtype in subtypes
        if subtype in theirs or subtype.partition(".")[0] in theirs
    )


def _events(result: Evaluation, path: Path, learnt: Path | None) -> None:
    sentences, expected, documents, finer = read_events(path)
    if not any(expected) or len(set(documents)) < FOLDS:
        result.skipped.append(f"{EVENTS}: too few documents or no class of ours")
        return
    watch = Stopwatch()
    encoder = installed_encoder()
    encode, lesson = None, None
    if encoder is not None:
        encoder = encoder.keeping()
        encode, lesson = remembering(encoder.texts), sentence_lesson(encoder)
    if learnt is not None:
        theirs, labels, groups, beside = read_events(learnt)
        labelled = [sorted(each) for each in labels]
        model = fit_likeness_events(theirs, labelled, groups, encode, lesson, beside)
        got = _told(model, sentences)
    else:
        got = [frozenset()] * len(sentences)
        for seen, unseen in _folds(documents):
            model = fit_likeness_events(
                [sentences[i] for i in seen],
                [sorted(expected[i]) for i in seen],
                [documents[i] for i in seen],
                encode,
                lesson,
                [finer[i] for i in seen],
            )
            for i, told in zip(unseen, _told(model, [sentences[i] for i in unseen]), strict=True):
                got[i] = told
    seconds = watch.seconds()
    plain = [
        frozenset(c for c, (_, words) in CLASSES.items() if any(w in s.casefold() for w in words))
        for s in sentences
    ]
    baseline = f1_by_class(expected, plain)
    _figures(result, "news.sentivent", expected, got, documents, seconds, baseline, _EVENTS_PLAIN)
    watch = Stopwatch()
    shipped = [
        frozenset(_SHIPPED[e.signal_type] for e in told if e.signal_type in _SHIPPED)
        for told in shipped_engine().classify(sentences)
    ]
    _figures(result, "news.sentivent.as_shipped", expected, shipped, documents, watch.seconds(),
             baseline, _EVENTS_PLAIN)  # fmt: skip
    result.misses.extend(
        Miss("news.sentivent.macro_f1", f"{d}: {s[:300]}", "|".join(sorted(e)), "|".join(sorted(g)))
        for d, s, e, g in zip(documents, sentences, expected, got, strict=True)
        if e != g
    )


_EVENTS_PLAIN = "a plain word of the class in the sentence"
_RELATIONS_PLAIN = "a plain word of the relation in the sentence, the first name acting"


def _told(model, sentences: Sequence[str]) -> Sets:
    return [frozenset(e.label for e in told) for told in model.classify(sentences)]


def _folds(groups: Sequence[str]):
    from sklearn.model_selection import GroupKFold

    return GroupKFold(FOLDS).split(groups, None, groups)


# --- Relations ------------------------------------------------------------------------------------
def read_relations(path: Path) -> tuple[list[Mention], list[Relation], list[str]]:
    """Mentions with their names in full, what holds in each, and the sentence of each."""
    mentions, relations, sentences = [], [], []
    for row in json.loads(path.read_text("utf-8")):
        tokens = tuple(row["context"])
        said = Mention(tokens, (row["e1_start"], row["e1_end"]), (row["e2_start"], row["e2_end"]))
        mentions.append(said.spelled_out(row.get("e1_name", ""), row.get("e2_name", "")))
        name = row["relation"]
        relations.append(Relation(name, bool(row["invert_relation"]) and name not in SYMMETRIC))
        sentences.append(" ".join(tokens))
    return mentions, relations, sentences


def _relations(result: Evaluation, path: Path, learnt: Path | None) -> None:
    mentions, relations, sentences = read_relations(path)
    if len({r.name for r in relations}) < 2 or len(set(sentences)) < FOLDS:
        result.skipped.append(f"{RELATIONS}: too few sentences or relations")
        return
    watch = Stopwatch()
    encoder = installed_encoder()
    encode, lesson = None, None
    if encoder is not None:
        encoder = encoder.keeping()
        encode, lesson = remembering(mention_vectors(encoder)), mention_lesson(encoder)
    got = [Relation(NOTHING)] * len(mentions)
    if learnt is not None:
        theirs, labels, _ = read_relations(learnt)
        got = fit_relations(theirs, labels, encode, lesson).predict(mentions)
    else:
        for seen, unseen in _folds(sentences):
            model = fit_relations(
                [mentions[i] for i in seen], [relations[i] for i in seen], encode, lesson
            )
            for i, said in zip(unseen, model.predict([mentions[i] for i in unseen]), strict=True):
                got[i] = said
    seconds = watch.seconds()
    expected_sets, got_sets = _as_sets(relations), _as_sets(got)
    plain = _as_sets([plain_relation(sentence) for sentence in sentences])
    baseline = f1_by_class(expected_sets, plain, _relation_name)
    _figures(result, "news.relations", expected_sets, got_sets, sentences, seconds, baseline,
             _RELATIONS_PLAIN, _relation_name)  # fmt: skip
    watch = Stopwatch()
    shipped = _as_sets(shipped_relations().predict(mentions))
    _figures(result, "news.relations.as_shipped", expected_sets, shipped, sentences,
             watch.seconds(), baseline, _RELATIONS_PLAIN, _relation_name)  # fmt: skip
    result.misses.extend(
        Miss("news.relations.macro_f1", f"{m.name(m.first)} | {m.name(m.second)} | {s[:250]}",
             e.label, g.label)
        for m, s, e, g in zip(mentions, sentences, relations, got, strict=True)
        if e != g
    )  # fmt: skip


def plain_relation(sentence: str) -> Relation:
    """The baseline: the first relation a word of which stands in the sentence."""
    lowered = sentence.casefold()
    label = next((label for label, words in _PLAIN if any(w in lowered for w in words)), NOTHING)
    return Relation(label.removesuffix("~"), label.endswith("~"))


def _as_sets(relations: Sequence[Relation]) -> Sets:
    return [frozenset() if r.name == NOTHING else frozenset({r.label}) for r in relations]


def _relation_name(label: str) -> str:
    return label.removesuffix("~")


# --- Figures --------------------------------------------------------------------------------------
def counts(
    expected: Sets, got: Sets, name_of: Callable[[str], str] = str
) -> dict[str, list[tuple[int, int]]]:
    """For each class, and each case: right answers, and answers plus expectations."""
    names = sorted({name_of(label) for each in expected for label in each})
    return {
        name: [
            (
                sum(name_of(label) == name for label in e & g),
                sum(name_of(label) == name for label in e)
                + sum(name_of(label) == name for label in g),
            )
            for e, g in zip(expected, got, strict=True)
        ]
        for name in names
    }


def f1_by_class(expected: Sets, got: Sets, name_of: Callable[[str], str] = str) -> dict[str, float]:
    """F1 of each class that is expected at least once; a label counts only when wholly right.

    >>> f1_by_class([frozenset({"a"}), frozenset()], [frozenset({"a"}), frozenset({"a"})])
    {'a': 0.6666666666666666}
    """
    return {
        name: 2 * sum(r for r, _ in cases) / sum(b for _, b in cases)
        for name, cases in counts(expected, got, name_of).items()
    }


def macro_interval(
    expected: Sets, got: Sets, groups: Sequence[str], name_of: Callable[[str], str] = str
) -> tuple[float, float]:
    """95 % interval of the macro F1 by drawing whole groups with replacement."""
    import numpy as np

    place = {group: at for at, group in enumerate(dict.fromkeys(groups))}
    at = np.array([place[group] for group in groups])
    sums = []
    for cases in counts(expected, got, name_of).values():
        told = np.zeros((len(place), 2))
        np.add.at(told, at, np.array(cases, dtype=float))
        sums.append(told)
    table = np.stack(sums, axis=1)
    random = np.random.default_rng(SEED)
    values = []
    for _ in range(DRAWS // 4):
        drawn = table[random.integers(0, len(place), len(place))].sum(axis=0)
        seen = drawn[:, 1] > 0
        values.append(float(np.mean(2 * drawn[seen, 0] / drawn[seen, 1])))
    low, high = np.quantile(values, (0.025, 0.975))
    return float(low), float(high)


def _figures(
    result: Evaluation,
    name: str,
    expected: Sets,
    got: Sets,
    groups: Sequence[str],
    seconds: float,
    baseline: dict[str, float],
    baseline_is: str,
    name_of: Callable[[str], str] = str,
) -> None:
    by_class = f1_by_class(expected, got, name_of)
    result.metrics.append(
        Metric(
            f"{name}.macro_f1",
            sum(by_class.values()) / len(by_class),
            len(expected),
            sum(baseline.values()) / len(baseline),
            seconds,
            baseline_is,
            macro_interval(expected, got, groups, name_of),
        )
    )
    for label, figure in by_class.items():
        n = sum(any(name_of(one) == label for one in each) for each in expected)
        result.metrics.append(
            Metric(f"{name}.{label}.f1", figure, n, baseline[label], 0.0, baseline_is)
        )
