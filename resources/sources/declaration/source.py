"""One source: what it offers, how it wants to be asked, and what it needs from the environment."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from datetime import date
from typing import Any, Literal

from pydantic import Field, field_validator, model_validator

from resources.circuits import BreakerSettings
from resources.config_errors import ConfigurationError
from resources.mapped.mapping import FileMapping, RecordMapping
from resources.sources.declaration.auth import Auth
from resources.sources.declaration.parts import Family, Model, RateLimit, Retry, Terms
from resources.sources.questions import Question

#: ``${NAME}`` or ``${NAME:-default}`` in a base URL.
_VARIABLE = re.compile(r"\$\{([A-Z][A-Z0-9_]*)(?::-([^}]*))?\}")


#: SEC fair access: no more than ten requests a second for all of a user's machines together.
#: https://www.sec.gov/os/accessing-edgar-data
SEC_REQUESTS_PER_SECOND = 10


#: ``own`` is the module named after the source; the others serve any source declared with them.
Connector = Literal[
    "own", "file_drop", "webhook", "json_api", "gmail", "mail_files", "meeting_files",
    "crm_reports", "drive", "zoom", "teams", "salesforce", "hubspot",
]  # fmt: skip


#: What a company is asked about by; the last two ask about nobody in particular.
AsksBy = Literal["name", "domain", "cik", "job_board", "whole", "export"]


def _asked_by(values: Mapping[str, Any]) -> AsksBy:
    """What a declaration asks by that does not say so."""
    connector = values.get("connector", "own")
    if connector in ("file_drop", "webhook"):
        return "export"
    asked = [Question.model_validate(q) for q in values.get("questions") or ()]
    needs = [question.needs() for question in asked if question.per == "company"]
    return next((key for key in ("domain", "cik", "name") if any(key in n for n in needs)), "whole")


class Declaration(Model):
    """One source: what it offers and how it wants to be asked."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    families: tuple[Family, ...] = Field(min_length=1)
    description: str
    base_urls: dict[str, str] = Field(min_length=1)
    auth: Auth = Auth()
    rate_limit: RateLimit
    retry: Retry = Retry()
    breaker: BreakerSettings = BreakerSettings()
    concurrency: int = Field(default=4, ge=1, le=64)
    connect_seconds: float = Field(default=10.0, gt=0)
    read_seconds: float = Field(default=30.0, gt=0)
    max_body_bytes: int = Field(default=10_000_000, ge=1_000)
    pagination: Literal["none", "index_files", "after_id", "skip_limit", "paged"] = "none"
    cache_seconds: float = Field(
        default=0, ge=0, description="Answers younger than this are not asked for again; 0: ask."
    )
    cadence: Literal["hourly", "daily", "weekly"] = "daily"
    freshness_hours: float = Field(gt=0, description="Older successes make the source 'stale'.")
    publication_lag_hours: float = Field(
        default=0, ge=0, description="How long after the fact the source usually tells it."
    )
    outage_after: int = Field(
        default=20, ge=1, description="Failures in a row after which the whole source is down."
    )
    terms: Terms
    kind: Literal["event", "snapshot"]
    connector: Connector = Field(
        default="own",
        description="'own': the module named after the source; else the generic one of that name.",
    )
    files: tuple[FileMapping, ...] = Field(
        default=(), description="Which files of a file drop are read, and as what."
    )
    events: RecordMapping | None = Field(
        default=None, description="How the events of a webhook are read."
    )
    questions: tuple[Question, ...] = Field(
        default=(), description="What is asked of a source that answers JSON (json_api)."
    )
    asks_by: AsksBy = Field(
        default="whole",
        description="What must be known of a company for the source to be asked about it; a job "
        "board is one of this source. 'whole': the source is read whole, whoever it tells of; "
        "'export': it holds whom somebody put into it. Files, webhooks and questions say it "
        "themselves.",
    )
    streams: tuple[str, ...] = Field(
        default=(), description="In the order in which they are written; json_api: its questions'."
    )
    headers: dict[str, str] = Field(
        default_factory=dict, description="Extra headers; '{partition}' is the day fetched."
    )
    options: dict[str, Any] = Field(default_factory=dict)

    @field_validator("base_urls")
    @classmethod
    def _no_secret_in_url(cls, value: dict[str, str]) -> dict[str, str]:
        for key, url in value.items():
            if re.search(r"://[^/@\s]+:[^/@\s]+@", url):
                raise ValueError(f"base URL {key!r} bears a password; use an auth variable")
        return value

    @field_validator("headers")
    @classmethod
    def _known_placeholders(cls, value: dict[str, str]) -> dict[str, str]:
        for name, template in value.items():
            if set(re.findall(r"{([^}]*)}", template)) - {"partition"}:
                raise ValueError(f"header {name!r}: only '{{partition}}' can be filled in")
        return value

    @model_validator(mode="before")
    @classmethod
    def _streams_of_questions(cls, values: Any) -> Any:
        if isinstance(values, dict) and values.get("connector") == "json_api":
            asked = [Question.model_validate(q) for q in values.get("questions") or ()]
            streams = tuple(dict.fromkeys(question.stream for question in asked))
            return {**values, "streams": streams}
        return values

    @model_validator(mode="before")
    @classmethod
    def _asks(cls, values: Any) -> Any:
        if isinstance(values, dict) and "asks_by" not in values:
            return {**values, "asks_by": _asked_by(values)}
        return values

    @model_validator(mode="after")
    def _speaks(self) -> Declaration:
        if not self.streams:
            what = "'questions'" if self.connector == "json_api" else "'streams'"
            raise ValueError(f"{what} must not be empty")
        for question in self.questions:
            if question.base not in self.base_urls:
                raise ValueError(f"questions: base {question.base!r} is not among base_urls")
        return self

    @model_validator(mode="after")
    def _fair_access(self) -> Declaration:
        speed = self.rate_limit.requests / self.rate_limit.per_seconds
        asks_sec = any("sec.gov" in url for url in self.base_urls.values())
        if asks_sec and speed > SEC_REQUESTS_PER_SECOND:
            raise ValueError(
                f"rate_limit is {speed:g} requests a second; SEC fair access allows "
                f"{SEC_REQUESTS_PER_SECOND}"
            )
        if asks_sec and not self.rate_limit.shared:
            raise ValueError(
                "rate_limit needs 'shared: sec.gov': the SEC counts all processes of a user"
            )
        return self

    def missing(self, environ: Mapping[str, str] | None = None) -> list[str]:
        """Environment variables that this source needs and that are unset or empty."""
        environ = os.environ if environ is None else environ
        wanted = []
        if self.auth.kind != "none" and not self.auth.public_value:
            wanted.append(str(self.auth.variable))
        if self.auth.contact_variable and not self.auth.public_contact:
            wanted.append(self.auth.contact_variable)
        options = [value for value in self.options.values() if isinstance(value, str)]
        for text in (*self.base_urls.values(), *options):
            wanted += [name for name, default in _VARIABLE.findall(text) if not default]
        return sorted({name for name in wanted if not environ.get(name)})

    def urls(self, environ: Mapping[str, str] | None = None) -> dict[str, str]:
        """Base URLs with their variables filled in, without a trailing slash.

        Raises ``ConfigurationError`` naming the variable that is unset.
        """
        return {
            key: self.fill(url, environ, "base_urls").rstrip("/")
            for key, url in self.base_urls.items()
        }

    def fill(self, text: str, environ: Mapping[str, str] | None = None, where: str = "") -> str:
        """``text`` with its variables filled in. Raises ``ConfigurationError`` for an unset one."""
        environ = os.environ if environ is None else environ

        def value_of(match: re.Match[str]) -> str:
            name, default = match.groups()
            value = environ.get(name) or default
            if not value:
                raise ConfigurationError(
                    f"source {self.name!r}: {where or 'its declaration'} needs environment "
                    f"variable {name}, which is not set"
                )
            return value

        return _VARIABLE.sub(value_of, text)

    def secret(self, environ: Mapping[str, str] | None = None) -> str | None:
        """The key or contact, from the environment."""
        environ = os.environ if environ is None else environ
        if self.auth.kind == "none":
            return None
        return environ.get(str(self.auth.variable)) or self.auth.public_value

    def contact(self, environ: Mapping[str, str] | None = None) -> str | None:
        """E-mail address that goes with the key, from the environment."""
        environ = os.environ if environ is None else environ
        variable = self.auth.contact_variable
        return (environ.get(variable) or self.auth.public_contact) if variable else None

    def secret_parameters(self, environ: Mapping[str, str] | None = None) -> dict[str, str]:
        """Query parameters that carry the key.

        Raises ``ConfigurationError`` when the variable has not as many parts as there are.
        """
        secret = self.secret(environ)
        if self.auth.kind != "query" or not secret:
            return {}
        values = secret.split(":")
        if len(values) != len(self.auth.parameters):
            raise ConfigurationError(
                f"source {self.name!r}: {self.auth.variable} must hold "
                f"{':'.join(self.auth.parameters)}, parted by colons"
            )
        return dict(zip(self.auth.parameters, values, strict=True))

    def extra_headers(self, partition: date) -> dict[str, str]:
        """Extra headers for the day that is fetched."""
        return {
            name: template.replace("{partition}", partition.isoformat())
            for name, template in self.headers.items()
        }
