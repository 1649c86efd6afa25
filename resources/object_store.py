"""What reading a lake on an object store needs beside fsspec: DuckDB's httpfs extension."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

#: Lakes whose address begins so are read by DuckDB through its httpfs extension.
SCHEME = "s3://"


def httpfs_file() -> Path | None:
    """The extension of the wheel ``duckdb-extension-httpfs`` for this DuckDB; None without it.

    DuckDB checks its signature. Without the wheel it fetches the extension itself, by name.
    """
    import duckdb

    package = find_spec("duckdb_extension_httpfs")
    if package is None or package.origin is None:
        return None
    folder = Path(package.origin).parent / "extensions" / f"v{duckdb.__version__}"
    return next(iter(sorted(folder.glob("**/httpfs.duckdb_extension"))), None)
