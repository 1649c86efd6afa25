"""A folder of what meetings leave behind: transcripts (VTT), saved chats, JSON; and documents.

A file ``call.vtt`` may have a sidecar ``call.json`` or ``call.vtt.json`` that says what it is:
``meeting_id``, ``topic``, ``started_at``, ``participants``, ``owners`` and whatever else a system
knows. Without one, the file's name and content tell topic and start. A transcript and a chat of one
name are one meeting. Where the source has the stream ``documents``, other texts are kept there, as
in a folder that Google Drive keeps in step with a computer.

A file is known by its bytes: once more, renamed or in another folder, it is stored once.
"""

from __future__ import annotations

import json
import mimetypes
import re
from collections.abc import Iterator, Mapping
from typing import Any

import fsspec

from resources.lake import Record
from resources.sources.connectors.base import (
    Context,
    Cursor,
    Emission,
    Failed,
    Rejected,
    Skipped,
)
from resources.sources.connectors.documents import DOCUMENTS, document_record
from resources.sources.connectors.file_drop import (
    DroppedFile,
    cursor_key,
    folder_files,
    is_young,
    read_file,
    seen,
)
from resources.sources.connectors.meetings import (
    ID_KEYS,
    START_KEYS,
    STREAM,
    TOPIC_KEYS,
    digest,
    first,
    is_meeting,
    json_of,
    layout_of,
    meeting_record,
    named,
)

#: Endings of what may be a meeting's file or a document, in any case.
ENDINGS = (".vtt", ".txt", ".json", ".srt")
DOCUMENT_ENDINGS = (
    ".txt", ".md", ".html", ".htm", ".csv", ".tsv", ".docx", ".xlsx", ".pdf", ".rtf", ".odt",
)  # fmt: skip
_TRANSCRIPTS = (".vtt", ".srt")
#: What tools add to the name that a transcript and its chat share.
_ADDED = re.compile(
    r"[._ -]*(?:transcript|recording|newchat|chat|meeting_saved_chat|saved_chat|audio|cc)$", re.I
)


def fetch(context: Context) -> Iterator[Emission]:
    """Files that the lake does not hold. Raises ``NotConfiguredError`` without the folder."""
    filesystem, files = folder_files(context)
    folder = _Folder(context, filesystem, files)
    for file in files:
        yield from folder.one(file)


def probe(context: Context) -> str:
    """Whether the folder can be read, and what lies there."""
    _, files = folder_files(context)
    fitting = [f for f in files if f.name.casefold().endswith((*ENDINGS, *DOCUMENT_ENDINGS))]
    return f"folder {context.location('folder')} can be read; files to read: {len(fitting)}"


