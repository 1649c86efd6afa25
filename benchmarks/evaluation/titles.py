"""``titles.department.macro_f1`` and ``titles.seniority.macro_f1``: classes of real job titles.

The title model learns from the titles of the folder given as TRAIN; without one it is measured by
cross-validation inside DATA, with titles that read the same (case, accents and punctuation aside)
kept in one fold. The labels are the data's own, so the model learns that vocabulary; what the line
says without having learnt from any of them (rules, and the model on our own examples) is measured
beside it as ``titles.<kind>.as_shipped.macro_f1``, its words translated into the data's. The
baseline is the class whose name a title bears (also in German or French), else the most frequent.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.evaluation.classes import f1_by_class, macro_f1, macro_f1_interval
from benchmarks.evaluation.measure import Evaluation, Metric, Miss, Stopwatch
from detection.title_model import TitleModel, department_of, normalized_title
from detection.titles import read_title

FOLDER = "titles"
FOLDS = 5
BASELINE = "the class whose name the title bears, else the most frequent"

#: Our departments in the data's words; all others are its "Other".
DEPARTMENTS = {
    "administrative": "Administrative",
    "business_development": "Business Development",
    "consulting": "Consulting",
    "customer_success": "Customer Support",
    "human_resources": "Human Resources",
    "information_technology": "Information Technology",
    "marketing": "Marketing",
    "procurement": "Purchasing",
    "project_management": "Project Management",
    "sales": "Sales",
}
#: What a title bears that names its class, for the baseline.
NAMED = {
    "Business Development": ("business development",),
    "Consulting": ("consult", "berater"),
    "Customer Support": ("support",),
    "Human Resources": ("human resources", "personal"),
    "Information Technology": (" it ", "crm"),
    "Project Management": ("project", "projekt"),
    "Purchasing": ("purchas", "einkauf", "achat"),
    "Administrative": ("administrat",),
    "Marketing": ("marketing",),
    "Sales": ("sales", "vertrieb"),
    "Director": ("director", "direktor", "directeur"),
    "Management": ("chief", "geschaftsfuhrer", "president"),
    "Lead": ("head", "leiter", "lead"),
    "Junior": ("junior", "assistant"),
    "Senior": ("senior", "manager"),
}


@dataclass(frozen=True)
class Subject:
    """One labelled file and how the line's own reading is put into its words."""

    name: str
    file: str
    as_shipped: Callable[[str], str]


def _department(title: str) -> str:
    return DEPARTMENTS.get(department_of(title) or "", "Other")


def _seniority(title: str) -> str:
    # Who is neither beginner nor in charge is called senior in the data.
    return (read_title(title).seniority or "senior").capitalize()


SUBJECTS = (
    Subject("titles.department", "department.csv", _department),
    Subject("titles.seniority", "seniority.csv", _seniority),
)


def evaluate(data: Path, train: Path | None = None) -> Evaluation:
    """Both files; one that is absent is named."""
    result = Evaluation()
    for subject in SUBJECTS:
        path = data / FOLDER / subject.file
        if not path.exists():
            result.skipped.append(f"{FOLDER}/{subject.file}: not in {data}")
            continue
        titles, labels = read_labelled(path)
        if len(set(labels)) < 2 or len(titles) < FOLDS:
            result.skipped.append(f"{FOLDER}/{subject.file}: too few titles or classes")
            continue
        watch = Stopwatch()
        learnt = train / FOLDER / subject.file if train else None
        if learnt is not None and learnt.exists() and learnt.resolve() != path.resolve():
            got = TitleModel.fit(*read_labelled(learnt)).predict(titles)
        else:
            got = cross_validated(titles, labels)
        seconds = watch.seconds()
        _figures(result, subject.name, titles, labels, got, seconds)
        _shipped(result, subject, titles, labels)
    return result


def _shipped(
    result: Evaluation, subject: Subject, titles: Sequence[str], labels: Sequence[str]
) -> None:
    watch = Stopwatch()
    got = [subject.as_shipped(title) for title in titles]
    base = macro_f1(labels, naive(titles, labels))
    result.metrics.append(
        Metric(
            f"{subject.name}.as_shipped.macro_f1",
            macro_f1(labels, got),
            len(titles),
            base,
            watch.seconds(),
            BASELINE,
            macro_f1_interval(labels, got),
        )
    )


def read_labelled(path: Path) -> tuple[list[str], list[str]]:
    """Titles and labels of a file with the columns ``text`` and ``label``."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = [(row["text"], row["label"]) for row in csv.DictReader(file)]
    return [text for text, _ in rows], [label for _, label in rows]


def cross_validated(titles: Sequence[str], labels: Sequence[str]) -> list[str]:
    """A label for each title from a model that saw neither it nor one that reads the same."""
    from sklearn.model_selection import StratifiedGroupKFold

    groups = [normalized_title(title) for title in titles]
    got = [""] * len(titles)
    folds = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=0)
    for seen, unseen in folds.split(titles, labels, groups):
        model = TitleModel.fit([titles[i] for i in seen], [labels[i] for i in seen])
        for i, label in zip(unseen, model.predict([titles[i] for i in unseen]), strict=True):
            got[i] = label
    return got


def naive(titles: Sequence[str], labels: Sequence[str]) -> list[str]:
    """The baseline's labels."""
    most, _ = Counter(labels).most_common(1)[0]
    classes = [label for label in NAMED if label in set(labels)]
    got = []
    for title in titles:
        text = f" {normalized_title(title)} "
        got.append(next((c for c in classes if any(w in text for w in NAMED[c])), most))
    return got


def _figures(
    result: Evaluation,
    name: str,
    titles: Sequence[str],
    labels: Sequence[str],
    got: Sequence[str],
    seconds: float,
) -> None:
    base = naive(titles, labels)
    metric = f"{name}.macro_f1"
    result.metrics.append(
        Metric(
            metric,
            macro_f1(labels, got),
            len(titles),
            macro_f1(labels, base),
            seconds,
            BASELINE,
            macro_f1_interval(labels, got),
        )
    )
    sizes, by_name = Counter(labels), f1_by_class(labels, base)
    for label, figure in f1_by_class(labels, got).items():
        kind = label.lower().replace(" ", "_")
        result.metrics.append(
            Metric(f"{name}.{kind}.f1", figure, sizes[label], by_name[label], 0.0, BASELINE)
        )
    result.misses.extend(
        Miss(metric, title, label, guess)
        for title, label, guess in zip(titles, labels, got, strict=True)
        if label != guess
    )
