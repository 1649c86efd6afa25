"""Office files as packages: what is looked at before anything of them is unpacked."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO

from detection.correspondence.documents.limits import DocumentLimits, DocumentRefusedError
from detection.errors import UnreadableError

#: The central directory's mark of one member of the package.
_MEMBER = b"PK\x01\x02"
#: Bit of a member's flags that says it needs a password.
_ENCRYPTED = 0x1


@contextmanager
def opened(body: bytes, limits: DocumentLimits) -> Iterator[zipfile.ZipFile]:
    """The package in memory, none of it unpacked.

    Raises ``DocumentRefusedError`` for one of too many files, and ``UnreadableError`` for one that
    is broken or locked, also where that shows while it is read.
    """
    if body.count(_MEMBER) > limits.members:
        raise DocumentRefusedError(
            "too_many_members", f"a package of more than {limits.members:,} files is not opened"
        )
    locked = False
    try:
        with zipfile.ZipFile(BytesIO(body)) as package:
            locked = any(member.flag_bits & _ENCRYPTED for member in package.infolist())
            yield package
    # RuntimeError is zipfile's word for a missing password, and for a packing it does not know.
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError) as error:
        if locked and isinstance(error, RuntimeError):
            raise UnreadableError("locked_office_file", f"{error}; save it without") from error
        raise UnreadableError("broken_office_file", f"cannot be unpacked: {error}") from error


def refuse_swollen(size: int, most: int) -> None:
    """Raise ``DocumentRefusedError`` for more unpacked bytes than are read."""
    if size > most:
        raise DocumentRefusedError(
            "document_too_large",
            f"unpacks to more than {most:,} bytes; keep its text instead",
        )