class _Folder:
    """One reading of a folder: which file stands beside which, and what is stored already."""

    def __init__(
        self, context: Context, filesystem: fsspec.AbstractFileSystem, files: list[DroppedFile]
    ) -> None:
        self.context, self.filesystem = context, filesystem
        self.by_name = {file.name.casefold(): file for file in files}
        self.held = {s: context.versions(s) for s in context.declaration.streams}
        self.keeps_documents = DOCUMENTS in context.declaration.streams
        self._transcripts = {
            _meeting_of(f): f for f in reversed(files) if f.name.casefold().endswith(_TRANSCRIPTS)
        }
        self._sidecars: dict[str, dict[str, Any] | None] = {}

    def one(self, file: DroppedFile) -> Iterator[Emission]:
        """What a file gives: a record, nothing new, or why it was left."""
        context = self.context
        if not file.name.casefold().endswith(self._endings):
            yield Skipped(file.name, "no file of a meeting by its name (.vtt, .txt, .json, .srt)")
            return
        beside, transcript = self._beside(file), self._transcript_of(file)
        key = cursor_key(file.name)
        # What stands beside a file is part of what is stored of it.
        stamp = "|".join(f.stamp for f in (file, beside, transcript) if f is not None)
        if seen(context, STREAM, key).get("stamp") == stamp:
            context.succeeded += 1
            return
        if is_young(context, file) or (beside is not None and is_young(context, beside)):
            yield Skipped(file.name, "was written just now; it is read at the next run")
            return
        outcome = list(self._read(file, beside, transcript))
        yield from outcome
        if not any(isinstance(item, Failed | Skipped) for item in outcome):
            context.succeeded += 1
            yield Cursor(STREAM, key, json.dumps({"stamp": stamp}))

    @property
    def _endings(self) -> tuple[str, ...]:
        return ENDINGS + (DOCUMENT_ENDINGS if self.keeps_documents else ())

    def _read(
        self, file: DroppedFile, beside: DroppedFile | None, transcript: DroppedFile | None
    ) -> Iterator[Emission]:
        context = self.context
        content = yield from read_file(context, self.filesystem, file)
        if content is None:
            return
        layout = layout_of(content)
        if layout is None and file.name.casefold().endswith(".json"):
            if not isinstance(json_of(content), dict):
                yield Rejected(context.source, STREAM, file.name, "unreadable_answer",
                               "file is no JSON object", excerpt=content[:2000])  # fmt: skip
            # A sidecar is read with the file that it stands beside.
            return
        told = self._sidecar(beside) if beside is not None else None
        if beside is not None and told is None:
            yield Failed(beside.name, "sidecar is no JSON object; write one or remove the file")
            return
        if layout is None and not self.keeps_documents:
            yield Skipped(file.name, "neither a transcript nor a chat by its content")
            return
        record = (
            self._document(file, content, told or {})
            if layout is None
            else self._meeting(file, content, layout, told or {}, transcript)
        )
        version = self.held[record.stream].get(record.record_id)
        # Renamed, with nothing beside it, the same bytes say nothing new.
        may_be_news = told is not None or transcript is not None
        if version is None or (may_be_news and version != record.payload_sha256):
            self.held[record.stream][record.record_id] = record.payload_sha256
            yield record

    def _meeting(
        self,
        file: DroppedFile,
        content: bytes,
        layout: str,
        told: Mapping[str, Any],
        transcript: DroppedFile | None,
    ) -> Record:
        body = json_of(content) if layout == "json" else None
        inside = body if isinstance(body, dict) else {}
        topic_named, start_named = named(file.name)
        started = first(told, START_KEYS) or first(inside, START_KEYS) or start_named
        meeting_id = first(told, ID_KEYS) or first(inside, ID_KEYS)
        if meeting_id is None and transcript is not None:
            meeting_id = self._id_of(transcript)
        return meeting_record(
            self.context,
            record_id=digest(content),
            meeting_id=str(meeting_id or f"file:{digest(content)[:16]}"),
            content=content,
            layout=layout,
            sidecar={**told, "file": file.name},
            topic=first(told, TOPIC_KEYS) or first(inside, TOPIC_KEYS) or topic_named,
            started_at=started,
            source_url=first(told, ("source_url", "webViewLink", "share_url")),
        )

    def _document(self, file: DroppedFile, content: bytes, told: Mapping[str, Any]) -> Record:
        kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        changed = first(told, ("modifiedTime", "modified_at")) or (
            file.changed_at.isoformat() if file.changed_at else None
        )
        beside = {"name": file.name.rsplit("/", 1)[-1], **told, "file": file.name}
        return document_record(
            self.context,
            record_id=digest(content),
            content=content,
            media_type=str(told.get("mimeType") or kind),
            sidecar=beside,
            changed_at=changed if told else None,
            source_url=first(told, ("source_url", "webViewLink")),
        )

    def _beside(self, file: DroppedFile) -> DroppedFile | None:
        """The sidecar of a file: same name with ``.json`` after it, or instead of its ending."""
        name = file.name.casefold()
        stem = name.rpartition(".")[0]
        for wanted in (f"{name}.json", f"{stem}.json"):
            found = self.by_name.get(wanted)
            if found is not None and found is not file:
                return found
        return None

    def _sidecar(self, file: DroppedFile) -> dict[str, Any] | None:
        if file.name not in self._sidecars:
            limit = self.context.declaration.max_body_bytes
            content = self.filesystem.cat_file(file.path) if file.size <= limit else b""
            told = json_of(content)
            fits = isinstance(told, dict) and not is_meeting(told)
            self._sidecars[file.name] = told if fits else ({} if is_meeting(told) else None)
        return self._sidecars[file.name]

    def _transcript_of(self, file: DroppedFile) -> DroppedFile | None:
        """The transcript of the same name as a chat, whose meeting's id the chat takes."""
        if file.name.casefold().endswith(_TRANSCRIPTS):
            return None
        found = self._transcripts.get(_meeting_of(file))
        is_readable = found and found.size <= self.context.declaration.max_body_bytes
        return found if is_readable else None

    def _id_of(self, transcript: DroppedFile) -> str:
        """The id of a transcript's meeting: its sidecar's, or made of its bytes."""
        beside = self._beside(transcript)
        told = self._sidecar(beside) if beside is not None else None
        content = self.filesystem.cat_file(transcript.path)
        return str(first(told or {}, ID_KEYS) or f"file:{digest(content)[:16]}")


def _meeting_of(file: DroppedFile) -> tuple[str, str]:
    """What the files of one meeting share: the folder, and what tools leave of the name."""
    folder, _, name = file.name.rpartition("/")
    return folder, _plain(name)


def _plain(name: str) -> str:
    stem = re.sub(r"(?:\.[a-z]{2,4})+$", "", name.rsplit("/", 1)[-1], flags=re.I)
    stem = stem.removesuffix(".transcript")
    # Of "transcript.vtt" and "chat.txt" nothing is left: what they share is the folder.
    while (shorter := _ADDED.sub("", stem)) != stem:
        stem = shorter
    return stem.casefold()
