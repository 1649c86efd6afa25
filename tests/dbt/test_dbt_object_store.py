"""The profile loads an object-store lake, and touches nothing where the lake is a folder."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import parse_qs, urlsplit

import duckdb
import pytest

from assets.warehouse import dbt_environment
from resources.object_store import httpfs_file
from resources.settings import PROJECT_ROOT, Settings

PROJECT = PROJECT_ROOT / "dbt_project"


@pytest.fixture
def variables(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in [n for n in os.environ if n.startswith(("AWS_", "BUYING_SIGNALS_"))]:
        monkeypatch.delenv(name)
    return monkeypatch


def rendered() -> dict:
    """The output of the profile as dbt reads it now."""
    from dbt.config.profile import read_profile
    from dbt.config.renderer import ProfileRenderer
    from dbt_common.context import set_invocation_context

    set_invocation_context(dict(os.environ))
    profile = ProfileRenderer({}).render_data(read_profile(str(PROJECT)))
    return profile["buying_signals"]["outputs"]["embedded"]


def secret_sql() -> list[str]:
    """What the adapter says to DuckDB for the profile's secrets."""
    from dbt.adapters.duckdb.credentials import DuckDBCredentials

    output = {k: v for k, v in rendered().items() if k not in ("type", "threads")}
    credentials = DuckDBCredentials.from_dict(output | {"schema": "main", "database": "warehouse"})
    return [secret.to_sql() for secret in credentials._secrets]


@pytest.mark.parametrize("lake", [None, "/data/lake", "gs://bucket/lake"])
def test_a_lake_that_is_not_on_s3_loads_nothing(variables, lake: str | None) -> None:
    if lake:
        variables.setenv("BUYING_SIGNALS_LAKE_URL", lake)
    output = rendered()
    assert (output["extensions"], output["secrets"]) == ([], [])


def test_a_lake_on_s3_loads_the_extension_with_the_users_key(variables) -> None:
    variables.setenv("BUYING_SIGNALS_LAKE_URL", "s3://bucket/lake")
    variables.setenv("AWS_ACCESS_KEY_ID", "key")
    variables.setenv("AWS_SECRET_ACCESS_KEY", "with'quote")
    output = rendered()
    assert output["extensions"] == ["httpfs"]
    assert output["secrets"] == [
        {
            "type": "s3", "key_id": "key", "secret": "with'quote", "session_token": "",
            "region": "us-east-1", "endpoint": "s3.amazonaws.com", "use_ssl": True,
            "url_style": "vhost",
        }
    ]  # fmt: skip
    variables.setenv("BUYING_SIGNALS_HTTPFS", "/wheel/httpfs.duckdb_extension")
    variables.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9000/")
    output = rendered()
    assert output["extensions"] == ["/wheel/httpfs.duckdb_extension"]
    [secret] = output["secrets"]
    assert (secret["endpoint"], secret["use_ssl"], secret["url_style"]) == (
        "127.0.0.1:9000", False, "path"
    )  # fmt: skip


def test_the_line_tells_dbt_where_the_lake_and_the_extension_are(variables, tmp_path: Path) -> None:
    assert dbt_environment(Settings(home=tmp_path)) == {"BUYING_SIGNALS_HOME": str(tmp_path)}
    told = dbt_environment(Settings(home=tmp_path, lake_url="s3://bucket/lake"))
    assert told["BUYING_SIGNALS_LAKE_URL"] == "s3://bucket/lake"
    extension = httpfs_file()
    assert told.get("BUYING_SIGNALS_HTTPFS") == (str(extension) if extension else None)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[str]:
    """An object store on this machine: listing and reading, as S3 answers; its address."""

    class Store(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            address = urlsplit(self.path)
            query = parse_qs(address.query)
            if "list-type" in query:
                prefix = query.get("prefix", [""])[0]
                keys = sorted(str(p.relative_to(tmp_path)) for p in tmp_path.rglob("*.parquet"))
                found = "".join(
                    f"<Contents><Key>{key}</Key><Size>{(tmp_path / key).stat().st_size}</Size>"
                    "<LastModified>2026-01-01T00:00:00.000Z</LastModified><ETag>x</ETag></Contents>"
                    for key in keys
                    if key.startswith(prefix)
                )
                listing = f"<ListBucketResult><IsTruncated>false</IsTruncated>{found}"
                self.answer(200, f"{listing}</ListBucketResult>".encode())
                return
            file = tmp_path / address.path.removeprefix("/bucket/")
            if not file.is_file():
                self.answer(404, b"")
                return
            body = file.read_bytes()
            asked = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
            if asked:
                first, last = int(asked[1]), int(asked[2] or len(body) - 1)
                part = body[first : last + 1]
                self.answer(206, part, {"Content-Range": f"bytes {first}-{last}/{len(body)}"})
            else:
                self.answer(200, body)

        def do_HEAD(self) -> None:
            self.do_GET()

        def answer(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Accept-Ranges", "bytes")
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Store) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_the_profile_reads_parquet_from_an_object_store(variables, store, tmp_path: Path) -> None:
    extension = httpfs_file()
    if extension is None:
        pytest.skip("the wheel duckdb-extension-httpfs is not installed")
    for day in ("2026-03-01", "2026-04-01"):
        folder = tmp_path / "lake" / "press" / "articles" / day
        folder.mkdir(parents=True)
        duckdb.sql(f"copy (select '{day}' as record_id) to '{folder}/part.parquet'")
    variables.setenv("BUYING_SIGNALS_LAKE_URL", "s3://bucket/lake")
    variables.setenv("BUYING_SIGNALS_HTTPFS", str(extension))
    variables.setenv("AWS_ENDPOINT_URL", store)
    output = rendered()
    with duckdb.connect(config=output["config_options"] | {"temp_directory": ""}) as connection:
        [file] = output["extensions"]
        connection.install_extension(file)
        connection.load_extension(file)
        for sql in secret_sql():
            connection.execute(sql)
        pattern = "s3://bucket/lake/press/articles/**/*.parquet"
        rows = connection.execute(f"select record_id from read_parquet('{pattern}') order by 1")
        assert rows.fetchall() == [("2026-03-01",), ("2026-04-01",)]
