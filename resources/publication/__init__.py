"""Write, audit, publish: finished read-only copies of the warehouse, swapped in one atomic step.

``publish`` copies the tables people read into a new DuckDB file, checks the copy against the
warehouse table by table, and only then moves the symlink ``<published>/current``. A reader resolves
``current`` when it connects (``connect_published``) and keeps its own file for as long as it likes.

A kill at any moment leaves ``current`` on a whole publication: everything is built in a folder
whose name starts with ``.building-``, a folder gets its version name only when the file in it is
complete, audited and on disk, and what a killed run left behind is removed by the next one.
"""

from resources.publication.auditing import audit
from resources.publication.reading import ask, connect_published
from resources.publication.records import (
    CONFIG,
    CURRENT,
    FILE,
    MANIFEST,
    PUBLISHED_SCHEMAS,
    ROLLED_BACK,
    Audit,
    Publication,
    PublicationError,
)
from resources.publication.rolling_back import rollback
from resources.publication.versions import current, list_publications, of_earlier_day
from resources.publication.writing import publish

__all__ = [
    "CONFIG",
    "CURRENT",
    "FILE",
    "MANIFEST",
    "PUBLISHED_SCHEMAS",
    "ROLLED_BACK",
    "Audit",
    "Publication",
    "PublicationError",
    "ask",
    "audit",
    "connect_published",
    "current",
    "list_publications",
    "of_earlier_day",
    "publish",
    "rollback",
]
