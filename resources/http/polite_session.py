"""HTTP to one declared source: limits, tries, cache, circuits, secrets."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Collection, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import orjson
import requests
import tenacity
from pyrate_limiter import Limiter, Rate
from requests.adapters import DEFAULT_POOLSIZE

from resources.circuits import Breakers, OpenCircuitError
from resources.clock import utc_now
from resources.http.answers import Answer, Statistics, redact_url, retry_after
from resources.http.errors import (
    AttemptFailedError,
    BodyTooLargeError,
    CircuitOpenError,
    InDoubtError,
    PermanentError,
    RefusedError,
    TooLargeError,
    TransientError,
    UnansweredError,
    plain_words,
    was_never_sent,
)
from resources.http.transport import (
    Adapter,
    NoCookies,
    SessionBehaviour,
    certificates,
    host_of,
    open_cache,
    proxies_of,
)
from resources.shared_limit import SharedLimit
from resources.sources.declaration import Declaration

#: Name and version that every source sees; a contact is added where a source asks for one.
PRODUCT = "buying-signals/0.1"
_TRANSIENT_STATUSES = frozenset({408, 429, *range(500, 600)})


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
        self._plain = self._prepare(SessionBehaviour(), extra)
        self._cached = self._plain
        if cache_dir is not None and declaration.cache_seconds > 0:
            self._cached = self._prepare(
                open_cache(cache_dir, declaration, list(extra), self._parameters), extra
            )
        retry = declaration.retry
        self._retrying = tenacity.Retrying(
            retry=tenacity.retry_if_exception_type(AttemptFailedError),
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
        host = host_of(url)
        try:
            response = self._retrying(self._attempt, session, method, url, arguments, costs)
        except InDoubtError as failure:
            problem = f"{self.redact(str(failure))}, not asked again because it may be charged"
            self.breakers.failed(host, problem)
            raise UnansweredError(self.source, self.redact(redact_url(url)), problem) from None
        except AttemptFailedError as failure:
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
        except BodyTooLargeError as error:
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
            raise AttemptFailedError(f"HTTP cache failed ({error})") from None
        except (requests.exceptions.SSLError, requests.exceptions.TooManyRedirects) as error:
            raise self._failed(url, error) from None
        except (
            requests.exceptions.ConnectionError,
            requests.exceptions.Timeout,
            requests.exceptions.ChunkedEncodingError,
        ) as error:
            self.statistics.add(requests=1)
            if costs and not was_never_sent(error):
                raise InDoubtError(plain_words(error)) from None
            raise AttemptFailedError(plain_words(error)) from None
        except requests.exceptions.RequestException as error:
            raise self._failed(url, error) from None
        if getattr(response, "from_cache", False) and not getattr(response, "revalidated", False):
            self.statistics.add(cache_hits=1)
        elif getattr(response, "revalidated", False):
            self.statistics.add(requests=1, cache_hits=1)
        else:
            self.statistics.add(requests=1, bytes=len(response.content))
        if response.status_code in _TRANSIENT_STATUSES:
            wait = retry_after(response)
            if wait:
                # All threads of this source wait, not only the one that was told to.
                self._not_before = max(self._not_before, time.monotonic() + wait)
            raise AttemptFailedError(
                f"status {response.status_code} {response.reason or ''}".strip(),
                wait,
                response.content[:2000],
            )
        return response

    def _given_up(self, failure: AttemptFailedError) -> str:
        """Why no further attempt was made."""
        attempts = self._retrying.statistics.get("attempt_number", 1)
        text = f"gave up after {attempts} attempt{'s' if attempts > 1 else ''}"
        if failure.wait and attempts < self.declaration.retry.attempts:
            text += f"; it asks to wait {failure.wait:g} seconds"
        return text

    def _wait(self, state: tenacity.RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        asked = error.wait if isinstance(error, AttemptFailedError) else None
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
            self.source, self.redact(redact_url(url)), self.redact(plain_words(error))
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
        session.proxies = proxies_of(self._urls)
        session.verify = certificates()
        session.cookies = NoCookies()
        window = max(1, round(declared.rate_limit.per_seconds * 1000))
        limiter = Limiter(Rate(declared.rate_limit.requests, window))
        limit = declared.rate_limit
        shared = None
        if limit.shared:
            shared = SharedLimit(limit.shared, limit.requests, limit.per_seconds, sleep=self._sleep)
        for scheme in ("http://", "https://"):
            session.mount(
                scheme,
                Adapter(
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
