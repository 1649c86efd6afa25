"""What is passed on within a mail's text: its headers, where it has some, and its own words."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime

from detection.correspondence.mail.headers import addresses_of, utc_date
from detection.correspondence.mail.quotes import (
    ATTRIBUTION_LINES,
    attribution_at,
    block_at,
    label_of,
    split_quotes,
    without_prefix,
)
from detection.correspondence.records import Address, ForwardedMessage

#: Mails within mails that are followed; real chains are shorter.
MOST = 10
#: Lines that may stand above a block of headers: Lotus Notes' sender, whose secretary, and time.
ABOVE = 8
_NOTES_TIME = re.compile(r"\s+on\s+\d{1,2}[/.-]\d.*$")
_ANSWERED = re.compile(r"\[mailto:([^\]\s]+)\]")
_BARE = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
_WITHIN = re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+")
#: The name before an address in brackets, or before the verb.
_NAMED = re.compile(
    r"(?:^|[,;]|\d{2}(?:\s?[AP]M)?)\s+(?:schrieb\s+)?\"?"
    r"(?P<name>[^\W\d_][^\d<>,;:\"]{1,60}?)\"?\s*"
    r"(?:<|\bwrote\b|\bwrites\b|\bschrieb\b|\ba écrit\b)",
    re.I,
)
_DAY_FIRST = re.compile(
    r"\b(?P<day>\d{1,2})(?:\.?\s+(?P<month>[A-Z][a-z]{2,8})\.?,?\s+|\.(?P<number>\d{1,2})\.)"
    r"(?P<year>\d{4})(?:,|\s+(?:at|um))?\s+(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::\d{2})?\s*(?P<half>[AaPp])?"
)
_ENGLISH = re.compile(
    r"(?:[A-Za-z]+,?\s+)?(?P<month>[A-Z][a-z]{2,8})\.?\s+(?P<day>\d{1,2}),?\s+(?P<year>\d{4})"
    r"(?:,|\s+at)?\s+(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::\d{2})?\s*(?P<half>[AaPp])?"
)
_HALF = re.compile(r"\d\s*[AP]\.?M\b", re.I)
_MONTHS = {m: n for n, m in enumerate(
    "jan feb mar apr may jun jul aug sep oct nov dec".split(), start=1  # noqa: SIM905
)}  # fmt: skip


def inline_forwards(text: str) -> tuple[ForwardedMessage, ...]:
    """The mails that stand in the passed-on part of a text, the outermost first."""
    found: list[ForwardedMessage] = []
    while text.strip() and len(found) < MOST:
        lines = text.split("\n")
        start = next((n for n, line in enumerate(lines) if line.strip()), 0)
        near = range(start, min(start + ABOVE, len(lines)))
        head = next((n for n in near if block_at(lines, n)), -1)
        said: dict[str, str] = {}
        end = start
        if head >= 0:
            end = head + block_at(lines, head)
            said = _headers(lines[head:end])
            if "from" not in said and head > start:
                # Lotus Notes writes the sender above its block, without a label.
                said["from"] = _NOTES_TIME.sub("", lines[start]).strip(" >\t")
        split = split_quotes("\n".join(lines[end:]).strip("\n"))
        inner = split.forwarded or split.quoted
        sender = _people(said.get("from", ""))
        found.append(
            ForwardedMessage(
                sender=sender[0] if sender else None,
                recipients=(*_people(said.get("to", "")), *_people(said.get("cc", ""))),
                sent_at=written_date(said.get("sent", "")),
                subject=said.get("subject") or None,
                body_text=split.new,
                kind="inline",
            )
        )
        if len(inner) >= len(text):
            break
        text = inner
    return tuple(one for one in found if one.body_text or one.sender or one.subject)


def quoted_mail(text: str) -> ForwardedMessage | None:
    """The mail that the quoted part of a text begins with; None where there is none.

    Its author and time are those of the line or the headers above it. What it quotes itself is
    older, and left out.
    """
    lines = text.split("\n")
    start = next((n for n, line in enumerate(lines) if line.strip()), len(lines))
    if start == len(lines):
        return None
    near = range(start, min(start + ABOVE, len(lines)))
    if any(block_at(lines, n) for n in near):
        found = inline_forwards("\n".join(lines[next(n for n in near if block_at(lines, n)) :]))
        return replace(found[0], kind="quoted") if found else None
    end = next(
        (n for n in range(start, min(start + ATTRIBUTION_LINES, len(lines)))
         if attribution_at(lines, n)), start - 1,
    )  # fmt: skip
    above = " ".join(line.strip() for line in lines[start : end + 1])
    body = split_quotes(without_prefix("\n".join(lines[end + 1 :]).strip("\n"))).new
    address = _WITHIN.search(above)
    name = _NAMED.search(above)
    sender = Address(
        name["name"].strip(' "') if name else None, address.group().lower() if address else None
    )
    return ForwardedMessage(
        sender=sender if sender.name or sender.address else None,
        recipients=(),
        sent_at=_above_date(above),
        subject=None,
        body_text=body,
        kind="quoted",
    ) if body.strip() else None  # fmt: skip


def _above_date(above: str) -> datetime | None:
    """Time of a line such as "On 12 Mar 2026 at 10:02, Ann Lee <ann@x.example> wrote:"."""
    if found := _DAY_FIRST.search(above):
        month = int(found["number"] or 0) or _MONTHS.get((found["month"] or "")[:3].lower())
        hour = int(found["hour"]) % 12 if found["half"] else int(found["hour"])
        hour += 12 * ((found["half"] or "") in ("p", "P"))
        if month:
            try:
                return datetime(
                    int(found["year"]), month, int(found["day"]), hour, int(found["minute"]),
                    tzinfo=UTC,
                )  # fmt: skip
            except ValueError:
                return None
    return written_date(above) if _ENGLISH.search(above) else None


def _headers(lines: list[str]) -> dict[str, str]:
    said: dict[str, str] = {}
    last = None
    for line in lines:
        label = label_of(line)
        if label is not None:
            last = label[0]
            said.setdefault(last, label[1])
        elif last and line.strip(" >"):
            said[last] += " " + line.strip(" >")
    return said


def _people(value: str) -> tuple[Address, ...]:
    if not value:
        return ()
    if "<" in value or "[" in value or '"' in value:
        return addresses_of([_ANSWERED.sub(r"<\1>", value)])
    # Bare names and addresses, as Outlook and Lotus Notes list them.
    named = (one.strip() for one in re.split(r"[;,]", value))
    return tuple(
        Address(None, one.lower()) if _BARE.fullmatch(one) else Address(one, None)
        for one in dict.fromkeys(named)
        if one
    )


def written_date(value: str) -> datetime | None:
    """A time as programs write it above a quotation; None where day and month could be mistaken.

    Such lines name no zone: the time is the program's own, taken as UTC, within a day of the truth.

    >>> written_date("Monday, April 2, 2012 5:49 PM")
    datetime.datetime(2012, 4, 2, 17, 49, tzinfo=datetime.timezone.utc)
    """
    found = _ENGLISH.search(value)
    month = _MONTHS.get(found["month"][:3].lower()) if found else None
    if found is None or month is None:
        # A header's own shape; with "PM" it is none, and the hour would be read wrong.
        return None if _HALF.search(value) else utc_date(value)
    hour = int(found["hour"]) % 12 if found["half"] else int(found["hour"])
    hour += 12 * (found["half"] in ("p", "P"))
    try:
        return datetime(
            int(found["year"]), month, int(found["day"]), hour, int(found["minute"]), tzinfo=UTC
        )
    except ValueError:
        return None
