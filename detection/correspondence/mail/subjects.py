"""A mail's subject without its "Re:" and "Fwd:", in the words of many languages' programs."""

from __future__ import annotations

import re

_ANSWER = r"re|aw|antw(?:ort)?|sv|vs|odp|res|r|rif|resp|ynt|atb|回复|答复|回覆|答覆|返信|отв(?:ет)?"
_FORWARD = (
    r"fwd?|wg|tr|rv|enc|vb|vl|pd|i|fs|weiterl|doorst|továbbítás|ilt|转发|轉寄|転送|пер(?:есл)?"
)
_PREFIX = re.compile(
    rf"^\s*(?:(?:{_ANSWER}|{_FORWARD})(?:\s*[\[(]\d+[\])]|\s*\^\d+)?\s*[:：]\s*)", re.I
)
_IS_FORWARD = re.compile(
    rf"^\s*(?:{_FORWARD})(?:\s*[\[(]\d+[\])])?\s*[:：]|[\[(](?:fwd)[\]:)]", re.I
)
_IS_ANSWER = re.compile(
    rf"^\s*(?:\[[^\]]{{1,40}}\]\s*)?(?:{_ANSWER})(?:\s*[\[(]\d+[\])])?\s*[:：]", re.I
)
#: Names of lists and gateways: "[sales] Quote", "[EXTERNAL] Quote".
_TAG = re.compile(r"^\s*\[[^\]]{1,40}\]\s*(?=\S)")
_END = re.compile(r"\s*\((?:fwd|was:.*)\)\s*$", re.I)


def bare_subject(subject: str) -> str:
    """What a conversation is called: no prefixes, one blank between words, folded case.

    >>> bare_subject("AW: [sales] Re[2]: Quote  for 500"), bare_subject("Re:")
    ('quote for 500', '')
    """
    text = subject
    while True:
        shorter = _PREFIX.sub("", _TAG.sub("", text, count=1), count=1)
        if shorter == text:
            break
        text = shorter
    return " ".join(_END.sub("", text).split()).casefold()


def is_forward(subject: str) -> bool:
    """Whether the subject says that something is passed on."""
    return _IS_FORWARD.search(subject) is not None


def is_answer(subject: str) -> bool:
    """Whether the subject says that something is answered."""
    return _IS_ANSWER.search(subject) is not None
