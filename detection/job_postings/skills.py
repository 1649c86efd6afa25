"""Skills and certificates that postings ask for, found word by word.

The words of a line are looked up one after the other in an index of first words, so the cost
grows with the text and hardly with the list. ``data/job_skills.yaml`` says what is looked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from detection.packaged import read_yaml

#: Words: letters and digits with what belongs to names ("CIPP", "Security+", "R&D").
_WORD = re.compile(r"[^\W_](?:[\w.+#'’&]*[\w+#])?")
_KINDS = {"skills": "skill", "certifications": "certification"}


@dataclass(frozen=True, slots=True)
class Term:
    """One entry of the list; ``kind`` is skill or certification."""

    name: str
    kind: str
    category: str


@dataclass(frozen=True, slots=True)
class Form:
    """One way to write a term."""

    term: Term
    words: tuple[str, ...]
    #: The words as they must be written, when their case counts.
    exact: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class SkillList:
    """Terms by the first word of each of their forms, longest form first."""

    index: dict[str, tuple[Form, ...]]
    terms: tuple[Term, ...]

    def find(self, line: str) -> list[Term]:
        """Terms that a line names, in order, each once; a longer form wins over one inside it.

        >>> [t.name for t in skill_list().find("Project management; a CPA is a plus")]
        ['Project management', 'CPA']
        """
        return list(dict.fromkeys(form.term for form, _, _ in self.spans(line)))

    def spans(self, line: str) -> Iterator[tuple[Form, int, int]]:
        """Each form found, with the numbers of its first word and of the word after its last."""
        lowered = _WORD.findall(line.lower())
        index = self.index
        positions = [i for i, word in enumerate(lowered) if word in index]
        if not positions:
            return
        written = _WORD.findall(line)
        if len(written) != len(lowered):
            written = lowered
        end = 0
        for position in positions:
            if position < end:
                continue
            for form in index[lowered[position]]:
                stop = position + len(form.words)
                if form.words != tuple(lowered[position:stop]):
                    continue
                if form.exact is not None and form.exact != tuple(written[position:stop]):
                    continue
                yield form, position, stop
                end = stop
                break

    def forms(self) -> Iterator[Form]:
        """Every form of every term."""
        for listed in self.index.values():
            yield from listed


@cache
def skill_list() -> SkillList:
    """The packaged list. Raises ValueError naming an entry that is not well formed."""
    from importlib.resources import files

    text = files("detection.data").joinpath("job_skills.yaml").read_text("utf-8")
    return compile_list(read_yaml(text))


def compile_list(entries: dict[str, dict[str, list[str]]]) -> SkillList:
    """Index of entries as the YAML file has them. Raises ValueError for a malformed one."""
    forms: dict[str, list[Form]] = {}
    terms: list[Term] = []
    for part, categories in entries.items():
        if part not in _KINDS:
            raise ValueError(f"the list knows {sorted(_KINDS)}, not {part!r}")
        for category, listed in categories.items():
            for entry in listed:
                if not isinstance(entry, str):
                    raise ValueError(f"{part}.{category}: {entry!r} is no text; quote it")
                name, _, rest = (piece.strip() for piece in entry.partition("="))
                term = Term(name, _KINDS[part], category)
                terms.append(term)
                for form in _forms(term, rest.split(",") if rest else [name], entry):
                    forms.setdefault(form.words[0], []).append(form)
    index = {
        first: tuple(sorted(listed, key=lambda form: -len(form.words)))
        for first, listed in forms.items()
    }
    return SkillList(index, tuple(terms))


def _forms(term: Term, written: Iterable[str], entry: str) -> Iterator[Form]:
    for form in written:
        text = form.strip()
        has_case = text.startswith("!")
        text = text.removeprefix("!").strip()
        words = tuple(_WORD.findall(text.lower()))
        if not words:
            raise ValueError(f"entry {entry!r} has an empty form")
        yield Form(term, words, tuple(_WORD.findall(text)) if has_case else None)
