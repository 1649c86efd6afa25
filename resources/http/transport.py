"""Sessions of requests as we want them: limited, bounded, cached, without cookies."""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests
import requests_cache
from requests.cookies import RequestsCookieJar
from requests.utils import getproxies, should_bypass_proxies
from requests_ratelimiter import LimiterAdapter

from resources.http.errors import BodyTooLargeError
from resources.shared_limit import SharedLimit
from resources.sources.declaration import Declaration

#: A cache file larger than this is begun anew: what it holds is only ever a saving, never a record.
MAX_CACHE_BYTES = 2_000_000_000


class Adapter(LimiterAdapter):
    """Waits for the rate limit, then reads the body up to a largest size.

    ``before`` is called with the host before anything is sent, and may refuse.
    """

    def __init__(
        self,
        limit: int,
        before: Callable[[str], None],
        shared: SharedLimit | None,
        **arguments: Any,
    ) -> None:
        self.limit = limit
        self.before = before
        self.shared = shared
        super().__init__(**arguments)

    def send(self, request: requests.PreparedRequest, **arguments: Any) -> requests.Response:
        """Send and read at once: a later reader could not be stopped at the limit."""
        self.before(host_of(str(request.url)))
        if self.shared is not None:
            self.shared.wait()
        response = super().send(request, **arguments)
        stated = response.headers.get("Content-Length", "")
        if stated.isdigit() and int(stated) > self.limit:
            response.close()
            raise BodyTooLargeError(f"{int(stated):,} bytes stated")
        chunks, size = [], 0
        for chunk in response.iter_content(1 << 16):
            size += len(chunk)
            if size > self.limit:
                response.close()
                raise BodyTooLargeError(f"more than {self.limit:,} bytes")
            chunks.append(chunk)
        response._content = b"".join(chunks)
        return response


class SessionBehaviour(requests.Session):
    """Keeps no cookies and takes a key along only to the host it was meant for."""

    secret_header: str | None = None

    def rebuild_auth(
        self, prepared_request: requests.PreparedRequest, response: requests.Response
    ) -> None:
        """After a redirect to another host, drop the key."""
        super().rebuild_auth(prepared_request, response)
        if self.secret_header and self.should_strip_auth(
            str(response.request.url), str(prepared_request.url)
        ):
            prepared_request.headers.pop(self.secret_header, None)


class CachedSession(requests_cache.CacheMixin, SessionBehaviour):
    """The same with a cache in front."""


def open_cache(
    folder: Path, declaration: Declaration, headers: list[str], parameters: Mapping[str, str]
) -> requests.Session:
    """A session with the source's cache file in ``folder``; without one where none can be opened.

    ``headers`` are part of an answer's key; ``parameters`` are secret and not stored.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{declaration.name}.sqlite"
    for attempt in (1, 2):
        try:
            if path.exists() and path.stat().st_size > MAX_CACHE_BYTES:
                remove_cache(path)
            return CachedSession(
                str(path),
                backend="sqlite",
                # The cache may lose its last answers in a power cut; it is asked again then.
                fast_save=True,
                wal=True,
                busy_timeout=30_000,
                expire_after=declaration.cache_seconds,
                key_fn=cache_key(headers),
                # These are struck out of what the cache file stores about a request.
                ignored_parameters=[
                    *requests_cache.policy.settings.DEFAULT_IGNORED_PARAMS,
                    str(declaration.auth.header),
                    *parameters,
                ],
                allowable_methods=("GET",),
                allowable_codes=(200, 404),
            )
        except sqlite3.Error:
            if attempt == 2:
                return SessionBehaviour()
            remove_cache(path)
    raise AssertionError("unreachable")


def host_of(url: str) -> str:
    """Host and port of an address, which is what has a circuit."""
    return urlsplit(url).netloc.rsplit("@", 1)[-1].casefold()


def cache_key(headers: list[str]) -> Callable[..., str]:
    """Key of an answer: method, address and the environment's headers.

    The library's own key also normalises addresses and bodies, which takes a tenth of a request's
    CPU time; ours are made by us and always spelled the same.
    """

    def key(request: requests.PreparedRequest, **_: Any) -> str:
        parts = [str(request.method), str(request.url)]
        parts += [str(request.headers.get(name, "")) for name in headers]
        return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()

    return key


class NoCookies(RequestsCookieJar):
    """Remembers nothing: no source may follow us from one question to the next."""

    def set_cookie(self, *_: Any, **__: Any) -> None:
        """Forget at once."""


def remove_cache(path: Path) -> None:
    """Remove a cache file and what SQLite keeps beside it."""
    for suffix in ("", "-wal", "-shm"):
        Path(f"{path}{suffix}").unlink(missing_ok=True)


def proxies_of(urls: Iterable[str]) -> dict[str, str]:
    """Proxies from the environment; none for this machine and for hosts that ``no_proxy`` names."""
    hosts = [(urlsplit(url).hostname or "", url) for url in urls if url.startswith("http")]
    if all(
        host == "localhost" or host.startswith("127.") or should_bypass_proxies(url, no_proxy=None)
        for host, url in hosts
    ):
        return {}
    return {k: v for k, v in getproxies().items() if k in ("http", "https", "all")}


def certificates() -> bool | str:
    """The bundle of certificates that the environment names; else the usual one."""
    return os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE") or True
