"""``mail.parsed``: every mail is read, in the right number and with the right characters.

Counts: the labelled mbox must give each labelled id once; other mboxes as many mails as Python's
``mailbox`` finds. Characters: where a mail's text parts name a character set that fits their bytes,
our text must equal the standard library's decoding (blanks aside; ISO 8859-1 with C1 controls is
Windows-1252), unless that library finds the structure broken;
otherwise it must hold no replacement character. A file without a mail, or with more parts than the
limits allow, must be refused with a reason. The baseline is ``email`` with its default policy and
``get_body``.
"""

from __future__ import annotations

import csv
import mailbox
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import Message
from pathlib import Path

from benchmarks.evaluation.measure import (
    Evaluation,
    Metric,
    Miss,
    Stopwatch,
    share_interval,
)
from detection.correspondence.mail.html_text import plain_lines
from detection.correspondence.mail.limits import DEFAULT_LIMITS, MailRefusedError
from detection.correspondence.mail.message import read_message
from detection.correspondence.records import MailMessage
from resources.mbox import read_mbox

METRIC = "mail.parsed"
BASELINE = "the standard library's default policy and its best body"
LABELLED = ("enron_labelled.mbox", "enron_labels.csv")
_NO_LETTERS = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u200b-\u200f\u2060\ufeff\u00ad\u034f\u180e]+")
#: Defects of structure: two libraries may well mend them in two ways.
_BROKEN = frozenset(
    {"boundary_missing", "boundary_never_used", "boundary_not_closed", "content_type_unreadable"}
)
#: Controls that nobody means: the sender's set is Windows' superset of the one that is named.
_C1 = re.compile(rb"[\x80-\x9f]")


@dataclass(frozen=True)
class Case:
    """One mail: where it lies, and its bytes."""

    name: str
    raw: bytes


def evaluate(folder: Path) -> Evaluation:
    """Every mbox and single mail of the folder."""
    result = Evaluation()
    cases, counted, miscounted = _cases(folder)
    if not cases:
        result.skipped.append("email: no mail")
        return result
    watch = Stopwatch()
    wrong = [(case, fault) for case in cases if (fault := fault_of(case.raw))]
    seconds = watch.seconds()
    base = sum(baseline_reads(case.raw) for case in cases) / len(cases)
    n = len(cases) + counted
    right = n - len(wrong) - len(miscounted)
    interval = share_interval(right, n)
    result.metrics.append(Metric(METRIC, right / n, n, base, seconds, BASELINE, interval))
    result.misses += [Miss(METRIC, case.name, "read", fault) for case, fault in wrong]
    result.misses += miscounted
    return result


def _cases(folder: Path) -> tuple[list[Case], int, list[Miss]]:
    """All mails, how many files' counts were compared, and those that differ."""
    cases: list[Case] = []
    counted, miscounted = 0, []
    for path in sorted(folder.rglob("*.mbox")):
        with path.open("rb") as file:
            contents = [entry.content or b"" for entry in read_mbox(file)]
        cases += [Case(f"{path.name} {n}", raw) for n, raw in enumerate(contents)]
        counted += 1
        expected = _expected_count(folder, path)
        if len(contents) != expected:
            miscounted.append(Miss(METRIC, path.name, f"{expected} mails", str(len(contents))))
    for path in _single_mails(folder):
        cases.append(Case(path.name, path.read_bytes()))
    return cases, counted, miscounted


def _expected_count(folder: Path, path: Path) -> int:
    labels = folder / LABELLED[1]
    if path.name == LABELLED[0] and labels.exists():
        with labels.open(encoding="utf-8", newline="") as file:
            return len({row["message_id"] for row in csv.DictReader(file)})
    return len(mailbox.mbox(path, create=False))


def _single_mails(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        is_dkim = path.parent.name == "dkim" and path.name.startswith(("email.", "purpose."))
        if path.is_file() and (path.suffix == ".eml" or is_dkim):
            yield path


def fault_of(raw: bytes) -> str:
    """What is wrong with our reading of a mail; empty where nothing is."""
    peer = message_from_bytes(raw, policy=policy.compat32)
    parts = list(peer.walk())
    is_beyond = len(parts) > DEFAULT_LIMITS.parts or not raw.strip()
    try:
        mail = read_message(raw)
    except MailRefusedError as refused:
        return "" if is_beyond else f"refused: {refused.rule}"
    except Exception as error:  # the point of the measurement
        return f"crashed: {type(error).__name__}"
    if is_beyond:
        return "not refused"
    if "�" in mail.body_text + mail.subject and "�".encode() not in raw:
        return "replacement characters"
    return _differs(mail, parts)


def _differs(mail: MailMessage, parts: list[Message]) -> str:
    """Whether the text is not the standard library's, where that can tell."""
    is_broken = not _BROKEN.isdisjoint(mail.defects) or any(part.defects for part in parts)
    if mail.body_kind != "plain" or is_broken:
        return ""
    texts: list[str] = []
    for part in parts:
        if part.get_content_maintype() == "message":
            # Its text is the forwarded mail's, not this one's.
            break
        is_file = part.get_filename() or part.get_content_disposition() == "attachment"
        if part.get_content_type() == "text/plain" and not part.is_multipart() and not is_file:
            read = _strictly(part)
            if read is None:
                return ""
            texts.append(read)
    expected = _letters("".join(texts))
    return "" if expected == _letters(mail.body_text) else "other characters"


def _strictly(part: Message) -> str | None:
    raw = part.get_payload(decode=True)
    if not isinstance(raw, bytes):
        return None
    declared = part.get_content_charset() or "ascii"
    if declared == "iso-8859-1" and _C1.search(raw):
        declared = "cp1252"
    try:
        return raw.decode(declared)
    except (LookupError, UnicodeError):
        return None


def _letters(text: str) -> str:
    return _NO_LETTERS.sub("", plain_lines(text).replace("\x1d", ""))


def baseline_reads(raw: bytes) -> bool:
    """Whether the standard library gives a mail's body without an error or a replacement."""
    try:
        body = message_from_bytes(raw, policy=policy.default).get_body(("plain", "html"))
        return body is not None and "�" not in body.get_content()
    except Exception:
        return False
