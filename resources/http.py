"""The one polite way in which the platform speaks HTTP to a source.

Built on requests with requests-cache (revalidation by ETag and Last-Modified), requests-ratelimiter
and tenacity. Failures are permanent or transient; only 408, 429, 5xx and failures of the connection
are tried again, a Retry-After is honoured, and attempts and total time have an end. Bodies have a
largest size. Secrets travel in headers only and are struck out of every message.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import sqlite3
import threading
import time
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import orjson
import requests
import requests_cache
import tenacity
from pyrate_limiter import Limiter, Rate
from requests.adapters import DEFAULT_POOLSIZE
from requests.cookies import RequestsCookieJar
from requests.utils import getproxies, should_bypass_proxies
from requests_ratelimiter import LimiterAdapter
from urllib3.exceptions import InvalidHeader, NewConnectionError
from urllib3.util.retry import Retry as RetryAfterParser

from resources.circuits import Breakers, OpenCircuitError
from resources.clock import utc_now
from resources.shared_limit import SharedLimit
from resources.sources.declaration import Declaration

#: Name and version that every source sees; a contact is added where a source asks for one.
PRODUCT = "buying-signals/0.1"

#: A cache file larger than this is begun anew: what it holds is only ever a saving, never a record.
MAX_CACHE_BYTES = 2_000_000_000

#: Query parameters that are struck out of addresses in messages.
_SECRET_PARAMETER = re.compile(
    r"(?i)([?&](?:[^=&]*(?:key|token|secret|password|signature|auth)[^=&]*)=)[^&#]*"
)

_TRANSIENT_STATUSES = frozenset({408, 429, *range(500, 600)})


class SourceError(Exception):
    """A source could not be read. The message names the source and the address, never a secret."""

    def __init__(self, source: str, url: str, problem: str, *, excerpt: bytes = b"") -> None:
        self.source = source
        self.url = url
        self.problem = problem
        self.excerpt = excerpt[:2000]
        super().__init__(f"{source}: {problem} [{url}]")


class TransientError(SourceError):
    """The source did not answer for now: connection, timeout, 408, 429 or 5xx, tried to the end."""


class UnansweredError(TransientError):
    """A question that costs may have reached the source, and no answer came: it is in doubt."""


class CircuitOpenError(TransientError):
    """The host was not asked, because it has not answered for some time."""


class PermanentError(SourceError):
    """Asking again would give the same: a 4xx status, a refused certificate, a bad address."""

    def __init__(
        self,
        source: str,
        url: str,
        problem: str,
        *,
        status: int | None = None,
        excerpt: bytes = b"",
    ) -> None:
        super().__init__(source, url, problem, excerpt=excerpt)
        self.status = status


class RefusedError(PermanentError):
    """401 or 403: the key, contact or address is not accepted."""


class TooLargeError(PermanentError):
    """The body is larger than the source's ``max_body_bytes``."""


class BadResponseError(PermanentError):
    """The answer is not what the source promises, for example truncated JSON or an HTML page."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a source answered: decoded body, headers, and the address it came from."""

    source: str
    url: str
    status: int
    headers: Mapping[str, str]
    content: bytes
    from_cache: bool

    @property
    def media_type(self) -> str:
        """Content type without parameters, in lower case; empty when not stated."""
        return self.headers.get("Content-Type", "").split(";")[0].strip().lower()

    def json(self) -> Any:
        """The decoded JSON. Raises ``BadResponseError`` with the position of the first error."""
        return decode_json(self.content, self.source, self.url)


@dataclass
class Statistics:
    """What one session has done so far; bytes are of decoded bodies from the network."""

    requests: int = 0
    cache_hits: int = 0
    retries: int = 0
    bytes: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def add(self, **amounts: int) -> None:
        """Add to the counters, from any thread."""
        with self.lock:
            for name, amount in amounts.items():
                setattr(self, name, getattr(self, name) + amount)


def decode_json(content: bytes, source: str, url: str) -> Any:
    """Decode JSON bytes; ``BadResponseError`` names source, address, line and column if it is none.

    A lone surrogate, which JSON text can spell but no UTF-8 text can hold, becomes U+FFFD.
    """
    try:
        return orjson.loads(content)
    except orjson.JSONDecodeError as error:
        with contextlib.suppress(ValueError, UnicodeDecodeError):
            value = json.loads(content.decode("utf-8-sig"), parse_constant=_no_constant)
            text = json.dumps(value, ensure_ascii=False)
            return json.loads(text.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))
        raise BadResponseError(
            source,
            url,
            f"answer of {len(content)} bytes is {_what_instead(content)}, not JSON: {error.msg} at "
            f"line {error.lineno} column {error.colno}",
            excerpt=content,
        ) from None


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON value")


