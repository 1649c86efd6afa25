"""The folder of publications: versions, the link to the current one, lock, swap and pruning."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from resources.durable import fsync, write_durably
from resources.publication.records import (
    CURRENT,
    FILE,
    MANIFEST,
    ROLLED_BACK,
    Publication,
    PublicationError,
)

LOCK = ".lock"
BUILDING = ".building-"
SWAPPING = ".current-"


def current(published: Path) -> Publication | None:
    """The publication that readers get, or None before the first.

    Raises ``PublicationError`` when ``current`` points to something that is not a publication.
    """
    published = Path(published)
    link = published / CURRENT
    if not link.is_symlink():
        return None
    version = os.readlink(link)
    try:
        found = load(published, version)
    except (OSError, ValueError, KeyError) as error:
        raise PublicationError(
            f"{link} points to {version!r}, which is not a readable publication ({error}). "
            "Run `python -m orchestration rollback` to point it to the newest whole one."
        ) from error
    return replace(found, is_current=True)


def of_earlier_day(published: Path, day: date) -> Publication | None:
    """The newest publication of a day before ``day`` that nobody has rolled back, or None.

    Other publications of ``day`` itself may have come since: what a day's first run went by is the
    same for its later ones.
    """
    for found in list_publications(published):
        if found.as_of is not None and found.as_of < day and not found.is_rolled_back:
            return found
    return None


def list_publications(published: Path) -> list[Publication]:
    """Every publication that is kept, newest first; ``is_current`` marks the one readers get."""
    published = Path(published)
    link = published / CURRENT
    now_current = os.readlink(link) if link.is_symlink() else None
    found = []
    for version in version_names(published):
        with suppress(OSError, ValueError, KeyError):
            publication = load(published, version)
            found.append(replace(publication, is_current=version == now_current))
    return found


@contextmanager
def locked(published: Path) -> Iterator[None]:
    """Hold the one lock of a published folder; the system frees it when a process dies."""
    with open(published / LOCK, "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise PublicationError(
                f"another process is publishing to {published} or rolling it back; try again when "
                "it has ended (it takes seconds)."
            ) from error
        yield


def clean(published: Path) -> None:
    """Remove what a killed run left behind."""
    for path in published.glob(f"{BUILDING}*"):
        shutil.rmtree(path, ignore_errors=True)
    for path in published.glob(f"{SWAPPING}*"):
        with suppress(FileNotFoundError):
            path.unlink()


def swap(published: Path, version: str) -> None:
    """Let ``current`` point to ``version``, in one step."""
    temporary = published / f"{SWAPPING}{uuid.uuid4().hex[:12]}"
    os.symlink(version, temporary)
    os.replace(temporary, published / CURRENT)
    fsync(published)


def prune(published: Path, keep: int) -> None:
    """Remove all but the newest ``keep`` publications; an open reader keeps its file's data."""
    now_current = os.readlink(published / CURRENT)
    versions = version_names(published)
    for version in versions[keep:]:
        if version == now_current:
            continue
        # Out of the list first, so that nobody finds half a publication.
        doomed = published / f"{BUILDING}{uuid.uuid4().hex[:12]}"
        os.rename(published / version, doomed)
        shutil.rmtree(doomed, ignore_errors=True)
    marks = rolled_back(published)
    remaining = {v: at for v, at in marks.items() if (published / v).is_dir()}
    if remaining != marks:
        write_durably(published / ROLLED_BACK, json.dumps(remaining, indent=2, sort_keys=True))


def version_names(published: Path) -> list[str]:
    """Names of the version folders, newest first."""
    if not published.is_dir():
        return []
    names = []
    for path in published.iterdir():
        if path.is_dir() and not path.is_symlink() and not path.name.startswith("."):
            with suppress(ValueError):
                time_of(path.name)
                names.append(path.name)
    return sorted(names, reverse=True)


def time_of(version: str) -> datetime:
    """When a version was made, by its name. Raises ``ValueError`` for another name."""
    return datetime.strptime(version.split("-", 1)[0], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)


def load(published: Path, version: str) -> Publication:
    """A publication by its manifest. Raises ``OSError``, ``ValueError`` or ``KeyError``."""
    path = published / version / FILE
    manifest = json.loads((published / version / MANIFEST).read_text(encoding="utf-8"))
    if not path.is_file():
        raise FileNotFoundError(f"{path} is missing")
    as_of = manifest["as_of"]
    return Publication(
        version=manifest["version"],
        path=path,
        published_at=datetime.fromisoformat(manifest["published_at"]),
        as_of=date.fromisoformat(as_of) if as_of else None,
        content_hash=manifest["content_hash"],
        rows=manifest["rows"],
        table_hashes=manifest["table_hashes"],
        bytes=manifest["bytes"],
        is_rolled_back=version in rolled_back(published),
    )


def current_or_none(published: Path) -> Publication | None:
    """The current publication; a damaged one counts as none, because a new copy mends that."""
    try:
        return current(published)
    except PublicationError:
        return None


def rolled_back(published: Path) -> dict[str, str]:
    """Versions that a person has rolled back, with the time (ISO, UTC)."""
    try:
        marks = json.loads((published / ROLLED_BACK).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return marks if isinstance(marks, dict) else {}
