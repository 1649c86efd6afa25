"""``mail.messages_per_cpu_second``: a mailbox read into messages and conversations.

Mails of the simulated correspondence in one mbox file. The line reads people, times, text, own
words without quotations and signatures, forwards and attachments, and joins conversations; the peer
is the standard library as it is usually used (``mailbox``, ``email`` with its default policy, the
best body's text) and stops there. Both must give the same mails with the same texts.
"""

from __future__ import annotations

import mailbox
import time
from email import message_from_bytes, policy
from pathlib import Path

from detection.correspondence.mail.message import read_message
from detection.correspondence.mail.threads import threads_of
from resources.mbox import read_mbox

#: Deals and distractors of the correspondence, about eight mails a deal; and its seed.
DEALS, DISTRACTORS, SEED = 200, 800, 11


class DifferentTextsError(Exception):
    """The two sides did not read the same mails."""


def make_mbox(path: Path, deals: int = DEALS, distractors: int = DISTRACTORS) -> int:
    """Write the mails of the simulated correspondence as an mbox file; returns their number."""
    from sandbox.correspondence.generate import generate

    mails = generate(SEED, deals, distractors).mails
    with path.open("wb") as file:
        for one in mails:
            body = one.data.replace(b"\r\n", b"\n")
            file.write(b"From MAILER Mon Jan  5 09:00:00 2026\n" + body + b"\n\n")
    return len(mails)


def run_line(path: Path) -> tuple[float, list[str]]:
    """Processor seconds of the line, warm, and the text of each mail."""
    started = time.process_time()
    with path.open("rb") as file:
        mails = [read_message(entry.content) for entry in read_mbox(file) if entry.content]
    threads_of(mails)
    return time.process_time() - started, [mail.body_text for mail in mails]


def run_peer(path: Path) -> tuple[float, list[str]]:
    """Processor seconds of the standard library, and the text of each mail."""
    started = time.process_time()
    texts = []
    for one in mailbox.mbox(path, factory=lambda file: file.read(), create=False):
        body = message_from_bytes(one, policy=policy.default).get_body(("plain", "html"))
        texts.append(body.get_content() if body is not None else "")
    return time.process_time() - started, texts


def run(folder: Path) -> dict[str, dict[str, object]]:
    """The metric; the file is made in ``folder``. Raises ``DifferentTextsError``."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "correspondence.mbox"
    count = make_mbox(path)
    run_line(path)
    line, texts = run_line(path)
    peer, expected = run_peer(path)
    pairs = zip(texts, expected, strict=False)
    same = [one.split() == other.split() for one, other in pairs]
    if len(texts) != count or len(expected) != count or not all(same):
        raise DifferentTextsError(
            f"{len(texts)} and {len(expected)} of {count} mails read, {sum(same)} with equal text"
        )
    return {
        "mail.messages_per_cpu_second": {
            "value": round(count / line, 1),
            "unit": "mails/CPU s",
            "peer": round(count / peer, 1),
            "ratio": round(peer / line, 3),
        }
    }
