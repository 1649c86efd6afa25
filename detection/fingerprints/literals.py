"""Text that must stand in a page for a pattern or selector to match: what a prefilter looks for."""

from __future__ import annotations

import re

_REPEAT = re.compile(r"[*?]|\+|\{(\d*),?\d*\}")
_GROUP_START = re.compile(r"\((?:\?(?:P?<\w+>|:|[aiLmsux-]+:))?(?!\?)")
_CONTROL = {"n": "\n", "r": "\r", "t": "\t", "f": "\f", "v": "\v"}
#: Elements that a parser adds where the source does not write them.
_UNWRITTEN = {"<html", "<head", "<body", "<tbody"}
#: Alternatives beyond this number are not worth looking for one by one.
_MAX_ALTERNATIVES = 40


def required_literals(regex: str, most: int = _MAX_ALTERNATIVES) -> frozenset[str] | None:
    """Texts in lower case of which every match of an expression holds at least one.

    The longest there are; None where nothing can be said, or where there would be more than
    ``most``. Texts are ASCII and of two characters or more. What the expression's author wrote is
    read conservatively: less may be said, never more.
    """
    try:
        found, position = _alternatives(regex, 0, most)
    except IndexError:  # no expression at all; compiling it says so
        return None
    return found if position == len(regex) else None


def _alternatives(regex: str, position: int, most: int) -> tuple[frozenset[str] | None, int]:
    """What one of the alternatives up to a closing bracket (or the end) needs, and that place."""
    parts: list[frozenset[str] | None] = []
    while True:
        found, position = _sequence(regex, position, most)
        parts.append(found)
        if regex[position : position + 1] != "|":
            break
        position += 1
    if any(part is None for part in parts):
        return None, position
    joined = frozenset[str]().union(*(part for part in parts if part is not None))
    return (joined if len(joined) <= most else None), position


def _sequence(regex: str, position: int, most: int) -> tuple[frozenset[str] | None, int]:
    candidates: list[frozenset[str]] = []
    run = ""
    while position < len(regex) and regex[position] not in "|)":
        literal, inner, end = _atom(regex, position, most)
        repeat = _REPEAT.match(regex, end)
        least = 1
        if repeat is not None:
            sign = repeat.group()
            least = 1 if sign == "+" else int(repeat.group(1) or 0) if sign[0] == "{" else 0
            end = repeat.end()
            if regex[end : end + 1] in ("?", "+"):
                end += 1
        position = end
        if literal is not None and least == 1 and (repeat is None or sign == "+"):
            run += literal
            if repeat is not None:
                candidates.append(frozenset([run]))
                run = ""
            continue
        candidates.append(frozenset([run]))
        run = ""
        if inner is not None and least:
            candidates.append(inner)
    candidates.append(frozenset([run]))
    best = max(candidates, key=_worth)
    return (best if _worth(best)[0] >= 2 else None), position


def _worth(texts: frozenset[str]) -> tuple[int, int]:
    return min((len(text) for text in texts), default=0), -len(texts)


def _atom(regex: str, position: int, most: int) -> tuple[str | None, frozenset[str] | None, int]:
    """One atom: the character it is, or what its group needs, or neither; and where it ends."""
    char = regex[position]
    if char == "\\":
        escaped = regex[position + 1]
        if escaped in _CONTROL:
            return _CONTROL[escaped], None, position + 2
        if escaped.isalnum():
            width = {"x": 4, "u": 6}.get(escaped, 2)
            return None, None, position + width
        return (escaped if escaped.isascii() else None), None, position + 2
    if char == "[":
        return None, None, _class_end(regex, position)
    if char == "(":
        start = _GROUP_START.match(regex, position)
        if start is None:  # look-around and the like: skipped
            _, end = _alternatives(regex, position + 2, most)
            return None, None, end + 1
        found, end = _alternatives(regex, start.end(), most)
        return None, found, end + 1
    if char in ".^$" or not char.isascii():
        return None, None, position + 1
    return char.lower(), None, position + 1


def _class_end(regex: str, start: int) -> int:
    position = start + 1
    if regex[position : position + 1] == "^":
        position += 1
    if regex[position : position + 1] == "]":
        position += 1
    while regex[position] != "]":
        position += 2 if regex[position] == "\\" else 1
    return position + 1


_SELECTOR_PARTS = re.compile(
    r"""\[\s*[\w|-]+\s*[*^$~|]?=\s*(?:"([^"]*)"|'([^']*)'|([^\]\s]+))[^\]]*\]"""
    r"""|\[\s*([\w|-]+)\s*\]"""
    r"""|[#.]((?:[\w-]|\\.)+)"""
    r"""|(:[\w-]+(?:\([^)]*\))?)"""
    r"""|([a-zA-Z][\w-]*)"""
)


def selector_literals(selector: str) -> list[frozenset[str]] | None:
    """For each alternative of a selector the texts that a page must hold, in lower case.

    Attribute values may be written with entities in the source, so texts end at what may be
    escaped. None where an alternative names nothing that could be looked for.
    """
    found: list[frozenset[str]] = []
    for alternative in _split(selector):
        texts: set[str] = set()
        for value, other, bare, attribute, name, _, tag in _SELECTOR_PARTS.findall(alternative):
            if tag:
                pieces = [f"<{tag}"]
            else:
                text = value or other or bare or attribute or name.replace("\\", "")
                pieces = re.split(r"[&\"'<>\s]|[^\x00-\x7f]", text)
            texts.add(max(pieces, key=len).lower())
        texts = {text for text in texts if len(text) >= 3} - _UNWRITTEN
        if not texts:
            return None
        found.append(frozenset(texts))
    return found


def _split(selector: str) -> list[str]:
    """Alternatives of a selector list; commas within brackets and quotes do not part them."""
    parts, depth, quote, start = [], 0, "", 0
    for position, char in enumerate(selector):
        if quote:
            quote = "" if char == quote else quote
        elif char in "\"'":
            quote = char
        elif char in "[(":
            depth += 1
        elif char in "])":
            depth -= 1
        elif char == "," and depth == 0:
            parts.append(selector[start:position])
            start = position + 1
    return [part for part in [*parts, selector[start:]] if part.strip()]