def _what_instead(content: bytes) -> str:
    start = content[:200].lstrip().lower()
    if not start:
        return "empty"
    if start.startswith((b"<!doctype html", b"<html")):
        return "an HTML page"
    if start.startswith(b"<"):
        return "XML"
    return "broken"


def encode_json(value: Any) -> str:
    """Compact JSON text of a decoded value, keys in the source's order."""
    try:
        return orjson.dumps(value).decode()
    except (TypeError, ValueError):
        # Whole numbers beyond 64 bits, which orjson refuses to write.
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def redact_url(url: str) -> str:
    """An address without user, password and secret query parameters."""
    parts = urlsplit(url)
    if "@" in parts.netloc:
        parts = parts._replace(netloc=parts.netloc.rsplit("@", 1)[1])
        url = urlunsplit(parts)
    return _SECRET_PARAMETER.sub(r"\1***", url) if parts.query else url


class _AttemptFailedError(Exception):
    """One failed attempt that may be repeated; ``wait`` is the pause asked for, in seconds."""

    def __init__(self, problem: str, wait: float | None = None, excerpt: bytes = b"") -> None:
        super().__init__(problem)
        self.wait = wait
        self.excerpt = excerpt


class _InDoubtError(Exception):
    """A question was sent whose answer never came, and asking again could be charged twice."""


class _BodyTooLargeError(Exception):
    """Reading stopped at the largest body."""


class _Adapter(LimiterAdapter):
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
        self.before(_host(str(request.url)))
        if self.shared is not None:
            self.shared.wait()
        response = super().send(request, **arguments)
        stated = response.headers.get("Content-Length", "")
        if stated.isdigit() and int(stated) > self.limit:
            response.close()
            raise _BodyTooLargeError(f"{int(stated):,} bytes stated")
        chunks, size = [], 0
        for chunk in response.iter_content(1 << 16):
            size += len(chunk)
            if size > self.limit:
                response.close()
                raise _BodyTooLargeError(f"more than {self.limit:,} bytes")
            chunks.append(chunk)
        response._content = b"".join(chunks)
        return response


class _SessionBehaviour(requests.Session):
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


class _CachedSession(requests_cache.CacheMixin, _SessionBehaviour):
    """The same with a cache in front."""


