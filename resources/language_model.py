"""Asking a language model over the chat-completions API that most servers speak.

Off unless the user gives address, key and name. What it costs is bounded: a day's press may ask so
many questions and no more, each question and answer has a largest size, an answer is kept and never
asked for again, and a server that fails three times in a row is left alone until the next run. The
key travels in a header and stands in no message.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import requests

from resources.file_cache import FileCache
from resources.settings import Settings

#: Longest answer that is paid for, in the model's own units.
MAX_TOKENS = 700
#: Seconds to connect and to wait for an answer.
TIMEOUT = (5.0, 60.0)
#: Largest answer that is read, in bytes.
MAX_BYTES = 200_000
#: Tries of one question, and the first pause between them in seconds; it doubles.
TRIES, FIRST_PAUSE = 3, 1.0
#: Longest pause that a server may ask for.
LONGEST_PAUSE = 20.0
#: Questions that fail in a row before the server is left alone.
OUTAGE = 3
_TRANSIENT = frozenset({408, 409, 425, 429, *range(500, 600)})


@dataclass
class Tally:
    """What was asked and what came of it."""

    asked: int = 0
    from_cache: int = 0
    failed: int = 0
    #: Questions not put because the day's number was reached or the server failed.
    left_out: int = 0
    #: The last failure, without secrets.
    problem: str = ""


@dataclass
class LanguageModel:
    """One model at one address; ``ask`` never raises, since no reading depends on it."""

    url: str
    key: str = field(repr=False)
    name: str
    cache: FileCache
    questions: int
    sleep: Callable[[float], None] = time.sleep
    timeout: tuple[float, float] = TIMEOUT
    tally: Tally = field(default_factory=Tally)
    _in_a_row: int = 0

    @classmethod
    def of(cls, settings: Settings) -> LanguageModel | None:
        """The model of the settings; None unless address, key and name are given."""
        key = settings.language_model_key
        if not (settings.language_model_url and key and settings.language_model_name):
            return None
        return cls(
            url=settings.language_model_url.rstrip("/"),
            key=key.get_secret_value(),
            name=settings.language_model_name,
            cache=FileCache(settings.language_model_answers),
            questions=settings.language_model_questions,
        )

    def ask(self, messages: list[dict[str, str]]) -> str | None:
        """The text of the answer, kept from before if there is one; None when there is none."""
        body = {
            "model": self.name,
            "messages": messages,
            "temperature": 0,
            "max_tokens": MAX_TOKENS,
            "response_format": {"type": "json_object"},
        }
        asked = json.dumps([self.url, body], sort_keys=True).encode()
        kept_under = hashlib.sha256(asked).hexdigest()
        kept = self.cache.get(kept_under)
        if kept is not None:
            self.tally.from_cache += 1
            return kept.decode("utf-8", "replace")
        if self.tally.asked >= self.questions or self._in_a_row >= OUTAGE:
            self.tally.left_out += 1
            return None
        self.tally.asked += 1
        answer = self._answer(body)
        if answer is None:
            self.tally.failed += 1
            self._in_a_row += 1
            return None
        self._in_a_row = 0
        self.cache.put(kept_under, answer.encode())
        return answer

    def _answer(self, body: dict) -> str | None:
        for attempt in range(TRIES):
            pause = FIRST_PAUSE * 2**attempt
            try:
                response = requests.post(
                    f"{self.url}/chat/completions",
                    json=body,
                    headers={"Authorization": f"Bearer {self.key}"},
                    timeout=self.timeout,
                    allow_redirects=False,
                    stream=True,
                )
                with response:
                    content = response.raw.read(MAX_BYTES + 1, decode_content=True)
            except (requests.RequestException, OSError) as error:
                # Messages of the library bear the address, which is no secret, and never the key.
                self.tally.problem = f"{type(error).__name__} from {self.url}"
            else:
                if response.status_code == 200:
                    return self._content(content)
                self.tally.problem = f"status {response.status_code} from {self.url}"
                if response.status_code not in _TRANSIENT:
                    return None
                asked_for = response.headers.get("Retry-After", "")
                pause = float(asked_for) if asked_for.isdigit() else pause
            if attempt < TRIES - 1:
                self.sleep(min(pause, LONGEST_PAUSE))
        return None

    def _content(self, body: bytes) -> str | None:
        """The text of the first choice; None, with the reason kept, for any other shape."""
        if len(body) > MAX_BYTES:
            self.tally.problem = f"an answer over {MAX_BYTES} bytes from {self.url}"
            return None
        try:
            text = json.loads(body)["choices"][0]["message"]["content"]
        except (ValueError, KeyError, IndexError, TypeError, RecursionError):
            self.tally.problem = f"an answer of another shape from {self.url}"
            return None
        if not isinstance(text, str):
            self.tally.problem = f"an answer without text from {self.url}"
            return None
        return text
