"""``mail.requests.f1`` and ``mail.business_relevance.f1``: what the learnt readers of mail judge.

Both learn from TRAIN, or by five-fold cross-validation inside DATA with equal sentences, or mails
of one subject, in one fold. ``*.as_shipped.f1`` is what the line reads with, which has learnt from
our own examples alone.

A mail is business where most of its annotators' marks of genre say "company business, strategy";
the rest are arrangements, personal words, jobs, editing, empty mails. Misses name lines only.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.evaluation.mail.parsing import LABELLED
from benchmarks.evaluation.measure import (
    Evaluation,
    Hits,
    Metric,
    Miss,
    Stopwatch,
    f1_interval,
    f1_of,
)
from detection.correspondence.mail import relevance, requests
from detection.correspondence.mail.linear import LinearScorer
from detection.correspondence.mail.message import read_message
from detection.correspondence.mail.subjects import bare_subject
from resources.mbox import read_mbox

FOLDS = 5
SENTENCES = "intent_train.txt"
#: The marks of the annotators' first question, and its answer "company business, strategy, etc.".
GENRE, BUSINESS = "1", "1"


@dataclass(frozen=True)
class Labelled:
    """Cases of one subject, in the file's order."""

    names: list[str]
    features: list[set[str]]
    truth: list[bool]
    #: Cases of one group are never learnt from and judged at once.
    groups: list[str]
    #: What the baseline says.
    naive: list[bool]


def evaluate_requests(folder: Path, train: Path | None) -> Evaluation:
    """Requests among labelled sentences."""
    return _evaluate(
        "mail.requests",
        folder,
        train,
        labelled_sentences,
        requests.fit_requests_of,
        requests.shipped_scorer,
        requests.LEAST,
        "a question mark or the word please",
    )


def evaluate_relevance(folder: Path, train: Path | None) -> Evaluation:
    """Business among labelled mails."""
    return _evaluate(
        "mail.business_relevance",
        folder,
        train,
        labelled_mails,
        relevance.fit_relevance,
        relevance.shipped_scorer,
        relevance.LEAST,
        "every mail is business",
    )


def labelled_sentences(folder: Path) -> Labelled | None:
    """Lines of label, tab and sentence; None without the file."""
    path = folder / SENTENCES
    if not path.exists():
        return None
    found = Labelled([], [], [], [], [])
    for number, line in enumerate(path.read_text("utf-8", "replace").splitlines(), start=1):
        label, tab, sentence = line.partition("\t")
        if not tab:
            continue
        found.names.append(f"line {number}")
        found.features.append(requests.request_features(sentence))
        found.truth.append(label == "Yes")
        found.groups.append(" ".join(sentence.lower().split()))
        found.naive.append("?" in sentence or "please" in sentence.lower())
    return found


def labelled_mails(folder: Path) -> Labelled | None:
    """Mails with a mark of genre; None without the files."""
    mbox, labels = (folder / name for name in LABELLED)
    if not mbox.exists() or not labels.exists():
        return None
    with mbox.open("rb") as file:
        mails = [read_message(entry.content) for entry in read_mbox(file) if entry.content]
    by_id = {mail.message_id: mail for mail in mails}
    found = Labelled([], [], [], [], [])
    with labels.open(encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.DictReader(file), start=2):
            mail = by_id.get(row["message_id"].strip("<> "))
            genre = most_marked(row["cats"])
            if mail is None or genre is None:
                continue
            found.names.append(f"line {number}")
            found.features.append(relevance.mail_features(mail))
            found.truth.append(genre == BUSINESS)
            found.groups.append(bare_subject(mail.subject) or mail.message_id)
            found.naive.append(True)
    return found


def most_marked(categories: str) -> str | None:
    """The genre with most marks of a mail ("1,1,2|1,4,1|3,6,2"), the lower number when even.

    >>> most_marked("1,1,1|1,4,2|3,6,2"), most_marked("3,6,2")
    ('4', None)
    """
    marks = [mark.split(",") for mark in categories.split("|") if mark.count(",") == 2]
    genres = [(-int(count), int(name), name) for top, name, count in marks if top == GENRE]
    return min(genres)[2] if genres else None


def _evaluate(
    metric: str,
    folder: Path,
    train: Path | None,
    read: Callable[[Path], Labelled | None],
    fit: Callable[[Sequence[set[str]], Sequence[bool]], LinearScorer],
    shipped: Callable[[], LinearScorer],
    least: float,
    baseline_is: str,
) -> Evaluation:
    result = Evaluation()
    data = read(folder)
    if data is None or len(set(data.truth)) < 2 or len(set(data.groups)) < FOLDS:
        result.skipped.append(f"email: too few labels for {metric}")
        return result
    watch = Stopwatch()
    learnt = read(train) if train is not None else None
    if learnt is not None:
        scorer = fit(learnt.features, learnt.truth)
        got = [scorer.probability(features) >= least for features in data.features]
    else:
        got = cross_validated(data, fit, least)
    base = _hits(data.truth, data.naive)
    result.metrics += _metrics(f"{metric}.", data, got, base, watch.seconds(), baseline_is)
    result.misses += [
        Miss(f"{metric}.f1", name, str(truth), str(guess))
        for name, truth, guess in zip(data.names, data.truth, got, strict=True)
        if truth != guess
    ]
    watch = Stopwatch()
    own = shipped()
    said = [own.probability(features) >= least for features in data.features]
    result.metrics += _metrics(
        f"{metric}.as_shipped.", data, said, base, watch.seconds(), baseline_is
    )
    return result


def cross_validated(
    data: Labelled,
    fit: Callable[[Sequence[set[str]], Sequence[bool]], LinearScorer],
    least: float,
) -> list[bool]:
    """A judgement of each case by a model that saw none of its group."""
    from sklearn.model_selection import GroupKFold

    got = [False] * len(data.truth)
    for seen, unseen in GroupKFold(FOLDS).split(data.truth, data.truth, data.groups):
        scorer = fit([data.features[i] for i in seen], [data.truth[i] for i in seen])
        for i in unseen:
            got[i] = scorer.probability(data.features[i]) >= least
    return got


def _hits(truth: Sequence[bool], got: Sequence[bool]) -> list[Hits]:
    return [Hits(int(t and g), int(g), int(t)) for t, g in zip(truth, got, strict=True)]


def _metrics(
    prefix: str,
    data: Labelled,
    got: Sequence[bool],
    base: list[Hits],
    seconds: float,
    said: str,
) -> list[Metric]:
    cases = _hits(data.truth, got)
    metrics = [
        Metric(f"{prefix}f1", f1_of(cases), len(cases), f1_of(base), seconds, said,
               f1_interval(cases))
    ]  # fmt: skip
    for name, of in (("precision", "found"), ("recall", "expected")):
        n, naive_n = (sum(getattr(c, of) for c in kind) for kind in (cases, base))
        value = sum(c.right for c in cases) / n if n else 0.0
        naive = sum(c.right for c in base) / naive_n if naive_n else 0.0
        metrics.append(Metric(f"{prefix}{name}", value, n, naive, 0.0, said))
    return metrics
