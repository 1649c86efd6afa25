r"""The chat that Zoom saves beside a recording.

A message begins with a clock, a sender and a tab-separated text (``00:03:01<TAB>Name:<TAB>text``),
or in older versions ``09:14:22 From Name to Everyone:``; what follows without a clock belongs to
the message before it. Answers and reactions are written as text and taken apart here.
"""

from __future__ import annotations

import re

from detection.correspondence.transcripts.limits import (
    DEFAULT_LIMITS,
    MeetingLimits,
    refuse_large,
    refuse_many,
)
from detection.correspondence.transcripts.records import ChatMessage
from detection.correspondence.transcripts.vtt import decode

_TABBED = re.compile(r"^(\d{1,2}):(\d{2}):(\d{2})\t([^\t\n]*?):?\t(.*)$")
_WORDED = re.compile(r"^(\d{1,2}):(\d{2}):(\d{2})\s+From\s+(\S.{0,400}?)\s*:(?:\s+(.*))?$")
_TO = re.compile(r"\s+[tT]o\s+")
_REPLY = re.compile(r'^Replying to "(.*?)"\s*\n+(.*)$', re.S)
_REACTION = re.compile(
    r'^(?:Reacted to|Removed a (\S+) reaction from) "(.*)"(?: with (.+))?$', re.S
)
_EVERYONE = re.compile(r"(?:everyone|alle|all panelists|tous)\b.*", re.I)


def read_chat(data: bytes | str, limits: MeetingLimits = DEFAULT_LIMITS) -> list[ChatMessage]:
    """Messages of a saved chat in file order; lines before the first clock are passed over.

    A message of more characters than the limits allow is cut. Raises ``MeetingRefusedError`` for a
    file or for messages beyond them.
    """
    refuse_large(len(data), limits)
    text = data if isinstance(data, str) else decode(data)
    heads: list[tuple[int, str, str | None, list[str]]] = []
    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        if match := _TABBED.match(line):
            h, m, s, sender, said = match.groups()
            heads.append((_ms(h, m, s), sender.strip(), None, [said]))
        elif match := _WORDED.match(line):
            h, m, s, people, said = match.groups()
            sender, to = (*_TO.split(people, maxsplit=1), None)[:2]
            private = to if to and not _EVERYONE.fullmatch(to.strip()) else None
            heads.append((_ms(h, m, s), sender.strip(), private, [said or ""]))
        elif heads:
            heads[-1][3].append(line)
        refuse_many(len(heads), limits)
    return [_message(i, *head, limits.utterance_chars) for i, head in enumerate(heads)]


def _ms(hours: str, minutes: str, seconds: str) -> int:
    return ((int(hours) * 60 + int(minutes)) * 60 + int(seconds)) * 1000


def _message(
    ordinal: int, at_ms: int, sender: str, recipient: str | None, lines: list[str], longest: int
) -> ChatMessage:
    text = "\n".join(line[:longest].strip() for line in lines).strip()[:longest]
    if match := _REACTION.match(text):
        removed, quoted, sign = match.groups()
        if sign and not removed:
            return ChatMessage(ordinal, at_ms, sender, recipient, quoted, reaction=sign.strip())
    if match := _REPLY.match(text):
        quoted, said = match.groups()
        return ChatMessage(ordinal, at_ms, sender, recipient, said.strip(), reply_to=quoted)
    return ChatMessage(ordinal, at_ms, sender, recipient, text)
