"""``jobs.skills.f1``: what postings ask people to know, against annotators' marks.

Every annotated posting is read whole. Expected are the distinct phrases that annotators marked in
it as knowledge, found the distinct terms that the line would keep (skills, certificates,
technologies); both are right when the words of one stand in the other, each once. What they marked
as an ability ("work well with others") is not looked for, and a term within one is not judged.
The reader's vocabulary is closed, so recall is what it lacks. The baseline takes every capitalised
word inside a sentence.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.evaluation.measure import (
    Evaluation,
    Hits,
    Metric,
    Miss,
    Stopwatch,
    f1_interval,
    f1_of,
)
from detection.job_postings.skills import skill_list
from detection.technology_names import technologies_in

METRIC = "jobs.skills.f1"
FOLDER = "jobs"
FILES = "skillspan_*.json"
_WORD = re.compile(r"[^\W_](?:[\w.+#'’&]*[\w+#])?")
_CAPITALISED = re.compile(r"(?<=\S )[A-Z][\w+#.-]*")

#: Words of a phrase, as compared.
Phrase = tuple[str, ...]


@dataclass(frozen=True)
class Posting:
    """An annotated posting: one sentence a line, and the phrases marked in it."""

    text: str
    knowledge: frozenset[Phrase]
    abilities: frozenset[Phrase]


def evaluate(data: Path) -> Evaluation:
    """All annotated postings of the folder, and those of each origin."""
    result = Evaluation()
    files = sorted((data / FOLDER).glob(FILES))
    if not files:
        result.skipped.append(f"{FOLDER}/{FILES}: no file")
        return result
    watch = Stopwatch()
    cases: dict[str, list[Hits]] = defaultdict(list)
    naive: dict[str, list[Hits]] = defaultdict(list)
    for origin, name, posting in _postings(files):
        hits, missed, odd = judged(named(posting.text), posting)
        guess = {words_of(m.group()) for m in _CAPITALISED.finditer(posting.text)} - {()}
        guessed, _, _ = judged(guess, posting)
        for key in ("", origin):
            cases[key].append(hits)
            naive[key].append(guessed)
        result.misses += [Miss(METRIC, name, " ".join(phrase), "") for phrase in missed]
        result.misses += [Miss(METRIC, name, "", " ".join(phrase)) for phrase in odd]
    for key in sorted(cases):
        result.metrics += _metrics(key, cases[key], f1_of(naive[key]), watch.seconds())
    return result


def _metrics(key: str, cases: list[Hits], base: float, seconds: float) -> list[Metric]:
    prefix = f"jobs.skills.{key}." if key else "jobs.skills."
    expected, found = sum(c.expected for c in cases), sum(c.found for c in cases)
    right = sum(c.right for c in cases)
    said = "every capitalised word inside a sentence"
    value, interval = f1_of(cases), f1_interval(cases)
    metrics = [Metric(f"{prefix}f1", value, expected, base, seconds, said, interval)]
    for name, share, n in (("precision", right, found), ("recall", right, expected)):
        metrics.append(Metric(f"{prefix}{name}", share / n if n else 0.0, n, base, 0.0, said))
    return metrics


def _postings(files: Iterable[Path]) -> Iterator[tuple[str, str, Posting]]:
    for path in files:
        sentences: dict[tuple[str, int], list[dict[str, list[str]]]] = defaultdict(list)
        with path.open(encoding="utf-8") as lines:
            for line in lines:
                row = json.loads(line)
                sentences[row["source"], row["idx"]].append(row)
        for (origin, number), rows in sorted(sentences.items()):
            posting = Posting(
                "\n".join(" ".join(row["tokens"]) for row in rows),
                frozenset(p for r in rows for p in marked(r["tokens"], r["tags_knowledge"])),
                frozenset(p for r in rows for p in marked(r["tokens"], r["tags_skill"])),
            )
            yield origin, f"{path.name} {origin} {number}", posting


def words_of(text: str) -> Phrase:
    """Words of a text as compared: no case, no punctuation but that of names ("C++", "Node.js")."""
    return tuple(_WORD.findall(text.casefold()))


def marked(tokens: Sequence[str], tags: Sequence[str]) -> Iterator[Phrase]:
    """Phrases of a sentence: B begins one, I goes on with it.

    >>> list(marked(["Know", "Big", "Data", "Rust"], ["O", "B", "I", "B"]))
    [('big', 'data'), ('rust',)]
    """
    phrase: list[str] = []
    for token, tag in [*zip(tokens, tags, strict=True), ("", "O")]:
        if tag != "I" and (words := words_of(" ".join(phrase))):
            yield words
        if tag != "I":
            phrase = []
        if tag != "O":
            phrase.append(token)


def named(text: str) -> set[Phrase]:
    """The words by which a posting's text names each term, once a term."""
    found = {words_of(mention.words) for mention in technologies_in(text)}
    for line in text.split("\n"):
        found |= {form.words for form, _, _ in skill_list().spans(line)}
    return found - {()}


def judged(found: Iterable[Phrase], posting: Posting) -> tuple[Hits, list[Phrase], list[Phrase]]:
    """How many found phrases are marked, each mark once; what is missed; what is odd.

    The longest are matched first; one within an ability alone is left out.
    """
    free, odd, right = sorted(posting.knowledge), [], 0
    for phrase in sorted(found, key=lambda words: (-len(words), words)):
        own = next((m for m in free if phrase == m), None) or next(
            (m for m in free if _within(phrase, m) or _within(m, phrase)), None
        )
        if own is not None:
            free.remove(own)
            right += 1
        elif not any(_within(phrase, m) for m in (*posting.abilities, *posting.knowledge)):
            odd.append(phrase)
    return Hits(right, right + len(odd), len(posting.knowledge)), free, odd


def _within(part: Phrase, whole: Phrase) -> bool:
    return any(whole[n : n + len(part)] == part for n in range(len(whole) - len(part) + 1))
