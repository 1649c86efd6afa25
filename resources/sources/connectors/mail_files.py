"""A folder of mail: mbox files (Google Takeout, Thunderbird, Unix) and single mails (``.eml``).

A file is gone through once, however large, and its mails are stored as they are, with file and
position beside them. A mail is known by its bytes: the same file again, renamed, or a later export
that holds it too, stores nothing twice. A file that was not changed is not opened again.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Any

import fsspec

from resources.http import encode_json
from resources.lake import Record
from resources.mbox import MboxEntry, read_mbox
from resources.sources.connectors.base import (
    Context,
    Cursor,
    Emission,
    Failed,
    Rejected,
    Skipped,
    stated_time,
)
from resources.sources.connectors.file_drop import (
    DroppedFile,
    cursor_key,
    fits,
    folder_files,
    is_young,
    seen,
)

STREAM = "messages"
#: Names of files that hold mail, in any case; Thunderbird's bear no ending: option ``pattern``.
PATTERNS = ("*.mbox", "*.mbx", "*.eml")
#: Bytes at a mail's beginning in which its headers are looked at.
_HEADERS = 65_536
_FIELDS = {
    "date": re.compile(rb"^Date:[ \t]*(.{1,100})", re.I | re.M),
    "threadId": re.compile(rb"^X-GM-THRID:[ \t]*(\d{1,20})", re.I | re.M),
    "labels": re.compile(rb"^X-Gmail-Labels:[ \t]*(.{1,2000}(?:\n[ \t].{1,2000})*)", re.I | re.M),
}
_END = re.compile(rb"(?:\A|\n)\r?\n")


def fetch(context: Context) -> Iterator[Emission]:
    """Mails that the lake does not hold. Raises ``NotConfiguredError`` without the folder."""
    filesystem, files = folder_files(context)
    patterns = tuple(context.option("pattern", PATTERNS))
    held = set(context.versions(STREAM))
    for file in files:
        if fits(file.name, patterns):
            yield from _one(context, filesystem, file, held)
        else:
            yield Skipped(file.name, "no file of mail by its name; see options.pattern")


def probe(context: Context) -> str:
    """Whether the folder can be read, and how many files of mail lie there."""
    _, files = folder_files(context)
    patterns = tuple(context.option("pattern", PATTERNS))
    fitting = [file for file in files if fits(file.name, patterns)]
    size = sum(file.size for file in fitting) / 2**20
    return (
        f"folder {context.location('folder')} can be read; files of mail: {len(fitting)}, "
        f"{size:,.1f} MB"
    )


def _one(
    context: Context, filesystem: fsspec.AbstractFileSystem, file: DroppedFile, held: set[str]
) -> Iterator[Emission]:
    """The mails of a file that are not in ``held``, which they join."""
    key = cursor_key(file.name)
    if seen(context, STREAM, key).get("stamp") == file.stamp:
        context.succeeded += 1
        return
    if is_young(context, file):
        yield Skipped(file.name, "was written just now; it is read at the next run")
        return
    try:
        # Not at once and not all in memory: files of mail are as large as mailboxes.
        with filesystem.open(file.path, "rb") as stream:
            mails = 0
            for entry in read_mbox(stream, context.declaration.max_body_bytes):
                mails += 1
                if entry.content is None:
                    yield _too_large(context, file, entry)
                    continue
                record = record_of(context, file.name, entry)
                if record.record_id not in held:
                    held.add(record.record_id)
                    yield record
    except OSError as error:
        yield Failed(file.name, f"file cannot be read: {error.strerror or error}")
        return
    context.succeeded += 1
    yield Cursor(STREAM, key, json.dumps({"stamp": file.stamp, "mails": mails}))


def _too_large(context: Context, file: DroppedFile, entry: MboxEntry) -> Rejected:
    limit = context.declaration.max_body_bytes
    return Rejected(
        context.source,
        STREAM,
        f"{file.name}:{entry.position}",
        "too_large",
        f"a mail of {entry.length:,} bytes; the limit is {limit:,} (max_body_bytes)",
        excerpt=entry.envelope,
    )


def record_of(context: Context, file: str, entry: MboxEntry) -> Record:
    """A mail as the lake keeps it. What stands beside it is said by its headers, undecoded."""
    content = entry.content or b""
    told = headers_of(content)
    date = _date(told.pop("date", ""))
    sidecar: dict[str, Any] = {"file": file, "position": entry.position, "length": entry.length}
    return Record(
        source=context.source,
        stream=STREAM,
        record_id=hashlib.sha256(content).hexdigest(),
        observed_at=stated_time(date, context.fetched_at),
        fetched_at=context.fetched_at,
        source_url=None,
        payload=encode_json({**sidecar, **told}),
        body=content,
        media_type="message/rfc822",
    )


def headers_of(content: bytes) -> dict[str, str]:
    """Date, Gmail's thread and labels of a mail, as they stand in its headers.

    >>> headers_of(b"X-GM-THRID: 7\\nX-Gmail-Labels: Inbox,\\n Sales\\n\\nDate: body")
    {'threadId': '7', 'labels': 'Inbox, Sales'}
    """
    start = content[:_HEADERS]
    end = _END.search(start)
    head = start[: end.start()] if end else start
    return {
        name: " ".join(found.group(1).decode("utf-8", "replace").split())
        for name, pattern in _FIELDS.items()
        if (found := pattern.search(head))
    }


def _date(text: str) -> str | None:
    try:
        read = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return read.isoformat() if read.tzinfo else read.replace(tzinfo=UTC).isoformat()
