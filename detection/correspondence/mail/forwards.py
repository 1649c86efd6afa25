"""What is passed on within a mail's text: its headers, where it has some, and its own words."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from detection.correspondence.mail.headers import addresses_of, utc_date
from detection.correspondence.mail.quotes import block_at, label_of, split_quotes
from detection.correspondence.records import Address, ForwardedMessage

#: Mails within mails that are followed; real chains are shorter.
MOST = 10
#: Lines that may stand above a block of headers: Lotus Notes' sender, whose secretary, and time.
ABOVE = 8
_NOTES_TIME = re.compile(r"\s+on\s+\d{1,2}[/.-]\d.*$")
_ANSWERED = re.compile(r"\[mailto:([^\]\s]+)\]")
_BARE = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
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