class PoliteSession:
    """HTTP to one declared source, safe to share between threads.

    ``partition`` fills the environment's header templates and is part of the cache key.
    ``cache_dir`` holds one cache file per source (None: no cache). ``sleep`` is injected by tests.
    ``breakers`` are the circuits of the source's hosts; without any, fresh ones are made.
    """

    def __init__(
        self,
        declaration: Declaration,
        partition: date,
        *,
        cache_dir: Path | None = None,
        environ: Mapping[str, str] | None = None,
        sleep: Callable[[float], None] = time.sleep,
        breakers: Breakers | None = None,
    ) -> None:
        self.declaration = declaration
        self.breakers = breakers or Breakers(declaration.breaker, utc_now)
        self.source = declaration.name
        self.statistics = Statistics()
        self._sleep = sleep
        self._not_before = 0.0
        self._secret = declaration.secret(environ)
        self._contact = declaration.contact(environ)
        self._parameters = declaration.secret_parameters(environ)
        self._urls = list(declaration.urls(environ).values())
        extra = declaration.extra_headers(partition)
        self._plain = self._prepare(_SessionBehaviour(), extra)
        self._cached = self._plain
        if cache_dir is not None and declaration.cache_seconds > 0:
            self._cached = self._prepare(self._open_cache(cache_dir, list(extra)), extra)
        retry = declaration.retry
        self._retrying = tenacity.Retrying(
            retry=tenacity.retry_if_exception_type(_AttemptFailedError),
            stop=tenacity.stop_any(
                tenacity.stop_after_attempt(retry.attempts),
                tenacity.stop_before_delay(retry.total_seconds),
            ),
            wait=self._wait,
            sleep=sleep,
            before_sleep=lambda _: self.statistics.add(retries=1),
            reraise=True,
        )
        self._backoff = tenacity.wait_exponential_jitter(
            initial=retry.first_wait_seconds,
            max=retry.longest_wait_seconds,
            jitter=retry.first_wait_seconds,
        )

    def close(self) -> None:
        """Close connections and the cache file."""
        self._plain.close()
        if self._cached is not self._plain:
            self._cached.close()

    def __enter__(self) -> PoliteSession:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def get(
        self,
        url: str,
        params: Mapping[str, Any] | None = None,
        *,
        cache: bool = True,
        accept: Collection[int] = (),
        accept_all: bool = False,
        costs: bool = False,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """GET ``url``. Statuses from 400 raise, except those in ``accept``.

        ``cache=False`` for what is asked for once and stored. ``accept_all`` returns every status
        that is not transient. ``costs``: the source may charge for the answer, so a question that
        was sent and not answered is not repeated but raises ``UnansweredError``; one that was
        refused, or never sent, is repeated like any other. ``headers`` are sent with this question
        alone. Raises ``TransientError``, ``RefusedError``, ``TooLargeError`` or ``PermanentError``.
        """
        session = self._cached if cache else self._plain
        more = {"headers": dict(headers)} if headers else {}
        return self._request(session, "GET", url, accept, accept_all, costs, params=params, **more)

    def post_json(
        self,
        url: str,
        body: Any,
        params: Mapping[str, Any] | None = None,
        *,
        accept_all: bool = False,
        costs: bool = False,
    ) -> Answer:
        """POST ``body`` as JSON; never cached. Arguments and errors are those of ``get``."""
        return self._request(
            self._plain,
            "POST",
            url,
            (),
            accept_all,
            costs,
            params=params,
            data=orjson.dumps(body),
            headers={"Content-Type": "application/json"},
        )

    def post_form(
        self,
        url: str,
        form: Mapping[str, str],
        *,
        accept_all: bool = False,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """POST ``form`` as a web form does; never cached. Errors are those of ``get``."""
        more = {"headers": dict(headers)} if headers else {}
        return self._request(self._plain, "POST", url, (), accept_all, data=dict(form), **more)

    def redact(self, text: str) -> str:
        """``text`` without the source's secret."""
        if self._secret and self.declaration.auth.kind == "header":
            text = text.replace(self._secret, "***")
        for name, value in self._parameters.items():
            text = text.replace(f"{name}={value}", f"{name}=***")
        return text

    def _request(
        self,
        session: requests.Session,
        method: str,
        url: str,
        accept: Collection[int],
        accept_all: bool,
        costs: bool = False,
        **arguments: Any,
    ) -> Answer:
        host = _host(url)
        try:
            response = self._retrying(self._attempt, session, method, url, arguments, costs)
        except _InDoubtError as failure:
            problem = f"{self.redact(str(failure))}, not asked again because it may be charged"
            self.breakers.failed(host, problem)
            raise UnansweredError(self.source, self.redact(redact_url(url)), problem) from None
        except _AttemptFailedError as failure:
            problem = f"{self.redact(str(failure))}, {self._given_up(failure)}"
            self.breakers.failed(host, problem)
            raise TransientError(
                self.source, self.redact(redact_url(url)), problem, excerpt=failure.excerpt
            ) from None
        except OpenCircuitError as refused:
            raise CircuitOpenError(
                self.source, self.redact(redact_url(url)), str(refused)
            ) from None
        except PermanentError:
            # Too large, a refused certificate: no outage, and the end of a probe.
            self.breakers.answered(host)
            raise
        if not getattr(response, "from_cache", False):
            self.breakers.answered(host)
        status = response.status_code
        if status >= 400 and not accept_all and status not in accept:
            raise self._permanent(response)
        return Answer(
            source=self.source,
            url=self.redact(redact_url(response.url)),
            status=status,
            headers=response.headers,
            content=response.content,
            from_cache=getattr(response, "from_cache", False),
        )

    def _attempt(
        self,
        session: requests.Session,
        method: str,
        url: str,
        arguments: dict[str, Any],
        costs: bool = False,
    ) -> requests.Response:
        pause = self._not_before - time.monotonic()
        if pause > 0:
            self._sleep(pause)
        try:
            response = session.request(
                method,
                url,
                timeout=(self.declaration.connect_seconds, self.declaration.read_seconds),
                **arguments,
            )
        except _BodyTooLargeError as error:
            raise TooLargeError(
                self.source,
                self.redact(redact_url(url)),
                f"body is too large ({error}); the limit is "
                f"{self.declaration.max_body_bytes:,} bytes (max_body_bytes)",
            ) from None
        except sqlite3.Error as error:
            # A cache that cannot be read or written is given up, the source is not.
            if session is self._plain:
                raise
            self._cached = self._plain
            raise _AttemptFailedError(f"HTTP cache failed ({error})") from None
        except (requests.exceptions.SSLError, requests.exceptions.TooManyRedirects) as error:
            raise self._failed(url, error) from None
        except (
            requests.exceptions.ConnectionError,
            requests.exceptions.Timeout,
            requests.exceptions.ChunkedEncodingError,
        ) as error:
            self.statistics.add(requests=1)
            if costs and not _was_never_sent(error):
                raise _InDoubtError(_plain_words(error)) from None
            raise _AttemptFailedError(_plain_words(error)) from None
        except requests.exceptions.RequestException as error:
            raise self._failed(url, error) from None
        if getattr(response, "from_cache", False) and not getattr(response, "revalidated", False):
            self.statistics.add(cache_hits=1)
        elif getattr(response, "revalidated", False):
            self.statistics.add(requests=1, cache_hits=1)
        else:
            self.statistics.add(requests=1, bytes=len(response.content))
        if response.status_code in _TRANSIENT_STATUSES:
            wait = _retry_after(response)
            if wait:
                # All threads of this source wait, not only the one that was told to.
                self._not_before = max(self._not_before, time.monotonic() + wait)
            raise _AttemptFailedError(
                f"status {response.status_code} {response.reason or ''}".strip(),
                wait,
                response.content[:2000],
            )
        return response

    def _given_up(self, failure: _AttemptFailedError) -> str:
        """Why no further attempt was made."""
        attempts = self._retrying.statistics.get("attempt_number", 1)
        text = f"gave up after {attempts} attempt{'s' if attempts > 1 else ''}"
        if failure.wait and attempts < self.declaration.retry.attempts:
            text += f"; it asks to wait {failure.wait:g} seconds"
        return text

    def _wait(self, state: tenacity.RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        asked = error.wait if isinstance(error, _AttemptFailedError) else None
        return self._backoff(state) if asked is None else asked

    def _permanent(self, response: requests.Response) -> PermanentError:
        status = response.status_code
        kind = RefusedError if status in (401, 403) else PermanentError
        problem = f"status {status} {response.reason or ''}".strip()
        auth = self.declaration.auth
        if kind is RefusedError and auth.kind != "none":
            problem += f"; check {auth.variable}"
        return kind(
            self.source,
            self.redact(redact_url(response.url)),
            problem,
            status=status,
            excerpt=response.content[:2000],
        )

    def _failed(self, url: str, error: Exception) -> PermanentError:
        return PermanentError(
            self.source, self.redact(redact_url(url)), self.redact(_plain_words(error))
        )

    def _prepare(self, session: requests.Session, extra: Mapping[str, str]) -> requests.Session:
        declared = self.declaration
        agent = PRODUCT
        if declared.auth.kind == "user_agent" and self._secret:
            agent = f"{PRODUCT} {self._secret}"
        elif self._contact:
            agent = self._contact
        session.headers.update({"User-Agent": agent, "Accept-Encoding": "gzip, deflate", **extra})
        if declared.auth.kind == "header" and self._secret:
            session.headers[str(declared.auth.header)] = declared.auth.prefix + self._secret
            session.secret_header = declared.auth.header  # type: ignore[attr-defined]
        session.params = dict(self._parameters)
        # Looking at proxies and .netrc for each request costs a third of its CPU time; look once.
        session.trust_env = False
        session.proxies = _proxies(self._urls)
        session.verify = _certificates()
        session.cookies = _NoCookies()
        window = max(1, round(declared.rate_limit.per_seconds * 1000))
        limiter = Limiter(Rate(declared.rate_limit.requests, window))
        limit = declared.rate_limit
        shared = None
        if limit.shared:
            shared = SharedLimit(limit.shared, limit.requests, limit.per_seconds, sleep=self._sleep)
        for scheme in ("http://", "https://"):
            session.mount(
                scheme,
                _Adapter(
                    declared.max_body_bytes,
                    self.breakers.admit,
                    shared,
                    limiter=limiter,
                    per_host=False,
                    limit_statuses=(),
                    pool_maxsize=max(DEFAULT_POOLSIZE, declared.concurrency),
                ),
            )
        return session

    def _open_cache(self, folder: Path, headers: list[str]) -> requests.Session:
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{self.source}.sqlite"
        for attempt in (1, 2):
            try:
                if path.exists() and path.stat().st_size > MAX_CACHE_BYTES:
                    _remove_cache(path)
                return _CachedSession(
                    str(path),
                    backend="sqlite",
                    # The cache may lose its last answers in a power cut; it is asked again then.
                    fast_save=True,
                    wal=True,
                    busy_timeout=30_000,
                    expire_after=self.declaration.cache_seconds,
                    key_fn=_cache_key(headers),
                    # These are struck out of what the cache file stores about a request.
                    ignored_parameters=[
                        *requests_cache.policy.settings.DEFAULT_IGNORED_PARAMS,
                        str(self.declaration.auth.header),
                        *self._parameters,
                    ],
                    allowable_methods=("GET",),
                    allowable_codes=(200, 404),
                )
            except sqlite3.Error:
                if attempt == 2:
                    return _SessionBehaviour()
                _remove_cache(path)
        raise AssertionError("unreachable")


def _host(url: str) -> str:
    """Host and port of an address, which is what has a circuit."""
    return urlsplit(url).netloc.rsplit("@", 1)[-1].casefold()


def _cache_key(headers: list[str]) -> Callable[..., str]:
    """Key of an answer: method, address and the environment's headers.

    The library's own key also normalises addresses and bodies, which takes a tenth of a request's
    CPU time; ours are made by us and always spelled the same.
    """

    def key(request: requests.PreparedRequest, **_: Any) -> str:
        parts = [str(request.method), str(request.url)]
        parts += [str(request.headers.get(name, "")) for name in headers]
        return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()

    return key


class _NoCookies(RequestsCookieJar):
    """Remembers nothing: no source may follow us from one question to the next."""

    def set_cookie(self, *_: Any, **__: Any) -> None:
        """Forget at once."""


def _remove_cache(path: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        Path(f"{path}{suffix}").unlink(missing_ok=True)


def _proxies(urls: Iterable[str]) -> dict[str, str]:
    """Proxies from the environment; none for this machine and for hosts that ``no_proxy`` names."""
    hosts = [(urlsplit(url).hostname or "", url) for url in urls if url.startswith("http")]
    if all(
        host == "localhost" or host.startswith("127.") or should_bypass_proxies(url, no_proxy=None)
        for host, url in hosts
    ):
        return {}
    return {k: v for k, v in getproxies().items() if k in ("http", "https", "all")}


def _certificates() -> bool | str:
    return os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE") or True


def _retry_after(response: requests.Response) -> float | None:
    """Seconds that a Retry-After header asks for, given as a number or a date; None without one."""
    value = response.headers.get("Retry-After")
    if not value:
        return None
    try:
        return max(0.0, RetryAfterParser().parse_retry_after(value))
    except InvalidHeader:
        return None


def _was_never_sent(error: Exception) -> bool:
    """Whether the connection was not even made, so that the source cannot have heard of it."""
    if isinstance(error, requests.exceptions.ConnectTimeout):
        return True
    reason = getattr(error.args[0], "reason", None) if error.args else None
    return isinstance(reason, NewConnectionError)


def _plain_words(error: Exception) -> str:
    """What went wrong without addresses of memory or our own pools."""
    reason = getattr(error.args[0], "reason", error.args[0]) if error.args else error
    text = re.sub(r"<[^>]*>:?\s*|HTTPS?Connection\w*\([^)]*\):?\s*", "", str(reason))
    return f"{type(error).__name__}: {text[:300]}"


__all__ = [
    "PRODUCT",
    "Answer",
    "BadResponseError",
    "CircuitOpenError",
    "PermanentError",
    "PoliteSession",
    "RefusedError",
    "SourceError",
    "Statistics",
    "TooLargeError",
    "TransientError",
    "UnansweredError",
    "decode_json",
    "encode_json",
    "redact_url",
]
