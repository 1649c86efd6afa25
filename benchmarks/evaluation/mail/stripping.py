"""``mail.quotes_stripped`` and ``mail.signatures_stripped``: the writer's own words, exactly.

Answers of mail programs, as text and as HTML, all of which say the same few words; and mails whose
signature is marked or stands beside them. A case is right when what is left is the expected text,
blanks aside. The baseline drops lines that begin with ">" or end in "wrote:" from quotations, and
what follows a line of two dashes from signatures.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.evaluation.measure import Evaluation, Metric, Miss, Stopwatch, share_interval
from detection.correspondence.mail.charsets import decode
from detection.correspondence.mail.html_text import html_to_text, plain_lines
from detection.correspondence.mail.message import read_message
from detection.correspondence.mail.quotes import split_quotes
from detection.correspondence.mail.signatures import split_signature
from detection.correspondence.records import Address

QUOTES, SIGNATURES = "mail.quotes_stripped", "mail.signatures_stripped"
#: What every answer of the two folders says, and the two pages beside them.
PLAIN_SAYS, HTML_SAYS = "Hello", "Hi. I am fine.\n\nThanks,\nAlex"
PAGES = {"OLK_SRC_BODY_SECTION.html": "Reply", "reply-separated-by-hr.html": "Hi\nthere\nBob"}
_SIGNED = "#sig#"
_ATTRIBUTION = re.compile(r"wrote:\s*$")
_DASHES = re.compile(r"^--\s*$", re.M)


@dataclass(frozen=True)
class Stripped:
    """One case: its file, what should be left, what is, and what the baseline leaves."""

    name: str
    expected: str
    got: str
    naive: str

    @property
    def is_right(self) -> bool:
        """Nothing is missing and nothing is left over."""
        return letters(self.expected) == letters(self.got)


def letters(text: str) -> str:
    """Text without blanks."""
    return "".join(text.split())


def evaluate(folder: Path) -> Evaluation:
    """Answers and signatures of the folder ``replies``."""
    result = Evaluation()
    for metric, read, said in (
        (QUOTES, answers, "lines that begin with > or end in wrote: dropped"),
        (SIGNATURES, signed, "what follows a line of two dashes dropped"),
    ):
        watch = Stopwatch()
        cases = list(read(folder / "replies"))
        if not cases:
            result.skipped.append(f"email/replies: nothing for {metric}")
            continue
        right = sum(case.is_right for case in cases)
        base = sum(letters(c.naive) == letters(c.expected) for c in cases) / len(cases)
        n, interval = len(cases), share_interval(right, len(cases))
        result.metrics.append(Metric(metric, right / n, n, base, watch.seconds(), said, interval))
        result.misses += [
            Miss(metric, case.name, f"{len(letters(case.expected))} letters",
                 f"{len(letters(case.got))} letters")
            for case in cases
            if not case.is_right
        ]  # fmt: skip
    return result


def answers(folder: Path) -> Iterator[Stripped]:
    """Every answer, its quotation off; the signature, where expected, stays."""
    for path in sorted(folder.glob("standard_replies/*.eml")):
        beside = path.with_name(f"{path.stem}_reply_text")
        expected = beside.read_text("utf-8") if beside.exists() else PLAIN_SAYS
        text = read_message(path.read_bytes()).body_text
        yield Stripped(path.name, expected, split_quotes(text).new, _unquoted(text))
    for path in sorted([*folder.glob("html_replies/*.html"), *folder.glob("*.html")]):
        text = html_to_text(decode(path.read_bytes(), "utf-8", is_html=True)[0])
        expected = PAGES.get(path.name, HTML_SAYS)
        yield Stripped(path.name, expected, split_quotes(text).new, _unquoted(text))


def _unquoted(text: str) -> str:
    lines = text.split("\n")
    return "\n".join(x for x in lines if not x.startswith(">") and not _ATTRIBUTION.search(x))


def signed(folder: Path) -> Iterator[Stripped]:
    """Every mail with a known signature, or known to have none."""
    for path in sorted(folder.glob("signature/emails/*/*_body")):
        stem = path.name.removesuffix("_body")
        beside, sender = path.with_name(f"{stem}_signature"), path.with_name(f"{stem}_sender")
        body = plain_lines(path.read_text("utf-8", "replace"))
        if beside.exists():
            signature = plain_lines(beside.read_text("utf-8", "replace")).replace(_SIGNED, "")
            clean = body.replace(_SIGNED, "").rstrip()
            expected = clean.removesuffix(signature.strip()) if signature.strip() else clean
        elif _SIGNED in body:
            expected = body.partition(_SIGNED)[0]
            clean = body.replace(_SIGNED, "").rstrip()
        else:
            continue
        said = sender.read_text("utf-8", "replace").strip() if sender.exists() else ""
        who = Address(None, said) if "@" in said else Address(said or None, None)
        got = split_signature(clean, who)[0]
        yield Stripped(path.name, expected, got, _DASHES.split(clean)[0])
